"""CSV, row by row: the French one opens in a French spreadsheet, the international one in a program."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from reporting.columns import Column, canonical
from reporting.writers.cells import MAX_CHARACTERS, cut, cut_mark
from reporting.writers.sanitise import clean, guard
from reporting.writers.streams import ByteStream

Format = Callable[[Any], str]
CHUNK = 500


class _Buffer:
    """The text stream that `csv` wants: it keeps what is written until it is taken, as bytes."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def write(self, text: str) -> None:
        self._texts.append(text)

    def take(self) -> bytes:
        content = "".join(self._texts).encode("utf-8")
        self._texts.clear()
        return content


def csv_chunks(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    style: str,
    language: str,
    zone: str = "Europe/Paris",
) -> Iterator[bytes]:
    """Headings and rows as UTF-8, piece by piece: for a response that leaves while the rows are read.

    Style « fr »: BOM, semicolons, decimal comma, dd/mm/yyyy, percentages as « 85,00 % », moments in
    the time of `zone`, texts cut where a spreadsheet's cell ends. Style « international »: commas,
    decimal point, percentages as fractions (0.85), ISO 8601, texts whole.
    """
    formats = _french(language, zone) if style == "fr" else _international(style)
    fields = [(column, formats[column.kind]) for column in columns]
    buffer = _Buffer()
    out = csv.writer(buffer, delimiter=";" if style == "fr" else ",", lineterminator="\r\n")
    buffer.write("\ufeff" if style == "fr" else "")
    out.writerow([_safe(column.heading(language)) for column in columns])
    for rank, row in enumerate(rows, start=1):
        out.writerow([_cell(column.shown(row[column.key], language), form) for column, form in fields])
        if rank % CHUNK == 0:
            yield buffer.take()
    yield buffer.take()


def write_csv(
    stream: ByteStream,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    style: str,
    language: str,
    zone: str = "Europe/Paris",
) -> None:
    """Write headings and rows to a stream, as they come; the styles are those of `csv_chunks`."""
    for piece in csv_chunks(columns, rows, style=style, language=language, zone=zone):
        stream.write(piece)


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
    mark = cut_mark(language)
    return {
        "text": lambda value: cut(_safe(value), MAX_CHARACTERS, mark),
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
