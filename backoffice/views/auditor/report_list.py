"""The reports that the region has made so far; the auditor finds his among his lists."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from backoffice.views.auditor import perimeter
from backoffice.views.auditor.desk import READERS, Desk
from backoffice.views.auditor.lists import Cell
from backoffice.views.base import for_roles
from reporting.keyset import page
from reporting.lists.runs import NEWEST_FIRST, RUNS

SHOWN = ("number", "report", "operation", "as_of", "state", "rows", "author", "created_at")


@require_safe
@for_roles(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """The runs that the reader may see, the latest first."""
    desk, tongue = Desk(request), perimeter.language()
    if desk.auditor:
        return redirect("audit-list", "rapports")
    found = page(desk.runs().select_related("operation", "author"), NEWEST_FIRST, request.GET.get("after", ""))
    columns = [column for column in RUNS.columns if column.key in SHOWN]
    context = desk.tabs() | {
        "page": found, "zone": perimeter.zone(list(desk.kinds)),
        "columns": [(column.label(tongue), column) for column in columns],
        "rows": [[_cell(column, values, tongue) for column in columns] for values in RUNS.values(found.rows)],
    }  # fmt: skip
    return render(request, "auditor/report_list.html", context)


def _cell(column: Any, values: dict[str, Any], tongue: str) -> Cell:
    url = reverse("audit-report", args=[values["pk"]]) if column.key == "number" else ""
    return Cell(column, column.label(tongue), column.shown(values[column.key], tongue), url)
