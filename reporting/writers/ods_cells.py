"""Typed values as OpenDocument cells (ODF 1.3, part 3): the value for programs, the text for readers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from reporting.columns import Column, canonical
from reporting.writers.cells import MAX_CHARACTERS, cut, cut_mark, escape, exact, rounded
from reporting.writers.sanitise import clean

Cell = Callable[[Any], str]
EMPTY = "<table:table-cell/>"
_TEXT = '<table:table-cell table:style-name="text" office:value-type="string">'

_KEPT = re.compile("(^ +| +$| {2,}|\t)")


def row(values: Mapping[str, Any], fields: Sequence[tuple[str, Cell, Column]], language: str) -> str:
    """A row; codes of closed lists are put in words."""
    found = ((values[key], cell, column) for key, cell, column in fields)
    cells = (EMPTY if value is None else cell(column.shown(value, language)) for value, cell, column in found)
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def kinds(language: str, zone: str) -> dict[str, Cell]:
    """Kind of column → its cell; a moment is in the time of `zone`, to the second."""
    local, mark = ZoneInfo(zone), cut_mark(language)

    def text(value: Any) -> str:
        shown = cut(clean(str(value)), MAX_CHARACTERS, mark)
        return f"{_TEXT}{paragraphs(shown)}</table:table-cell>"

    return {
        "text": text,
        "integer": _exact("integer", "float", text),
        "money": _exact("money", 'currency" office:currency="EUR', text),
        "decimal": lambda value: _number("decimal", "float", rounded(value, "decimal")),
        "percent": lambda value: _number("percent", "percentage", rounded(value, "percent"), _percent(value)),
        "date": lambda value: _dated("date", canonical(value, "date")),
        "moment": lambda value: _dated("moment", _local(value, local)),
        "boolean": lambda value: _boolean(canonical(value, "boolean"), language),
    }


def paragraphs(text: str) -> str:
    """Text as the format keeps it: a paragraph per line, spaces and tabs counted, never a formula."""
    return "".join(f"<text:p>{_line(line)}</text:p>" for line in text.split("\n"))


def _line(line: str) -> str:
    pieces = _KEPT.split(line)
    pieces[::2] = map(escape, pieces[::2])
    pieces[1::2] = map(_kept, pieces[1::2])
    return "".join(pieces)


def _kept(blank: str) -> str:
    return "<text:tab/>" if blank == "\t" else f'<text:s text:c="{len(blank)}"/>'


def _exact(kind: str, value_type: str, text: Cell) -> Cell:
    """The exact digits, as text when a spreadsheet would falsify them."""

    def cell(value: Any) -> str:
        digits = canonical(value, kind)
        return _number(kind, value_type, digits) if exact(digits) else text(digits)

    return cell


def _number(style: str, value_type: str, digits: str, shown: str = "") -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="{value_type}" office:value="{digits}">'
        f"<text:p>{shown or digits}</text:p></table:table-cell>"
    )


def _percent(value: Any) -> str:
    return f"{Decimal(canonical(value, 'percent')) * 100:.2f}%"


def _dated(style: str, iso: str) -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="date" office:date-value="{iso}">'
        f"<text:p>{iso}</text:p></table:table-cell>"
    )


def _local(value: Any, zone: ZoneInfo) -> str:
    local = datetime.fromisoformat(canonical(value, "moment")).astimezone(zone)
    return local.replace(tzinfo=None).isoformat(timespec="seconds")


def _boolean(truth: str, language: str) -> str:
    words = ("TRUE", "FALSE") if language.startswith("en") else ("VRAI", "FAUX")
    return (
        f'<table:table-cell table:style-name="boolean" office:value-type="boolean" office:boolean-value="{truth}">'
        f"<text:p>{words[truth == 'false']}</text:p></table:table-cell>"
    )
