"""The list of operations that the ERDF supports, for anybody: on a page, and as open data (CPR art. 49(3) and (4))."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import Operation
from backoffice.views.auditor.lists import Cell
from backoffice.views.auditor.perimeter import PARIS, language
from backoffice.views.public import open_data
from regions import clock
from reporting.keyset import Key, page, text
from reporting.reports import operations

BY_CODE = (Key("code", text),)
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
    tongue, today, now = language(), clock.today(), clock.now()
    shown = [column for column in operations.COLUMNS if column.key in SHOWN]
    found = page(operations.selected(Operation.objects.all(), today), BY_CODE, request.GET.get("after", ""))
    told = [operations.row(operation, today, tongue, now) for operation in found.rows]
    rows = [
        [Cell(column, column.label(tongue), column.shown(row[column.key], tongue)) for column in shown] for row in told
    ]
    context = {
        "columns": [(column.label(tongue), column) for column in shown], "rows": rows, "zone": PARIS, "page": found,
    }  # fmt: skip
    return render(request, "public/operations.html", context | open_data.terms())


@require_safe
def file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same list whole, machine-readable: CSV or a workbook."""
    rows = operations.rows(Operation.objects.all(), clock.today(), language())
    law = (_("Texte"), _("Règlement (UE) 2021/1060, art. 49, § 3"))
    return open_data.served(operations.SHEET, rows, "operations-feder", form, law)
