"""Positions re-derived from the ledger: a difference names the line or the file, and the bucket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from applications.booking import CASE_BUCKETS
from applications.enums import Bucket
from applications.models import CasePosition, EnvelopePosition, LedgerEntry
from regions.money import ZERO


@dataclass(frozen=True, slots=True)
class Difference:
    """A position that the ledger does not give: euro."""

    where: str
    bucket: str
    position: Decimal
    ledger: Decimal

    def __str__(self) -> str:
        return f"{self.where}, {self.bucket}: the position says {self.position} €, the ledger {self.ledger} €"


def check_ledger() -> list[Difference]:
    """Every position of every line and file against the sum of its entries."""
    lines = _sums("line_id")
    files = _sums("application_id", "line_id")
    return [
        *_compare("line", EnvelopePosition.objects.all(), lambda p: (p.line_id,), Bucket.values, lines),
        *_compare("file", CasePosition.objects.all(), lambda p: (p.application_id, p.line_id), CASE_BUCKETS, files),
    ]


def _sums(*keys: str) -> dict[tuple[Any, ...], Decimal]:
    rows = LedgerEntry.objects.values_list(*keys, "bucket").annotate(total=Sum("amount"))
    return {tuple(row[:-1]): row[-1] for row in rows}


def _compare(
    name: str, positions: Any, key: Any, buckets: list[str], sums: dict[tuple[Any, ...], Decimal]
) -> Iterator[Difference]:
    for position in positions.iterator():
        for bucket in buckets:
            held, booked = getattr(position, bucket), sums.get((*key(position), bucket), ZERO)
            if held != booked:
                yield Difference(f"{name} {key(position)}", bucket, held, booked)
