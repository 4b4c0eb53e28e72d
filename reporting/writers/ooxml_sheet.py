"""What a spreadsheet would complain of in one worksheet, read row by row."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from xml.etree import ElementTree as ET

from reporting.writers.cells import MAX_CHARACTERS
from reporting.writers.xlsx import MAX_COLUMNS, MAX_ROWS, letters

# The order that the standard's schema gives to a worksheet's children (ECMA-376, CT_Worksheet).
ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing",
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
    "extLst",
)  # fmt: skip
REPEATABLE = frozenset({"conditionalFormatting"})
AFTER_LAST_DAY = 2_958_466  # the day after 31 December 9999

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")


@dataclass(frozen=True, slots=True)
class Formats:
    """What a sheet needs to know of the workbook: cell formats, those for dates, shared strings."""

    count: int
    dates: frozenset[int]
    shared: int = 0


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def position(reference: str) -> tuple[int, int] | None:
    """Column and row of « B12 », counted from 1; nothing when it is no cell of a sheet."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    return (column, row) if column <= MAX_COLUMNS and row <= MAX_ROWS else None


def problems(part: IO[bytes], formats: Formats) -> Iterator[str]:
    """What is wrong in a worksheet; a row is forgotten once read. XML errors raise ParseError."""
    path: list[ET.Element] = []
    seen: list[str] = []
    last_row = 0
    for event, element in ET.iterparse(part, ("start", "end")):
        if event == "start":
            path.append(element)
            if len(path) <= 2:
                yield from _place(element, len(path), seen)
            continue
        path.pop()
        if len(path) == 2 and local(element.tag) == "row":
            number = _whole(element.get("r"))
            yield from _row(element, number, last_row, formats)
            last_row = max(last_row, number)
            path[-1].clear()
        elif len(path) == 1:
            yield from _part(element)
    if "sheetData" not in seen:
        yield "there is no sheetData"


def _place(element: ET.Element, depth: int, seen: list[str]) -> Iterator[str]:
    """The root is a worksheet, and its children stand in the order of the schema."""
    name = local(element.tag)
    if depth == 1:
        if name != "worksheet":
            yield f"the root is {name}, not worksheet"
        return
    if name not in ORDER:
        yield f"{name} does not belong in a worksheet"
        return
    if seen and ORDER.index(name) <= ORDER.index(seen[-1]) and not (name == seen[-1] and name in REPEATABLE):
        yield f"{name} stands after {seen[-1]}"
    seen.append(name)


def _part(element: ET.Element) -> Iterator[str]:
    name = local(element.tag)
    if name == "autoFilter":
        yield from _area(element.get("ref", ""))
    elif name == "cols":
        yield from _columns(element)
    elif name == "sheetViews":
        yield from _panes(element)


def _area(reference: str) -> Iterator[str]:
    first, _, last = reference.partition(":")
    start, end = position(first), position(last or first)
    if start is None or end is None or start[0] > end[0] or start[1] > end[1]:
        yield f"autoFilter: {reference!r} is not an area"


def _columns(cols: ET.Element) -> Iterator[str]:
    last = 0
    for col in cols:
        first, end = _whole(col.get("min")), _whole(col.get("max"))
        if not last < first <= end <= MAX_COLUMNS:
            yield f"cols: {first}-{end} after {last}"
        if not 0 <= _real(col.get("width") or "0") <= 255:
            yield f"cols: width {col.get('width')} of {first}"
        last = end
    if not len(cols):
        yield "cols is empty"


def _panes(views: ET.Element) -> Iterator[str]:
    for pane in views.iter():
        corner = pane.get("topLeftCell")
        if corner is not None and position(corner) is None:
            yield f"pane: {corner!r} is not a cell"


def _row(row: ET.Element, number: int, last_row: int, formats: Formats) -> Iterator[str]:
    """The cells of a row, in order; one without a reference stands after the one before it, as the standard allows."""
    if not last_row < number <= MAX_ROWS:
        yield f"row {row.get('r')} after row {last_row}"
    last_column = 0
    for cell in row:
        name = cell.get("r")
        where = (last_column + 1, number) if name is None else position(name)
        if where is None or where[1] != number or where[0] <= last_column:
            yield f"cell {name!r} is out of place in row {number}"
        last_column = where[0] if where else last_column
        if last_column > MAX_COLUMNS:
            yield f"row {number}: more than {MAX_COLUMNS} cells"
        for problem in _cell(cell, formats):
            yield f"{name or f'{letters(last_column)}{number}'}: {problem}"


def _cell(cell: ET.Element, formats: Formats) -> Iterator[str]:
    style = _whole(cell.get("s", "0"))
    if not 0 <= style < formats.count:
        yield f"format {cell.get('s')} of {formats.count}"
    parts = {local(child.tag): child for child in cell}
    if "f" in parts:
        yield "a formula"
    kind = cell.get("t", "n")
    inspect = _KINDS.get(kind)
    if inspect is None:
        yield f"unknown type {kind}"
        return
    yield from inspect(parts, style in formats.dates, formats)


Parts = Mapping[str, ET.Element]


def _number(parts: Parts, dated: bool, formats: Formats) -> Iterator[str]:
    if "is" in parts:
        yield "inline text in a number"
    if "v" in parts:
        value = _real(parts["v"].text or "")
        if not math.isfinite(value):
            yield f"{parts['v'].text!r} is not a number"
        elif dated and not 0 <= value < AFTER_LAST_DAY:
            yield f"{parts['v'].text} is not a day"


def _boolean(parts: Parts, dated: bool, formats: Formats) -> Iterator[str]:
    if _value(parts) not in {"0", "1"}:
        yield f"{_value(parts)!r} is not a boolean"


def _iso_date(parts: Parts, dated: bool, formats: Formats) -> Iterator[str]:
    if not dated:
        yield "a date without a date format"
    try:
        datetime.fromisoformat(_value(parts))
    except ValueError:
        yield f"{_value(parts)!r} is not a date"


def _inline(parts: Parts, dated: bool, formats: Formats) -> Iterator[str]:
    if "is" not in parts or "v" in parts:
        yield "inline text without its text"
        return
    yield from _text("".join(parts["is"].itertext()), dated)


def _plain(parts: Parts, dated: bool, formats: Formats) -> Iterator[str]:
    yield from _text(_value(parts), dated)


def _text(text: str, dated: bool) -> Iterator[str]:
    length = len(_ESCAPE.sub("_", text).encode("utf-16-le", "surrogatepass")) // 2
    if length > MAX_CHARACTERS:
        yield f"{length} characters"
    if dated:
        yield "a text with a date format"


def _shared(parts: Parts, dated: bool, formats: Formats) -> Iterator[str]:
    if not 0 <= _whole(_value(parts)) < formats.shared:
        yield f"shared string {_value(parts)} of {formats.shared}"
    if dated:
        yield "a text with a date format"


def _error(parts: Parts, dated: bool, formats: Formats) -> Iterator[str]:
    yield f"an error value, {_value(parts)}"


_KINDS: Mapping[str, Callable[[Parts, bool, Formats], Iterator[str]]] = {
    "n": _number,
    "b": _boolean,
    "d": _iso_date,
    "inlineStr": _inline,
    "str": _plain,
    "s": _shared,
    "e": _error,
}


def _value(parts: Parts) -> str:
    return (parts["v"].text or "") if "v" in parts else ""


def _whole(text: str | None) -> int:
    """A whole number, or −1 for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() else -1


def _real(text: str) -> float:
    """A number, or NaN for what is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
