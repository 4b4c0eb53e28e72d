"""How a table of an audit pack is made: of columns of its own, or of a list's for the rows of one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reporting.columns import Column
from reporting.lists.base import Listing
from reporting.pack.model import Table

Rows = Iterable[Mapping[str, Any]]


def table(element: int, key: str, french: str, english: str, columns: tuple[Column, ...], rows: Rows) -> Table:
    """A table with its names, in an element of Annex XIII."""
    return Table(element, key, french, english, columns, list(rows))


def listed(element: int, key: str, listing: Listing, region: Any, **only: Any) -> Table:
    """The rows of one file in a list of the auditor."""
    found = list(listing.source([region]).filter(**only).order_by("pk"))
    return Table(element, key, listing.name_fr, listing.name_en, listing.columns, list(listing.values(found)))


def values(rows: Iterable[Any], columns: tuple[Column, ...]) -> Rows:
    """What the rows hold under the names of the columns."""
    return ({column.key: getattr(row, column.key) for column in columns} for row in rows)
