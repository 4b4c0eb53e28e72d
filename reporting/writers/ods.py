"""An OpenDocument spreadsheet for LibreOffice, written as its rows come; for small reports only.

A spreadsheet program reads the whole of such a file before it shows the first line: past a stated
number of rows the writer refuses, and says which format to take instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import IO, Any, Self, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from reporting.columns import Column
from reporting.writers import ods_cells, ods_parts
from reporting.writers.cells import of_type
from reporting.writers.names import SheetNames
from reporting.writers.streams import ByteStream, CannotWrite

MAX_ROWS = 50_000
LEVEL = 1
_BATCH = 200
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the one time that every part bears, so that the same rows give the same bytes


class OdsWriter:
    """A workbook over a binary stream; use as a context manager. `limit` counts all rows but the headings."""

    def __init__(
        self, stream: ByteStream, *, title: str, author: str, created: datetime, language: str,
        zone: str = "Europe/Paris", limit: int = MAX_ROWS,
    ) -> None:  # fmt: skip
        self._archive = ZipFile(cast(IO[bytes], stream), "w", ZIP_DEFLATED, compresslevel=LEVEL)
        self._language, self._limit, self._left = language, limit, limit
        self._cells = ods_cells.kinds(language, zone)
        self._names = SheetNames("Sheet" if language.startswith("en") else "Feuille")
        self._pages: list[ods_parts.Page] = []
        self._archive.writestr(_info("mimetype", ZIP_STORED), ods_parts.MIME)  # first and bare, says the standard
        self._part("META-INF/manifest.xml", ods_parts.manifest())
        self._part("meta.xml", ods_parts.meta(title, author, created, language))
        self._part("styles.xml", ods_parts.styles())
        self._body = self._archive.open(_info("content.xml"), "w")
        self._put(ods_parts.content_head(language, zone))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and not self._pages:
                self.sheet("", [], [])
            self._put(ods_parts.content_foot(self._pages))
            self._body.close()
            if kind is None:
                self._part("settings.xml", ods_parts.settings(self._pages))
        finally:
            self._archive.close()

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
        """Write a sheet of typed columns under their headings; too many rows raise CannotWrite.

        Returns the sheet's name and rows.
        """
        legal = self._names.take(name)
        fields = [(column.key, self._cells[column.kind], column) for column in columns]
        self._put(ods_parts.table_head(legal, columns, self._language))
        count, left = 0, iter(rows)
        while batch := list(islice(left, _BATCH)):
            count += self._counted(len(batch))
            self._put("".join(ods_cells.row(line, fields, self._language) for line in batch))
        self._put("</table:table>")
        self._pages.append(ods_parts.Page(legal, len(columns), count + 1))
        return [(legal, count)]

    def table(self, name: str, headings: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
        """Write a small sheet of loose values: a column whose values are all of a kind has it, any other is text."""
        rows = [[_plain(value) for value in line] for line in lines]
        columns = [_loose(str(n), heading, [line[n] for line in rows]) for n, heading in enumerate(headings)]
        self.sheet(name, columns, ({c.key: _fit(v, c) for c, v in zip(columns, row, strict=True)} for row in rows))

    def _counted(self, rows: int) -> int:
        self._left -= rows
        if self._left < 0:
            limit = f"{self._limit:,}"
            raise CannotWrite(
                f"Le format ODS est réservé aux rapports de {limit.replace(',', chr(0x202F))} lignes au plus : "
                "choisir XLSX ou CSV.",
                f"ODS is for reports of at most {limit} rows: choose XLSX or CSV.",
            )
        return rows

    def _put(self, text: str) -> None:
        self._body.write(text.encode("utf-8"))

    def _part(self, name: str, text: str) -> None:
        self._archive.writestr(_info(name), text.encode("utf-8"))


def _plain(value: Any) -> Any:
    return f"{value:%Y-%m-%d %H:%M:%S %Z}" if isinstance(value, datetime) else value


def _loose(key: str, heading: str, values: Sequence[Any]) -> Column:
    kinds = {of_type(value) for value in values if value is not None}
    return Column(key, heading, heading, kinds.pop() if len(kinds) == 1 else "text")


def _fit(value: Any, column: Column) -> Any:
    return str(value) if column.kind == "text" and value is not None else value


def _info(name: str, packing: int = ZIP_DEFLATED) -> ZipInfo:
    info = ZipInfo(name, _ALWAYS)
    info.compress_type = packing
    return info
