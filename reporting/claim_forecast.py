"""The payment applications to come (CPR art. 69(10)), from what is paid, certified and granted as of a moment. Euro.

Each amount is placed on the day it should be paid, then, after the delay measured so far, in the period of
art. 91(1) that holds that day. What was granted and not certified is cut by the share that settled files left unpaid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median_low
from typing import Any

from django.db.models import F, Max, Min, Sum

from applications.enums import ApplicationState, Bucket, ClaimState, PaymentApplicationState
from applications.models import CaseVersion, Correction, LedgerEntry, Operation, OperationClaimLine
from applications.rules.payment_application import submission_window
from regions.calendars import local_date
from regions.enums import Instrument
from regions.models import Priority, Region
from regions.money import ZERO, floor_cent
from reporting import facts
from reporting.sheets import Streamed

KINDS = ("undeclared", "certified", "awarded")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measures:
    """What the past says: the share of a grant that ends paid, the days from payment to the application; or nothing.

    `settled` and `lines` are how many files and payments they were measured on.
    """

    share: Decimal = Decimal(1)
    settled: int = 0
    delay: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """An amount expected: its kind, the day it should be paid, and the part that may never be."""

    priority: Priority
    kind: str
    day: date
    amount: Decimal
    lost: Decimal = ZERO


def measures(region: Region, watermark: datetime) -> Measures:
    """Measured on what was settled and sent by a moment; a whole share and no delay where nothing was."""
    known = CaseVersion.objects.filter(operation__region=region, recorded_at__lte=watermark).order_by()
    latest = known.values("application").annotate(last=Max("id")).values("last")
    settled = CaseVersion.objects.filter(pk__in=latest, state=ApplicationState.COMPLETED, granted__gt=ZERO)
    granted, paid = ZERO, ZERO
    for one, other in settled.values_list("granted", "paid").iterator():
        granted, paid = granted + (one or ZERO), paid + other
    delays = list(_delays(region, watermark))
    share = paid / granted if granted else Decimal(1)
    return Measures(share, settled.count(), median_low(delays) if delays else 0, len(delays))


def _sent(region: Region, watermark: datetime) -> Any:
    return OperationClaimLine.objects.filter(
        claim__region=region, live=True, claim__payment_application__state=PaymentApplicationState.SENT,
        claim__payment_application__sent_at__lte=watermark,
    ).order_by()  # fmt: skip


def _delays(region: Region, watermark: datetime) -> Iterator[int]:
    lines = _sent(region, watermark).filter(entry__bucket=Bucket.PAID)
    for paid_on, sent_at in lines.values_list("entry__effective_on", "claim__payment_application__sent_at").iterator():
        yield max((local_date(sent_at, region.time_zone) - paid_on).days, 0)


def pieces(operation: Operation, watermark: datetime, share: Decimal) -> Iterator[Piece]:
    """What an operation should still declare: paid, or certified and not paid, or granted and not certified."""
    day, priority = local_date(watermark, operation.region.time_zone), operation.specific_objective.priority
    yield Piece(priority, "undeclared", day, _undeclared(operation, watermark))
    dues, waits = _dues(operation, watermark), _waits(operation)
    waiting = facts.granted_as_of(operation, watermark).filter(committed__gt=F("paid"))
    for file in Streamed(waiting):
        yield Piece(priority, "certified", dues.get(file.application_id, day), file.verified - file.paid)
        left, last = file.committed - file.verified, file.complete_by or operation.ends_on
        yield Piece(priority, "awarded", last + waits[file.scheme_version_id], left, left - floor_cent(left * share))


def _undeclared(operation: Operation, watermark: datetime) -> Decimal:
    """Paid, less given back, less corrections for the next application, less what the applications sent hold."""
    told = facts.ledger_totals(operation, watermark)
    less = Correction.objects.filter(
        application__operation=operation, recorded_at__lte=watermark, year_end__isnull=True
    )
    held = _sent(operation.region, watermark).filter(claim__operation=operation)
    corrected = less.aggregate(total=Sum("amount"))["total"] or ZERO
    booked = held.aggregate(total=Sum("booked"))["total"] or ZERO
    return Decimal(told[Bucket.PAID] - told[Bucket.RECOVERED] - corrected - booked)


def _dues(operation: Operation, watermark: datetime) -> dict[int, date]:
    """File → the last day to pay its certified claims."""
    claims = facts.claims_as_of(operation, watermark).filter(state=ClaimState.VERIFIED, payment_due_on__isnull=False)
    return dict(claims.order_by().values_list("case_version__application").annotate(due=Min("payment_due_on")))


def _waits(operation: Operation) -> Mapping[int, timedelta]:
    """Version of the rules → the days to claim after completion, then to pay, at the latest."""
    days = ("claim_window_days", 90), ("payment_days", 80)
    versions = operation.scheme.versions.all()
    return {v.pk: timedelta(days=sum(int(v.rule("when", name, default=most)) for name, most in days)) for v in versions}


def by_window(found: Iterable[Piece], day: date, delay: int, known: datetime | None = None) -> list[Row]:
    """The amounts by priority and period, in the order of time."""
    rows: dict[tuple[str, date], Row] = {}
    for piece in found:
        if piece.amount:
            window = submission_window(max(piece.day, day) + timedelta(days=delay))
            row = rows.setdefault((piece.priority.code, window.end), _row(piece.priority, window.end, known))
            row[piece.kind] += piece.amount
            row["lost"] += piece.lost
    for row in rows.values():
        row["expenditure"] = sum((row[kind] for kind in KINDS), ZERO) - row["lost"]
        row["contribution"] = floor_cent(row["expenditure"] * row["rate"])
    return [rows[key] for key in sorted(rows, key=lambda key: (key[1], key[0]))]


def _row(priority: Priority, window_end: date, known: datetime | None) -> Row:
    return {
        "priority": priority.code, "category_of_region": priority.programme.category_of_region,
        "window_end": window_end, "rate": priority.rate_on(window_end, known) / 100, "lost": ZERO,
    } | dict.fromkeys(KINDS, ZERO)  # fmt: skip


def by_year(windows: Iterable[Row], day: date) -> list[Row]:
    """Annex VIII: the Union contribution of this year, in two parts, of the next one, and of those after it."""
    found: dict[str, Row] = {}
    for window in windows:
        category = window["category_of_region"]
        row = found.setdefault(category, {"fund": "ERDF", "category_of_region": category} | dict.fromkeys(PARTS, ZERO))
        row[_part(window["window_end"], day)] += window["contribution"]
    return [found[key] for key in sorted(found)]


PARTS = ("first", "second", "next", "later")


def _part(end: date, day: date) -> str:
    if end.year == day.year:
        return "first" if end.month <= 10 else "second"
    return "next" if end.year == day.year + 1 else "later"


def gross(region: Region, watermark: datetime) -> Decimal:
    """What the ledger leaves to declare: committed, less given back, less corrected, less what was sent. Euro."""
    rows = LedgerEntry.objects.filter(
        application__operation__region=region, recorded_at__lte=watermark, line__envelope__instrument=Instrument.GRANT,
        application__operation__decided_on__lte=local_date(watermark, region.time_zone),
        bucket__in=[Bucket.COMMITTED, Bucket.RECOVERED],
    ).order_by()  # fmt: skip
    told = dict(rows.values_list("bucket").annotate(total=Sum("amount")))
    less = Correction.objects.filter(application__region=region, recorded_at__lte=watermark, year_end__isnull=True)
    corrected = less.aggregate(total=Sum("amount"))["total"] or ZERO
    booked = _sent(region, watermark).aggregate(total=Sum("booked"))["total"] or ZERO
    return Decimal(told.get(Bucket.COMMITTED, ZERO) - told.get(Bucket.RECOVERED, ZERO) - corrected - booked)
