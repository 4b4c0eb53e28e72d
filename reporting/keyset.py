"""Keyset pages: the rows after a known one, so that page 2,000 costs what page 1 does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

SIZE = 50
SEPARATOR = "~"


def text(given: str) -> str:
    """A text of an address; the databases refuse NUL."""
    if "\0" in given:
        raise ValueError("a text without NUL was expected")
    return given


def moment(given: str) -> datetime:
    """A moment of an address, with its zone."""
    found = datetime.fromisoformat(given)
    if found.utcoffset() is None:
        raise ValueError("a moment with its zone was expected")
    return found


@dataclass(frozen=True, slots=True)
class Key:
    """A field of the order, never null, and how its text in an address is read again."""

    field: str
    read: Callable[[str], Any] = int
    descending: bool = False

    @property
    def order(self) -> str:
        return f"-{self.field}" if self.descending else self.field

    def beyond(self, value: Any) -> Q:
        return Q(**{f"{self.field}__{'lt' if self.descending else 'gt'}": value})


BY_ID = (Key("id"),)
LATEST_FIRST = (Key("id", descending=True),)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows, and what the address of the following one carries: "" on the last."""

    rows: list[Any]
    following: str
    first: bool


def page(rows: Any, keys: tuple[Key, ...], after: str = "", size: int = SIZE) -> Page:
    """The page after a mark; the last key must be unique. A mark that makes no sense gives the first page."""
    place = _read(keys, after)
    ordered = rows.order_by(*(key.order for key in keys))
    found = list((ordered.filter(_beyond(keys, place)) if place else ordered)[: size + 1])
    more = len(found) > size
    return Page(found[:size], _mark(keys, found[size - 1]) if more else "", not place)


def _beyond(keys: tuple[Key, ...], place: tuple[Any, ...]) -> Q:
    """Past the first key, or level with it and past the next, and so on."""
    condition, level = Q(), Q()
    for key, value in zip(keys, place, strict=True):
        condition |= level & key.beyond(value)
        level &= Q(**{key.field: value})
    return condition


def _mark(keys: tuple[Key, ...], row: Any) -> str:
    return SEPARATOR.join(_text(_value(row, key.field)) for key in keys)


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = row[name] if isinstance(row, dict) else getattr(row, name)
    return row


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _read(keys: tuple[Key, ...], mark: str) -> tuple[Any, ...]:
    parts = mark.split(SEPARATOR) if mark else []
    try:
        return tuple(key.read(part) for key, part in zip(keys, parts, strict=True))
    except (ValueError, OverflowError):
        return ()
