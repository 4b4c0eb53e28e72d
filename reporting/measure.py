"""What a workbook costs beside the least that a file could cost: CPU against csv.writer, and memory.

Every way writes the same rows to a stream that keeps nothing, turn by turn, so that whatever else
the machine does weighs on all. The rows come from a generator, then from the ledger.
"""

from __future__ import annotations

import csv
import io
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import IO, Any, cast

from openpyxl import Workbook

from applications.models import LedgerEntry
from reporting.columns import Column
from reporting.writers.xlsx import XlsxWriter

ROWS, OPENPYXL_ROWS, ROUNDS = 100_000, 4_000, 2
SMALL, LARGE = 10_000, 1_000_000
KINDS = (
    ["text"] * 16 + ["money"] * 10 + ["integer"] * 4 + ["date"] * 4 + ["moment"] * 2 + ["percent"] * 2
    + ["decimal", "boolean"]
)  # fmt: skip
COLUMNS = tuple(Column(f"c{n}", f"Colonne {n}", f"Column {n}", kind) for n, kind in enumerate(KINDS, start=1))
_FEW = (*COLUMNS[::5], COLUMNS[39])  # few columns: the tracing of memory is slow
_DAY, _MOMENT = date(2025, 1, 1), datetime(2025, 1, 1, tzinfo=UTC)
_POOL = 4_000

Rows = Iterable[Mapping[str, Any]]
Way = Callable[[Sequence[Column], Rows], None]


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of one way of writing, and how many times those of csv.writer on the same rows."""

    name: str
    rows: int
    seconds: float
    ratio: float

    def __str__(self) -> str:
        return f"{self.name:<44}{self.rows:>10,}{self.seconds:>9.2f}{self.ratio:>8.2f}"


class _Nowhere(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        return len(content)


def _text(number: int, column: int) -> str:
    words = (f"Entreprise {number % 997}", f"Épicerie {number % 97} de l’Étang-Salé", f"{number:014d}", "paid")
    return words[column % 4]


_VALUES: dict[str, Callable[[int, int], Any]] = {
    "text": _text,
    "money": lambda number, column: Decimal((number * 7919 + column) % 10_000_000).scaleb(-2),
    "integer": lambda number, column: number * 3 + column,
    "date": lambda number, column: _DAY + timedelta(days=(number + column) % 700),
    "moment": lambda number, column: _MOMENT + timedelta(seconds=number * 61 + column),
    "percent": lambda number, column: Decimal(number % 101).scaleb(-2),
    "decimal": lambda number, column: Decimal(number % 1009).scaleb(-3),
    "boolean": lambda number, column: number % 3 == 0,
}


def sample(columns: Sequence[Column], count: int) -> Iterator[dict[str, Any]]:
    """Rows of every kind, with accents and some gaps; made once and copied, so that they cost little."""
    pool = [
        {c.key: None if (n + k) % 23 == 0 and k % 9 == 8 else _VALUES[c.kind](n, k) for k, c in enumerate(columns)}
        for n in range(min(count, _POOL))
    ]
    return (dict(pool[number % _POOL]) for number in range(count))


def by_csv(columns: Sequence[Column], rows: Rows) -> None:
    """The least: csv.writer, without types, words or guards."""
    out = csv.writer(io.TextIOWrapper(cast(IO[bytes], _Nowhere()), encoding="utf-8", newline=""))
    keys = [column.key for column in columns]
    for row in rows:
        out.writerow([row[key] for key in keys])


def by_xlsx(columns: Sequence[Column], rows: Rows) -> None:
    with XlsxWriter(
        cast(IO[bytes], _Nowhere()), title="T", author="A", created=_MOMENT, language="fr"
    ) as book:  # fmt: skip
        book.sheet("Liste", columns, rows)


def by_openpyxl(columns: Sequence[Column], rows: Rows) -> None:
    """The usual library, write-only; it takes no zone, so moments lose theirs first."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Liste")
    for row in rows:
        values = (row[column.key] for column in columns)
        sheet.append([value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in values])
    book.save(io.BytesIO())


def _seconds(way: Way, columns: Sequence[Column], rows: Rows) -> float:
    start = time.process_time()
    way(columns, rows)
    return time.process_time() - start


def compare(
    source: str, ways: Mapping[str, Way], columns: Sequence[Column], rows: Callable[[], Rows], count: int, rounds: int
) -> list[Cost]:
    """Each way in turn over the same rows, as often as asked; medians, the first way being the measure."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(rounds):
        for name, way in ways.items():
            taken[name].append(_seconds(way, columns, rows()))
    least = median(next(iter(taken.values())))
    return [Cost(f"{source}: {name}", count, median(t), median(t) / least if least else 0) for name, t in taken.items()]


def costs(rows: int = ROWS, rounds: int = ROUNDS) -> Iterator[Cost]:
    """csv.writer, our workbook and openpyxl over generated rows of 40 columns."""
    ways: dict[str, Way] = {"csv.writer": by_csv, "XLSX": by_xlsx}
    yield from compare("generator", ways, COLUMNS, lambda: sample(COLUMNS, rows), rows, rounds)
    few = min(rows, OPENPYXL_ROWS)
    ways = {"XLSX": by_xlsx, "openpyxl write-only (ratio to XLSX)": by_openpyxl}
    yield from compare("generator", ways, COLUMNS, lambda: sample(COLUMNS, few), few, 1)


_LEDGER = {
    "text": (
        "bucket", "act", "cause", "line__funder", "line__envelope__name", "application__reference",
        "application__state", "application__naf_code", "application__legal_category", "application__commune",
        "application__title", "application__company__name", "application__company__siren",
        "application__company__siret", "application__company__naf_code", "application__region__name",
        "application__region__nuts2", "application__scheme_version__scheme__code",
        "application__scheme_version__fingerprint", "application__operation__code", "made_by__name",
    ),
    "money": (
        "amount", "application__amount_requested", "application__amount_proposed", "application__amount_granted",
        "application__turnover", "application__headcount", "application__balance_sheet", "line__share_percent",
    ),
    "integer": ("id", "application__chain_length", "line__envelope__year", "application__digital_intensity_before"),
    "date": (
        "effective_on", "application__decided_on", "application__notified_on", "application__decision_due_on",
    ),
    "moment": ("recorded_at", "application__submitted_at"),
    "boolean": ("line__is_lead",),
}  # fmt: skip
LEDGER_COLUMNS = tuple(Column(name, name, name, kind) for kind, names in _LEDGER.items() for name in names)


def ledger(count: int) -> Iterator[dict[str, Any]]:
    """The ledger with what hangs on each entry, read from the database again and again until there are enough."""
    names = [column.key for column in LEDGER_COLUMNS]
    left = count
    while left > 0:
        found = LedgerEntry.objects.order_by("id").values(*names)[:left]
        read = 0
        for row in found.iterator(chunk_size=2000):
            read += 1
            yield row
        if not read:
            raise ValueError("the ledger is empty: there is nothing to measure")
        left -= read


def ledger_costs(rows: int = ROWS, rounds: int = 1) -> list[Cost]:
    """The same ratio where it matters: reading the rows weighs on both."""
    ways: dict[str, Way] = {"csv.writer": by_csv, "XLSX": by_xlsx}
    return compare("ledger", ways, LEDGER_COLUMNS, lambda: ledger(rows), rows, rounds)


def peak(count: int) -> int:
    """The most bytes held at once while so many rows are written; the rows themselves are few columns wide."""
    rows = sample(_FEW, count)
    tracemalloc.start()
    try:
        by_xlsx(_FEW, rows)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def memory(small: int = SMALL, large: int = LARGE) -> tuple[int, int]:
    """The peak for few rows and for many; a first small run pays for what is loaded once."""
    peak(small // 10)
    return peak(small), peak(large)
