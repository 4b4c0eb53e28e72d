"""Records on their way to a file: made into rows, counted, added up, hashed; a bad one is set apart and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from regions.money import ZERO
from reporting.columns import Column, ContentHash, canonical
from reporting.sheets import Sheet, Source

NAMED = 1_000
"""How many records set apart are named in a run; all are counted."""

BEAT = 2_000
"""Rows between two signs of life."""


def _silent(rows: int) -> None:
    """Nobody waits."""


@dataclass(slots=True)
class Passing:
    """What passed of a whole report so far."""

    digest: ContentHash
    beat: Callable[[int], None] = _silent
    rows: dict[str, int] = field(default_factory=dict)
    totals: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    apart_totals: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    apart: list[dict[str, str]] = field(default_factory=list)
    set_apart: int = 0

    def through(self, sheet: Sheet, columns: Sequence[Column], source: Source) -> Iterator[Mapping[str, Any]]:
        """The rows of a sheet as they come; `columns` are those written, all of the sheet's are checked."""
        money = [column.key for column in sheet.columns if column.kind == "money"]
        totals = self.totals[sheet.key] = dict.fromkeys(money, ZERO)
        self.apart_totals[sheet.key] = dict.fromkeys(money, ZERO)
        self.rows[sheet.key] = 0
        written = {column.key for column in columns}
        self.digest.open(sheet.key, columns)
        for record in source.records:
            found = self._sound(sheet, source, record)
            if found is None:
                continue
            row, texts = found
            self.digest.add(text for column, text in texts if column.key in written)
            for key in money:
                totals[key] += row[key] or ZERO
            self._count(sheet.key)
            yield row

    def _count(self, key: str) -> None:
        self.rows[key] += 1
        if self.rows[key] % BEAT == 0:
            self.beat(sum(self.rows.values()))

    def _sound(
        self, sheet: Sheet, source: Source, record: Any
    ) -> tuple[Mapping[str, Any], list[tuple[Column, str]]] | None:
        """A row whose every value is of its kind, with its exact texts; None when it was set apart."""
        try:
            row = source.row(record)
        except Exception as error:  # whatever one record does, the others are counted
            self._leave(sheet, source, record, "", error)
            return None
        texts = []
        for column in sheet.columns:
            try:
                texts.append((column, canonical(row[column.key], column.kind)))
            except Exception as error:  # as above
                self._leave(sheet, source, record, column.key, error)
                self._add_apart(sheet, row)
                return None
        return row, texts

    def _leave(self, sheet: Sheet, source: Source, record: Any, column: str, error: Exception) -> None:
        self.set_apart += 1
        if len(self.apart) < NAMED:
            told = f"{type(error).__name__}: {error}"[:200]
            self.apart.append({"sheet": sheet.key, "name": _named(source, record), "column": column, "error": told})

    def _add_apart(self, sheet: Sheet, row: Mapping[str, Any]) -> None:
        """What a row set apart says of money still counts in the totals' comparison, where it can be read."""
        for key, total in self.apart_totals[sheet.key].items():
            value = row.get(key)
            if isinstance(value, Decimal) and value.is_finite():
                self.apart_totals[sheet.key][key] = total + value


def _named(source: Source, record: Any) -> str:
    try:
        return source.name(record)[:120]
    except Exception as error:  # its name may be what is wrong with it
        return type(error).__name__
