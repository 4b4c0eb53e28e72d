"""The sweeper: deadlines that passed, messages not sent, jobs lost. Safe to run twice at once.

A timer never decides by itself: it calls the gate, which asks under the file's lock whether the
deadline is still open. The second of two sweepers is told no, and nothing happens twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from regions import clock
from regions.models import User
from workflows import gate
from workflows.acts import Refused
from workflows.models import Deadline

log = logging.getLogger("guichet.sweeper")
Kind = Deadline.Kind
Handler = Callable[[User, Deadline], object]

HANDLERS: dict[str, Handler] = {
    Kind.ANSWER: lambda by, d: gate.move(by, "application", _pk(d.application_id), "expire"),
    Kind.WARNING: lambda by, d: gate.record(by, "application", _pk(d.application_id), "decision_warning"),
    Kind.SILENCE: lambda by, d: gate.record(by, "application", _pk(d.application_id), "implicit_rejection"),
    Kind.COMPLETION: lambda by, d: gate.record(by, "application", _pk(d.application_id), "lapse_proposed"),
    Kind.CLAIM_ANSWER: lambda by, d: gate.move(by, "claim", _pk(d.claim_id), "expire"),
    Kind.PAYMENT: lambda by, d: gate.record(by, "claim", _pk(d.claim_id), "payment_late"),
    Kind.APPEAL: lambda by, d: gate.record(by, "application", _pk(d.application_id), "appeal_silence"),
    Kind.INSTALMENT: lambda by, d: gate.record(by, "application", _pk(d.application_id), "instalment_late"),
    Kind.REVOCATION: lambda by, d: gate.record(by, "application", _pk(d.application_id), "revocation_unanswered"),
    Kind.REPORT: lambda by, d: gate.record(by, "application", _pk(d.application_id), "irregularity_late"),
    Kind.REPORT_SOON: lambda by, d: gate.record(by, "application", _pk(d.application_id), "irregularity_soon"),
    Kind.FOLLOW_UP: lambda by, d: gate.record(by, "application", _pk(d.application_id), "follow_up_asked"),
    Kind.TURNOVER: lambda by, d: gate.record(by, "application", _pk(d.application_id), "turnover_reminder"),
    Kind.COMPLAINT: lambda by, d: gate.record(by, "complaint", _pk(d.complaint_id), "complaint_late"),
    Kind.COMPLAINT_SOON: lambda by, d: gate.record(by, "complaint", _pk(d.complaint_id), "complaint_soon"),
    Kind.EXPIRY: lambda by, d: gate.move(by, "accreditation", _pk(d.accreditation_id), "expire"),
}


def _pk(value: int | None) -> int:
    if value is None:
        raise ValueError("a deadline without its object")
    return value


def sweep(limit: int = 500) -> int:
    """Execute the deadlines that passed, oldest first; returns how many took effect."""
    system = User.objects.system()
    due = Deadline.objects.filter(closed_at__isnull=True, due_at__lt=clock.now()).order_by("due_at", "id")
    return sum(_execute(system, deadline) for deadline in due[:limit])


def _execute(system: User, deadline: Deadline) -> bool:
    try:
        HANDLERS[deadline.kind](system, deadline)
    except Refused as refusal:
        _moot(deadline, refusal)
        return False
    return True


def _moot(deadline: Deadline, refusal: Refused) -> None:
    """The file went on: the deadline no longer binds. Kept, with its outcome."""
    log.info("deadline %s of %s is moot: %s", deadline.kind, deadline.application_id, refusal)
    Deadline.objects.filter(pk=deadline.pk, closed_at__isnull=True).update(closed_at=clock.now(), outcome="moot")
