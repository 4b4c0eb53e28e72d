"""Loans, repayable advances and guarantees of an operation: beside the grants, never in their columns.

One row per file and instrument, from the ledger alone as of the watermark. Euro.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from applications.enums import Bucket
from applications.models import LedgerEntry, Operation
from regions.enums import Instrument
from regions.money import ZERO

REPAID = [value for value in Instrument.values if value != Instrument.GRANT]


def rows(operation: Operation, watermark: datetime) -> Iterator[dict[str, Any]]:
    """What each file has of each instrument: granted, released, repaid, and what is still owed."""
    for (reference, instrument), booked in sorted(_booked(operation, watermark).items()):
        if instrument != Instrument.GRANT:
            yield _row(reference, instrument, booked)


def _booked(operation: Operation, watermark: datetime) -> dict[tuple[str, str], dict[str, Decimal]]:
    entries = (
        LedgerEntry.objects.filter(application__operation=operation, recorded_at__lte=watermark)
        .values_list("application__reference", "line__envelope__instrument", "bucket")
        .annotate(total=Sum("amount"))
    )
    booked: dict[tuple[str, str], dict[str, Decimal]] = {}
    for reference, instrument, bucket, total in entries:
        booked.setdefault((reference, instrument), {})[bucket] = total
    return booked


def _row(reference: str, instrument: str, booked: Mapping[str, Decimal]) -> dict[str, Any]:
    paid, repaid = booked.get(Bucket.PAID, ZERO), booked.get(Bucket.RECOVERED, ZERO)
    return {
        "reference": reference, "instrument": instrument, "committed": booked.get(Bucket.COMMITTED, ZERO),
        "verified": booked.get(Bucket.VERIFIED, ZERO), "paid": paid, "repaid": repaid, "outstanding": paid - repaid,
    }  # fmt: skip
