"""How the rules declare their inputs, in few words: members, amounts, percentages, dates, lists."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from applications.rules.compute.records import Member, Record, Rows, Table
from applications.rules.compute.shapes import Choice, Day, Flag, Number, Shape, Text, Whole, side

MOST_ROWS = 5000


def need(name: str, shape: Shape) -> Member:
    """A member that has to be given."""
    return Member(name, shape, needed=True)


def may(name: str, shape: Shape, default: Any = None) -> Member:
    """A member that may be left out or be null."""
    return Member(name, shape, needed=False, default=default)


def record(words: str, *members: Member, any_of: Sequence[str] = ()) -> Record:
    """An object with these members."""
    return Record(words=words, members=members, any_of=tuple(any_of))


def rows(words: str, item: Shape, least: int = 0, most: int = MOST_ROWS) -> Rows:
    """A list of these items."""
    return Rows(words=words, item=item, least=least, most=most)


def choice(words: str, options: Sequence[str]) -> Choice:
    """One of these words."""
    return Choice(words=words, options=tuple(options))


def flag(words: str) -> Flag:
    """True or false."""
    return Flag(words=words)


def day(words: str) -> Day:
    """A date."""
    return Day(words=words)


def text(words: str) -> Text:
    """A text."""
    return Text(words=words)


def table(words: str, value: Shape) -> Table:
    """Free names, values of one shape."""
    return Table(words=words, value=value)


def _with_unit(words: str, fr: str, en: str) -> str:
    return f"{side(words, 'fr')}{fr} | {side(words, 'en')}{en}"


def euro(words: str, *, signed: bool = False) -> Number:
    """An amount in euro, zero or more unless it is `signed`."""
    return Number(words=_with_unit(words, ", en euros", ", in euro"), least=None if signed else Decimal(0))


def percent(words: str, most: int = 100) -> Number:
    """A percentage: 80 is 80 %."""
    return Number(words=_with_unit(words, ", en %", ", in %"), least=Decimal(0), most=Decimal(most))


def number(words: str, least: int | None = 0, most: int | None = None) -> Number:
    """A number whose unit is in its words."""
    return Number(words=words, least=_bound(least), most=_bound(most))


def whole(words: str, least: int | None = 0, most: int | None = None) -> Whole:
    """A whole number."""
    return Whole(words=words, least=_bound(least), most=_bound(most))


def _bound(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
