"""Incentive effect: a complete written application before the work starts (Reg. (EU) 651/2014, art. 6).

Without it no part of the project may be aided. The start of works is the first firm commitment or the
start of construction; land, permits and feasibility studies do not start it (art. 2(23); to be
confirmed word for word).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from applications.rules.base import InputError, Reason, Verdict

STARTS = ("construction", "order", "signed_quote", "first_invoice", "other_commitment", "takeover")
PREPARATIONS = ("land_purchase", "permit", "feasibility_study", "quote_received")
CONTENTS = {
    "name_and_size": ("nom et taille de l’entreprise", "name and size of the undertaking"),
    "description_and_dates": ("description et dates du projet", "description and dates of the project"),
    "location": ("lieu du projet", "location of the project"),
    "costs": ("liste des coûts du projet", "list of project costs"),
    "aid_sought": ("type et montant de l’aide demandée", "type and amount of the aid sought"),
}
LAW = "Règl. (UE) 651/2014, art. 6(2)"


@dataclass(frozen=True, slots=True)
class Request:
    """The application: when it was filed in writing and which of CONTENTS it holds."""

    applied_on: date | None
    contents: frozenset[str] = field(default_factory=lambda: frozenset(CONTENTS))


def start_of_works(events: Iterable[tuple[str, date]]) -> date | None:
    """The earliest act that makes the investment irreversible; None when nothing has started."""
    kept = list(events)
    if any(kind not in STARTS + PREPARATIONS for kind, _ in kept):
        raise InputError(
            "events",
            f"give events among {', '.join(STARTS + PREPARATIONS)}",
            f"donner des faits parmi {', '.join(STARTS + PREPARATIONS)}",
        )
    return min((day for kind, day in kept if kind in STARTS), default=None)


def check(request: Request, events: Iterable[tuple[str, date]] = (), *, same_day: bool = False) -> Verdict:
    """Whether the aid has an incentive effect; `same_day`: work begun on the day of filing is accepted.

    By default it is not, for nothing says which came first (prudent; to be confirmed).
    """
    started = start_of_works(events)
    reasons = (*_in_time(request.applied_on, started, same_day), *_complete(request.contents))
    return Verdict(not reasons, reasons, details={"started_on": started, "applied_on": request.applied_on})


def _in_time(applied_on: date | None, started: date | None, same_day: bool) -> list[Reason]:
    if applied_on is None:
        text = ("Aucune demande écrite n’a été déposée.", "No written application was filed.")
        return [Reason("no_application", *text, LAW)]
    if started is None or applied_on < started or (same_day and applied_on == started):
        return []
    return [
        Reason(
            "no_incentive_effect",
            f"Le projet a commencé le {started:%d/%m/%Y}, la demande est du {applied_on:%d/%m/%Y} : aucune aide.",
            f"The work started on {started.isoformat()}, the application is of {applied_on.isoformat()}: no aid.",
            LAW,
            params={"started_on": started, "applied_on": applied_on},
        )
    ]


def _complete(contents: frozenset[str]) -> list[Reason]:
    missing = [name for name in CONTENTS if name not in contents]
    return [
        Reason(
            "application_incomplete",
            f"La demande ne donne pas : {CONTENTS[name][0]}.",
            f"The application lacks: {CONTENTS[name][1]}.",
            LAW,
            params={"item": name},
        )
        for name in missing
    ]
