"""What a scheme did in figures: the mean aid by service, and how much of an envelope is programmed.

Amounts in one currency, as the source states them: nothing is converted. A mean that is published is cut to the
cent, like any amount; the mean rounded half up stands beside it, since sources print one or the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from applications.rules.base import Reason, Verdict
from regions.money import CENT, ZERO, floor_cent

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Tally:
    """Services (or firms) and the amount they received."""

    name: str
    count: int
    amount: Decimal

    @property
    def mean(self) -> Decimal | None:
        """The mean cut to the cent; None without a service."""
        return floor_cent(self.amount / self.count) if self.count else None

    @property
    def rounded_mean(self) -> Decimal | None:
        """The mean to the nearest cent, half up."""
        return (self.amount / self.count).quantize(CENT, rounding=ROUND_HALF_UP) if self.count else None


def total(tallies: list[Tally]) -> Tally:
    """All of them together: 22 services for 80 500 and 2 for 33 000 are 24 for 113 500."""
    return Tally("", sum(one.count for one in tallies), sum((one.amount for one in tallies), ZERO))


def programming_rate(programmed: Decimal, envelope: Decimal, overbooking: Decimal = ZERO) -> Verdict:
    """What is programmed of an envelope, in % to one decimal; above 100 % only within the overbooking voted.

    `envelope` above zero and `overbooking` in the unit of the amounts.
    """
    rate = (programmed * 100 / envelope).quantize(TENTH, rounding=ROUND_HALF_UP)
    details = {"rate_percent": rate, "available": envelope + overbooking - programmed}
    if programmed <= envelope:
        return Verdict(True, details=details)
    within = programmed <= envelope + overbooking
    return Verdict(within, (_overbooked(within),), details=details)


def _overbooked(within: bool) -> Reason:
    if within:
        text = ("L’enveloppe est surprogrammée, dans la limite votée.", "The envelope is overbooked, within the vote.")
        return Reason("overbooked", *text, blocking=False)
    text = (
        "La programmation dépasse l’enveloppe et la surprogrammation votée.",
        "What is programmed exceeds the envelope and the overbooking voted.",
    )
    return Reason("envelope_exceeded", *text)
