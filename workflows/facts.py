"""What the gate writes about a file after each act: its version, who has it now, what is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.enums import (
    ENDED,
    UNDECIDED,
    Actor,
    ApplicationState,
    Bucket,
    CheckKind,
    ClaimState,
    IrregularityState,
    OrderState,
    RecoveryState,
)
from applications.models import Application, CaseVersion, Claim, ClaimVersion, PaymentOrder, Revocation
from regions.calendars import local_date
from regions.enums import AccreditationState, Funder
from regions.models import Accreditation
from regions.money import ZERO
from workflows import appeals, follow_up, group, irregularities, ownership, payees, project, revocations
from workflows.acts import Act
from workflows.conditions import LIVE_CLAIMS, pending_checks
from workflows.models import Deadline

APART = (
    Deadline.Kind.INSTALMENT, Deadline.Kind.REPORT, Deadline.Kind.REPORT_SOON, Deadline.Kind.FOLLOW_UP,
    Deadline.Kind.TURNOVER,
)  # fmt: skip
BY_STATE = {
    ApplicationState.DRAFT: Actor.FIRM,
    ApplicationState.SUBMITTED: Actor.OFFICER,
    ApplicationState.TO_COMPLETE: Actor.FIRM,
    ApplicationState.EXAMINING: Actor.OFFICER,
    ApplicationState.PROPOSED: Actor.DECIDER,
    ApplicationState.GRANTED: Actor.NOTIFIER,
    ApplicationState.RUNNING: Actor.FIRM,
}
BY_CLAIM = {
    ClaimState.DRAFT: Actor.FIRM,
    ClaimState.SUBMITTED: Actor.OFFICER,
    ClaimState.TO_COMPLETE: Actor.FIRM,
    ClaimState.CHECKED: Actor.CERTIFIER,
    ClaimState.VERIFIED: Actor.LIQUIDATOR,
}
BY_CHECK: dict[str, str] = {CheckKind.PROVIDER: Actor.PROVIDER, CheckKind.MEMBERS: Actor.FIRM}
BY_RECOVERY = {
    RecoveryState.OPENED: Actor.OFFICER,
    RecoveryState.HEARING: Actor.FIRM,
    RecoveryState.ORDERED: Actor.ACCOUNTANT,
    RecoveryState.SUSPENDED: Actor.AUTHORISING,
}
BY_AWAITED = {"report": Actor.PROVIDER}
BY_IRREGULARITY = {
    IrregularityState.FOUND: Actor.DECIDER,
    IrregularityState.EXEMPT: Actor.DECIDER,
    IrregularityState.CONFIRMED: Actor.OFFICER,
    IrregularityState.REPORTED: Actor.OFFICER,
}
BY_ORDER = {
    OrderState.PREPARED: Actor.AUTHORISING,
    OrderState.SIGNED: Actor.AUTHORISING,
    OrderState.SENT: Actor.ACCOUNTANT,
}


def recovery_actor(recovery: Any) -> str:
    """Who has a recovery now: once the firm was heard, the order is the authorising officer's to issue or to drop."""
    heard = recovery.observed_on is not None or (recovery.answer_by or recovery.found_on) < recovery.found_on
    if recovery.state == RecoveryState.HEARING and heard:
        return Actor.AUTHORISING
    return BY_RECOVERY.get(RecoveryState(recovery.state), "")


def irregularity_actor(row: Any) -> str:
    """Who has an irregularity: once assessed, what stands declared is the authorising officer's to correct."""
    settled = row.state in (IrregularityState.EXEMPT, IrregularityState.REPORTED)
    if settled and row.declared_on and irregularities.correctable(row) > ZERO:
        return Actor.AUTHORISING
    return BY_IRREGULARITY.get(IrregularityState(row.state), "")


def refresh(file: Application) -> None:
    """Set who has the file and what is due, from its state and what hangs on it."""
    file.next_actor = next_actor(file)
    file.due_on = due_on(file)


def next_actor(file: Application) -> str:
    revocation = _taken_back(file)
    if revocation is not None:
        return revocations.actor(revocation)
    if file.state in ENDED:
        return Actor.DECIDER if appeals.is_open(file) else _after_end(file)
    if file.lapse_proposed_on and file.state == ApplicationState.RUNNING:
        return Actor.DECIDER
    if file.state == ApplicationState.RUNNING:
        return _claim_actor(file)
    if file.state == ApplicationState.EXAMINING:
        return _examiner(file)
    return BY_STATE[ApplicationState(file.state)]


def _taken_back(file: Application) -> Revocation | None:
    """The proposal to take back the grant, once no claim is in anybody's hands."""
    revocation = revocations.pending(file)
    return None if revocation and file.claims.filter(state__in=LIVE_CLAIMS).exists() else revocation


def _examiner(file: Application) -> str:
    """The officer, unless all that is missing is the word of the provider or of the firms."""
    pending = [kind for kind in pending_checks(file) if kind not in (CheckKind.ELIGIBILITY, CheckKind.DE_MINIMIS)]
    return BY_CHECK.get(pending[0], Actor.OFFICER) if len(set(pending)) == 1 else Actor.OFFICER


def _after_end(file: Application) -> str:
    """Nobody, unless the last payment came back: then who has its claim."""
    claim = file.claims.filter(state__in=LIVE_CLAIMS).first()
    return claim_actor(claim) if claim else Actor.NOBODY


def _claim_actor(file: Application) -> str:
    """Who has the live claim; the officer when all is settled and the file can be closed."""
    claim = file.claims.filter(state__in=LIVE_CLAIMS).first()
    if claim is not None:
        return claim_actor(claim)
    settled = file.claims.filter(state=ClaimState.SETTLED, is_final=True).exists()
    return Actor.OFFICER if settled else BY_AWAITED.get(project.awaited(file), Actor.FIRM)


def claim_actor(claim: Claim) -> str:
    """Who has a claim: by its state, or by its live order's, the least advanced, when it is verified."""
    if claim.state == ClaimState.VERIFIED and not payees.to_order(claim):
        states = set(claim.orders.values_list("state", flat=True))
        return next((actor for state, actor in BY_ORDER.items() if state in states), Actor.NOBODY)
    return BY_CLAIM.get(ClaimState(claim.state), Actor.NOBODY)


BY_ACCREDITATION = {
    AccreditationState.SUBMITTED: Actor.DECIDER,
    AccreditationState.DRAFT: Actor.PROVIDER,
    AccreditationState.TO_COMPLETE: Actor.PROVIDER,
    AccreditationState.SUSPENDED: Actor.DECIDER,
}


def refresh_accreditation(accreditation: Accreditation) -> None:
    """Who has an accreditation now, and the day on which it ends."""
    accreditation.next_actor = BY_ACCREDITATION.get(AccreditationState(accreditation.state), Actor.NOBODY)
    accreditation.due_on = accreditation.valid_to


def due_on(file: Application) -> date | None:
    """The nearest date that binds: an answer, the decision, a payment, the end of the project.

    A repayment is followed by the paying side, a report to the Union in its register. A date that was missed
    stays until the act that it awaited: the oldest lateness is read first.
    """
    binding = file.deadlines.filter(closed_at__isnull=True).exclude(kind__in=APART)
    first = binding.order_by("due_at").first()
    return local_date(first.due_at, file.zone) if first else _missed(file)


def _missed(file: Application) -> date | None:
    """The decision that silence replaced, or the payment that was promised and is late."""
    if file.state in UNDECIDED:
        return file.decision_due_on
    if file.state != ApplicationState.RUNNING:
        return None
    claim = file.claims.filter(state__in=LIVE_CLAIMS, payment_due_on__isnull=False).first()
    return claim.payment_due_on if claim else None


def append_version(
    file: Application, act: Act, name: str, effective_on: date, totals: Mapping[str, Decimal]
) -> CaseVersion:
    """Append the file's version after an act; `totals` are its positions once the act is booked."""
    version = CaseVersion(
        application=file, number=file.chain_length, act=name, recorded_at=act.at, effective_on=effective_on,
        **_identity(file), **_dates(file), **_amounts(file, totals),
    )  # fmt: skip
    version.save(force_insert=True)
    return version


def _identity(file: Application) -> dict[str, Any]:
    return {
        "reference": file.reference, "state": file.state, "region_id": file.region_id,
        "scheme_version_id": file.scheme_version_id, "operation_id": file.operation_id,
        "provider_id": file.provider_id, "siren": file.company.siren, "siret": file.company.siret,
        "legal_category": file.legal_category, "naf_code": file.naf_code,
        "naf_nomenclature": file.naf_nomenclature, "commune": file.commune,
        "size": ownership.category(file),
        "headcount": file.headcount, "turnover": file.turnover,
        "member_sirens": [member.company.siren for member in group.taking_part(file)],
    }  # fmt: skip


def _dates(file: Application) -> dict[str, Any]:
    zone = file.zone
    return {
        "submitted_on": local_date(file.submitted_at, zone) if file.submitted_at else None,
        "complete_on": local_date(file.complete_at, zone) if file.complete_at else None,
        "decided_on": file.decided_on, "notified_on": file.notified_on, "complete_by": file.complete_by,
        "completed_on": file.completed_on, "refusal_codes": file.refusal_codes,
        "digital_intensity_before": file.digital_intensity_before,
        "digital_intensity_after": file.digital_intensity_after,
        "results_on": file.results_on, "results_by": file.results_by, "follow_up": follow_up.standing(file),
    }  # fmt: skip


def _amounts(file: Application, totals: Mapping[str, Decimal]) -> dict[str, Any]:
    lines = list(file.lines.all())
    quoted = sum((line.amount for line in lines), ZERO)
    eligible = sum((line.eligible or ZERO for line in lines), ZERO)
    grant = getattr(file, "agreement", None)
    shares = {s.funder: s.amount for s in grant.shares.all()} if grant else {}
    return {
        "cost_quoted": quoted, "cost_eligible": eligible, "requested": file.amount_requested,
        "proposed": file.amount_proposed, "granted": file.amount_granted,
        "granted_erdf": shares.get(Funder.ERDF), "grant_number": grant.number if grant else "",
        "gross_grant_equivalent": grant.gross_grant_equivalent if grant else None,
        "voucher_code": grant.voucher_code if grant else "",
        "private_contribution": quoted - file.amount_granted if file.amount_granted else None,
        **{bucket: totals[bucket] for bucket in (
            Bucket.RESERVED, Bucket.COMMITTED, Bucket.VERIFIED, Bucket.ORDERED, Bucket.PAID, Bucket.RECOVERED)},
    }  # fmt: skip


def append_claim_version(version: CaseVersion, claim: Claim, order: PaymentOrder | None) -> None:
    """Append a claim's facts, with its live order's, beside the file's version; `paid` is that of all its orders."""
    zone = version.application.zone
    ClaimVersion(
        case_version=version, claim=claim, number=claim.number, kind=claim.kind, instrument=claim.instrument,
        state=claim.state,
        recorded_at=version.recorded_at,
        received_on=local_date(claim.received_at, zone) if claim.received_at else None,
        payment_due_on=claim.payment_due_on, declared=claim.amount_declared, accepted=claim.amount_accepted,
        aid_due=claim.aid_due, verified_on=claim.verified_on,
        order_number=order.number if order else "", order_state=order.state if order else "",
        ordered_on=order.prepared_on if order else None, sent_on=order.sent_on if order else None,
        paid_on=order.paid_on if order else None, paid=_paid(claim),
        accountant_reference=order.accountant_reference if order else "",
    ).save(force_insert=True)  # fmt: skip


def _paid(claim: Claim) -> Decimal:
    orders = claim.orders.filter(state=OrderState.PAID)
    return sum(orders.values_list("amount", flat=True), ZERO)
