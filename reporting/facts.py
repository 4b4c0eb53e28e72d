"""As-of projections: what was known at a watermark, from case versions and ledger alone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import Max, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from applications.enums import Bucket
from applications.models import CaseVersion, ClaimVersion, LedgerEntry, Operation
from regions.enums import Instrument
from regions.fields import CentsField
from regions.money import ZERO

ENTERED = ("granted", "running", "completed", "lapsed", "revoked")


def files_as_of(operation: Operation, watermark: datetime) -> QuerySet[CaseVersion]:
    """The latest version of each file of an operation recorded by a moment, in the order of references."""
    known = CaseVersion.objects.filter(operation=operation, recorded_at__lte=watermark)
    latest = known.values("application").annotate(last=Max("id")).values("last")
    return CaseVersion.objects.filter(pk__in=latest).order_by("reference")


def granted_as_of(operation: Operation, watermark: datetime) -> QuerySet[CaseVersion]:
    """The vouchers: files that were granted, whatever became of them since."""
    return files_as_of(operation, watermark).exclude(grant_number="")


def claims_as_of(
    operation: Operation, watermark: datetime, instrument: str = Instrument.GRANT
) -> QuerySet[ClaimVersion]:
    """The latest version of each claim recorded by a moment; of the grant unless another instrument is named."""
    known = ClaimVersion.objects.filter(
        case_version__operation=operation, recorded_at__lte=watermark, instrument=instrument
    )
    latest = known.values("claim").annotate(last=Max("id")).values("last")
    rows = ClaimVersion.objects.filter(pk__in=latest).select_related("case_version")
    return rows.order_by("case_version__reference", "number")


def entries_as_of(
    operation: Operation, watermark: datetime, instrument: str = Instrument.GRANT
) -> QuerySet[LedgerEntry]:
    """The rows booked on an operation's files by a moment; loans and guarantees are not grants."""
    return LedgerEntry.objects.filter(
        application__operation=operation, recorded_at__lte=watermark, line__envelope__instrument=instrument
    )


def ledger_totals(operation: Operation, watermark: datetime, instrument: str = Instrument.GRANT) -> dict[str, Decimal]:
    """Bucket → euro booked on an operation's files by a moment."""
    booked = dict.fromkeys(Bucket.values, ZERO)
    rows = entries_as_of(operation, watermark, instrument)
    booked.update(rows.values_list("bucket").annotate(total=Sum("amount")))
    return booked


def instrument_totals(operation: Operation, watermark: datetime) -> dict[str, Decimal]:
    """Bucket → euro booked on whatever is no grant: all that the ledger holds, less the grants."""
    everything = LedgerEntry.objects.filter(application__operation=operation, recorded_at__lte=watermark)
    booked = dict(everything.values_list("bucket").annotate(total=Sum("amount")))
    grants = ledger_totals(operation, watermark)
    return {bucket: booked.get(bucket, ZERO) - grants[bucket] for bucket in Bucket.values}


def funder_totals(operation: Operation, watermark: datetime, bucket: str) -> dict[str, Decimal]:
    """Funder → euro booked in a bucket on an operation's files by a moment."""
    rows = entries_as_of(operation, watermark).filter(bucket=bucket)
    return dict(rows.values_list("line__funder").annotate(total=Sum("amount")))


def paid_orders(operation: Operation, watermark: datetime) -> QuerySet[LedgerEntry]:
    """The rows that say by the watermark what orders paid."""
    return entries_as_of(operation, watermark).filter(bucket=Bucket.PAID).order_by()


def paid_of_order(rows: QuerySet[LedgerEntry]) -> Coalesce:
    """For each claim version, the euro that its own order paid among these rows."""
    return _added(rows.filter(order__number=OuterRef("order_number")))


def paid_beside(rows: QuerySet[LedgerEntry]) -> Coalesce:
    """For each claim version, the euro that the other orders of its claim paid: an aid may have two payees."""
    return _added(rows.filter(order__claim=OuterRef("claim")).exclude(order__number=OuterRef("order_number")))


def paid_by(rows: QuerySet[LedgerEntry]) -> Coalesce:
    """For each order, the euro that it paid among these rows."""
    return _added(rows.filter(order=OuterRef("pk")))


def _added(rows: QuerySet[LedgerEntry]) -> Coalesce:
    booked = rows.values("line__envelope__instrument").annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(booked), Value(0, output_field=CentsField()))
