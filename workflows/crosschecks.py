"""What has to agree besides positions: orders and bank, claims and certificates, awards and grants, escrow. Euro.

Each comparison reads two records that were written apart, and names the row where they differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from applications.enums import Bucket, ClaimKind, ClaimState, OrderState
from applications.models import (
    Application,
    CasePosition,
    Claim,
    ClaimLine,
    DeMinimisAward,
    EscrowEntry,
    EscrowPosition,
    Grant,
    GrantComponent,
    GrantCorrection,
    GrantShare,
    LedgerEntry,
    PaymentOrder,
    PaymentReturn,
)
from applications.publication import exempted
from regions.enums import Instrument
from regions.money import ZERO
from workflows.ledger_check import Difference, check
from workflows.machines import awards

CERTIFIED = (ClaimState.VERIFIED, ClaimState.SETTLED)
GONE = (OrderState.REJECTED, OrderState.CANCELLED, OrderState.NEW)
Sums = dict[int, Decimal]


def _booked(key: str, bucket: Bucket) -> Sums:
    rows = LedgerEntry.objects.filter(bucket=bucket, **{f"{key}__isnull": False})
    return dict(rows.values_list(key).annotate(total=Sum("amount")))


def _unless_equal(held: Decimal, proof: Decimal, where: str, what: str, kind: str, file: int) -> Iterator[Difference]:
    if held != proof:
        yield Difference(where, what, held, proof, kind=kind, application=file)


@check("order")
def orders() -> Iterator[Difference]:
    """Each order against what was booked for it, and against the last return that speaks of it."""
    ordered, paid, told = _booked("order_id", Bucket.ORDERED), _booked("order_id", Bucket.PAID), _last_returns()
    for order in PaymentOrder.objects.order_by("pk").iterator():
        live = ZERO if order.state in GONE else order.amount
        settled = order.amount if order.state == OrderState.PAID else ZERO
        where, file = f"order {order.number}", order.application_id
        yield from _unless_equal(live, ordered.get(order.pk, ZERO), where, Bucket.ORDERED, "order", file)
        yield from _unless_equal(settled, paid.get(order.pk, ZERO), where, Bucket.PAID, "order", file)
        out = order.total if order.state == OrderState.PAID else ZERO
        yield from _unless_equal(out, told.get(order.pk, ZERO), where, "bank", "order", file)


def _last_returns() -> Sums:
    """What the accountant or the bank last said to have paid of each order."""
    rows = PaymentReturn.objects.order_by("pk").values_list("order_id", "result", "amount")
    return {order: amount if result == PaymentReturn.Result.PAID else ZERO for order, result, amount in rows}


@check("claim")
def claims() -> Iterator[Difference]:
    """Each claim against what was booked as certified, the lines that its control accepted, and what settled it."""
    verified, paid = _booked("claim_id", Bucket.VERIFIED), _booked("claim_id", Bucket.PAID)
    lines = dict(ClaimLine.objects.values_list("claim_id").annotate(total=Sum("accepted")))
    for claim in Claim.objects.order_by("pk").select_related("application").iterator():
        certified = claim.state in CERTIFIED
        where, file = f"claim {claim.application.reference}/{claim.number}", claim.application_id
        due = (claim.aid_due or ZERO) if certified else ZERO
        yield from _unless_equal(due, verified.get(claim.pk, ZERO), where, Bucket.VERIFIED, "claim", file)
        if certified and claim.kind == ClaimKind.EXPENSES:
            accepted = lines.get(claim.pk) or ZERO
            yield from _unless_equal(claim.amount_accepted or ZERO, accepted, where, "accepted", "claim", file)
        if claim.state == ClaimState.SETTLED:
            yield from _unless_equal(due, paid.get(claim.pk, ZERO), where, Bucket.PAID, "claim", file)


@check("grant")
def grants() -> Iterator[Difference]:
    """The funders' parts of each grant add up to it."""
    shares = dict(GrantShare.objects.values_list("grant_id").annotate(total=Sum("amount")))
    for grant in Grant.objects.order_by("pk").iterator():
        parts = shares.get(grant.pk, ZERO)
        yield from _unless_equal(grant.amount, parts, f"grant {grant.number}", "shares", "grant", grant.application_id)


@check("award")
def de_minimis() -> Iterator[Difference]:
    """The awards of each file, corrections included, against what it holds committed and did not give back."""
    given = DeMinimisAward.objects.filter(source=DeMinimisAward.Source.OWN, instrument=Instrument.GRANT)
    registered = dict(given.values_list("application_id").annotate(total=Sum("amount")))
    held = _held()
    for file in Application.objects.filter(agreement__isnull=False).select_related("scheme_version").iterator():
        if awards.counts(file):
            kept = held.get(file.pk, ZERO) - file.amount_to_cut
            where = f"file {file.reference}"
            yield from _unless_equal(registered.get(file.pk, ZERO), kept, where, "de_minimis", "award", file.pk)


@check("published")
def publications() -> Iterator[Difference]:
    """The equivalent of each exempted grant, corrections included, against what its file holds."""
    corrected, others, held = _corrected(), _beyond(), _held()
    for grant in Grant.objects.filter(exempted("application__")).select_related("application").order_by("pk"):
        file = grant.application
        kept = held.get(file.pk, ZERO) - file.amount_to_cut + others.get(grant.pk, ZERO)
        told = grant.gross_grant_equivalent + corrected.get(grant.pk, ZERO)
        yield from _unless_equal(told, kept, f"grant {grant.number}", "equivalent", "published", file.pk)


def _corrected() -> Sums:
    rows = GrantCorrection.objects.values_list("grant_id").annotate(up=Sum("equivalent"), down=Sum("previous"))
    return {grant: up - down for grant, up, down in rows}


def _beyond() -> Sums:
    return dict(GrantComponent.objects.values_list("grant_id").annotate(total=Sum("gross_grant_equivalent")))


def _held() -> Sums:
    rows = CasePosition.objects.filter(line__envelope__instrument=Instrument.GRANT)
    sums = rows.values_list("application_id").annotate(granted=Sum("committed"), back=Sum("recovered"))
    return {file: granted - back for file, granted, back in sums}


@check("escrow")
def escrow() -> Iterator[Difference]:
    """The firm's own money held on each file against its movements."""
    rows = EscrowEntry.objects.values_list("application_id", "side").annotate(total=Sum("amount"))
    moved: dict[tuple[int, str], Decimal] = {(file, side): total for file, side, total in rows}
    for position in EscrowPosition.objects.order_by("pk").iterator():
        for side in EscrowEntry.Side.values:
            yield from _side(position, side, moved)


def _side(position: Any, side: str, moved: dict[tuple[int, str], Decimal]) -> Iterator[Difference]:
    file, held = position.application_id, getattr(position, side)
    yield from _unless_equal(held, moved.get((file, side), ZERO), f"escrow of file {file}", side, "escrow", file)
