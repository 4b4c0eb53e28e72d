"""A column, once: its key, its names, its kind and the law that asks for it.

The screen, the spreadsheet, the CSV file and the content hash all read the same object, so a figure
cannot be a date in one place and a text in another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import compress
from typing import IO, Any

from regions.money import from_cents, to_cents

NONE = "\x00"
"""What stands for no value at all: no text becomes it, for `canonical` doubles the NULs of a text."""

_NUMBER = re.compile(r"^(?:.*, |Art\. )")


def _text(value: Any) -> str:
    return str(value).replace("\x00", "\x00\x00")


def _integer(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is not an integer")
    return str(int(value))


def _number(value: Any) -> Decimal:
    """An exact number; floats are refused, since they are already rounded."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"{value!r} is not an exact number")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number")
    return number


def _money(value: Any) -> str:
    """Euro with two decimals; a fraction of a cent raises ValueError, for rounding is done before."""
    text = str(value)
    if type(value) is Decimal and text[-3:-2] == "." and text != "-0.00":
        return text  # already two decimals, which is the ordinary case
    return f"{from_cents(to_cents(_number(value))):.2f}"


def _decimal(value: Any) -> str:
    text = f"{_number(value):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _date(value: Any) -> str:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError(f"{value!r} is not a date")
    return value.isoformat()


def _moment(value: Any) -> str:
    """A moment in UTC to the microsecond; a moment without a zone is refused."""
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} is not a moment")
    if value.utcoffset() is None:
        raise ValueError(f"{value!r} has no time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _boolean(value: Any) -> str:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is not a boolean")
    return "true" if value else "false"


KINDS: Mapping[str, Callable[[Any], str]] = {
    "text": _text,
    "integer": _integer,
    "money": _money,
    "decimal": _decimal,
    "percent": _decimal,
    "date": _date,
    "moment": _moment,
    "boolean": _boolean,
}


def canonical(value: Any, kind: str) -> str:
    """The one exact string of a value: euro with two decimals, a percentage as a fraction (0.85), ISO dates.

    Equal values have equal strings and different values different ones; no value is `NONE`. Raises
    TypeError or ValueError when the value is not of its kind.
    """
    return NONE if value is None else KINDS[kind](value)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `kind` is one of KINDS, `reference` the legal text that asks for it, `width` in characters.

    `words` gives each code of a closed list its French and English: sheets show the words, the content
    hash counts the code. `personal` marks what retention may empty later (a name): it stays outside the content hash.
    """

    key: str
    label_fr: str
    label_en: str
    kind: str = "text"
    reference: str = ""
    personal: bool = False
    width: float | None = None
    words: Mapping[str, tuple[str, str]] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"column {self.key}: unknown kind {self.kind}")

    def shown(self, value: Any, language: str) -> Any:
        """A value as a reader sees it: a code of a closed list in words, anything else as it is."""
        if self.words is None or value not in self.words:
            return value
        return self.words[value][1 if language.startswith("en") else 0]

    def in_words(self, language: str) -> dict[Any, Any] | None:
        """Code → word of a closed list in one language, or None when values are shown as they are."""
        if self.words is None:
            return None
        return {code: self.shown(code, language) for code in self.words if code is not None}

    def label(self, language: str) -> str:
        return self.label_en if language.startswith("en") else self.label_fr

    def heading(self, language: str) -> str:
        """The label with the number that the law gives the field: « Nom [9] », « Nom [49(3)(d)] »."""
        number = _NUMBER.sub("", self.reference)
        return f"{self.label(language)} [{number}]" if number else self.label(language)


class ContentHash:
    """SHA-256 of what a report says: its sheets, columns and canonical rows, without personal columns.

    One line of JSON for each sheet and each row, so text that moves from a cell to its neighbour
    changes the hash. Column keys and kinds count, labels do not: a reworded label leaves last year's
    hash alone. Rows are read once, as they come. What is hashed may be kept in a stream too: those
    bytes are the canonical rows, and the hash is theirs.
    """

    def __init__(self, language: str, keep: IO[bytes] | None = None) -> None:
        self._digest, self._keep = hashlib.sha256(), keep
        self._counted: list[bool] = []
        self._line({"language": language})

    def sheet(self, key: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
        """Add a sheet; a row that lacks a column raises KeyError."""
        deque(self.through(key, columns, rows), maxlen=0)

    def through(
        self, key: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]
    ) -> Iterator[Mapping[str, Any]]:  # fmt: skip
        """Add a sheet row by row as somebody else reads it: for a file that is written and hashed in one pass."""
        self.open(key, columns)
        for row in rows:
            self.add(canonical(row[column.key], column.kind) for column in columns)
            yield row

    def open(self, key: str, columns: Sequence[Column]) -> None:
        """Begin a sheet: the rows added next are its own."""
        self._counted = [not column.personal for column in columns]
        counted = [[column.key, column.kind] for column in compress(columns, self._counted)]
        self._line({"sheet": key, "columns": counted})

    def add(self, texts: Iterable[str]) -> None:
        """Add a row by its canonical texts, in the order of the columns, personal ones included."""
        self._line(list(compress(texts, self._counted)))

    def _line(self, content: Any) -> None:
        line = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"
        self._digest.update(line)
        if self._keep is not None:
            self._keep.write(line)

    def hexdigest(self) -> str:
        """The hash of what was added so far, in hexadecimal."""
        return self._digest.hexdigest()
