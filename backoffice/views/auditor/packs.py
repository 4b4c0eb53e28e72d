"""Audit packs: of one file, of numbers pasted, of an operation or a programme; made in the background."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.enums import ApplicationState
from applications.models import Application
from backoffice.views.auditor import perimeter
from backoffice.views.auditor.asking import LANGUAGES
from backoffice.views.base import for_roles, person
from regions import clock
from regions.models import Programme, Region
from reporting import jobs
from reporting.pack.sets import KIND
from reporting.runs import Asked

MOST = 500
OPERATION, PROGRAMME = "operation", "programme"


class PackForm(forms.Form):
    """Which files: their numbers, or all those of an operation or a programme."""

    references = forms.CharField(
        label=_("Numéros de dossiers"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Coller les numéros comme ils viennent, séparés par des espaces, des virgules ou des lignes."),
    )  # fmt: skip
    whole = forms.ChoiceField(label=_("Ou tous les dossiers de"), required=False)
    language = forms.ChoiceField(label=_("Langue"), choices=LANGUAGES)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions = perimeter.regions(request)
        chosen: Any = self.fields["whole"]
        chosen.choices = [("", "–"), *_wholes(request)]

    def clean_references(self) -> list[str]:
        """Each number once, in the order given."""
        found = list(dict.fromkeys(re.findall(r"[\w./-]+", self.cleaned_data["references"].upper())))
        if len(found) > MOST:
            raise ValidationError(
                _("%(count)s numéros : en donner %(most)s au plus à la fois, ou choisir toute l’opération."),
                params={"count": len(found), "most": MOST},
            )
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        references, whole = given.get("references", []), given.get("whole", "")
        if self.errors:
            return given
        if bool(references) == bool(whole):
            raise ValidationError(_("Donner des numéros de dossiers, ou choisir une opération ou un programme."))
        if references and not self._known(references):
            raise ValidationError(_("Aucun de ces numéros n’est celui d’un dossier de votre région."))
        return given

    def _known(self, references: list[str]) -> list[Region]:
        """The regions of the files named."""
        filed = Application.objects.filter(region__in=self.regions, reference__in=references)
        held = set(filed.exclude(state=ApplicationState.DRAFT).values_list("region", flat=True))
        return [region for region in self.regions if region.pk in held]

    def asked(self) -> list[Asked]:
        """One set for each region concerned; a number that is nowhere is named in the first."""
        given, now = self.cleaned_data, clock.now()
        if given["references"]:
            filters = {"references": given["references"]}
            return [
                Asked(KIND, region, now, language=given["language"], filters=filters)
                for region in self._known(given["references"])
            ]
        kind, _colon, pk = given["whole"].partition(":")
        region = self._region(kind, int(pk))
        name = "whole" if kind == OPERATION else PROGRAMME
        return [Asked(KIND, region, now, language=given["language"], filters={name: int(pk)})]

    def _region(self, kind: str, pk: int) -> Region:
        path = "operation" if kind == OPERATION else "operation__specific_objective__priority__programme"
        held = Application.objects.filter(region__in=self.regions, **{path: pk}).values_list("region", flat=True)
        first = held.first()
        return next((region for region in self.regions if region.pk == first), self.regions[0])


def _wholes(request: HttpRequest) -> list[tuple[str, str]]:
    """The operations of his regions and their programmes."""
    programmes = Programme.objects.filter(region__in=perimeter.regions(request)).order_by("name")
    return [
        *((f"{OPERATION}:{operation.pk}", str(operation)) for operation in perimeter.grouped(request)),
        *((f"{PROGRAMME}:{programme.pk}", str(programme)) for programme in programmes),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(perimeter.HERE)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for audit packs; the page of the run then says how far they are, and what is missing first."""
    form = PackForm(request.POST or None, request=request, initial={"language": perimeter.language()[:2]})
    if request.method == "POST" and form.is_valid():
        made = [jobs.ask(asked, person(request)) for asked in form.asked()]
        return redirect("audit-report", made[0].pk) if len(made) == 1 else redirect("audit-list", "rapports")
    context = perimeter.tabs("packs") | {"form": form}
    return render(request, "auditor/packs.html", context)
