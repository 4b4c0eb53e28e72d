"""Deadlines of the acts: opened and closed by the gate, executed by the sweeper."""

from __future__ import annotations

from typing import Any

from applications.models import Application, Claim, Complaint, Irregularity, PaymentOrder, Recovery
from regions import clock
from regions.calendars import end_of_day
from regions.models import Accreditation
from workflows.acts import Act, Effects
from workflows.models import Deadline

# What outlives a file: the region's answer to an appeal, the repayment of what was lent, and the time to be heard
# before a grant is taken back, the report of an irregularity, what the firm tells some months later or each year.
REPORTS = (Deadline.Kind.REPORT, Deadline.Kind.REPORT_SOON)
ASKED = (
    Deadline.Kind.APPEAL, Deadline.Kind.INSTALMENT, Deadline.Kind.REVOCATION, Deadline.Kind.FOLLOW_UP,
    Deadline.Kind.TURNOVER,
)  # fmt: skip
KEPT = (*ASKED, *REPORTS)
OWNERS: dict[type, str] = {Application: "application", Accreditation: "accreditation", Complaint: "complaint"}
CLAIM_KINDS = (Deadline.Kind.CLAIM_ANSWER, Deadline.Kind.PAYMENT)


def apply(target: Any, effects: Effects, act: Act) -> None:
    """Close the kinds that the act answers, then open those it asks for."""
    owner = _owner(target)
    if effects.closes:
        kinds = [str(kind) for kind in effects.closes]
        _open(owner).filter(kind__in=kinds).update(closed_at=act.at, outcome="answered")
    for due in effects.due:
        _open(owner).filter(kind=due.kind).update(closed_at=act.at, outcome="replaced")
        _create(target, owner, due.kind, end_of_day(due.on, _zone(owner)))


def _owner(target: Any) -> Any:
    return target.application if isinstance(target, Claim | PaymentOrder | Recovery | Irregularity) else target


def _zone(owner: Any) -> str:
    return str(owner.region.time_zone)


def _open(owner: Any) -> Any:
    return Deadline.objects.filter(**{_key(owner): owner.pk}, closed_at__isnull=True)


def _key(owner: Any) -> str:
    """The column of a deadline that names its owner."""
    return next((name for model, name in OWNERS.items() if isinstance(owner, model)), "application")


def _create(target: Any, owner: Any, kind: str, due_at: Any) -> None:
    claim = target.claim if isinstance(target, PaymentOrder) else target if isinstance(target, Claim) else None
    Deadline.objects.create(
        **{f"{_key(owner)}_id": owner.pk}, claim=claim if kind in CLAIM_KINDS else None, kind=kind, due_at=due_at
    )


def close_all(file: Any) -> None:
    """A file that ended waits for nothing, but for what outlives it."""
    _open(file).exclude(kind__in=KEPT).update(closed_at=clock.now(), outcome="ended")
