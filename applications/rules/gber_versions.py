"""The versions of the general block exemption, Regulation (EU) 651/2014, as dated data. Amounts in euro.

The version in force on the day of the grant decides. It expires on 31 December 2026; a scheme exempted
before remains so for six months after the expiry, or after an amendment (art. 58(4), (5)). The text that
replaces it is not known here: it will be one more version, passed as `versions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from applications.rules.base import InputError
from regions.calendars import add_months

ARTICLES = ("17", "18", "19", "28")


@dataclass(frozen=True, slots=True)
class Version:
    """A version and its amounts, from a day to a day.

    `thresholds` by article: above, the aid has to be notified (art. 4(1)); `innovation_cap` the advisory
    and support aid over three years within which 100 % is possible (art. 28(4)); `published_above` the
    individual awards to publish, lower in primary agriculture and fishery (art. 9(1)(c)).
    """

    code: str
    valid_from: date
    valid_to: date
    thresholds: Mapping[str, Decimal]
    innovation_cap: Decimal
    published_above: Decimal
    published_above_primary: Decimal
    adjustment_months: int = 6

    @property
    def adjusted_to(self) -> date:
        """The last day of the adjustment of six months."""
        return add_months(self.valid_to + timedelta(days=1), self.adjustment_months) - timedelta(days=1)


def _amounts(investment: int, consultancy: int, fairs: int, innovation: int) -> dict[str, Decimal]:
    return {"17": Decimal(investment), "18": Decimal(consultancy), "19": Decimal(fairs), "28": Decimal(innovation)}


VERSIONS = (
    Version(
        "651/2014", date(2014, 7, 1), date(2023, 6, 30), _amounts(7_500_000, 2_000_000, 2_000_000, 5_000_000),
        Decimal(200_000), Decimal(500_000), Decimal(500_000),
    ),
    Version(
        "651/2014 (2023/1315)", date(2023, 7, 1), date(2026, 12, 31),
        _amounts(8_250_000, 2_200_000, 2_200_000, 10_000_000),
        Decimal(220_000), Decimal(100_000), Decimal(10_000),
    ),
)  # fmt: skip


def in_force(
    day: date, *, scheme_since: date | None = None, under: str = "", versions: Sequence[Version] = VERSIONS
) -> Version | None:
    """The version for a grant on that day; None when the exemption has expired.

    `scheme_since`: the day the scheme took effect, which opens the adjustment once no version is in
    force. `under`: ask for an earlier version, while it is adjusted.
    """
    adjusted = [v for v in versions if _adjusted(v, day, scheme_since)]
    valid = [v for v in versions if v.valid_from <= day <= v.valid_to]
    if under:
        _known(under, versions)
        return next((v for v in (*valid, *adjusted) if v.code == under), None)
    return next(iter([*valid[-1:], *adjusted[-1:]]), None)


def _adjusted(version: Version, day: date, scheme_since: date | None) -> bool:
    """Whether a scheme older than the end of a version may still grant under it."""
    if scheme_since is None or scheme_since > version.valid_to:
        return False
    return version.valid_to < day <= version.adjusted_to


def _known(code: str, versions: Sequence[Version]) -> None:
    codes = [version.code for version in versions]
    if code not in codes:
        raise InputError("under", f"give one of {', '.join(codes)}", f"donner l’un de ces codes : {', '.join(codes)}")
