"""What each move of a claim writes and asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from applications.booking import Booking
from applications.enums import Bucket, ClaimKind
from applications.models import ItemRequest
from applications.rules.deadlines import Suspension, payment_due
from regions.calendars import local_date
from regions.money import ZERO
from workflows import control as control_
from workflows import requests
from workflows.acts import Act, Denied, Due, Effects
from workflows.aid_due import aid_due
from workflows.conditions import loose_reports
from workflows.models import Deadline

Kind = Deadline.Kind


def submit(claim: Any, act: Act) -> Effects:
    claim.received_at, claim.application.lapse_proposed_on = act.at, None
    _declare(claim)
    loose_reports(claim).update(claim=claim)
    facts = {"declared": claim.amount_declared} | control_.told(control_.assess(claim, act))
    return Effects(facts=facts, due=_promise(claim), closes=(Kind.COMPLETION,))


def _declare(claim: Any) -> None:
    """What the invoices add up to, again when the firm answers, since it may have corrected them; else what is due."""
    if claim.kind == ClaimKind.EXPENSES:
        claim.amount_declared = sum((line.amount for line in claim.lines.all()), ZERO)
    else:
        claim.amount_declared = aid_due(claim)


def _promise(claim: Any) -> list[Due]:
    """The scheme's promised payment date (80 days at most for an ERDF beneficiary, CPR art. 74(1)(b))."""
    days = int(claim.application.scheme_version.rule("when", "payment_days", default=80))
    received = local_date(claim.received_at, claim.application.zone)
    claim.payment_due_on = payment_due(received, _interruptions(claim), days=days)
    return [Due(Kind.PAYMENT, claim.payment_due_on)]


def _interruptions(claim: Any) -> list[Suspension]:
    """The days during which the amount due could not be established."""
    return requests.suspensions(claim.item_requests.all())


def request_items(claim: Any, act: Act) -> Effects:
    kinds = list(act.facts.get("kinds", []))
    if not kinds:
        raise Denied(_("Indiquer au moins une pièce à demander."))
    deadline = requests.for_claim(claim, act.day).answer_by
    ItemRequest.objects.create(
        application=claim.application, claim=claim, kinds=kinds, message=act.reason, asked_on=act.day,
        deadline=deadline,
    )  # fmt: skip
    return Effects(
        facts={"kinds": kinds, "deadline": deadline},
        due=[Due(Kind.CLAIM_ANSWER, deadline)],
        closes=(Kind.PAYMENT,),
        letters=["request_for_items"],
    )


def _close_request(claim: Any, **how: Any) -> None:
    claim.item_requests.filter(answered_on__isnull=True, expired_on__isnull=True).update(**how)


def answer(claim: Any, act: Act) -> Effects:
    _close_request(claim, answered_on=act.day)
    _declare(claim)
    facts = {"declared": claim.amount_declared} | control_.told(control_.assess(claim, act))
    return Effects(facts=facts, due=_promise(claim), closes=(Kind.CLAIM_ANSWER,))


def expire(claim: Any, act: Act) -> Effects:
    _close_request(claim, expired_on=act.day)
    _declare(claim)
    facts = {"declared": claim.amount_declared} | control_.told(control_.assess(claim, act))
    return Effects(facts=facts, due=_promise(claim), closes=(Kind.CLAIM_ANSWER,))


def control(claim: Any, act: Act) -> Effects:
    """What is accepted of the lines kept in this claim; those left to a later one are no part of its amounts."""
    undrawn = control_.accept_undrawn(claim)
    lines = list(claim.lines.filter(parked=False))
    if claim.kind == ClaimKind.EXPENSES:
        claim.amount_declared = sum((line.amount for line in lines), ZERO)
        claim.amount_accepted = sum((line.accepted for line in lines), ZERO)
    else:
        claim.amount_accepted = claim.amount_declared
    rejected = [{"line": line.pk, "accepted": line.accepted, "reason": line.reason} for line in lines if line.reason]
    facts = {"accepted": claim.amount_accepted, "rejected": rejected, "aid": aid_due(claim)}
    more = {"parked": _parked(claim), "undrawn": undrawn}
    return Effects(facts=facts | {name: found for name, found in more.items() if found})


def _parked(claim: Any) -> list[int]:
    """The lines left to a later claim."""
    return list(claim.lines.filter(parked=True).order_by("pk").values_list("pk", flat=True))


def verify(claim: Any, act: Act) -> Effects:
    claim.aid_due, claim.verified_on = aid_due(claim), act.day
    if claim.aid_due <= ZERO:
        raise Denied(_("Aucune aide n’est due sur cette demande : la rejeter."))
    effects = Effects(
        facts={"accepted": claim.amount_accepted, "aid_due": claim.aid_due},
        bookings=[Booking(Bucket.VERIFIED, claim.aid_due, claim.instrument)],
        jobs=["certificate"] if claim.kind == ClaimKind.EXPENSES else [],
    )
    if parked := _parked(claim):
        _leave_to_later(claim, act, effects, parked)
    return effects


def _leave_to_later(claim: Any, act: Act, effects: Effects, parked: list[int]) -> None:
    """Lines certified without: they may be presented again, so this claim is not the last; the firm is told."""
    claim.lines.filter(parked=True).update(live=False)
    claim.is_final = False
    limit = max(_claim_limit(claim), act.day + timedelta(days=_window(claim)))
    effects.facts |= {"parked": parked, "claim_by": limit}
    effects.due.append(Due(Kind.COMPLETION, limit))
    effects.emails.append("lines_parked")


def reject(claim: Any, act: Act) -> Effects:
    limit = _claim_limit(claim)
    _free_invoices(claim)
    return Effects(closes=(Kind.PAYMENT, Kind.CLAIM_ANSWER), due=[Due(Kind.COMPLETION, limit)])


def withdraw(claim: Any, act: Act) -> Effects:
    _close_request(claim, expired_on=act.day)
    _free_invoices(claim)
    return Effects(closes=(Kind.PAYMENT, Kind.CLAIM_ANSWER), due=[Due(Kind.COMPLETION, _claim_limit(claim))])


def _free_invoices(claim: Any) -> None:
    """What was not paid may be presented again in a later claim."""
    claim.lines.update(live=False)


def _claim_limit(claim: Any) -> Any:
    """The last day on which the firm may claim."""
    return claim.application.complete_by + timedelta(days=_window(claim))


def _window(claim: Any) -> int:
    """The days that the scheme gives to claim."""
    return int(claim.application.scheme_version.rule("when", "claim_window_days", default=90))
