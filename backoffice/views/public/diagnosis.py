"""The self-diagnosis: ten questions without an account, a level and why, and where to go from there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from applications import self_diagnosis
from applications.forms.fields import tongue
from applications.forms.self_diagnosis import SelfDiagnosisForm
from applications.rules.self_diagnosis import assess
from applications.services.directory import region_of
from backoffice.views.base import sent
from backoffice.views.public.schemes import open_versions
from backoffice.views.public.wording import told
from regions import clock
from regions.enums import SchemeKind
from regions.models import SchemeVersion
from regions.schemes.loader import parse, shipped


@require_http_methods(["GET", "HEAD", "POST"])
def diagnosis(request: HttpRequest) -> HttpResponse:
    """Ask, then answer above the questions; nothing is stored, the reference holds the result."""
    asked = self_diagnosis.questionnaire(clock.today())
    form = SelfDiagnosisForm(sent(request), asked=asked)
    context: dict[str, Any] = {"form": form, "asked": asked}
    if request.method == "POST" and form.is_valid():
        context["outcome"] = _outcome(asked, form)
    return render(request, "public/diagnosis.html", context)


def _outcome(asked: Mapping[str, Any], form: SelfDiagnosisForm) -> dict[str, Any]:
    verdict = assess(asked, form.answers())
    labels = {level["code"]: level["label"][tongue()] for level in asked["levels"]}
    level = next(level for level in asked["levels"] if level["code"] == verdict.details["level"])
    today = clock.today()
    return {
        "label": labels[level["code"]], "meaning": level["meaning"][tongue()],
        "next": [step[tongue()] for step in level["next"]],
        "why": [sentence for sentence, _clause in told(verdict.reasons)],
        "stages": [stage | {"label": labels[stage["code"]]} for stage in verdict.details["stages"]],
        "open": _open(level["schemes"], region_of(form.cleaned_data["place"])), "day": today,
        "catalogue": catalogue(tuple(level["catalogue"]), tongue()),
        "reference": self_diagnosis.reference(asked, form.answers(), today),
    }  # fmt: skip


def _open(kinds: list[str], region: str) -> list[SchemeVersion]:
    """The schemes open in her region, or in all when she did not tell hers, in the order of the kinds advised."""
    found = [v for v in open_versions() if v.scheme.kind in kinds and region in ("", v.scheme.region.code)]
    return sorted(found, key=lambda version: kinds.index(version.scheme.kind))


@cache
def catalogue(kinds: tuple[str, ...], language: str) -> list[tuple[str, str]]:
    """The programmes described with the project, of these kinds: name and kind, as examples to ask for."""
    paths = (path for path in shipped().values() if path.parent.name == "programmes")
    read = [parse(path.read_text(encoding="utf-8"), path.name) for path in paths]
    listed = [one for one in read if one["kind"] in kinds]
    return [(one["name"][language], str(SchemeKind(one["kind"]).label)) for one in listed]
