"""The rows of a report as they were counted, page by page, from the canonical rows that were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.views.auditor import perimeter
from backoffice.views.auditor.desk import READERS, Desk
from backoffice.views.auditor.lists import Cell
from backoffice.views.base import for_roles
from reporting import canonical_rows, catalogue
from reporting.canonical_rows import Row
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.sheets import Sheet

SIZE, LAST = 50, 20_000


@dataclass(frozen=True, slots=True)
class Page:
    """What the pager asks."""

    first: bool
    following: str


@require_safe
@for_roles(*READERS)
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of one sheet of a report, by pages."""
    desk = Desk(request)
    run = desk.run(pk)
    if not canonical_rows.kept(run) or run.state == ReportRun.State.WITHHELD:
        raise Http404
    known, tongue = catalogue.of(run), perimeter.language()
    sheet = known.sheet(request.GET.get("feuille", "")) or known.sheets[0]
    start = _start(request.GET.get("after", ""))
    found = list(islice((row for row in canonical_rows.of(run) if row.sheet == sheet.key), start, start + SIZE + 1))
    columns = _columns(sheet, found)
    context = desk.tabs() | {
        "run": run, "zone": run.region.time_zone, "sheet": sheet.name(tongue), "kept": f"feuille={sheet.key}",
        "sheets": [(s.key, s.name(tongue)) for s in known.sheets] if len(known.sheets) > 1 else [],
        "current": sheet.key, "page": Page(not start, f"{start + SIZE}" if len(found) > SIZE else ""),
        "columns": [(column.label(tongue), column) for column in columns],
        "rows": _cells(desk, found[:SIZE], columns, tongue),
    }  # fmt: skip
    return render(request, "auditor/report_rows.html", context)


def _start(given: str) -> int:
    return min(int(given), LAST * SIZE) if given.isdecimal() and len(given) < 10 else 0


def _columns(sheet: Sheet, found: Sequence[Row]) -> list[Column]:
    """Those that the kept rows have; names of people are not among them."""
    held = set(found[0].columns) if found else set()
    return [column for column in sheet.columns if column.key in held]


def _cells(desk: Desk, found: Sequence[Row], columns: Sequence[Column], tongue: str) -> list[list[Cell]]:
    """Values typed again, each reference of a file of his regions leading to it."""
    references = {reference for row in found if (reference := row.value("reference"))}
    known = desk.pages_of(references)
    return [[_cell(row, column, known, tongue) for column in columns] for row in found]


def _cell(row: Row, column: Column, known: Mapping[str, str], tongue: str) -> Cell:
    text = row.value(column.key)
    url = known.get(text or "", "") if column.key == "reference" else ""
    value = None if text is None else column.shown(_READ.get(column.kind, str)(text), tongue)
    return Cell(column, column.label(tongue), value, url)


_READ: dict[str, Any] = {
    "integer": int, "money": Decimal, "decimal": Decimal, "percent": Decimal, "date": date.fromisoformat,
    "moment": datetime.fromisoformat, "boolean": lambda text: text == "true",
}  # fmt: skip
