"""The reports: asked as of a day, made in the background, kept for ever, made again to compare."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Operation
from applications.services import store
from backoffice.views.auditor import perimeter
from backoffice.views.auditor.asking import DAY, LANGUAGES, past_day
from backoffice.views.auditor.desk import READERS, Desk
from backoffice.views.base import for_roles, person
from regions import clock
from reporting import canonical_rows, catalogue, files, jobs, runs, told
from reporting.models import ReportRun
from reporting.pack import sets
from reporting.pack.elements import BY_NUMBER
from reporting.reports import comparison, erdf, operations
from reporting.writers.csv import csv_chunks
from reporting.writers.formats import FORMATS
from workflows.models import Job

REFRESH = "3"
STEPS = {
    0: _("En attente de son tour"), runs.READ: _("Lecture des dossiers et contrôle des totaux"),
    runs.WRITE: _("Écriture du fichier"), runs.DONE: _("Terminé"),
}  # fmt: skip
TOTALS = {
    "committed": _("Engagé"), "verified": _("Service fait certifié"), "ordered": _("Mandaté"), "paid": _("Payé"),
    "paid_vouchers": _("Payé, par aide"), "paid_claims": _("Payé, par demande"), "paid_orders": _("Payé, par mandat"),
    "paid_erdf": _("Payé, part FEDER"), "operations": _("Dépense éligible de l’opération"),
    "recovered": _("Recouvré"), "instruments_committed": _("Prêts et garanties engagés"),
    "instruments_paid": _("Prêts et avances versés"), "total_cost": _("Coût total des opérations"),
    "annex_23": _("Dépenses déclarées"), "applications": _("Dépenses déclarées"), "lines": _("Lignes déclarées"),
    "contribution": _("Contribution publique"),
    "lines_expenditure": _("Dépense des lignes déclarées"),
    "ledger": _("Lignes du grand livre"), "accounts": _("Comptes et écarts"),
    "deductions": _("Corrections des comptes"), "advances": _("Avances d’aides d’État"),
    "advances_declared": _("Avances déclarées"), "eligible": _("Coût éligible, tableau 1"),
    "eligible_2": _("Coût éligible, tableau 2"), "declared_1": _("Déclaré, tableau 1"),
    "declared_2": _("Déclaré, tableau 2"), "forecast": _("Reste à déclarer"),
    "certified": _("Aide certifiée"), "accepted": _("Lignes retenues"), "aside": _("Mis à l’écart"),
    "aside_claims": _("Mis à l’écart, par demande"), "granted": _("Subventions accordées"),
    "claimed": _("Factures présentées par deux dossiers"),
    "paid_years": _("Payé, par année"), "paid_sectors": _("Payé, par activité"), "paid_sizes": _("Payé, par taille"),
}  # fmt: skip
EARLIER = 20
DIGITS = 18  # what fits the column of a key


class AskForm(forms.Form):
    """Which operation, as of which day, in which language."""

    operation = forms.ModelChoiceField(label=_("Opération"), queryset=Operation.objects.none(), empty_label=None)
    day = forms.DateField(
        label=_("Arrêté au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=DAY,
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Langue"), choices=LANGUAGES)

    def __init__(self, *args: Any, known: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["operation"]
        chosen.queryset = known

    def clean_day(self) -> date:
        return past_day(self.cleaned_data["day"])


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(perimeter.HERE)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the ERDF workbook of an operation as of a day."""
    known = perimeter.grouped(request)
    first = {"day": clock.today(), "language": perimeter.language()[:2]}
    form = AskForm(request.POST if request.method == "POST" else None, known=known, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        asked = jobs.of_operation(given["operation"], given["day"], language=given["language"])
        return redirect("audit-report", jobs.ask(asked, person(request)).pk)
    single = perimeter.operations(request).filter(beneficiary_mode=Operation.Mode.SINGLE).count()
    context = perimeter.tabs("operations") | {"form": form, "operations": known, "single": single}
    return render(request, "auditor/operations.html", context)


def run_of(request: HttpRequest, pk: int) -> ReportRun:
    """A run that the reader may see; for another it does not exist."""
    return Desk(request).run(pk)


@require_safe
@for_roles(*READERS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A report: how far it is, or what came out of it; the page comes back by itself meanwhile."""
    desk = Desk(request)
    run = desk.run(pk)
    audits = desk.audits(run.region)
    compared = list(jobs.rebuilds(run)[:10]) if audits else []
    busy = run.in_progress or any(_busy(job) for job in compared)
    context = desk.tabs() | _said(run, desk) | {
        "run": run, "busy": busy, "step": STEPS[run.step], "steps": runs.DONE, "zone": run.region.time_zone,
        "rebuilds": compared, "differences": [_difference(text) for text in run.differences],
        "released": run.state == ReportRun.State.RELEASED, "kept": canonical_rows.kept(run),
        "audits": audits, "hidden": run.audit and not run.sent_at, "mine": run.author_id == desk.user.pk,
        "others": [other for other in _earlier(run, desk) if canonical_rows.kept(other)],
    }  # fmt: skip
    response = render(request, "auditor/report.html", context)
    if busy:
        response["Refresh"] = REFRESH
    return response


def _said(run: ReportRun, desk: Desk) -> dict[str, Any]:
    """What a run says of itself in the reader's language."""
    tongue, known = perimeter.language(), catalogue.of(run)
    names = {sheet.key: sheet for sheet in known.sheets}
    return {
        "title": known.name(tongue), "of": run.operation or run.region, "erdf": run.report == erdf.REPORT.key,
        "packs": _packs(run) if run.report == sets.KIND else None,
        "pair": _pair(run, desk) if run.report == comparison.KIND else None,
        "filters": known.said(run.filters), "columns_chosen": len(run.columns), "as_of_kept": known.as_of,
        "format": FORMATS[run.form].label(tongue) if run.form in FORMATS else "ZIP",
        "totals": [(TOTALS.get(key, key), run.total(key)) for key in run.totals],
        "rows": [(names[key].name(tongue) if key in names else key, count) for key, count in run.rows.items()],
        "apart": [told.apart_in_words(known, line, tongue) for line in run.apart[:50]],
    }  # fmt: skip


def _pair(run: ReportRun, desk: Desk) -> list[tuple[ReportRun, bool]]:
    """The two runs compared, and whether the reader may open each."""
    pair = comparison.pair(run)
    seen = set(desk.runs().filter(pk__in=[one.pk for one in pair]).values_list("pk", flat=True))
    return [(one, one.pk in seen) for one in pair]


SHOWN = 200


def _packs(run: ReportRun) -> list[tuple[str, list[Any], str]]:
    """Each file of a set with the elements that it lacks, those that lack most first, and its manifest's hash."""
    if not canonical_rows.kept(run):
        return []
    tongue = perimeter.language()
    found = [
        (
            row.value("reference") or "",
            [BY_NUMBER[int(number)].said(tongue) for number in (row.value("elements") or "").split(", ") if number],
            row.value("manifest_sha256") or "",
        )
        for row in canonical_rows.of(run)
    ]
    return sorted(found, key=lambda line: (-len(line[1]), line[0]))[:SHOWN]


def _earlier(run: ReportRun, desk: Desk) -> Any:
    """The other runs that this one can be compared with."""
    if run.report in (comparison.KIND, sets.KIND) or not run.content_sha256:
        return ReportRun.objects.none()
    same = desk.runs().filter(report=run.report, region=run.region, operation=run.operation, purged_at=None)
    return same.exclude(pk=run.pk).exclude(content_sha256="").order_by("-created_at", "-id")[:EARLIER]


def _busy(job: Job) -> bool:
    return job.state in (Job.State.WAITING, Job.State.RUNNING)


def _difference(text: str) -> tuple[Any, str]:
    """« paid_orders: 12.00 / 11.00 » → its words, and the two amounts."""
    key, _colon, amounts = text.partition(": ")
    return TOTALS.get(key, key), amounts


@require_safe
@for_roles(*READERS)
def workbook(request: HttpRequest, pk: int) -> Any:
    """The file as issued; one whose totals do not tie is not handed out."""
    run = run_of(request, pk)
    if not run.downloadable:
        raise Http404
    file = store.opened(run.file_sha256)
    response = FileResponse(file, as_attachment=True, filename=run.file_name, content_type=files.media_type(run))
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@for_roles(*READERS)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what changed between this run and another of the same report."""
    desk, other = Desk(request), request.POST.get("other", "")
    run = desk.run(pk)
    if not other.isdecimal() or len(other) > DIGITS:
        messages.error(request, _now("Choisir le rapport à comparer."))
        return redirect("audit-report", run.pk)
    earlier = desk.run(int(other))
    if not runs.comparable(run, earlier):
        messages.error(request, _now("Ces deux rapports ne se comparent pas : choisir deux rapports de même objet."))
        return redirect("audit-report", run.pk)
    audit, tongue = desk.audits(run.region), perimeter.language()[:2]
    return redirect("audit-report", jobs.compare(earlier, run, desk.user, tongue, audit=audit).pk)


@require_POST
@for_roles(perimeter.HERE)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the region read a report of the audit; only who asked for it does."""
    mine = Desk(request).runs().filter(author=person(request), audit=True, state=ReportRun.State.RELEASED)
    run = get_object_or_404(mine, pk=pk)
    if run.sent_at is None:
        run.sent_at = clock.now()
        run.save(update_fields=["sent_at"])
    messages.success(request, _now("La région peut lire ce rapport."))
    return redirect("audit-report", run.pk)


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
