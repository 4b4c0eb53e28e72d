"""Loans, repayable advances and guarantees of an operation: beside the grants, never in their columns.

One row per file and instrument, from the ledger alone as of the watermark. Euro.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Sum

from applications.enums import Bucket
from applications.models import LedgerEntry, Operation
from regions.enums import Instrument
from regions.money import ZERO
from reporting.sheets import CHUNK

REPAID = [value for value in Instrument.values if value != Instrument.GRANT]


def rows(operation: Operation, watermark: datetime) -> Iterator[dict[str, Any]]:
    """What each file has of each instrument: granted, released, repaid, and what is still owed."""
    booked = _booked(operation, watermark).iterator(CHUNK)
    for (reference, instrument), found in groupby(booked, key=itemgetter(0, 1)):
        yield _row(reference, instrument, {bucket: total for _file, _of, bucket, total in found})


def _booked(operation: Operation, watermark: datetime) -> Any:
    """(file, instrument, bucket, euro), each file and instrument together, the grants left out."""
    known = LedgerEntry.objects.filter(application__operation=operation, recorded_at__lte=watermark)
    apart = known.filter(line__envelope__instrument__in=REPAID)
    keys = ("application__reference", "line__envelope__instrument", "bucket")
    return apart.values_list(*keys).annotate(total=Sum("amount")).order_by(*keys)


def _row(reference: str, instrument: str, booked: Mapping[str, Decimal]) -> dict[str, Any]:
    paid, repaid = booked.get(Bucket.PAID, ZERO), booked.get(Bucket.RECOVERED, ZERO)
    return {
        "reference": reference, "instrument": instrument, "committed": booked.get(Bucket.COMMITTED, ZERO),
        "verified": booked.get(Bucket.VERIFIED, ZERO), "paid": paid, "repaid": repaid, "outstanding": paid - repaid,
    }  # fmt: skip
