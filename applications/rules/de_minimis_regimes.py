"""The de minimis regulations as dated data: ceilings in euro, windows, safe harbours, validity, cumulation.

The general regulation in force on the day of the grant decides; the one before may still be granted
under during the adjustment of six months (1407/2013 art. 7(4); 2023/2831 art. 7(3)). The figures of
1407/2013 and of the sectoral regulations are to be confirmed against the Official Journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from applications.rules.base import InputError
from regions.calendars import add_months

ROLLING, FISCAL = "rolling_years", "fiscal_years"
CURRENT = "2023/2831"
FORMER = "1407/2013"


@dataclass(frozen=True, slots=True)
class Regime:
    """A general de minimis regulation.

    `window` is three rolling years or three fiscal years; `freight_ceiling` the lower ceiling of road
    freight for hire, if any. A loan or a guarantee is in the safe harbour up to `loan` or `guarantee`
    over five years, or half of it over ten.
    """

    code: str
    valid_from: date
    valid_to: date
    ceiling: Decimal
    freight_ceiling: Decimal | None
    window: str
    loan: Decimal
    guarantee: Decimal
    adjustment_months: int = 6

    @property
    def adjusted_to(self) -> date:
        """The last day on which aid may still be granted under it, after its end."""
        return add_months(self.valid_to + timedelta(days=1), self.adjustment_months) - timedelta(days=1)

    def ceiling_for(self, *, road_freight: bool = False) -> Decimal:
        """The ceiling in euro; 2023/2831 has no lower one for road freight (to be confirmed)."""
        return self.freight_ceiling if road_freight and self.freight_ceiling is not None else self.ceiling


REGIMES = (
    Regime(
        FORMER, date(2014, 1, 1), date(2023, 12, 31), Decimal("200000.00"), Decimal("100000.00"), FISCAL,
        Decimal(1_000_000), Decimal(1_500_000),
    ),
    Regime(
        CURRENT, date(2024, 1, 1), date(2030, 12, 31), Decimal("300000.00"), None, ROLLING,
        Decimal(1_500_000), Decimal(2_250_000),
    ),
)  # fmt: skip
# Aid under these is free of the general ceiling: services of general economic interest (art. 5(1)). All
# other de minimis aid shares it, that of agriculture (1408/2013) and fishery (717/2014) too (art. 5(2)).
SGEI = ("2023/2832", "360/2012")


def regime(code: str, regimes: Sequence[Regime] = REGIMES) -> Regime:
    """The general regulation of that number; InputError when it is not one."""
    found = [one for one in regimes if one.code == code]
    if not found:
        raise InputError(
            "regulation",
            f"give one of {', '.join(one.code for one in regimes)}",
            f"donner l’un de ces codes : {', '.join(one.code for one in regimes)}",
        )
    return found[0]


def in_force(day: date, regimes: Sequence[Regime] = REGIMES) -> Regime | None:
    """The regulation for a grant on that day: the one in force, or the last one while it is adjusted."""
    valid = [one for one in regimes if one.valid_from <= day <= one.valid_to]
    adjusted = [one for one in regimes if one.valid_to < day <= one.adjusted_to]
    return next(iter([*valid[-1:], *adjusted[-1:]]), None)


def shares_ceiling(code: str) -> bool:
    """Whether an earlier award counts towards the general ceiling; an unknown regulation does (prudent)."""
    return code not in SGEI
