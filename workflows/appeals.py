"""Appeals: what may be contested and until when, what the firm wrote, and what the region answered.

An appeal is a record in the file's chain with a deadline of two months for the region's answer;
silence is then a rejection (CRPA, art. L. 231-4, 2°) and opens two new months to go to court.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState
from applications.models import Application
from applications.rules.deadlines import appeal_until
from regions import clock
from regions.calendars import local_date
from workflows.chain import facts_of, key
from workflows.models import Deadline, Event

S = ApplicationState
UPHELD, REJECTED = "upheld", "rejected"
OUTCOMES = {UPHELD: _("Recours accepté"), REJECTED: _("Recours rejeté")}
SILENT = _("Recours rejeté par le silence de la région")
# The act that ends a file and may be contested; a grant is contested from its notification.
ENDING = {
    S.REFUSED: "application.refuse",
    S.CLOSED: "application.close",
    S.LAPSED: "application.lapse",
    S.REVOKED: "application.revoke",
}
GRANTED = (S.RUNNING, S.COMPLETED)
ACTS = ("record.appeal", "record.appeal_answer", "record.appeal_silence")


@dataclass(frozen=True, slots=True)
class Contestable:
    """A decision that may be contested: the day it was known, and the last day to contest it."""

    known_on: date
    until: date
    silence: bool = False

    @property
    def is_late(self) -> bool:
        return self.until < clock.today()


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal as it stands: what was written, when an answer is due, and the answer."""

    made_on: date
    text: str
    due_on: date | None
    answered_on: date | None = None
    outcome: str | Promise = ""
    answer: str = ""


def contestable(file: Application) -> Contestable | None:
    """The decision of a file that may be contested today, or None (CJA, art. R. 421-1)."""
    if file.state in GRANTED and file.notified_on:
        return _from(file.notified_on)
    if file.state in ENDING:
        return _from(_acted_on(file, ENDING[ApplicationState(file.state)]))
    return _silence(file)


def _from(day: date) -> Contestable:
    return Contestable(day, appeal_until(day))


def _silence(file: Application) -> Contestable | None:
    """An implicit rejection is contested from the day it arises (CJA, art. R. 421-2)."""
    day = file.implicit_rejection_on
    if not file.is_open or file.state == S.GRANTED or day is None or day >= clock.today(file.zone):
        return None
    return Contestable(day, appeal_until(day), silence=True)


def _acted_on(file: Application, act: str) -> date:
    event = Event.objects.filter(subject=key(file), act=act).latest("number")
    return local_date(event.at, file.zone)


def is_open(file: Any) -> bool:
    """Whether an appeal waits for its answer."""
    return _open(file) is not None


def _open(file: Any) -> Deadline | None:
    found: Deadline | None = file.deadlines.filter(kind=Deadline.Kind.APPEAL, closed_at__isnull=True).first()
    return found


def of_file(file: Application) -> list[Appeal]:
    """The appeals of a file, the latest first, each with its answer."""
    found: list[Appeal] = []
    events = Event.objects.filter(subject=key(file), act__in=(*ACTS, "application.reopen")).order_by("number")
    for event in events.select_related("note"):
        if event.act == ACTS[0]:
            found.append(_made(file, event))
        elif found and found[-1].answered_on is None:
            found[-1] = _answered(file, event, found[-1])
    return found[::-1]


def _made(file: Application, event: Event) -> Appeal:
    due = facts_of(event).get("answer_by")
    return Appeal(local_date(event.at, file.zone), text_of(event), date.fromisoformat(due) if due else None)


def _answered(file: Application, event: Event, appeal: Appeal) -> Appeal:
    return Appeal(
        appeal.made_on, appeal.text, appeal.due_on, local_date(event.at, file.zone), _outcome(event), text_of(event)
    )


def _outcome(event: Event) -> str | Promise:
    if event.act == "record.appeal_silence":
        return SILENT
    return OUTCOMES[facts_of(event).get("outcome", UPHELD)]


def text_of(event: Event) -> str:
    """The free text kept beside an event, "" when there is none or retention has emptied it."""
    note = getattr(event, "note", None)
    return note.text if note else ""
