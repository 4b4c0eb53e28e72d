"""CSV, row by row: the French one opens in a French spreadsheet, the international one in a program."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from reporting.columns import Column, canonical
from reporting.writers.sanitise import clean, guard

Format = Callable[[Any], str]


class ByteStream(Protocol):
    """Anything that takes bytes: a file, a BytesIO, an HTTP response."""

    def write(self, content: bytes, /) -> Any: ...


class _Utf8:
    """The text stream that `csv` wants, over a stream of bytes that stays open and unread."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        self._stream.write(text.encode("utf-8"))


def write_csv(
    stream: ByteStream,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    style: str,
    language: str,
    zone: str = "Europe/Paris",
) -> None:
    """Write headings and rows as UTF-8, as they come.

    Style « fr »: BOM, semicolons, decimal comma, dd/mm/yyyy, percentages as « 85,00 % », moments in
    the time of `zone`. Style « international »: commas, decimal point, percentages as fractions (0.85), ISO 8601.
    """
    formats = _french(language, zone) if style == "fr" else _international(style)
    fields = [(column.key, formats[column.kind]) for column in columns]
    text = _Utf8(stream)
    text.write("\ufeff" if style == "fr" else "")
    out = csv.writer(text, delimiter=";" if style == "fr" else ",", lineterminator="\r\n")
    out.writerow([_safe(column.heading(language)) for column in columns])
    out.writerows([_cell(row[key], form) for key, form in fields] for row in rows)


def _cell(value: Any, form: Format) -> str:
    return "" if value is None else form(value)


def _safe(value: Any) -> str:
    return guard(clean(str(value)))


def _of(kind: str) -> Format:
    return lambda value: canonical(value, kind)


def _international(style: str) -> dict[str, Format]:
    if style != "international":
        raise ValueError(f"unknown CSV style {style}")
    kinds = ("integer", "money", "decimal", "percent", "date", "moment", "boolean")
    return {kind: _of(kind) for kind in kinds} | {"text": _safe}


def _french(language: str, zone: str) -> dict[str, Format]:
    yes, no = ("yes", "no") if language.startswith("en") else ("oui", "non")
    local = ZoneInfo(zone)
    return {
        "text": _safe,
        "integer": _of("integer"),
        "money": lambda value: canonical(value, "money").replace(".", ","),
        "decimal": lambda value: canonical(value, "decimal").replace(".", ","),
        "percent": _french_percent,
        "date": _french_date,
        "moment": lambda value: _french_moment(value, local),
        "boolean": lambda value: yes if canonical(value, "boolean") == "true" else no,
    }


def _french_date(value: Any) -> str:
    year, month, day = canonical(value, "date").split("-")
    return f"{day}/{month}/{year}"


def _french_moment(value: Any, zone: ZoneInfo) -> str:
    """The local time to the second; the canonical form refuses a moment without a zone."""
    local = datetime.fromisoformat(canonical(value, "moment")).astimezone(zone)
    return f"{_french_date(local.date())} {local:%H:%M:%S}"


def _french_percent(value: Any) -> str:
    """A fraction as a percentage, to the hundredth of a point: 0.85 is « 85,00 % »."""
    percent = Decimal(canonical(value, "percent")) * 100
    return f"{percent:.2f} %".replace(".", ",")
