"""The lists: on a screen by pages, as a workbook or a CSV file whole, from the same columns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backoffice.views.auditor import perimeter
from backoffice.views.auditor.filters import FilterForm
from backoffice.views.base import for_roles, person
from regions import clock
from regions.models import Region
from reporting.columns import Column
from reporting.keyset import page
from reporting.lists import FILES, LISTS, Listing
from reporting.writers.csv import csv_chunks
from reporting.writers.xlsx import XlsxWriter
from workflows import opened

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a list on the screen: its column, what is shown, the page it leads to, when the reader opened it."""

    column: Column
    label: str
    value: Any
    url: str = ""
    opened: datetime | None = None


@require_safe
@for_roles(perimeter.HERE)
def start(request: HttpRequest) -> HttpResponse:
    """The auditor begins with the files."""
    return redirect("audit-list", "dossiers")


@require_safe
@for_roles(perimeter.HERE)
def listing(request: HttpRequest, key: str) -> HttpResponse:
    """A page of a list, under the filters of its address."""
    found, regions = _known(key), perimeter.regions(request)
    form = FilterForm(found, request.GET)
    rows = found.select(regions, form.given(), perimeter.zone(regions))
    shown = page(rows, found.keys, request.GET.get("after", ""))
    kept = request.GET.copy()
    kept.pop("after", None)
    context = perimeter.tabs(key) | {
        "title": found.name(perimeter.language()), "form": form, "page": shown, "key": key,
        "zone": perimeter.zone(regions), "kept": kept.urlencode(), "columns": _headings(found),
        "rows": _rows(request, found, list(found.values(shown.rows))),
    }  # fmt: skip
    return render(request, "auditor/list.html", context)


def _rows(request: HttpRequest, found: Listing, rows: list[dict[str, Any]]) -> list[list[Cell]]:
    """The rows as cells; the list of files says which ones the reader has opened."""
    mine = opened.last(person(request), (row["reference"] for row in rows)) if found is FILES else {}
    return [_cells(found, values, mine) for values in rows]


def _known(key: str) -> Listing:
    if key not in LISTS:
        raise Http404
    return LISTS[key]


def _headings(found: Listing) -> list[tuple[str, Column]]:
    return [(column.label(perimeter.language()), column) for column in found.on_screen()]


def _cells(found: Listing, values: dict[str, Any], mine: Mapping[str, datetime]) -> list[Cell]:
    tongue = perimeter.language()
    return [
        Cell(
            column, column.label(tongue), column.shown(values[column.key], tongue), _link(found, column.key, values),
            mine.get(values["reference"]) if column.key == "reference" else None,
        )
        for column in found.on_screen()
    ]  # fmt: skip


def _link(found: Listing, key: str, values: dict[str, Any]) -> str:
    """Where a value leads: a file, the trace of an order, a batch's orders, a report."""
    value = values[key]
    if not value:
        return ""
    if key == "number" and found.key == "rapports":
        return reverse("audit-report", args=[values["pk"]])
    names = {
        "reference": "audit-file",
        "order_number": "audit-payment",
        "batch": "audit-batch",
        "recovery": "recovery",
        "irregularity": "irregularity",
    }
    return reverse(names[key], args=[value]) if key in names else ""


# --- the same list, whole


@require_safe
@for_roles(perimeter.HERE)
def export(request: HttpRequest, key: str, form: str) -> Any:
    """A list under the filters of its address, as a workbook or a CSV file."""
    return export_of(request, _known(key), perimeter.regions(request), form)


def export_of(request: HttpRequest, found: Listing, regions: list[Region], form: str) -> Any:
    """A list of some regions, whole, for a person who may read them."""
    asked = FilterForm(found, request.GET)
    given = {name: value for name, value in asked.given().items() if value not in (None, "")}
    zone = perimeter.zone(regions)
    rows = found.export(found.select(regions, given, zone))
    response = _workbook(request, found, rows, given, regions) if form == "xlsx" else _csv(found, rows, zone)
    response["Content-Disposition"] = f'attachment; filename="{found.key}-{clock.today(zone):%Y%m%d}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _csv(found: Listing, rows: Iterator[dict[str, Any]], zone: str) -> HttpResponseBase:
    """Sent while it is read: no list is too long."""
    tongue = perimeter.language()
    style = "international" if tongue.startswith("en") else "fr"
    pieces = csv_chunks(found.columns, rows, style=style, language=tongue, zone=zone)
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")


def _workbook(
    request: HttpRequest, found: Listing, rows: Iterator[dict[str, Any]], given: dict[str, Any], regions: list[Region]
) -> HttpResponseBase:
    """Written whole, on disk when it is large, then sent: a workbook cut short would not open."""
    tongue, made, zone = perimeter.language(), clock.now(), perimeter.zone(regions)
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    name = found.name(tongue)
    with XlsxWriter(
        stream, title=f"Guichet – {name}", author=person(request).name, created=made, language=tongue, zone=zone
    ) as book:
        book.sheet(name, found.columns, rows)
        book.table(_("Provenance"), [_("Quoi"), _("Valeur")], _provenance(request, found, given, made, regions))
    stream.seek(0)
    return FileResponse(stream, content_type=XLSX)


def _provenance(
    request: HttpRequest, found: Listing, given: dict[str, Any], made: Any, regions: list[Region]
) -> list[list[Any]]:
    asked = {question.key: question for question in found.filters}
    names = ", ".join(region.name for region in regions)
    return [
        [_("Établi le"), made], [_("Auteur"), person(request).name], [_("Région"), names],
        *([str(asked[name].label), asked[name].said(value)] for name, value in given.items()),
    ]  # fmt: skip
