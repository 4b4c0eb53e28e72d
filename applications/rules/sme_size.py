"""Size of an enterprise from its own figures: Recommendation 2003/361/EC, annex, art. 2.

Headcount in annual work units, strictly below the threshold; turnover and balance sheet in euro, not
above it, and only one of the two has to hold. The figures of partner and linked enterprises are to be
added before the call (annex, art. 3 and 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Threshold:
    """A size and what it allows: work units below, euro not above."""

    size: str
    headcount: Decimal
    turnover: Decimal
    balance_sheet: Decimal

    def holds(self, headcount: Decimal, turnover: Decimal | None, balance_sheet: Decimal | None) -> bool:
        """Whether the figures fit; an amount that is not known cannot be the one that fits."""
        within_turnover = turnover is not None and turnover <= self.turnover
        within_balance = balance_sheet is not None and balance_sheet <= self.balance_sheet
        return headcount < self.headcount and (within_turnover or within_balance)


def _threshold(size: str, headcount: str, turnover: str, balance_sheet: str) -> Threshold:
    return Threshold(size, Decimal(headcount), Decimal(turnover), Decimal(balance_sheet))


THRESHOLDS = (
    _threshold("micro", "10", "2000000", "2000000"),
    _threshold("small", "50", "10000000", "10000000"),
    _threshold("medium", "250", "50000000", "43000000"),
)


def size_of(headcount: Decimal | None, turnover: Decimal | None, balance_sheet: Decimal | None) -> str:
    """« micro », « small », « medium » or « large »; an empty string while the headcount is unknown."""
    if headcount is None:
        return ""
    fitting = (t.size for t in THRESHOLDS if t.holds(headcount, turnover, balance_sheet))
    return next(fitting, "large")
