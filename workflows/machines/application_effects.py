"""What each move of an application writes and asks: facts, money, letters, deadlines."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.booking import Booking, positions
from applications.enums import Bucket, CheckKind, Opinion
from applications.models import CheckResult, ItemRequest
from applications.rules.base import Verdict
from applications.rules.deadlines import Suspension, decision_due, warning_on
from regions.calendars import add_months, local_date
from regions.enums import Instrument
from regions.models import User
from regions.money import ZERO
from workflows import assessment, deadlines, follow_up, group, ownership, requests, revocations, single_operation
from workflows.acts import Act, Denied, Due, Effects
from workflows.conditions import pending_checks
from workflows.machines import awards, money
from workflows.machines.money import reliance
from workflows.models import Deadline
from workflows.sentences import euro

Kind = Deadline.Kind
GRANT = Instrument.GRANT
CLOCK = (Kind.WARNING.value, Kind.SILENCE.value)
BEFORE_DECISION = (*CLOCK, Kind.ANSWER.value)
# An end stops every clock but that of an appeal, still owed its answer, and of what has still to be repaid.
AT_END = tuple(kind for kind in Kind.values if kind not in deadlines.KEPT)


def rule(file: Any, *path: str, default: Any) -> Any:
    return file.scheme_version.rule(*path, default=default)


def submit(file: Any, act: Act) -> Effects:
    scheme = file.scheme_version.scheme
    file.submitted_at = file.filed_complete_at = act.at
    file.envelope = money.envelope(file, act)
    file.operation = None if single_operation.is_single(file) else _grouped(scheme, act)
    ownership.put_on_record(file, act)
    verdict = assessment.assess(file, act.day)
    file.amount_requested = verdict.amount.amount or ZERO
    _machine_checks(file, act, verdict)
    due = _clock(file, act)
    codes = [reason.code for reason in verdict.blocking()]
    return Effects(
        facts={"requested": file.amount_requested, "codes": codes, "decision_due": file.decision_due_on},
        letters=["acknowledgement"],
        emails=["member_confirmation"] if group.unconfirmed(file) else [],
        due=due,
        reliance=reliance(verdict),
    )


def _grouped(scheme: Any, act: Act) -> Any:
    """The region's operation that the files of the day belong to; in single mode each has its own once notified."""
    return scheme.operations.covering(act.day, act.day, act.at).grouped().first()


def _machine_checks(file: Any, act: Act, verdict: assessment.Assessment) -> None:
    """The checks that a machine can make are made at once, and explain themselves."""
    for kind, result in ((CheckKind.ELIGIBILITY, verdict.by_rules), (CheckKind.DE_MINIMIS, verdict.de_minimis)):
        _check(file, act, kind, result)


def _check(file: Any, act: Act, kind: CheckKind, result: Verdict) -> None:
    CheckResult(
        application=file, kind=kind, finding=assessment.finding(result), codes=list(result.codes()),
        made_by=User.objects.system(), made_at=act.at,
    ).save()  # fmt: skip


def _clock(file: Any, act: Act) -> list[Due]:
    """The decision's date from receipt and suspensions; silence then means rejection (CRPA L. 231-4)."""
    received, stops = local_date(file.submitted_at, file.zone), _suspensions(file)
    due_on = decision_due(received, stops, act.day, months=int(rule(file, "when", "decision_months", default=2)))
    file.decision_due_on = file.implicit_rejection_on = due_on
    warning = warning_on(received, stops, act.day, day=int(rule(file, "when", "warning_day", default=45)))
    return [Due(Kind.WARNING, warning), Due(Kind.SILENCE, due_on)]


def _suspensions(file: Any) -> list[Suspension]:
    """Requests for required missing items: the only suspensions of the clock (CRPA L. 114-5)."""
    return requests.suspensions(file.item_requests.filter(claim__isnull=True))


def request_items(file: Any, act: Act) -> Effects:
    kinds = list(act.facts.get("kinds", []))
    if not kinds:
        raise Denied(_("Indiquer au moins une pièce à demander."))
    dates = requests.for_application(file, act.day)
    deadline = dates.answer_by
    ItemRequest.objects.create(application=file, kinds=kinds, message=act.reason, asked_on=act.day, deadline=deadline)
    return Effects(
        facts={"kinds": kinds, "deadline": deadline, "silence_on": dates.moved_to},
        letters=["request_for_items"],
        due=[Due(Kind.ANSWER, deadline)],
        closes=CLOCK,
    )


def answer(file: Any, act: Act) -> Effects:
    if file.complete_at is None:
        file.filed_complete_at = act.at
    file.item_requests.filter(claim__isnull=True, answered_on__isnull=True, expired_on__isnull=True).update(
        answered_on=act.day
    )
    return Effects(due=_clock(file, act), closes=(Kind.ANSWER,), facts={"decision_due": file.decision_due_on})


def expire(file: Any, act: Act) -> Effects:
    file.item_requests.filter(claim__isnull=True, answered_on__isnull=True, expired_on__isnull=True).update(
        expired_on=act.day
    )
    return Effects(due=_clock(file, act), closes=(Kind.ANSWER,), facts={"decision_due": file.decision_due_on})


def accept_complete(file: Any, act: Act) -> Effects:
    file.complete_at = act.at
    file.assigned_to = file.assigned_to or act.actor
    asked = CheckKind.PROVIDER in pending_checks(file)
    return Effects(emails=["provider_confirmation"] if asked else [])


def propose(file: Any, act: Act) -> Effects:
    file.opinion = act.facts.get("opinion", Opinion.GRANT)
    file.refusal_codes = list(act.facts.get("codes", []))
    verdict = assessment.assess(file, act.day, asked=act.facts.get("amount"))
    if file.opinion == Opinion.REFUSE:
        return _propose_refusal(file, verdict)
    return _propose_grant(file, act, verdict)


def _propose_refusal(file: Any, verdict: assessment.Assessment) -> Effects:
    file.amount_proposed = None
    file.refusal_codes = file.refusal_codes or [reason.code for reason in verdict.blocking()]
    return Effects(facts={"opinion": "refuse", "codes": file.refusal_codes}, reliance=reliance(verdict))


def _propose_grant(file: Any, act: Act, verdict: assessment.Assessment) -> Effects:
    money.draw_on_envelope(file, act)
    file.amount_proposed = money.amount(act, verdict)
    _write_lines(file, verdict, file.amount_proposed)
    return Effects(
        facts={"opinion": "grant", "amount": file.amount_proposed},
        bookings=money.on_all(Bucket.RESERVED, file.amount_proposed, money.components(verdict)),
        reliance=reliance(verdict),
    )


def _write_lines(file: Any, verdict: assessment.Assessment, amount: Decimal) -> None:
    """Each line's part; what a smaller amount takes away is taken from the last lines, so that they add up."""
    results = {line["key"]: line for line in verdict.amount.details["lines"]}
    lines, excess = list(file.lines.all()), verdict.aid - amount
    for line in reversed(lines):
        result = results[str(line.number)]
        line.eligible, full = Decimal(result["eligible"]), Decimal(result["aid"])
        line.aid = full - min(full, excess)
        excess -= full - line.aid
        line.reason = result["reasons"][0]["code"] if result["reasons"] else ""
        line.save(update_fields=["eligible", "aid", "reason"])


def send_back(file: Any, act: Act) -> Effects:
    return Effects(bookings=money.free(file, Bucket.RESERVED))


def refuse(file: Any, act: Act) -> Effects:
    file.decided_on = act.day
    file.refusal_codes = list(act.facts.get("codes") or file.refusal_codes)
    return Effects(
        facts={"codes": file.refusal_codes, "delegation": act.facts.get("delegation", "")},
        bookings=money.free(file, Bucket.RESERVED),
        letters=["refusal"],
        closes=BEFORE_DECISION,
    )


def notify(file: Any, act: Act) -> Effects:
    file.notified_on = act.day
    file.complete_by = add_months(act.day, int(rule(file, "when", "completion_months", default=6)))
    limit = file.complete_by + timedelta(days=int(rule(file, "when", "claim_window_days", default=90)))
    file.agreement.valid_until = limit
    file.agreement.save(update_fields=["valid_until"])
    if single_operation.is_single(file):
        single_operation.open_for(file, act)
    return Effects(facts={"complete_by": file.complete_by}, due=[Due(Kind.COMPLETION, limit)], letters=["grant"])


def amend(file: Any, act: Act) -> Effects:
    """A later end, a smaller amount, or both: anything else is a new application."""
    end, amount = act.facts.get("complete_by"), act.facts.get("amount")
    if end is None and amount is None:
        raise Denied(_("Indiquer une nouvelle date d’achèvement ou un nouveau montant."))
    effects = Effects(facts={"complete_by": end, "amount": amount})
    if end is not None:
        _extend(file, end, effects)
    if amount is not None:
        _reduce(file, act, amount, effects)
    if file.operation is not None and single_operation.is_single(file):
        single_operation.amend(file, act)
    return effects


def _extend(file: Any, end: Any, effects: Effects) -> None:
    if end <= file.complete_by:
        raise Denied(_("La nouvelle date doit suivre le %s.") % file.complete_by)
    file.complete_by, file.lapse_proposed_on = end, None
    limit = end + timedelta(days=int(rule(file, "when", "claim_window_days", default=90)))
    effects.closes, effects.due = (Kind.COMPLETION,), [Due(Kind.COMPLETION, limit)]


def _reduce(file: Any, act: Act, amount: Decimal, effects: Effects) -> None:
    """A smaller grant; when a firm left the group, smaller by its part at least."""
    held, most = positions(file), file.amount_granted - file.amount_to_cut
    if not held[Bucket.VERIFIED] <= amount <= most or amount in (ZERO, file.amount_granted):
        raise Denied(
            _("Le nouveau montant doit être inférieur à l’aide accordée (au plus %s) et couvrir le service fait.")
            % euro(most)
        )
    file.amount_granted, file.amount_to_cut = amount, ZERO
    awards.keep(file, act, amount)
    effects.bookings.append(Booking(Bucket.COMMITTED, amount - held[Bucket.COMMITTED]))


def reopen(file: Any, act: Act) -> Effects:
    """The earlier decision stays in the chain; a new silence does not begin."""
    file.decided_on, file.opinion, file.refusal_codes = None, "", []
    return Effects(closes=(Kind.APPEAL,))


def complete(file: Any, act: Act) -> Effects:
    """The end of a file that went well; some months later the firm is asked what became of its project."""
    file.completed_on = act.day
    effects = _ended(file, act, [Kind.COMPLETION])
    effects.due = [follow_up.plan(file)]
    return effects


def end(file: Any, act: Act) -> Effects:
    return _ended(file, act, AT_END)


def revoke(file: Any, act: Act) -> Effects:
    """The end of any file, and the recovery of what was paid when the grant is undone from its first day."""
    told, then = revocations.decide(file, act)
    effects = _ended(file, act, (*AT_END, Kind.REVOCATION, Kind.FOLLOW_UP))
    effects.facts |= told
    effects.letters, effects.then = ["revocation"], then
    return effects


def lapse(file: Any, act: Act) -> Effects:
    effects = _ended(file, act, AT_END)
    effects.letters = ["lapse"]
    return effects


def _ended(file: Any, act: Act, closes: Any) -> Effects:
    """Release what no verification used, on every instrument, and the de minimis headroom with it.

    What a firm that left had still to give up is released too: nothing is left to cut.
    """
    bookings = money.release(file)
    file.amount_to_cut = ZERO
    if file.amount_granted is not None:
        awards.keep_used(file, act)
    released = -sum((b.amount for b in bookings if b.bucket == Bucket.COMMITTED and b.instrument == GRANT), ZERO)
    return Effects(facts={"released": released}, bookings=bookings, closes=tuple(closes))
