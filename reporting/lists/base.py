"""What a list is: which rows, in what order, under which filters, and the columns that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from regions.models import Region
from reporting.columns import Column
from reporting.keyset import Key
from reporting.words import words

CHUNK = 2000
Where = Callable[[Any, str], Q]


@dataclass(frozen=True, slots=True)
class Filter:
    """A question that narrows a list: `kind` is text, choice or date; `where` makes the condition."""

    key: str
    label: Any
    where: Where
    kind: str = "text"
    choices: Sequence[tuple[str, Any]] = ()

    def said(self, value: Any) -> Any:
        """An answer in words, for a page that says how a list was narrowed."""
        return str(dict(self.choices).get(value, value)) if self.kind == "choice" else value


def _nothing(rows: Sequence[Any]) -> None:
    """Most lists need nothing more than their own rows."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: `source` gives the rows of some regions, `row` the values of one, by column key.

    `shown` are the columns of the screen, in its order; a file has them all. `prepare` completes a
    batch of rows with what one query brings for all of them. `identity` are the columns that tell a
    row apart when two exports are compared.
    """

    key: str
    name_fr: str
    name_en: str
    columns: tuple[Column, ...]
    shown: tuple[str, ...]
    keys: tuple[Key, ...]
    source: Callable[[Iterable[Region]], QuerySet[Any]]
    row: Callable[[Any], dict[str, Any]]
    filters: tuple[Filter, ...] = ()
    prepare: Callable[[Sequence[Any]], None] = _nothing
    identity: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_fr

    def select(self, regions: Iterable[Region], given: Mapping[str, Any], zone: str) -> QuerySet[Any]:
        """The rows of some regions that pass the filters given, days being those of the zone."""
        rows = self.source(regions)
        for question in self.filters:
            value = given.get(question.key)
            if value not in (None, ""):
                rows = rows.filter(question.where(value, zone))
        return rows

    def export(self, rows: QuerySet[Any]) -> Iterator[dict[str, Any]]:
        """Every row, read from the database as it is written, so that memory stays flat."""
        return (self.row(found) for found in self.records(rows))

    def records(self, rows: QuerySet[Any]) -> Iterator[Any]:
        """What every row is made from, in order, each batch completed."""
        found = rows.order_by(*(key.order for key in self.keys)).iterator(chunk_size=CHUNK)
        while batch := list(islice(found, CHUNK)):
            self.prepare(batch)
            yield from batch

    def values(self, rows: Sequence[Any]) -> Iterator[dict[str, Any]]:
        """The values of some rows, by column key."""
        self.prepare(rows)
        return (self.row(found) for found in rows)

    def on_screen(self) -> tuple[Column, ...]:
        by_key = {column.key: column for column in self.columns}
        return tuple(by_key[key] for key in self.shown)


NAMES = {"firm", "member", "assigned_to", "actor", "made_by", "added_by", "author", "payee_name"}
"""Columns that hold names of people or of firms, which may be a person's: outside every hash of content."""


def column(key: str, fr: str, en: str, kind: str = "text", choices: type[TextChoices] | None = None) -> Column:
    """A column of a list; the codes of a closed list are put in words."""
    return Column(key, fr, en, kind, personal=key in NAMES, words=words(choices) if choices else None)


def contains(*paths: str) -> Where:
    """The condition that one of these texts contains what is looked for, whatever the case."""

    def where(text: str, zone: str) -> Q:
        found = Q()
        for path in paths:
            found |= Q(**{f"{path}__icontains": text.strip()})
        return found

    return where


def equals(path: str) -> Where:
    return lambda value, zone: Q(**{path: value})


def since(path: str) -> Where:
    """From a day on, that day included; `path` is a date."""
    return lambda day, zone: Q(**{f"{path}__gte": day})


def until(path: str) -> Where:
    """Up to a day, that day included; `path` is a date."""
    return lambda day, zone: Q(**{f"{path}__lte": day})


def since_moment(path: str) -> Where:
    """From the first second of a day of the zone; `path` is a moment."""
    return lambda day, zone: Q(**{f"{path}__gte": _midnight(day, zone)})


def until_moment(path: str) -> Where:
    """Up to the last second of a day of the zone; `path` is a moment."""
    return lambda day, zone: Q(**{f"{path}__lt": _midnight(day + timedelta(days=1), zone)})


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


SINCE = _("Depuis le")
UNTIL = _("Jusqu’au")


def between(path: str) -> tuple[Filter, Filter]:
    """The two ends of a period of days."""
    return Filter("since", SINCE, since(path), "date"), Filter("until", UNTIL, until(path), "date")


def between_moments(path: str) -> tuple[Filter, Filter]:
    """The two ends of a period, of moments."""
    first = Filter("since", SINCE, since_moment(path), "date")
    return first, Filter("until", UNTIL, until_moment(path), "date")


def masked(iban: str) -> str:
    """What a screen or a list shows of an account: its last four characters."""
    return f"…{iban[-4:]}"
