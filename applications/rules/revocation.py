"""Taking back a grant: on what ground, with which effect, and until when (CRPA, art. L. 241-2, L. 242-1, L. 242-2).

A withdrawal undoes the grant from its first day: what was paid has to come back. A repeal ends it for
the time to come: what was paid stays. Days are local days; the four months run from the decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from applications.rules.base import InputError, Reason, Verdict
from regions.calendars import add_months

WITHDRAWAL, REPEAL = "withdrawal", "repeal"
ILLEGAL_MONTHS = 4


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of the code: its sentence, its article, the effects it allows and the months it may be used in."""

    fr: str
    en: str
    article: str
    effects: tuple[str, ...]
    months: int | None = None


GROUNDS: dict[str, Ground] = {
    "conditions_not_met": Ground(
        "Les conditions mises à l’octroi de la subvention n’ont pas été respectées.",
        "The conditions set for the grant were not met.",
        "CRPA, art. L. 242-2, 2°",
        (WITHDRAWAL,),
    ),
    "condition_ended": Ground(
        "L’aide est subordonnée à une condition qui n’est plus remplie.",
        "The aid depends on a condition that is no longer met.",
        "CRPA, art. L. 242-2, 1°",
        (REPEAL,),
    ),
    "illegal": Ground(
        "La décision d’octroi est illégale.",
        "The decision to grant is unlawful.",
        "CRPA, art. L. 242-1",
        (WITHDRAWAL, REPEAL),
        ILLEGAL_MONTHS,
    ),
    "fraud": Ground(
        "La décision d’octroi a été obtenue par fraude.",
        "The decision to grant was obtained by fraud.",
        "CRPA, art. L. 241-2",
        (WITHDRAWAL, REPEAL),
    ),
}


def allowed_until(ground: str, granted_on: date) -> date | None:
    """The last day on which this ground may be used, None without limit.

    An unlawful grant of 31 October 2025: 28 February 2026.
    """
    months = _ground(ground).months
    return None if months is None else add_months(granted_on, months)


def revocable(ground: str, effect: str, granted_on: date, on: date) -> Verdict:
    """Whether a grant may be taken back on this ground, with this effect, on this day."""
    until = allowed_until(ground, granted_on)
    faults = {
        "effect_not_allowed": effect not in _ground(ground).effects,
        "too_late": until is not None and on > until,
    }
    reasons = tuple(_reason(code, ground, until) for code, applies in faults.items() if applies)
    return Verdict(not reasons, reasons, details={"until": until})


def _ground(code: str) -> Ground:
    if code not in GROUNDS:
        raise InputError("ground", f"{code} is no ground.", "ce motif n’est pas de la liste.")
    return GROUNDS[code]


def _reason(code: str, ground: str, until: date | None) -> Reason:
    sentences = {
        "effect_not_allowed": (
            "Ce motif ne permet pas cet effet : choisir l’autre, ou un autre motif.",
            "This ground does not allow this effect: choose the other one, or another ground.",
        ),
        "too_late": (
            f"Une décision illégale ne peut plus être reprise depuis le {until:%d/%m/%Y} (quatre mois)."
            if until
            else "",
            f"An unlawful decision could be taken back until {until} (four months)." if until else "",
        ),
    }
    return Reason(code, *sentences[code], GROUNDS[ground].article)
