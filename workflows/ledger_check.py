"""Positions re-derived from the ledger: a difference names the line or the file, and the bucket.

What else has to agree (orders and bank, claims and certificates, awards and grants, escrow, reports) is
registered here by the modules that know it: `check_ledger` asks them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from applications.booking import CASE_BUCKETS
from applications.enums import Bucket
from applications.models import Application, CasePosition, EnvelopePosition, LedgerEntry, PaymentCreditPosition
from regions.models import EnvelopeLine
from regions.money import ZERO


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that its proof does not give: euro. `kind` says which comparison, the keys whom it touches."""

    where: str
    bucket: str
    position: Decimal
    ledger: Decimal
    kind: str = "position"
    application: int | None = None
    line: int | None = None
    region: int | None = None

    def __str__(self) -> str:
        return f"{self.where}, {self.bucket}: the position says {self.position} €, the ledger {self.ledger} €"


Check = Callable[[], Iterable[Difference]]
CHECKS: dict[str, Check] = {}


def check(kind: str) -> Callable[[Check], Check]:
    """Register a comparison that the nightly check makes too."""

    def register(function: Check) -> Check:
        CHECKS[kind] = function
        return function

    return register


def check_ledger() -> list[Difference]:
    """Every comparison of the house; an empty list when everything agrees."""
    return [difference for compare in CHECKS.values() for difference in compare()]


@check("position")
def check_positions() -> list[Difference]:
    """Every position of every line and file against the sum of its entries."""
    lines = _sums("line_id")
    files = _sums("application_id", "line_id")
    return [
        *_compare("line", EnvelopePosition.objects.all(), lambda p: (p.line_id,), Bucket.values, lines),
        *_compare("file", CasePosition.objects.all(), lambda p: (p.application_id, p.line_id), CASE_BUCKETS, files),
        *_credits(),
    ]


def _credits() -> Iterator[Difference]:
    """The payment credits of each line and year against their entries."""
    booked = _sums("line_id", "year", among={"year__isnull": False})
    for held in PaymentCreditPosition.objects.order_by("pk").iterator():
        for bucket, amount in ((Bucket.CREDITS, held.opened), (Bucket.ORDERED, held.ordered)):
            proof = booked.get((held.line_id, held.year, bucket), ZERO)
            if amount != proof:
                yield Difference(f"line {held.line_id}, year {held.year}", bucket, amount, proof, line=held.line_id)


def check_lines(lines: QuerySet[EnvelopeLine]) -> list[Difference]:
    """Every position of some lines against the ledger, and against the sum of their files' positions."""
    held = EnvelopePosition.objects.filter(line__in=lines)
    booked = _sums("line_id", among={"line__in": lines})
    names = [f"files_{bucket}" for bucket in CASE_BUCKETS]
    by_files = held.annotate(**{f"files_{b}": Sum(f"line__case_positions__{b}") for b in CASE_BUCKETS})
    split = [
        Difference(f"line {row['line_id']}, files", bucket, row[bucket], row[name] or ZERO)
        for row in by_files.values("line_id", *CASE_BUCKETS, *names)
        for bucket, name in zip(CASE_BUCKETS, names, strict=True)
        if row[bucket] != (row[name] or ZERO)
    ]
    return [*_compare("line", held, lambda p: (p.line_id,), Bucket.values, booked), *split]


def check_file(application: Application) -> list[Difference]:
    """The positions of one file against its entries."""
    held = CasePosition.objects.filter(application=application)
    booked = _sums("line_id", among={"application": application})
    return list(_compare("file", held, lambda p: (p.line_id,), CASE_BUCKETS, booked))


def _sums(*keys: str, among: Mapping[str, Any] | None = None) -> dict[tuple[Any, ...], Decimal]:
    rows = LedgerEntry.objects.filter(**(among or {})).values_list(*keys, "bucket").annotate(total=Sum("amount"))
    return {tuple(row[:-1]): row[-1] for row in rows}


def _compare(
    name: str, positions: Any, key: Any, buckets: list[str], sums: dict[tuple[Any, ...], Decimal]
) -> Iterator[Difference]:
    for position in positions.iterator():
        for bucket in buckets:
            held, booked = getattr(position, bucket), sums.get((*key(position), bucket), ZERO)
            if held != booked:
                file = getattr(position, "application_id", None)
                yield Difference(
                    f"{name} {key(position)}", bucket, held, booked, application=file, line=position.line_id
                )
