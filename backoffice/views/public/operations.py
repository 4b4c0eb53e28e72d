"""The list of operations that the ERDF supports, for anybody: on a page, and as open data (CPR art. 49(3) and (4))."""

from __future__ import annotations

import tempfile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import Operation
from backoffice.views.auditor.lists import IN_MEMORY, XLSX, Cell
from backoffice.views.auditor.perimeter import PARIS, language
from regions import clock
from reporting.reports import operations
from reporting.writers.csv import csv_chunks
from reporting.writers.xlsx import XlsxWriter

LICENCE = "Licence Ouverte / Open Licence 2.0 (Etalab)"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
SHOWN = (
    "code",
    "name",
    "beneficiary",
    "person",
    "purpose",
    "starts_on",
    "ends_on",
    "total_cost",
    "cofinancing",
    "location",
)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What each operation is, with the day of the list and its licence."""
    tongue = language()
    shown = [column for column in operations.COLUMNS if column.key in SHOWN]
    rows = [
        [Cell(column, column.label(tongue), column.shown(row[column.key], tongue)) for column in shown]
        for row in operations.rows(Operation.objects.all(), clock.today(), tongue)
    ]
    context = {
        "columns": [(column.label(tongue), column) for column in shown], "rows": rows, "zone": PARIS,
        "day": clock.today(), "licence": LICENCE, "licence_url": LICENCE_URL,
    }  # fmt: skip
    return render(request, "public/operations.html", context)


@require_safe
def file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same list whole, machine-readable: CSV or a workbook."""
    tongue, day = language(), clock.today()
    rows = operations.rows(Operation.objects.all(), day, tongue)
    response = _workbook(rows, tongue) if form == "xlsx" else _csv(rows, tongue)
    response["Content-Disposition"] = f'attachment; filename="operations-feder-{day:%Y%m%d}.{form}"'
    return response


def _csv(rows: Any, tongue: str) -> HttpResponseBase:
    style = "international" if tongue.startswith("en") else "fr"
    pieces = csv_chunks(operations.COLUMNS, rows, style=style, language=tongue)
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")


def _workbook(rows: Any, tongue: str) -> HttpResponseBase:
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    name = operations.SHEET.name(tongue)
    with XlsxWriter(stream, title=name, author="Guichet", created=clock.now(), language=tongue) as book:
        book.sheet(name, operations.COLUMNS, rows)
        book.table(_("Provenance"), [_("Quoi"), _("Valeur")], [
            [_("Liste mise à jour le"), clock.today()], [_("Licence"), LICENCE],
            [_("Texte"), _("Règlement (UE) 2021/1060, art. 49, § 3")],
        ])  # fmt: skip
    stream.seek(0)
    return FileResponse(stream, content_type=XLSX)
