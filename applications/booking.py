"""Booking: the one way to write the ledger. Splits among funders so that the parts always add up.

Each bucket is split *cumulatively*: a funder's part of a booking is its share of the new total less
its share of the old one. So three claims of a third each give every funder exactly what one claim
of the whole would have given, and no funder's part can pass what was granted by a rounding cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import Sum, prefetch_related_objects
from django.db.transaction import mark_for_rollback_on_error

from applications.enums import BUDGET_BUCKETS, Bucket
from applications.models import Application, CasePosition, Claim, LedgerEntry, PaymentCreditPosition, PaymentOrder
from regions.enums import Instrument
from regions.models import Envelope, EnvelopeLine, User
from regions.models.envelope import lead_among, shares_among
from regions.money import ZERO, split, to_cents

CASE_BUCKETS = [b for b in Bucket.values if b not in BUDGET_BUCKETS]
OVERDRAWN = "envelope_never_overdrawn"
CREDITS_OVERDRAWN = "payment_credits_never_overdrawn"
YEARLY = "yearly"
# The columns of an entry: those that differ within a statement, and those that its act gives to all of them.
EACH = ("line_id", "bucket", "amount", "year")
ALIKE = ("application_id", "claim_id", "order_id", "act", "cause", "made_by_id", "effective_on", "recorded_at")
Holdings = Mapping[str, Mapping[str, Decimal]]


class NoRoom(Exception):
    """The envelope has no room for the commitment: the act is denied and nothing is written."""


class NoCredits(Exception):
    """The year's payment credits do not cover the order: the act is denied and nothing is written."""


@dataclass(frozen=True, slots=True)
class Booking:
    """A movement asked by an act: a bucket and a signed amount in euro, all funders together.

    `instrument` says which of the scheme's envelopes it draws on: a loan is not a grant.
    """

    bucket: str
    amount: Decimal
    instrument: str = Instrument.GRANT


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an entry stands: the act, its event, who made it and when."""

    act: str
    event: str
    made_by: User
    effective_on: date
    recorded_at: datetime


def holdings(application: Application) -> dict[str, dict[str, Decimal]]:
    """Instrument → bucket → euro for a file, all funders together; zeros when nothing was booked."""
    held = {instrument: dict.fromkeys(CASE_BUCKETS, ZERO) for instrument in Instrument.values}
    for row in CasePosition.objects.filter(application=application).select_related("line__envelope"):
        for bucket in CASE_BUCKETS:
            held[row.line.envelope.instrument][bucket] += getattr(row, bucket)
    return held


def positions(application: Application, instrument: str = Instrument.GRANT) -> dict[str, Decimal]:
    """Bucket → euro of one instrument of a file, the grant unless said otherwise."""
    return holdings(application)[instrument]


def after(held: Holdings, bookings: Iterable[Booking], instrument: str = Instrument.GRANT) -> dict[str, Decimal]:
    """The positions of an instrument of a file once these bookings are made."""
    totals = dict(held[instrument])
    for booking in bookings:
        if booking.instrument == instrument:
            totals[booking.bucket] += booking.amount
    return totals


def envelope_for(application: Application, instrument: str) -> Envelope | None:
    """The envelope that an instrument of a file draws on: its own for the grant, its twin of that year otherwise."""
    if instrument == Instrument.GRANT or application.envelope is None:
        return application.envelope
    drawn = application.envelope
    return Envelope.objects.filter(scheme=drawn.scheme_id, year=drawn.year, instrument=instrument).first()


def shares_of(envelope: Envelope, held: Decimal, amount: Decimal) -> dict[str, Decimal]:
    """Funder → part of a booking on top of what is held, by the cumulative split. Euro, exact sum."""
    return _parts(_lines(envelope), held, amount)


def _lines(envelope: Envelope) -> list[EnvelopeLine]:
    """Its lines, read from the database once."""
    prefetch_related_objects([envelope], "lines")
    return list(envelope.lines.all())


def _parts(lines: Sequence[EnvelopeLine], held: Decimal, amount: Decimal) -> dict[str, Decimal]:
    shares, lead = shares_among(lines), lead_among(lines)
    before, then = split(held, shares, lead), split(held + amount, shares, lead)
    return {funder: then[funder] - before[funder] for funder in shares}


def book(
    application: Application,
    bookings: Iterable[Booking],
    cause: Cause,
    held: Holdings,
    *,
    claim: Claim | None = None,
    order: PaymentOrder | None = None,
) -> None:
    """Write a file's bookings; raises NoRoom when an envelope cannot commit them.

    The caller holds the file's lock. The bookings of one instrument are one statement, whole or nothing; an act
    that books several is inside a transaction, which NoRoom must roll back. Instruments are booked in one order,
    so that two files take the envelopes' rows in the same one.
    """
    for instrument, group in groupby(sorted(bookings, key=_rank), lambda booking: booking.instrument):
        envelope, totals = envelope_for(application, instrument), dict(held[instrument])
        if envelope is None:
            raise NoRoom(f"{application}: no envelope is open for this instrument")
        lines = _lines(envelope)
        rows: list[_Row] = []
        for booking in group:
            year = _year(application, booking, cause, order) if booking.bucket == Bucket.ORDERED else None
            rows += _rows(lines, _parts(lines, totals[booking.bucket], booking.amount), booking.bucket, year)
            totals[booking.bucket] += booking.amount
        _insert(envelope, rows, _alike(cause, application, claim, order))


def _rank(booking: Booking) -> int:
    return Instrument.values.index(booking.instrument)


@dataclass(frozen=True, slots=True)
class _Row:
    """What differs between the entries of one statement; plain values, for a booking is made of little else."""

    line: int
    bucket: str
    cents: int
    year: int | None


def _rows(lines: Sequence[EnvelopeLine], parts: Mapping[str, Decimal], bucket: str, year: int | None) -> list[_Row]:
    """A row for each line that gets something."""
    return [_Row(line.pk, str(bucket), to_cents(parts[line.funder]), year) for line in lines if parts[line.funder]]


def _alike(
    cause: Cause, application: Application | None = None, claim: Claim | None = None, order: PaymentOrder | None = None
) -> tuple[Any, ...]:
    """The values of ALIKE, as the database takes them."""
    return (
        application and application.pk, claim and claim.pk, order and order.pk,
        cause.act, cause.event, cause.made_by.pk,
        connection.ops.adapt_datefield_value(cause.effective_on),
        connection.ops.adapt_datetimefield_value(cause.recorded_at),
    )  # fmt: skip


def _year(application: Application, booking: Booking, cause: Cause, order: PaymentOrder | None) -> int | None:
    """The year whose payment credits an order draws on; what is given back goes to the year that it was drawn on."""
    if booking.amount < ZERO:
        drawn = LedgerEntry.objects.filter(order=order, bucket=Bucket.ORDERED, amount__gt=0).order_by("-pk")
        return drawn.values_list("year", flat=True).first()
    yearly = application.scheme_version.rule("funding", "payment_credits", default="none") == YEARLY
    return cause.effective_on.year if yearly else None


def _insert(envelope: Envelope, rows: Sequence[_Row], alike: tuple[Any, ...]) -> None:
    """Rows of one envelope, in one statement that reads nothing back: its position is held for as short as can be."""
    if not rows:
        return
    values = [value for row in rows for value in (row.line, row.bucket, row.cents, row.year, *alike)]
    try:
        with mark_for_rollback_on_error("default"), connection.cursor() as cursor:
            cursor.execute(_statement(len(rows)), values)
    except IntegrityError as error:
        if OVERDRAWN in str(error):
            raise NoRoom(str(envelope)) from error
        if CREDITS_OVERDRAWN in str(error):
            raise NoCredits(str(envelope)) from error
        raise


@cache
def _statement(rows: int) -> str:
    names = ", ".join(connection.ops.quote_name(name) for name in (*EACH, *ALIKE))
    row = f"({', '.join(['%s'] * len((*EACH, *ALIKE)))})"
    return f"INSERT INTO {LedgerEntry._meta.db_table} ({names}) VALUES {', '.join([row] * rows)}"


def open_budget(envelope: Envelope, bucket: str, amount: Decimal, cause: Cause, year: int | None = None) -> None:
    """Open or move an envelope's ceiling, voted overbooking or payment credits of a year. Euro, split by line."""
    whole = split(amount, envelope.shares(), envelope.lead())
    parts = shares_of(envelope, _opened(envelope, year), amount) if year else whole
    _insert(envelope, _rows(list(envelope.lines.all()), parts, bucket, year), _alike(cause))


def _opened(envelope: Envelope, year: int) -> Decimal:
    """The payment credits of a year that are open: split on their total, so that two openings give what one would."""
    rows = PaymentCreditPosition.objects.filter(line__envelope=envelope, year=year)
    total: Decimal | None = rows.aggregate(total=Sum("opened"))["total"]
    return total or ZERO
