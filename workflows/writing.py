"""What one act leaves behind: the row, the event, the frozen facts, the version, what follows, the money last.

Only the gate calls this module; the caller holds the locks.
"""

from __future__ import annotations

from typing import Any

from applications.booking import Cause, after, book, holdings
from applications.enums import ENDED, OrderState
from applications.escrow import move_escrow
from applications.models import Application, Claim, Complaint, Decision, Irregularity, PaymentOrder, Recovery
from regions.models import Accreditation
from regions.money import ZERO
from workflows import chain, deadlines, facts, follow, jobs, outbox, waiting
from workflows.acts import Act, Effects
from workflows.canonical import encode, sha256
from workflows.complaints import reader_of
from workflows.models import Event
from workflows.release import ENGINE_VERSION


def write(target: Any, name: str, act: Act, states: tuple[str, str], effects: Effects) -> Event:
    """Everything that one act leaves behind, in the order of the locks."""
    subject = target.subject()
    if target is not subject or target.pk is None:
        target.save()
    if not isinstance(subject, Application):
        return _write_alone(subject, target, name, act, states, effects)
    return _write_file(subject, target, name, act, states, effects)


def _write_alone(subject: Any, target: Any, name: str, act: Act, states: tuple[str, str], effects: Effects) -> Event:
    """An act on a subject without money or versions: an accreditation, a change of bank details."""
    event = chain.append(subject, target, act, name, states, effects.facts)
    deadlines.apply(target, effects, act)
    if isinstance(subject, Accreditation):
        facts.refresh_accreditation(subject)
    for template in effects.emails:
        outbox.email(event, template, reader_of(subject, template) if isinstance(subject, Complaint) else None)
    subject.save()
    return event


def _write_file(file: Any, target: Any, name: str, act: Act, states: tuple[str, str], effects: Effects) -> Event:
    held = holdings(file)
    effective_on = effects.effective_on or act.day
    event = chain.append(file, target, act, name, states, effects.facts)
    cause = Cause(name, f"{event.subject}#{event.number}", act.actor, effective_on, act.at)
    _freeze(file, name, act, effects)
    deadlines.apply(target, effects, act)
    move_escrow(file, effects.escrow, cause, order=_order_if(target))  # who has the file next depends on it
    _refresh(file, target)
    version = facts.append_version(file, act, name, effective_on, after(held, effects.bookings))
    if isinstance(target, Claim | PaymentOrder):
        facts.append_claim_version(version, _claim_of(target), _order_of(target))
    outbox.post(file, event, effects.letters, effects.emails)
    for job in effects.jobs:
        jobs.enqueue(job, f"{job}:{event.subject}#{event.number}", event=event.pk)
    follow.follow(file, event)
    book(file, effects.bookings, cause, held, claim=_claim_of(target), order=_order_if(target))
    if any(booking.amount < ZERO and booking.bucket in waiting.FREED for booking in effects.bookings):
        waiting.wake_later(file.envelope, cause.event)
    return event


def _claim_of(target: Any) -> Any:
    return (
        target.claim if isinstance(target, PaymentOrder | Recovery) else target if isinstance(target, Claim) else None
    )


def _order_if(target: Any) -> Any:
    return target if isinstance(target, PaymentOrder) else None


def _order_of(target: Any) -> Any:
    """The order that a claim's version shows: the one moved, else its latest."""
    return target if isinstance(target, PaymentOrder) else target.orders.order_by("-id").first()


def _refresh(file: Any, target: Any) -> None:
    """Who has what now: on the file, and on the claim and order that hang on it."""
    if file.state in ENDED:
        deadlines.close_all(file)
    if isinstance(target, PaymentOrder):
        target.next_actor = facts.BY_ORDER.get(OrderState(target.state), "")
        target.save(update_fields=["next_actor"])
    if isinstance(target, Recovery):
        target.next_actor = facts.recovery_actor(target)
        target.save(update_fields=["next_actor"])
    if isinstance(target, Irregularity):
        target.next_actor = facts.irregularity_actor(target)
        target.save(update_fields=["next_actor"])
    claim = _claim_of(target)
    if isinstance(target, Claim | PaymentOrder):
        claim.next_actor = facts.claim_actor(claim)
        claim.due_on = claim.payment_due_on
        claim.save(update_fields=["next_actor", "due_on"])
    facts.refresh(file)
    file.save()


def _freeze(file: Any, name: str, act: Act, effects: Effects) -> None:
    """Keep what the act relied on, so that it can be recomputed from the facts of its day."""
    reliance = effects.reliance
    if reliance is None:
        return
    inputs, outcome = encode(reliance.inputs), encode(reliance.outcome)
    Decision(
        application=file, act=name, scheme_fingerprint=file.scheme_version.fingerprint,
        law_version=reliance.law_version, engine_version=ENGINE_VERSION, inputs=inputs, outcome=outcome,
        sha256=sha256(inputs, outcome), made_at=act.at,
    ).save()  # fmt: skip
