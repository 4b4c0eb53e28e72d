"""The reports: asked as of a day, made in the background, kept for ever, made again to compare."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import Operation
from applications.services import store
from backoffice.views.auditor import perimeter
from backoffice.views.auditor.lists import XLSX
from backoffice.views.base import for_roles, person
from regions import clock
from reporting import jobs, runs
from reporting.models import ReportRun
from reporting.reports import erdf, operations
from reporting.writers.csv import csv_chunks
from workflows.models import Job

REFRESH = "3"
STEPS = {
    0: _("En attente de son tour"), runs.READ: _("Lecture des dossiers et contrôle des totaux"),
    runs.WRITE: _("Écriture du classeur"), runs.DONE: _("Terminé"),
}  # fmt: skip
TOTALS = {
    "committed": _("Engagé"), "verified": _("Service fait certifié"), "ordered": _("Mandaté"),
    "paid_vouchers": _("Payé, par aide"), "paid_claims": _("Payé, par demande"), "paid_orders": _("Payé, par mandat"),
    "paid_erdf": _("Payé, part FEDER"), "operations": _("Dépense éligible de l’opération"),
}  # fmt: skip
SHEETS = {sheet.key: sheet for sheet in erdf.SHEETS}


class AskForm(forms.Form):
    """Which operation, as of which day, in which language."""

    operation = forms.ModelChoiceField(label=_("Opération"), queryset=Operation.objects.none(), empty_label=None)
    day = forms.DateField(
        label=_("Arrêté au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Le rapport compte ce qui était enregistré à la fin de ce jour, heure de la région."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Langue"), choices=[("fr", _("Français")), ("en", _("Anglais"))])

    def __init__(self, *args: Any, known: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["operation"]
        chosen.queryset = known

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not date(2000, 1, 1) <= day <= clock.today():
            raise ValidationError(_("Choisir un jour passé, ou aujourd’hui."))
        return day


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(perimeter.HERE)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the ERDF workbook of an operation as of a day."""
    known = perimeter.operations(request)
    first = {"day": clock.today(), "language": perimeter.language()[:2]}
    form = AskForm(request.POST if request.method == "POST" else None, known=known, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        return redirect(
            "audit-report", jobs.ask(given["operation"], person(request), given["day"], given["language"]).pk
        )
    context = perimeter.tabs("operations") | {"form": form, "operations": known}
    return render(request, "auditor/operations.html", context)


def run_of(request: HttpRequest, pk: int) -> ReportRun:
    known = ReportRun.objects.filter(region__in=perimeter.regions(request))
    return get_object_or_404(known.select_related("operation", "author", "region"), pk=pk)


@require_safe
@for_roles(perimeter.HERE)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A report: how far it is, or what came out of it; the page comes back by itself meanwhile."""
    run = run_of(request, pk)
    compared = list(jobs.rebuilds(run)[:10])
    busy = run.in_progress or any(_busy(job) for job in compared)
    tongue = perimeter.language()
    context = perimeter.tabs("rapports") | {
        "run": run, "busy": busy, "step": STEPS[run.step], "steps": runs.DONE, "zone": run.region.time_zone,
        "totals": [(TOTALS.get(key, key), run.total(key)) for key in run.totals], "rebuilds": compared,
        "rows": [(SHEETS[key].name(tongue) if key in SHEETS else key, count) for key, count in run.rows.items()],
        "differences": [_difference(text) for text in run.differences],
        "released": run.state == ReportRun.State.RELEASED,
    }  # fmt: skip
    response = render(request, "auditor/report.html", context)
    if busy:
        response["Refresh"] = REFRESH
    return response


def _busy(job: Job) -> bool:
    return job.state in (Job.State.WAITING, Job.State.RUNNING)


def _difference(text: str) -> tuple[Any, str]:
    """« paid_orders: 12.00 / 11.00 » → its words, and the two amounts."""
    key, _colon, amounts = text.partition(": ")
    return TOTALS.get(key, key), amounts


@require_safe
@for_roles(perimeter.HERE)
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook as issued; one whose totals do not tie is not handed out."""
    run = run_of(request, pk)
    if run.state != ReportRun.State.RELEASED:
        raise Http404
    response = HttpResponse(store.get(run.file_sha256), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, run.file_name)
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(perimeter.HERE)
def rebuild(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an earlier report again at its own watermark, and compare."""
    run = run_of(request, pk)
    if request.method == "POST" and run.content_sha256:
        jobs.ask_rebuild(run)
    return redirect("audit-report", run.pk)


@require_safe
@for_roles(perimeter.HERE)
def operations_csv(request: HttpRequest) -> Any:
    """The list of operations that the managing authority publishes (CPR art. 49(3))."""
    tongue, day = perimeter.language(), clock.today()
    rows = operations.rows(perimeter.operations(request), day, tongue)
    style = "international" if tongue.startswith("en") else "fr"
    pieces = csv_chunks(operations.COLUMNS, rows, style=style, language=tongue)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="operations-{day:%Y%m%d}.csv"'
    return response
