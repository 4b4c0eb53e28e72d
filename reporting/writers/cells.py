"""Typed values as spreadsheet cells; where one stands, its rank in the row says (ECMA-376, part 1, 18.3.1.4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from reporting.columns import canonical
from reporting.writers.sanitise import clean

MAX_CHARACTERS = 32_767
DIGITS = 15
"""What a spreadsheet keeps of a number; a longer one is written as text rather than falsified."""

STYLES = ("plain", "header", "text", "integer", "money", "decimal", "percent", "date", "moment", "boolean")
"""The cell formats, in the order of the style sheet: an index there is a position here."""

_TEXTS = frozenset({"header", "text"})
STYLE = {name: index for index, name in enumerate(STYLES)}

Cell = Callable[[Any], str]
"""A value's cell."""

EMPTY = "<c/>"
"""The cell of no value, which keeps the place of its column."""

_EPOCH = date(1899, 12, 30)
# Excel believes in a 29 February 1900; its day numbers are right from the day after.
_FIRST_DAY = date(1900, 3, 1)
FIRST_SERIAL = 61
"""The first day whose number is right in every spreadsheet: 1 March 1900."""
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
SURELY_SHORT = MAX_CHARACTERS // 2
"""A text of so many characters fits: each counts for one or two."""
_KEPT = Context(prec=DIGITS)
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def escape(text: str) -> str:
    """Clean text as XML content or as an attribute between double quotes."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def frame(style: str) -> tuple[str, str]:
    """What comes before and after the value in a cell of a style."""
    if style in _TEXTS:
        return f'<c s="{STYLE[style]}" t="inlineStr"><is><t>', "</t></is></c>"
    kind = ' t="b"' if style == "boolean" else ""
    return f'<c s="{STYLE[style]}"{kind}><v>', "</v></c>"


def text_cell(style: str, language: str) -> Cell:
    """Inline strings: never a formula, whatever they begin with, and no table that grows with the rows."""
    mark = cut_mark(language)
    head, tail = frame(style)
    spaced = head.replace("<t>", '<t xml:space="preserve">')  # else spaces at the ends are dropped

    def cell(value: Any) -> str:
        text = str(value)
        if len(text) > SURELY_SHORT or _SPECIAL.search(text):
            text = _xml_string(cut(clean(text), MAX_CHARACTERS, mark))
        return f"{head if text == text.strip() else spaced}{text}{tail}" if text else EMPTY

    return cell


def cut_mark(language: str) -> str:
    """What ends a text that was too long for a cell."""
    return " … [text cut]" if language.startswith("en") else " … [texte coupé]"


def _xml_string(text: str) -> str:
    """XML content; « _x0041_ » would be read as « A », so its underscore is written as _x005F_."""
    text = _ESCAPED.sub("_x005F_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int, mark: str = "") -> str:
    """Text of at most `limit` UTF-16 units, as spreadsheets count; the mark shows that the rest is missing."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * limit:
        return text
    return units[: 2 * (limit - len(mark))].decode("utf-16-le", "ignore") + mark


def kinds(language: str, zone: str) -> dict[str, Cell]:
    """Kind of column → its cell; a moment is shown in the time of `zone`, to the second."""
    local = ZoneInfo(zone)
    text = text_cell("text", language)
    return {
        "text": text,
        "integer": _numeric("integer", text),
        "money": _numeric("money", text),
        "decimal": _ratio("decimal"),
        "percent": _ratio("percent"),
        "date": lambda value: _day(value, text),
        "moment": lambda value: _moment(value, local, text),
        "boolean": _boolean,
    }


def of_type(value: Any) -> str:
    """The kind of column that suits a loose value: money for two decimals, text for what is unknown."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Decimal):
        return "money" if value * 100 == int(value * 100) else "decimal"
    known = {int: "integer", datetime: "moment", date: "date"}
    return known.get(type(value), "text")


def _numeric(kind: str, text: Cell) -> Cell:
    """The exact digits, as a number when the spreadsheet can hold them all."""
    head, tail = frame(kind)

    def cell(value: Any) -> str:
        digits = canonical(value, kind)
        return f"{head}{digits}{tail}" if exact(digits) else text(digits)

    return cell


def exact(digits: str) -> bool:
    """Can a spreadsheet keep all the digits of a number?"""
    return len(digits) <= DIGITS or sum(map(str.isdigit, digits)) <= DIGITS


def rounded(value: Any, kind: str) -> str:
    """A number rounded half-even to the 15 significant digits that a spreadsheet keeps."""
    return f"{_KEPT.create_decimal(canonical(value, kind)):f}"


def _ratio(kind: str) -> Cell:
    head, tail = frame(kind)
    return lambda value: f"{head}{rounded(value, kind)}{tail}"


def _day(value: Any, text: Cell) -> str:
    """The number of the day; before March 1900 there is none, so the ISO date as text."""
    iso = canonical(value, "date")
    if value < _FIRST_DAY:
        return text(iso)
    head, tail = frame("date")
    return f"{head}{(value - _EPOCH).days}{tail}"


def _moment(value: Any, zone: ZoneInfo, text: Cell) -> str:
    """Days since the epoch in local time, the fraction to the second; `canonical` refuses a naive one."""
    local = datetime.fromisoformat(canonical(value, "moment")).astimezone(zone)
    if local.date() < _FIRST_DAY:
        return text(local.isoformat(sep=" ", timespec="seconds"))
    head, tail = frame("moment")
    return f"{head}{serial(local):.9f}{tail}"


def serial(local: datetime) -> float:
    """A local moment as spreadsheets count: the day's number and the part of the day that has passed."""
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return local.toordinal() - _EPOCH.toordinal() + seconds / 86_400


def _boolean(value: Any) -> str:
    """A real boolean, so it can be filtered and counted; the spreadsheet shows VRAI or TRUE itself."""
    head, tail = frame("boolean")
    return f"{head}{int(canonical(value, 'boolean') == 'true')}{tail}"
