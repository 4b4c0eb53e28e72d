"""What annex XVII asks of an operation beyond its own figures: declared, deducted, in the accounts, verified. Euro."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from applications.enums import Bucket, ClaimState, Finding, PaymentApplicationState
from applications.models import Correction, Operation, OperationClaim, OperationClaimLine, SiteVisit
from applications.rules.payment_application import accounting_year
from regions.calendars import local_date
from regions.money import ZERO
from reporting import facts
from reporting.declared import Pair, label
from reporting.words import words

Row = dict[str, Any]
CHECKS = {
    "desk": ("vérification administrative", "administrative verification"),
    "spot": ("contrôle sur place", "on-the-spot check"),
    "claim": ("demande de la région", "the region’s claim"),
}  # fmt: skip
RESULTS = words(Finding) | {
    "whole": ("dépense retenue en entier", "expenditure accepted in full"),
    "part": ("dépense retenue en partie", "expenditure accepted in part"),
    "none": ("dépense écartée", "expenditure rejected"),
}  # fmt: skip
_HEAD = "claim__payment_application"


def _lines(operation: Operation, watermark: datetime) -> QuerySet[OperationClaimLine]:
    """The lines of the operation that the applications sent by a moment hold."""
    return OperationClaimLine.objects.filter(
        claim__operation=operation, live=True, claim__payment_application__state=PaymentApplicationState.SENT,
        claim__payment_application__sent_at__lte=watermark,
    ).order_by()  # fmt: skip


def declared(operation: Operation, watermark: datetime) -> Decimal:
    """The expenditure that the operation's claims say of themselves, sent by a moment, in euro."""
    found = OperationClaim.objects.filter(
        operation=operation, payment_application__state=PaymentApplicationState.SENT,
        payment_application__sent_at__lte=watermark,
    )  # fmt: skip
    return found.aggregate(total=Sum("expenditure"))["total"] or ZERO


def applications(operation: Operation, watermark: datetime) -> Iterator[Row]:
    """Fields 105 to 107: each payment application that holds the operation; grouped, both amounts are the aid paid."""
    keys = [f"{_HEAD}__{name}" for name in ("number", "sent_at", "is_final")]
    told = _lines(operation, watermark).values_list(*keys).annotate(e=Sum("expenditure"), d=Sum("declared"))
    for number, sent_at, is_final, expenditure, contribution in told.order_by(keys[0]):
        yield {
            "operation": operation.code, "application": number, "sent_on": sent_at, "declared": expenditure,
            "contribution": contribution, "is_final": is_final,
        }  # fmt: skip


def _corrections(operation: Operation, watermark: datetime) -> QuerySet[Correction]:
    return Correction.objects.filter(application__operation=operation, recorded_at__lte=watermark)


def deductions(operation: Operation, watermark: datetime) -> Iterator[Row]:
    """Fields 102 to 104: each deduction, in the order of its record."""
    for found in _corrections(operation, watermark).select_related("application").order_by("pk"):
        yield {
            "operation": operation.code, "reference": found.application.reference, "rank": found.pk,
            "decided_on": found.decided_on, "kind": found.kind, "amount": found.expenditure, "audit": found.audit,
            "contribution": found.amount,
        }  # fmt: skip


def accounts(operation: Operation, watermark: datetime) -> Iterator[Row]:
    """Fields 73 and 125 to 130, by accounting year: what was applied for, less what art. 98(6) leaves out."""
    taken_back = Q(booked__lt=0)
    totals = _lines(operation, watermark).values(f"{_HEAD}__year_end").annotate(
        whole=Sum("expenditure"), public=Sum("declared"), back=Sum("expenditure", filter=taken_back),
        public_back=Sum("declared", filter=taken_back),
        final=Sum("expenditure", filter=Q(claim__payment_application__is_final=True)),
    )  # fmt: skip
    less = _left_out(operation, watermark)
    for sums in totals.order_by(f"{_HEAD}__year_end"):
        yield _account(operation, watermark, sums.pop(f"{_HEAD}__year_end"), sums, less)


Out = dict[tuple[date | None, bool], Pair]


def _account(operation: Operation, watermark: datetime, end: date, sums: dict[str, Any], less: Out) -> Row:
    audit = less.get((end, True), Pair())
    deducted = audit + less.get((end, False), Pair())
    kept = Pair(sums["whole"], sums["public"]) - deducted
    return {
        "operation": operation.code, "year": label(end), "final": sums["final"] or ZERO,
        "due_on": accounting_year(end).accounts_due, "expenditure": kept.expenditure,
        "contribution": kept.contribution, "paid": _paid(operation, watermark, end),
        "withdrawn": -(sums["back"] or ZERO), "withdrawn_contribution": -(sums["public_back"] or ZERO),
        "deducted": deducted.expenditure, "audit": audit.expenditure,
    }  # fmt: skip


def _left_out(operation: Operation, watermark: datetime) -> Out:
    """(Accounting year, found by an audit) → what is left out of its accounts."""
    rows = _corrections(operation, watermark).order_by().values_list("year_end", "audit")
    told = rows.annotate(e=Sum("expenditure"), d=Sum("amount"))
    return {(end, audit): Pair(expenditure, contribution) for end, audit, expenditure, contribution in told}


def _paid(operation: Operation, watermark: datetime, end: date) -> Decimal:
    """Field 127: aid paid for what the year's applications hold, from the ledger's own rows."""
    held = _lines(operation, watermark).filter(claim__payment_application__year_end=end, entry__bucket=Bucket.PAID)
    return held.aggregate(total=Sum("entry__amount"))["total"] or ZERO


def verifications(operation: Operation, watermark: datetime) -> Iterator[Row]:
    """Fields 76 to 78: each claim certified, each check on the spot, each claim of the region verified."""
    region, own = operation.region.name, {"operation": operation.code}
    for claim in facts.claims_as_of(operation, watermark):
        if claim.state in (ClaimState.VERIFIED, ClaimState.SETTLED):
            about = f"{claim.case_version.reference} {claim.number}"
            yield own | _check("desk", about, claim.verified_on, _result(claim), region)
    visits = SiteVisit.objects.filter(claim__application__operation=operation, made_at__lte=watermark)
    for visit in visits.select_related("claim__application").order_by("pk"):
        about = f"{visit.claim.application.reference} {visit.claim.number}"
        yield own | _check("spot", about, visit.held_on, visit.finding, region)
    aside = Exists(
        OperationClaimLine.objects.filter(claim=OuterRef("pk"), entry__bucket=Bucket.PAID).exclude(reason="")
    )
    for told in operation.claims.filter(verified_at__lte=watermark).annotate(aside=aside).order_by("number"):
        day = local_date(told.verified_at, operation.region.time_zone) if told.verified_at else None
        about = f"{operation.code}/{told.number}"
        yield own | _check("claim", about, day, "part" if told.aside else "whole", operation.decided_by)


def _check(kind: str, about: str, day: date | None, result: str, body: str) -> Row:
    return {"kind": kind, "about": about, "held_on": day, "result": result, "body": body}


def _result(claim: Any) -> str:
    if not claim.accepted:
        return "none"
    return "whole" if claim.accepted == claim.declared else "part"
