"""Spreadsheet cells a column at a time, for sheets of many rows.

A batch of ordinary values of one type is checked and written in a few passes over the whole column;
any other batch goes cell by cell through `cells`. Both ways give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, repeat
from types import NoneType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from reporting.writers import cells

T = TypeVar("T")
Texts = Callable[[tuple[Any, ...]], list[str] | None]
"""What stands inside the cells of a column, or None when one of the values is out of the ordinary."""

_MEMO = 2_000
_SUSPECT = bytes([*range(9), *range(0xB, 0x20), 0x7F, *b"&<>_", 0xC2, 0xE2, 0xED, 0xEF])
"""Bytes of UTF-8 without which no text has a character to escape or to clean; a few good texts have some."""
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_AMOUNTS = re.compile(r"(?:-?[0-9]{1,12}\.[0-9]{2} )*")
_NO_AMOUNT = "-0.00 "
_TRUTH = {False: "0", True: "1"}
_DAY, _QUARTER = 86_400, 900
_UNIX_EPOCH = 25_569  # the number of 1 January 1970 in a spreadsheet
_REGULAR = 315_532_800  # 1 January 1980: since then every zone changes its clock at a quarter of an hour
_EPOCH = 693_594  # the ordinal of 30 December 1899
_FIRST_DAY = date(1900, 3, 1)


class Memo(dict[Any, T]):
    """What was made of values seen before; emptied when it grows, so that memory stays flat."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> T:
        if len(self) >= _MEMO:
            self.clear()
        made = self[value] = self._make(value)
        return made


def _plain_texts(values: tuple[str, ...]) -> list[str] | None:
    joined = "".join(values)
    if len(joined) > cells.SURELY_SHORT and max(map(len, values)) > cells.SURELY_SHORT:
        return None
    if "" in values or not _nothing_to_escape(joined) or values != tuple(map(str.strip, values)):
        return None
    return list(values)


def _nothing_to_escape(text: str) -> bool:
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    if len(content.translate(None, _SUSPECT)) == len(content):
        return True
    return not _SPECIAL.search(text) and "_x" not in text


def _integers(values: tuple[int, ...]) -> list[str] | None:
    texts = list(map(str, values))
    return texts if max(map(len, texts)) <= cells.DIGITS else None


def _amounts(values: tuple[Decimal, ...]) -> list[str] | None:
    texts = list(map(str, values))
    joined = " ".join(texts) + " "
    return texts if _AMOUNTS.fullmatch(joined) and _NO_AMOUNT not in joined else None


def _ratios() -> Texts:
    """Numbers rounded as `cells.rounded` does; the same digits are worked out once."""
    memo = Memo(lambda digits: cells.rounded(Decimal(digits), "decimal"))
    return lambda values: list(map(memo.__getitem__, map(str, values)))


def _days() -> Texts:
    memo = Memo(lambda day: str(day.toordinal() - _EPOCH))
    return lambda values: None if min(values) < _FIRST_DAY else list(map(memo.__getitem__, values))


def _moments(zone: str) -> Texts:
    """Local days and their fraction, as `cells.serial` counts them; the zone's offset is asked once for a while."""
    local = ZoneInfo(zone)

    def offset(quarter: int) -> float:
        shift = datetime.fromtimestamp(quarter * _QUARTER, local).utcoffset()
        return shift.total_seconds() if shift is not None else 0

    offsets = Memo(offset)

    def texts(values: tuple[datetime, ...]) -> list[str] | None:
        if None in [value.tzinfo for value in values]:
            return None
        seconds = [value.timestamp() // 1 for value in values]
        if min(seconds) < _REGULAR:
            return None
        days = [divmod(at + offsets[at // _QUARTER], _DAY) for at in seconds]
        return [f"{_UNIX_EPOCH + day + rest / _DAY:.9f}" for day, rest in days]

    return texts


def _booleans(values: tuple[bool, ...]) -> list[str] | None:
    return list(map(_TRUTH.__getitem__, values))


def _ordinary(zone: str) -> dict[str, tuple[type, Texts]]:
    """Kind → the type of its ordinary values and how they are written."""
    return {
        "text": (str, _plain_texts),
        "integer": (int, _integers),
        "money": (Decimal, _amounts),
        "decimal": (Decimal, _ratios()),
        "percent": (Decimal, _ratios()),
        "date": (date, _days()),
        "moment": (datetime, _moments(zone)),
        "boolean": (bool, _booleans),
    }


class ColumnCells:
    """One column of a sheet: its values in, the text of its cells out."""

    def __init__(self, kind: str, zone: str, cell: cells.Cell, words: dict[Any, Any] | None) -> None:
        self._cell, self._words = cell, words
        self._type, self._texts = _ordinary(zone)[kind]
        self._frame = cells.frame(kind)

    def fill(self, values: tuple[Any, ...]) -> tuple[str, list[str], str]:
        """What comes before each value of a batch, the values as text, and what comes after each."""
        if self._words is not None:
            words = self._words
            values = tuple([words.get(value, value) for value in values])
        types = set(map(type, values))
        if types == {self._type} and (texts := self._texts(values)) is not None:
            head, tail = self._frame
            return head, texts, tail
        return "", self._one_by_one(values, types), ""

    def _one_by_one(self, values: tuple[Any, ...], types: set[type]) -> list[str]:
        found = self._with_gaps(values) if types == {self._type, NoneType} else None
        return found or [cells.EMPTY if value is None else self._cell(value) for value in values]

    def _with_gaps(self, values: tuple[Any, ...]) -> list[str] | None:
        texts = self._texts(tuple([value for value in values if value is not None]))
        if texts is None:
            return None
        head, tail = self._frame
        given = iter(texts)
        return [cells.EMPTY if value is None else f"{head}{next(given)}{tail}" for value in values]


def lines(columns: Sequence[ColumnCells], batch: Sequence[Sequence[Any]], first: int) -> str:
    """The rows of a batch as XML, numbered from `first`; ordinary cells never pass through Python one by one."""
    steps: list[Iterable[str]] = [map(str, range(first, first + len(batch)))]
    before = '">'
    for column, values in zip(columns, zip(*batch, strict=True), strict=True):
        head, texts, tail = column.fill(values)
        steps += repeat(f"{before}{head}"), texts
        before = tail
    side_by_side = zip(repeat('<row r="'), *steps, repeat(f"{before}</row>"), strict=False)
    return "".join(chain.from_iterable(side_by_side))
