"""The one rounding policy: exact decimals, rounded once per published line, down to the cent.

The law read (CPR, GBER, 2023/2831) holds no rounding rule for cents, so the house declares one:
an amount granted, accepted or paid is rounded down to the cent, never above a ceiling; a funder's
share is rounded down, and the lead national funder takes the remainder, so the parts add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
POLICY = "floor-cent/1"


def floor_cent(amount: Decimal) -> Decimal:
    """An amount in euro, rounded down (towards zero) to the cent."""
    return amount.quantize(CENT, rounding=ROUND_DOWN)


def to_cents(amount: Decimal) -> int:
    """Euro to integer cents; raises ValueError on a fraction of a cent: round first."""
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise ValueError(f"{amount} has a fraction of a cent: round it with floor_cent first")
    return int(cents)


def from_cents(cents: int) -> Decimal:
    """Integer cents to euro, with two decimals."""
    return (Decimal(cents) / 100).quantize(CENT)


def split(amount: Decimal, shares: Mapping[str, Decimal], lead: str) -> dict[str, Decimal]:
    """Split an amount in euro among funders; the parts add up to the amount, to the cent.

    `shares` are fractions that add up to 1; each is rounded down to the cent, and `lead`, the lead
    national funder, takes the remainder. Raises ValueError when the shares do not add up or the
    lead is not among them.
    """
    if sum(shares.values()) != 1:
        raise ValueError(f"the shares add up to {sum(shares.values())}, not to 1")
    if lead not in shares:
        raise ValueError(f"the lead funder {lead} is not among {sorted(shares)}")
    parts = {name: floor_cent(amount * share) for name, share in shares.items() if name != lead}
    parts[lead] = amount - sum(parts.values(), ZERO)
    return {name: parts[name] for name in shares}
