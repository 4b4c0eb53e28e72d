"""A CSV file against a table schema: header, required, type, pattern, enumeration, length and bounds.

Only what our schemas use is known; a constraint that is not raises KeyError rather than pass unseen.
Each fault names its line (the header is line 1) and its column.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Field = Mapping[str, Any]
Said = tuple[str, str]
"""A fault in French and in English."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where."""

    line: int
    column: str
    french: str
    english: str

    def said(self, language: str) -> str:
        where = f"{self.line}, colonne {self.column}" if self.column else f"{self.line}"
        if language.startswith("en"):
            return f"Line {where.replace('colonne', 'column')}: {self.english}."
        return f"Ligne {where} : {self.french}."

    def __str__(self) -> str:
        return self.said("fr")


def load(path: Path) -> dict[str, Any]:
    """A schema from its JSON file."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def problems(content: bytes, schema: Mapping[str, Any]) -> Iterator[Fault]:
    """Every fault of a file: encoding, header, then cell by cell."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Fault(1, "", f"n’est pas en UTF-8 (octet {error.start})", f"not UTF-8 (byte {error.start})")
        return
    if text.startswith("\ufeff"):
        yield Fault(1, "", "commence par une marque d’ordre des octets", "begins with a byte order mark")
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    yield from _lines(lines, schema["fields"])


def _lines(lines: Iterator[list[str]], fields: Sequence[Field]) -> Iterator[Fault]:
    names = [field["name"] for field in fields]
    header = next(lines, [])
    if header != names:
        yield Fault(1, "", f"les colonnes ne sont pas {', '.join(names)}", f"the columns are not {', '.join(names)}")
        return
    for number, line in enumerate(lines, start=2):
        if len(line) != len(fields):
            yield Fault(number, "", f"{len(line)} valeurs pour {len(fields)} colonnes",
                        f"{len(line)} values for {len(fields)} columns")  # fmt: skip
            continue
        yield from row_faults(number, dict(zip(names, line, strict=True)), fields)


def row_faults(number: int, row: Mapping[str, str], fields: Sequence[Field]) -> Iterator[Fault]:
    """The faults of one line, given as column → text."""
    for field in fields:
        for french, english in _cell(row[field["name"]], field):
            yield Fault(number, field["name"], french, english)


def _cell(text: str, field: Field) -> Iterator[Said]:
    constraints = field.get("constraints", {})
    if text == "":
        if constraints.get("required"):
            yield "une valeur est obligatoire", "a value is required"
        return
    typed = _TYPES[field["type"]](text, field)
    if typed is not None:
        yield typed
        return
    for name, limit in constraints.items():
        fault = _CONSTRAINTS[name](text, limit)
        if fault is not None:
            yield fault


def _is_text(text: str, field: Field) -> Said | None:
    return None


def _is_day(text: str, field: Field) -> Said | None:
    try:
        real = bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        real = False
    return None if real else (f"« {text} » n’est pas une date AAAA-MM-JJ", f"“{text}” is not a date YYYY-MM-DD")


def _is_number(text: str, field: Field) -> Said | None:
    if _NUMBER.fullmatch(text):
        return None
    return f"« {text} » n’est pas un nombre à point décimal", f"“{text}” is not a number with a decimal point"


def _is_boolean(text: str, field: Field) -> Said | None:
    known = [*field["trueValues"], *field["falseValues"]]
    return None if text in known else _not_in(text, known)


_TYPES: Mapping[str, Callable[[str, Field], Said | None]] = {
    "string": _is_text, "date": _is_day, "number": _is_number, "boolean": _is_boolean,
}  # fmt: skip


def _not_in(text: str, known: Sequence[str]) -> Said | None:
    listed = ", ".join(known)
    return f"« {text} » n’est pas l’une des valeurs {listed}", f"“{text}” is not one of {listed}"


def _required(text: str, limit: Any) -> Said | None:
    return None


def _pattern(text: str, limit: Any) -> Said | None:
    if re.fullmatch(limit, text, re.ASCII):
        return None
    return f"« {text} » n’a pas la forme attendue", f"“{text}” has not the expected form"


def _enum(text: str, limit: Any) -> Said | None:
    return None if text in limit else _not_in(text, limit)


def _max_length(text: str, limit: Any) -> Said | None:
    if len(text) <= limit:
        return None
    return f"{len(text)} caractères pour {limit} au plus", f"{len(text)} characters for {limit} at most"


def _minimum(text: str, limit: Any) -> Said | None:
    return None if Decimal(text) >= Decimal(limit) else (f"{text} est inférieur à {limit}", f"{text} is below {limit}")


def _maximum(text: str, limit: Any) -> Said | None:
    return None if Decimal(text) <= Decimal(limit) else (f"{text} dépasse {limit}", f"{text} is above {limit}")


_CONSTRAINTS: Mapping[str, Callable[[str, Any], Said | None]] = {
    "required": _required, "pattern": _pattern, "enum": _enum, "maxLength": _max_length, "minimum": _minimum,
    "maximum": _maximum,
}  # fmt: skip
