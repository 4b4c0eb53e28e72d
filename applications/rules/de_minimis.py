"""De minimis aid: Regulation (EU) 2023/2831, and 1407/2013 for what was granted before 2024.

Gross grant equivalents in euro. Aid counts on the day its right is conferred (art. 3(3)), whoever
finances it (art. 3(4)); when a ceiling would be passed the whole new aid is refused (art. 3(7)), and
the authority may grant a smaller amount: `details["available"]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.documents.formats import money
from applications.rules.base import InputError, Reason, Verdict
from applications.rules.de_minimis_regimes import (
    CURRENT,
    FISCAL,
    Regime,
    in_force,
    regime,
    shares_ceiling,
)
from regions.calendars import add_months, add_working_days
from regions.money import ZERO, floor_cent

CEILING = regime(CURRENT).ceiling
WINDOW_MONTHS = 36
REGISTER_WORKING_DAYS = 20


@dataclass(frozen=True, slots=True)
class Award:
    """An earlier award: whose, when the right was conferred, how much (gross grant equivalent).

    `member_state` is the one that granted it; `activity` what it was used for, if known (splits).
    """

    siren: str
    granted_on: date
    amount: Decimal
    regulation: str = CURRENT
    member_state: str = "FR"
    activity: str = ""


def single_undertaking(siren: str, links: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Every enterprise linked with one, directly or through others (art. 2(2)), itself included."""
    neighbours: dict[str, set[str]] = {}
    for one, other in links:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    found, frontier = {siren}, [siren]
    while frontier:
        new = neighbours.get(frontier.pop(), set()) - found
        found |= new
        frontier.extend(new)
    return frozenset(found)


def assess(
    *,
    undertaking: frozenset[str],
    awards: Sequence[Award],
    new_amount: Decimal,
    granted_on: date,
    member_state: str = "FR",
    regulation: str = "",
    road_freight: bool = False,
    boundary_counts: bool = True,
    fiscal_year_starts: int = 1,
    retroactive: bool = False,
) -> Verdict:
    """Whether a new award keeps the undertaking within the ceiling over any three years, to the day.

    `regulation`: by default the one in force on the day. `boundary_counts`: an award exactly three
    years old counts (prudent; to be confirmed). `fiscal_year_starts`: first month of the undertaking's
    fiscal year, for 1407/2013. `retroactive`: aid before 2024 above the old ceiling is also tried under
    2023/2831, which covers earlier aid (art. 7(1)); a decision of that time could not count on it.
    """
    law = regime(regulation) if regulation else in_force(granted_on)
    if new_amount < 0:
        raise InputError(
            "new_amount",
            "give the gross grant equivalent in euro, zero or more",
            "donner l’équivalent-subvention brut en euros, positif ou nul",
        )
    if law is None or not law.valid_from <= granted_on <= law.adjusted_to:
        return _not_in_force(granted_on)
    windows = _Windows(granted_on, boundary_counts, fiscal_year_starts)
    counted = [a for a in awards if a.siren in undertaking and a.member_state == member_state]
    verdict = _under(law, windows, counted, new_amount, road_freight)
    if verdict.ok or not retroactive or law.code == CURRENT:
        return verdict
    later = _under(regime(CURRENT), windows, counted, new_amount, road_freight)
    return Verdict(True, (_retroactive(),), later.amount, later.details) if later.ok else verdict


@dataclass(frozen=True, slots=True)
class _Windows:
    """What is counted with a grant of that day, under each way to count three years."""

    granted_on: date
    boundary_counts: bool
    fiscal_year_starts: int

    def first_day(self, law: Regime) -> date:
        """The first day of the window: three years before, or of the fiscal year two years before."""
        if law.window == FISCAL:
            elapsed = (self.granted_on.month - self.fiscal_year_starts) % 12
            return add_months(self.granted_on.replace(day=1), -elapsed - 24)
        return add_months(self.granted_on, -WINDOW_MONTHS)

    def holds(self, law: Regime, award: Award) -> bool:
        """Whether an earlier award is in the window and shares the general ceiling."""
        first = self.first_day(law)
        late_enough = award.granted_on > first or (
            award.granted_on == first and (self.boundary_counts or law.window == FISCAL)
        )
        return late_enough and award.granted_on <= self.granted_on and shares_ceiling(award.regulation)


def _under(law: Regime, windows: _Windows, awards: Sequence[Award], new_amount: Decimal, freight: bool) -> Verdict:
    prior = sum((award.amount for award in awards if windows.holds(law, award)), ZERO)
    ceiling = law.ceiling_for(road_freight=freight)
    details: dict[str, Any] = {
        "prior_sum": prior, "total": prior + new_amount, "ceiling": ceiling,
        "available": max(ceiling - prior, ZERO), "regulation": law.code, "window_from": windows.first_day(law),
    }  # fmt: skip
    if details["total"] <= ceiling:
        return Verdict(True, amount=new_amount, details=details)
    return Verdict(False, (_over(law, details),), amount=ZERO, details=details)


def _over(law: Regime, details: dict[str, Any]) -> Reason:
    ceiling, total = details["ceiling"], details["total"]
    return Reason(
        "de_minimis_ceiling",
        f"Le plafond de minimis de {money(ceiling, 'fr')} sur trois ans serait dépassé : {money(total, 'fr')}.",
        f"The de minimis ceiling of {money(ceiling, 'en')} over three years would be exceeded: {money(total, 'en')}.",
        f"Règl. (UE) {law.code}, art. 3(2)",
        params={"ceiling": ceiling, "total": total, "available": details["available"]},
    )


def _retroactive() -> Reason:
    return Reason(
        "applied_to_earlier_aid",
        "L’aide antérieure à 2024 est couverte par le règlement 2023/2831, dont elle remplit les conditions.",
        "Aid granted before 2024 is covered by Regulation 2023/2831, whose conditions it meets.",
        f"Règl. (UE) {CURRENT}, art. 7(1)",
        blocking=False,
    )


def _not_in_force(granted_on: date) -> Verdict:
    details = {"prior_sum": ZERO, "total": ZERO, "ceiling": ZERO, "available": ZERO}
    reason = Reason(
        "de_minimis_not_in_force",
        f"Ce règlement de minimis ne permet pas d’octroyer une aide le {granted_on:%d/%m/%Y}.",
        f"This de minimis regulation does not allow aid to be granted on {granted_on.isoformat()}.",
        f"Règl. (UE) {CURRENT}, art. 7(3) et 8",
    )
    return Verdict(False, (reason,), ZERO, details)


def cumulation(
    new_amount: Decimal, *, same_costs_aid: Decimal, highest: Decimal | None, attributable: bool = True
) -> Verdict:
    """De minimis with State aid on the same eligible costs: not above the highest amount (art. 5(3)).

    `highest` is the largest aid in euro that an exemption or a decision allows on these costs; None
    when there is no such aid. Aid that is not attributable to specific costs is not limited.
    """
    if highest is None or not attributable:
        return Verdict(True, amount=new_amount, details={"headroom": None})
    headroom = max(floor_cent(highest) - same_costs_aid, ZERO)
    if new_amount <= headroom:
        return Verdict(True, amount=new_amount, details={"headroom": headroom})
    reason = Reason(
        "de_minimis_cumulation",
        f"Avec les autres aides aux mêmes coûts, l’aide maximale serait dépassée : il reste {money(headroom, 'fr')}.",
        f"With other aid for the same costs the highest amount would be exceeded: {money(headroom, 'en')} remains.",
        f"Règl. (UE) {CURRENT}, art. 5(3)",
        params={"headroom": headroom},
    )
    return Verdict(False, (reason,), ZERO, {"headroom": headroom})


def register_by(granted_on: date, region: str | None = None) -> date:
    """The 20th working day following the grant (art. 6(2)); `region` adds its public holidays."""
    return add_working_days(granted_on, REGISTER_WORKING_DAYS, region)
