"""De minimis aid: Regulation (EU) 2023/2831. Gross grant equivalents in euro."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.rules.base import Reason, Verdict
from regions.calendars import add_months, add_working_days
from regions.money import ZERO

CEILING = Decimal("300000.00")
WINDOW_MONTHS = 36
ARTICLE = "Règl. (UE) 2023/2831, art. 3(2)"


@dataclass(frozen=True, slots=True)
class Award:
    """An earlier award: whose, when the right was conferred, how much (gross grant equivalent)."""

    siren: str
    granted_on: date
    amount: Decimal
    regulation: str = "2023/2831"
    member_state: str = "FR"


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


def assess(*, undertaking: frozenset[str], awards: Sequence[Award], new_amount: Decimal, granted_on: date) -> Verdict:
    """Whether a new award keeps the undertaking within the ceiling over any three years, to the day."""
    start = add_months(granted_on, -WINDOW_MONTHS)
    prior = sum((a.amount for a in awards if a.siren in undertaking and start <= a.granted_on <= granted_on), ZERO)
    total = prior + new_amount
    details = {
        "prior_sum": prior,
        "total": total,
        "ceiling": CEILING,
        "available": max(CEILING - prior, ZERO),
    }
    if total <= CEILING:
        return Verdict(True, amount=new_amount, details=details)
    return Verdict(False, (_over(details),), amount=ZERO, details=details)


def _over(details: dict[str, Decimal]) -> Reason:
    return Reason(
        "de_minimis_ceiling",
        f"Le plafond de minimis de {CEILING} € sur trois ans serait dépassé : {details['total']} €.",
        f"The de minimis ceiling of €{CEILING} over three years would be exceeded: €{details['total']}.",
        ARTICLE,
    )


def register_by(granted_on: date) -> date:
    """The 20th working day following the grant (art. 6(3))."""
    return add_working_days(granted_on, 20)
