"""Asking for a report: which, of what, narrowed how, with which columns, in which format; kept under a name or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.views.auditor import perimeter
from backoffice.views.auditor.desk import READERS, Desk
from backoffice.views.auditor.filters import field_of
from backoffice.views.base import for_roles, person
from regions import clock
from regions.models import Region
from reporting import jobs
from reporting.catalogue import REPORTS
from reporting.models import ReportTemplate
from reporting.registry import OPERATION, Report
from reporting.runs import Asked
from reporting.writers.formats import FORMATS

TEMPLATE = "modele"
LANGUAGES = [("fr", _("Français")), ("en", _("Anglais"))]
DAY = _("Le rapport compte ce qui était enregistré à la fin de ce jour, heure de la région.")


def past_day(day: date) -> date:
    """A day that is over or under way; else a sentence beside the field."""
    if not date(2000, 1, 1) <= day <= clock.today():
        raise ValidationError(_("Choisir un jour passé, ou aujourd’hui."))
    return day


class ReportForm(forms.Form):
    """What one report asks: of what, as of when, its own filters, its columns, the format, a name to keep it under."""

    language = forms.ChoiceField(label=_("Langue"), choices=LANGUAGES)
    form = forms.ChoiceField(label=_("Format"))

    def __init__(self, *args: Any, report: Report, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report, self.desk, tongue = report, desk, perimeter.language()
        self.fields = {**self._first(), **self.fields}
        chosen: Any = self.fields["form"]
        chosen.choices = [(key, form.label(tongue)) for key, form in FORMATS.items()]
        for question in report.filters:
            self.fields[question.key] = field_of(question)
        self.fields["columns"] = _columns(report, tongue)
        self.fields["save_as"] = forms.CharField(
            label=_("Enregistrer comme modèle, sous le nom"), required=False, max_length=80,
            help_text=_("Laisser vide pour ne rien enregistrer. Votre équipe retrouve le modèle ici."),
        )  # fmt: skip

    def _first(self) -> dict[str, forms.Field]:
        """What the report is of: an operation as of a day, or a region as it stands."""
        if self.report.scope == OPERATION:
            known = self.desk.operations(self.report)
            first: dict[str, forms.Field] = {
                "operation": forms.ModelChoiceField(label=_("Opération"), queryset=known, empty_label=None)
            }
        else:
            mine = Region.objects.filter(pk__in=[one.pk for one in self.desk.regions(self.report)]).order_by("code")
            first = {"region": forms.ModelChoiceField(label=_("Région"), queryset=mine, empty_label=None)}
        if self.report.as_of:
            picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            first["day"] = forms.DateField(label=_("Arrêté au"), widget=picker, help_text=DAY)
        return first

    def clean_day(self) -> date:
        return past_day(self.cleaned_data["day"])

    @property
    def narrowing(self) -> dict[str, Any]:
        """The answers to the report's own questions, as they are kept."""
        given = {question.key: self.cleaned_data.get(question.key) for question in self.report.filters}
        return {key: f"{value}" for key, value in given.items() if value not in (None, "")}

    @property
    def chosen(self) -> list[str]:
        """The columns asked for; all of them is none in particular."""
        columns: Sequence[str] = self.cleaned_data["columns"]
        offered: Any = self.fields["columns"]
        return [] if len(columns) == len(offered.choices) else list(columns)

    def asked(self, template_name: str = "") -> Asked:
        given = self.cleaned_data
        region: Region = given["operation"].region if "operation" in given else given["region"]
        as_of = jobs.watermark(given["day"], region.time_zone) if "day" in given else clock.now()
        day = {"day": f"{given['day']}"} if "day" in given else {}
        return Asked(
            self.report.key, region, as_of, given.get("operation"), given["language"], given["form"], self.chosen,
            day | self.narrowing, template_name, audit=self.desk.audits(region),
        )  # fmt: skip


def _columns(report: Report, tongue: str) -> forms.Field:
    several = len(report.sheets) > 1
    choices = [
        (f"{sheet.key}.{column.key}", f"{sheet.name(tongue)} – {column.label(tongue)}" if several else
         column.label(tongue))
        for sheet in report.sheets for column in sheet.columns
    ]  # fmt: skip
    return forms.MultipleChoiceField(
        label=_("Colonnes"),
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Celles qui désignent une ligne sont toujours là. Aucune cochée : toutes."),
    )


@require_safe
@for_roles(*READERS)
def choose(request: HttpRequest) -> HttpResponse:
    """Every report that can be asked for, and the templates of the team."""
    desk, tongue = Desk(request), perimeter.language()
    context = desk.tabs() | {
        "offered": [(report.key, report.name(tongue)) for report in desk.offered()],
        "templates": [
            (template, REPORTS[template.report].name(tongue), FORMATS[template.form].label(tongue))
            for template in _templates(desk)
            if template.report in REPORTS
        ],
    }  # fmt: skip
    context["tab"] = "rapports" if desk.auditor else "nouveau"
    return render(request, "auditor/report_choose.html", context)


def _templates(desk: Desk) -> Any:
    return desk.templates().select_related("author", "region").order_by("report", "name")


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*READERS)
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for one report; its page then tells how far it is."""
    desk = Desk(request)
    report = _known(desk, key)
    template = _template(request, desk, report)
    form = ReportForm(request.POST or None, report=report, desk=desk, initial=_first(request, report, template))
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["save_as"].strip()
        asked = form.asked(name or (template.name if template else ""))
        if name:
            _save(request, asked, form.narrowing)
        return redirect("audit-report", jobs.ask(asked, person(request)).pk)
    context = desk.tabs() | {
        "form": form, "report": report.name(perimeter.language()), "template": template, "as_of": report.as_of,
    }  # fmt: skip
    return render(request, "auditor/report_ask.html", context)


def _known(desk: Desk, key: str) -> Report:
    """A report that is asked for here, by a person whose role it names; for another it does not exist."""
    if key not in REPORTS or not REPORTS[key].offered or not desk.regions(REPORTS[key]):
        raise Http404
    return REPORTS[key]


def _template(request: HttpRequest, desk: Desk, report: Report) -> ReportTemplate | None:
    """The template named in the address, if it is one of the team's."""
    number = request.GET.get(TEMPLATE, "")
    if not number.isdecimal() or len(number) > 9:
        return None
    found: ReportTemplate | None = _templates(desk).filter(report=report.key, pk=int(number)).first()
    return found


def _first(request: HttpRequest, report: Report, template: ReportTemplate | None) -> Mapping[str, Any]:
    """How the form begins: the template's answers, else those of the list that one comes from, all columns checked."""
    every = [f"{sheet.key}.{column.key}" for sheet in report.sheets for column in sheet.columns]
    first: dict[str, Any] = {
        "day": clock.today(), "language": perimeter.language()[:2], "form": "xlsx", "columns": every,
        **{question.key: request.GET.get(question.key, "") for question in report.filters},
    }  # fmt: skip
    if template is None:
        return first
    kept = {"language": template.language, "form": template.form, "region": template.region_id}
    return first | kept | {"columns": report.chosen(template.columns) or every} | template.filters


def _save(request: HttpRequest, asked: Asked, narrowing: Mapping[str, Any]) -> None:
    """Keep the way of asking under its name; a name used before now means this."""
    ReportTemplate.objects.update_or_create(
        region=asked.region, report=asked.report, name=asked.template_name, audit=asked.audit,
        defaults={
            "language": asked.language, "form": asked.form, "columns": list(asked.columns),
            "filters": dict(narrowing), "author": person(request), "created_at": clock.now(),
        },
    )  # fmt: skip
    messages.success(request, _now("Modèle « %(name)s » enregistré pour l’équipe.") % {"name": asked.template_name})


@require_POST
@for_roles(*READERS)
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a template of the team; reports made with it keep its name."""
    template = get_object_or_404(_templates(Desk(request)), pk=pk)
    template.delete()
    messages.success(request, _now("Modèle « %(name)s » supprimé.") % {"name": template.name})
    return redirect("audit-report-new")
