"""A closed window: when the requests exceed the budget, all are served in the same proportion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from applications.rules.base import InputError
from regions.money import ZERO, floor_cent

PRECISION = Decimal("0.0000000001")


@dataclass(frozen=True, slots=True)
class Allocation:
    """The coefficient of a window, and the amount of each request in euro."""

    coefficient: Decimal
    amounts: Mapping[str, Decimal]


def allocate(requests: Mapping[str, Decimal], budget: Decimal) -> Allocation:
    """Serve each request in proportion of the budget, never above it; no priority by date.

    Euro. The coefficient is 1 when the budget is enough, else budget / total rounded down to ten
    decimals; each amount is rounded down to the cent, so the sum never passes the budget.
    """
    if budget < 0 or any(request < 0 for request in requests.values()):
        raise InputError(
            "budget",
            "give a budget and requests of zero euro or more",
            "donner un budget et des demandes de zéro euro ou plus",
        )
    total = sum(requests.values(), ZERO)
    enough = total <= budget
    coefficient = Decimal(1) if enough else (budget / total).quantize(PRECISION, rounding=ROUND_DOWN)
    return Allocation(coefficient, {key: floor_cent(request * coefficient) for key, request in requests.items()})
