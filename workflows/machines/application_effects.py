"""What each move of an application writes and asks: facts, money, letters, deadlines."""

from __future__ import annotations

import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.booking import Booking, positions, shares_of
from applications.enums import Bucket, CheckKind, Opinion
from applications.models import CheckResult, DeMinimisAward, Grant, GrantShare, ItemRequest
from applications.rules.base import Verdict
from applications.rules.de_minimis import register_by
from applications.rules.deadlines import Suspension, decision_due, warning_on
from regions.calendars import add_months, local_date
from regions.models import User
from regions.money import ZERO
from workflows import assessment, requests, undertaking
from workflows.acts import Act, Denied, Due, Effects, Reliance
from workflows.conditions import pending_checks
from workflows.models import Deadline

Kind = Deadline.Kind
CLOCK = (Kind.WARNING.value, Kind.SILENCE.value)
BEFORE_DECISION = (*CLOCK, Kind.ANSWER.value)
# An end stops every clock but that of an appeal: the region still owes its answer.
AT_END = tuple(kind for kind in Kind.values if kind != Kind.APPEAL)


def rule(file: Any, *path: str, default: Any) -> Any:
    return file.scheme_version.rule(*path, default=default)


def submit(file: Any, act: Act) -> Effects:
    scheme = file.scheme_version.scheme
    file.submitted_at = act.at
    file.envelope = _envelope(file, act)
    file.operation = scheme.operations.filter(starts_on__lte=act.day, ends_on__gte=act.day).first()
    verdict = assessment.assess(file, act.day)
    file.amount_requested = verdict.amount.amount or ZERO
    _machine_checks(file, act, verdict)
    due = _clock(file, act)
    codes = [reason.code for reason in verdict.blocking()]
    return Effects(
        facts={"requested": file.amount_requested, "codes": codes, "decision_due": file.decision_due_on},
        letters=["acknowledgement"],
        due=due,
        reliance=_reliance(verdict),
    )


def _envelope(file: Any, act: Act) -> Any:
    """The envelope that the file draws on: that of its year, or of this one when none was open then."""
    return file.envelope or file.scheme_version.scheme.envelopes.filter(year=act.day.year).first()


def _with_envelope(file: Any, act: Act) -> None:
    file.envelope = _envelope(file, act)
    if file.envelope is None:
        raise Denied(_("Aucune enveloppe n’est ouverte pour ce dispositif cette année."))


def _machine_checks(file: Any, act: Act, verdict: assessment.Assessment) -> None:
    """The checks that a machine can make are made at once, and explain themselves."""
    by_rules = verdict.eligibility if not verdict.eligibility.ok else verdict.amount
    for kind, result in ((CheckKind.ELIGIBILITY, by_rules), (CheckKind.DE_MINIMIS, verdict.de_minimis)):
        _check(file, act, kind, result)


def _check(file: Any, act: Act, kind: CheckKind, result: Verdict) -> None:
    CheckResult(
        application=file, kind=kind, finding=assessment.finding(result), codes=list(result.codes()),
        made_by=User.objects.system(), made_at=act.at,
    ).save()  # fmt: skip


def _reliance(verdict: assessment.Assessment) -> Reliance:
    return Reliance(assessment.LAW_VERSION, verdict.inputs, verdict.outcome())


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
    return Effects(facts={"opinion": "refuse", "codes": file.refusal_codes}, reliance=_reliance(verdict))


def _propose_grant(file: Any, act: Act, verdict: assessment.Assessment) -> Effects:
    _with_envelope(file, act)
    file.amount_proposed = _amount(act, verdict)
    _write_lines(file, verdict, file.amount_proposed)
    return Effects(
        facts={"opinion": "grant", "amount": file.amount_proposed},
        bookings=[Booking(Bucket.RESERVED, file.amount_proposed)],
        reliance=_reliance(verdict),
    )


def _amount(act: Act, verdict: assessment.Assessment) -> Decimal:
    """The amount asked for by the act, or what the rules give; never more (no trimming: refuse)."""
    if not verdict.ok:
        raise Denied(" ".join(reason.fr for reason in verdict.blocking()))
    amount: Decimal = act.facts.get("amount", verdict.aid)
    if amount > verdict.aid:
        raise Denied(_("Le montant dépasse l’aide calculée par le règlement : %s €.") % verdict.aid)
    if amount <= ZERO:
        raise Denied(_("Le montant doit être positif."))
    return amount


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
    return Effects(bookings=_free(file, Bucket.RESERVED))


def _free(file: Any, *buckets: Bucket) -> list[Booking]:
    """Give back all that is held in these buckets, nothing when nothing is held."""
    held = positions(file)
    return [Booking(bucket, -held[bucket]) for bucket in buckets if held[bucket]]


def _release(file: Any) -> list[Booking]:
    """Give back the reservation, and the commitment that no verification used."""
    held = positions(file)
    unused = held[Bucket.COMMITTED] - held[Bucket.VERIFIED]
    return _free(file, Bucket.RESERVED) + ([Booking(Bucket.COMMITTED, -unused)] if unused else [])


def grant(file: Any, act: Act) -> Effects:
    """De minimis before the envelope: the undertaking's lock, the rules again, then the booking last."""
    _with_envelope(file, act)
    undertaking.lock(undertaking.sirens_of(file.company.siren))
    asked = act.facts.get("amount", file.amount_proposed)
    verdict = assessment.assess(file, act.day, awarded_on=act.day, asked=asked)
    amount = _amount(act, verdict) if "amount" in act.facts else _confirmed(file, verdict)
    _write_grant(file, act, amount)
    _award(file, act, amount)
    return Effects(
        facts={"amount": amount, "gross_grant_equivalent": amount, "number": file.agreement.number},
        bookings=[*_free(file, Bucket.RESERVED), Booking(Bucket.COMMITTED, amount)],
        closes=BEFORE_DECISION,
        reliance=_reliance(verdict),
    )


def _confirmed(file: Any, verdict: assessment.Assessment) -> Decimal:
    """The amount proposed, if the rules still give it on the day of the grant."""
    if not verdict.ok:
        raise Denied(" ".join(reason.fr for reason in verdict.blocking()))
    if file.amount_proposed > verdict.aid:
        raise Denied(_("Les règles ne donnent plus que %s € : retourner le dossier.") % verdict.aid)
    return Decimal(file.amount_proposed)


def _write_grant(file: Any, act: Act, amount: Decimal) -> None:
    file.amount_granted, file.decided_on = amount, act.day
    made = Grant.objects.create(
        application=file, number=f"D-{file.reference}", amount=amount, gross_grant_equivalent=amount,
        decided_on=act.day, signed_by=act.actor, delegation=act.facts.get("delegation", ""),
        voucher_code=f"{file.scheme_version.scheme.prefix}-{secrets.token_hex(5).upper()}",
    )  # fmt: skip
    GrantShare.objects.bulk_create(
        GrantShare(grant=made, funder=funder, amount=part)
        for funder, part in shares_of(file.envelope, ZERO, amount).items()
    )


def _award(file: Any, act: Act, amount: Decimal) -> None:
    """Register the award: 20 working days follow (Reg. (EU) 2023/2831, art. 6)."""
    if rule(file, "legal_basis", default="de_minimis") != "de_minimis":
        return
    DeMinimisAward(
        siren=file.company.siren, amount=amount, granted_on=act.day, authority=str(file.region),
        nace=file.naf_code[:5], source=DeMinimisAward.Source.OWN, aid_number=file.agreement.number,
        application=file, register_by=register_by(act.day), recorded_at=act.at,
    ).save()  # fmt: skip


def _correct_award(file: Any, act: Act, less: Decimal) -> None:
    """The grant is definitively smaller: a correcting row frees the headroom."""
    award = file.de_minimis_awards.filter(corrects__isnull=True).first()
    if award is None or not less:
        return
    DeMinimisAward(
        siren=award.siren, amount=-less, granted_on=award.granted_on, authority=award.authority, nace=award.nace,
        source=award.source, aid_number=f"{award.aid_number}/{file.chain_length + 1}", application=file,
        corrects=award, recorded_at=act.at,
    ).save()  # fmt: skip


def refuse(file: Any, act: Act) -> Effects:
    file.decided_on = act.day
    file.refusal_codes = list(act.facts.get("codes") or file.refusal_codes)
    return Effects(
        facts={"codes": file.refusal_codes, "delegation": act.facts.get("delegation", "")},
        bookings=_free(file, Bucket.RESERVED),
        letters=["refusal"],
        closes=BEFORE_DECISION,
    )


def notify(file: Any, act: Act) -> Effects:
    file.notified_on = act.day
    file.complete_by = add_months(act.day, int(rule(file, "when", "completion_months", default=6)))
    limit = file.complete_by + timedelta(days=int(rule(file, "when", "claim_window_days", default=90)))
    file.agreement.valid_until = limit
    file.agreement.save(update_fields=["valid_until"])
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
    return effects


def _extend(file: Any, end: Any, effects: Effects) -> None:
    if end <= file.complete_by:
        raise Denied(_("La nouvelle date doit suivre le %s.") % file.complete_by)
    file.complete_by, file.lapse_proposed_on = end, None
    limit = end + timedelta(days=int(rule(file, "when", "claim_window_days", default=90)))
    effects.closes, effects.due = (Kind.COMPLETION,), [Due(Kind.COMPLETION, limit)]


def _reduce(file: Any, act: Act, amount: Decimal, effects: Effects) -> None:
    held = positions(file)
    if not held[Bucket.VERIFIED] <= amount < file.amount_granted or amount <= ZERO:
        raise Denied(_("Le nouveau montant doit être inférieur à l’aide accordée et couvrir le service fait."))
    _correct_award(file, act, file.amount_granted - amount)
    file.amount_granted = amount
    effects.bookings.append(Booking(Bucket.COMMITTED, amount - held[Bucket.COMMITTED]))


def complete(file: Any, act: Act) -> Effects:
    file.completed_on = act.day
    return _ended(file, act, [Kind.COMPLETION])


def end(file: Any, act: Act) -> Effects:
    return _ended(file, act, AT_END)


def lapse(file: Any, act: Act) -> Effects:
    effects = _ended(file, act, AT_END)
    effects.letters = ["lapse"]
    return effects


def _ended(file: Any, act: Act, closes: Any) -> Effects:
    """Release what no verification used, and the de minimis headroom with it."""
    bookings = _release(file)
    released = -sum((b.amount for b in bookings if b.bucket == Bucket.COMMITTED), ZERO)
    _correct_award(file, act, released)
    return Effects(facts={"released": released}, bookings=bookings, closes=tuple(closes))


def reopen(file: Any, act: Act) -> Effects:
    """The earlier decision stays in the chain; a new silence does not begin."""
    file.decided_on, file.opinion, file.refusal_codes = None, "", []
    return Effects(closes=(Kind.APPEAL,))
