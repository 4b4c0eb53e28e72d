"""One door for every file format: the same columns and rows, hashed as they are written.

The content hash covers language, columns and canonical rows, as in a report's run; it does not know
the format, so a CSV and a workbook of the same rows bear the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, cast

from reporting.columns import Column, ContentHash
from reporting.writers.csv import write_csv
from reporting.writers.jsonl import jsonl_chunks
from reporting.writers.ods import OdsWriter
from reporting.writers.parquet import write_parquet
from reporting.writers.streams import ByteStream, CannotWrite, Hashed
from reporting.writers.xlsx import XlsxWriter

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself. `key` names the sheet in the content hash, `name` is what readers see."""

    key: str
    name: str
    title: str
    author: str
    created: datetime
    language: str = "fr"
    zone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Written:
    """What came out: rows, bytes, the hash of the file and that of its content, which no format changes."""

    rows: int
    size: int
    file_sha256: str
    content_sha256: str


Write = Callable[[ByteStream, About, Sequence[Column], Rows], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A format to choose: how it is named, what ends its file names, its media type, who writes it."""

    key: str
    label_fr: str
    label_en: str
    extension: str
    media_type: str
    run: Write

    def label(self, language: str) -> str:
        return self.label_en if language.startswith("en") else self.label_fr


def _book(writer: type[XlsxWriter | OdsWriter]) -> Write:
    def write_book(stream: ByteStream, about: About, columns: Sequence[Column], rows: Rows) -> None:
        with writer(
            cast(IO[bytes], stream), title=about.title, author=about.author, created=about.created,
            language=about.language, zone=about.zone,
        ) as book:  # fmt: skip
            book.sheet(about.name, columns, rows)

    return write_book


def _csv(style: str) -> Write:
    def write(stream: ByteStream, about: About, columns: Sequence[Column], rows: Rows) -> None:
        write_csv(stream, columns, rows, style=style, language=about.language, zone=about.zone)

    return write


def _jsonl(stream: ByteStream, about: About, columns: Sequence[Column], rows: Rows) -> None:
    for piece in jsonl_chunks(columns, rows):
        stream.write(piece)


def _parquet(stream: ByteStream, about: About, columns: Sequence[Column], rows: Rows) -> None:
    write_parquet(stream, columns, rows, language=about.language)


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_CSV = "text/csv; charset=utf-8"

FORMATS: Mapping[str, Format] = {
    made.key: made
    for made in (
        Format("xlsx", "Classeur Excel (XLSX)", "Excel workbook (XLSX)", "xlsx", _XLSX, _book(XlsxWriter)),
        Format("ods", "Classeur OpenDocument (ODS)", "OpenDocument spreadsheet (ODS)", "ods", _ODS, _book(OdsWriter)),
        Format("csv-fr", "CSV français (« ; » et virgule)", "French CSV (“;” and comma)", "csv", _CSV, _csv("fr")),
        Format(
            "csv", "CSV international (« , » et point)", "International CSV (“,” and point)", "csv", _CSV,
            _csv("international"),
        ),
        Format("jsonl", "Lignes JSON", "JSON Lines", "jsonl", "application/x-ndjson", _jsonl),
        Format("parquet", "Parquet", "Parquet", "parquet", "application/vnd.apache.parquet", _parquet),
    )
}  # fmt: skip


def write(key: str, stream: ByteStream, about: About, columns: Sequence[Column], rows: Rows) -> Written:
    """Write rows in a format, reading them once; CannotWrite says in a sentence why a file cannot be made."""
    if key not in FORMATS:
        known = ", ".join(FORMATS)
        raise CannotWrite(f"Format inconnu : {key} ; choisir parmi {known}.", f"Unknown format {key}: take {known}.")
    out, content = Hashed(stream), ContentHash(about.language)
    counted = Counted(content.through(about.key, columns, rows))
    FORMATS[key].run(out, about, columns, counted)
    return Written(counted.rows, out.size, out.sha256, content.hexdigest())


class Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Rows) -> None:
        self._left, self.rows = iter(rows), 0

    def __iter__(self) -> Counted:
        return self

    def __next__(self) -> Mapping[str, Any]:
        row = next(self._left)
        self.rows += 1
        return row
