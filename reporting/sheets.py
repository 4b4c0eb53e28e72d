"""A sheet of a report and what its rows are made from, one record at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from reporting.columns import Column

CHUNK = 500
"""Records read at a time."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its names, its columns, and those that tell its rows apart when two runs are compared."""

    key: str
    name_fr: str
    name_en: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_fr

    def chosen(self, keys: Sequence[str]) -> tuple[Column, ...]:
        """The columns asked for (« sheet.column »; none asked means all), and always those that name a row."""
        asked = {key.partition(".")[2] for key in keys if key.partition(".")[0] == self.key}
        if not asked:
            return self.columns
        return tuple(column for column in self.columns if column.key in asked or column.key in self.identity)


@dataclass(frozen=True, slots=True)
class Source:
    """Records in order, how one becomes a row, and how one is named when it cannot be."""

    records: Iterable[Any]
    row: Callable[[Any], Mapping[str, Any]]
    name: Callable[[Any], str] = str


@dataclass(frozen=True, slots=True)
class Streamed:
    """The records of a query, read again each time and never all held at once."""

    query: QuerySet[Any]

    def __iter__(self) -> Iterator[Any]:
        return self.query.iterator(CHUNK)


@dataclass(frozen=True, slots=True)
class Joined:
    """Several runs of records, one after the other, each time they are asked for."""

    parts: tuple[Iterable[Any], ...]

    def __iter__(self) -> Iterator[Any]:
        return chain.from_iterable(self.parts)


def made(rows: Iterable[Mapping[str, Any]], *keys: str) -> Source:
    """A source whose records are rows already, named by some of their columns."""
    return Source(rows, lambda row: row, lambda row: " ".join(str(row.get(key, "")) for key in keys))
