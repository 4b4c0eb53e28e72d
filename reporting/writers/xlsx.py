"""A workbook written as its rows come: flat memory, typed cells, and the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from operator import itemgetter
from types import TracebackType
from typing import IO, Any, Self
from zipfile import ZIP_DEFLATED, ZipFile

from reporting.columns import Column
from reporting.writers import batches, cells, parts
from reporting.writers.names import SheetNames

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
# A longer part would need the 64-bit zip header, which makes Excel offer a repair.
MAX_BYTES = 2**31 - 2**26
LEVEL = 1
_BATCH = 400
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<worksheet xmlns="{parts.MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
)
_FOOT = (
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
)
_WIDTHS = {
    "text": 28.0, "integer": 12.0, "money": 18.0, "decimal": 14.0, "percent": 11.0, "date": 12.0,
    "moment": 24.0, "boolean": 11.0,
}  # fmt: skip
_WIDEST = 70.0

Batch = Sequence[Sequence[Any]]
"""Rows of values, or of cells, in the order of the columns."""


def letters(number: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _batches(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[Batch]:
    """The values of the rows, a few hundred rows at a time."""
    get = _values(columns)
    left = iter(rows)
    while batch := list(map(get, islice(left, _BATCH))):
        yield batch


def _values(columns: Sequence[Column]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    keys = [column.key for column in columns]
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda row: tuple(row[key] for key in keys)


class _Layout:
    """What the pages of one sheet share: heading cells, last column's letters, widths, a filter or none."""

    def __init__(self, headings: Sequence[str], widths: Sequence[float], filtered: bool) -> None:
        if len(headings) > MAX_COLUMNS:
            raise ValueError(f"{len(headings)} columns: a sheet holds {MAX_COLUMNS}")
        self.headings = headings
        self.last_column = letters(len(headings))
        self.filtered = filtered and bool(headings)
        self.cols = "".join(
            f'<col min="{n}" max="{n}" width="{width:g}" customWidth="1"/>' for n, width in enumerate(widths, 1)
        )


class _Page:
    """One sheet of the file, open for rows; its first row is the headings, which stay in view."""

    def __init__(self, part: IO[bytes], layout: _Layout, first: bool) -> None:
        self._part, self._layout = part, layout
        self._lines: list[str] = []
        self.rows = self.bytes = 0
        selected = ' tabSelected="1"' if first else ""
        pane = (
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            '<selection pane="bottomLeft"/>' if layout.headings else ""
        )  # fmt: skip
        cols = f"<cols>{layout.cols}</cols>" if layout.cols else ""
        self._put(
            f'{_HEAD}<sheetViews><sheetView{selected} workbookViewId="0">{pane}</sheetView></sheetViews>'
            f"{cols}<sheetData>"
        )
        self.write(layout.headings)

    @property
    def full(self) -> bool:
        return self.rows >= MAX_ROWS or self.bytes >= MAX_BYTES

    def write(self, fields: Sequence[str]) -> None:
        """Add a row of cells; one without cells is no row."""
        if not fields:
            return
        if len(fields) != len(self._layout.headings):
            raise ValueError(f"a row of {len(fields)} cells under {len(self._layout.headings)} headings")
        self.rows += 1
        self._lines.append(f'<row r="{self.rows}">{"".join(fields)}</row>')
        if len(self._lines) >= _BATCH:
            self._flush()

    def extend(self, columns: Sequence[batches.ColumnCells], rows: Batch) -> None:
        """Add a batch of rows of values; the page must have room for it."""
        if not columns:
            return
        self._flush()
        self._put(batches.lines(columns, rows, self.rows + 1))
        self.rows += len(rows)

    @property
    def room(self) -> int:
        """How many rows may follow."""
        return 0 if self.full else MAX_ROWS - self.rows

    def _flush(self) -> None:
        self._put("".join(self._lines))
        self._lines.clear()

    def _put(self, text: str) -> None:
        content = text.encode("utf-8")
        self.bytes += len(content)
        self._part.write(content)

    def close(self, links: int = 0) -> None:
        """The filter over what was written, links if any, no green corner on a SIRET, which is text on purpose."""
        area = f"A1:{self._layout.last_column}{self.rows}"
        filtered = f'<autoFilter ref="{area}"/>' if self._layout.filtered else ""
        quiet = f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
        after = f"{_FOOT}{quiet if self._layout.headings else ''}"
        self._flush()
        self._put(f"</sheetData>{filtered}{parts.hyperlinks(links)}{after}</worksheet>")
        self._part.close()


class XlsxWriter:
    """A workbook for Excel and LibreOffice over a binary stream; use as a context manager.

    Numbers are written digit by digit from their decimals, texts inline, so no text is ever a
    formula. A moment is shown in the time of `zone`, which its format names. The zip carries no time
    but 1980, so the same input gives the same bytes.
    """

    def __init__(
        self, stream: IO[bytes], *, title: str, author: str, created: datetime, language: str,
        zone: str = "Europe/Paris",
    ) -> None:  # fmt: skip
        self._archive = ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=LEVEL)
        self._language, self._zone = language, zone
        self._cells = cells.kinds(language, zone)
        self._heading = cells.text_cell("header", language)
        self._widths = _WIDTHS | {"moment": _WIDTHS["moment"] + len(zone)}
        self._names = SheetNames("Sheet" if language.startswith("en") else "Feuille")
        self._pages: list[parts.Page] = []
        self._part("_rels/.rels", parts.root_relations())
        self._part("docProps/core.xml", parts.core_properties(title, author, created, language))
        self._part("docProps/app.xml", parts.application_properties())
        self._part("xl/styles.xml", parts.styles(language, zone))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what lists the sheets, then close the file; after an error the file stays unfinished."""
        try:
            if kind is None:
                self._finish()
        finally:
            self._archive.close()

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
        """Write a sheet of typed columns; past a sheet's last row it goes on in « name (2) ».

        Returns the name and rows of each sheet that it took. A row that lacks a column raises
        KeyError, a value that is not of its kind TypeError or ValueError.
        """
        headings = [self._heading(column.heading(self._language)) for column in columns]
        widths = [column.width or self._widths[column.kind] for column in columns]
        layout = _Layout(headings, widths, filtered=True)
        swift, before = [self._column(column) for column in columns], len(self._pages)
        self._fill(name, layout, _batches(columns, rows), lambda page, batch: page.extend(swift, batch))
        return [(page.name, page.last_row - 1) for page in self._pages[before:]]

    def _column(self, column: Column) -> batches.ColumnCells:
        words = column.in_words(self._language)
        return batches.ColumnCells(column.kind, self._zone, self._cells[column.kind], words)

    def table(
        self, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], links: Sequence[str] = ()
    ) -> None:  # fmt: skip
        """Write a small table; each value's type decides its format.

        `links` are paths of files beside the workbook, one for each row, that its first cell opens.
        """
        lines = [list(row) for row in rows]
        widths = [self._width([text, *(line[n] for line in lines)]) for n, text in enumerate(headings)]
        layout = _Layout([self._heading(text) for text in headings], widths, filtered=False)
        fields = ([[self._loose(value) for value in line]] for line in lines)
        self._fill(name, layout, fields, lambda page, batch: page.write(batch[0]), links)

    def _width(self, values: Sequence[Any]) -> float:
        """Wide enough for the longest text, and for numbers, which a narrow column would not show."""
        typed = (self._widths[kind] for kind in map(cells.of_type, values) if kind != "text")
        longest = max(len(value) + 2.0 for value in map(str, values))
        return max(_WIDTHS["date"], min(longest, _WIDEST), *typed)

    def _loose(self, value: Any) -> str:
        return cells.EMPTY if value is None else self._cells[cells.of_type(value)](value)

    def _fill(
        self, name: str, layout: _Layout, pieces: Iterable[Batch], put: Callable[[_Page, Batch], None],
        links: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Put batches of rows on pages; one that passes a page's end goes on in the next."""
        page = self._open(layout)
        try:
            for piece in pieces:
                left = piece
                while left:
                    if page.full:
                        self._shut(page, name, layout)
                        page = self._open(layout)
                    room = page.room
                    put(page, left[:room])
                    left = left[room:]
        finally:
            self._shut(page, name, layout, links)

    def _open(self, layout: _Layout) -> _Page:
        number = len(self._pages) + 1
        return _Page(self._archive.open(f"xl/worksheets/sheet{number}.xml", "w"), layout, number == 1)

    def _shut(self, page: _Page, name: str, layout: _Layout, links: Sequence[str] = ()) -> None:
        page.close(len(links))
        legal = self._names.take(name)
        if links:
            self._part(f"xl/worksheets/_rels/sheet{len(self._pages) + 1}.xml.rels", parts.link_relations(links))
        self._pages.append(parts.Page(legal, layout.last_column, page.rows, layout.filtered))

    def _finish(self) -> None:
        if not self._pages:
            self.table("", [], [])
        self._part("xl/workbook.xml", parts.workbook(self._pages))
        self._part("xl/_rels/workbook.xml.rels", parts.workbook_relations(len(self._pages)))
        self._part("[Content_Types].xml", parts.content_types(len(self._pages)))

    def _part(self, name: str, text: str) -> None:
        with self._archive.open(name, "w") as part:
            part.write(text.encode("utf-8"))
