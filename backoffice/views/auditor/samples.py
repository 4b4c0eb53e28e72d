"""The auditor's samples: asked, drawn, drawn again, their results entered, their conclusion kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.rules.base import InputError
from backoffice.views.auditor import packs, perimeter
from backoffice.views.auditor.lists import export_of
from backoffice.views.auditor.sample_forms import ALLOCATIONS, METHODS, AskForm, ResultsForm, TermsForm, said
from backoffice.views.base import for_roles, person, sent
from regions.models import User
from reporting.audit import drawing, population, results
from reporting.keyset import LATEST_FIRST, page
from reporting.lists.audit import SAMPLES
from reporting.models import Sample, SampleConclusion, SampleResult
from reporting.sampling import Allocation, Method, Population, Unit, percentage
from reporting.sampling.plan import BY_VALUE
from workflows import opened

TAB = "echantillons"
LINES = 50
SHOWN = 5
HEAVY = ("population", "drawn")


def samples_of(request: HttpRequest) -> Any:
    """The samples of the regions he audits."""
    mine = Sample.objects.filter(region__in=perimeter.regions(request))
    return mine.select_related("programme__region", "region", "drawn_by")


def sample_of(request: HttpRequest, pk: int) -> Sample:
    found: Sample = get_object_or_404(samples_of(request), pk=pk)
    return found


@require_safe
@for_roles(perimeter.HERE)
def listing(request: HttpRequest) -> HttpResponse:
    """The samples drawn, the latest first."""
    shown = page(samples_of(request).defer(*HEAVY), LATEST_FIRST, request.GET.get("after", ""))
    words, regions = dict(METHODS), perimeter.regions(request)
    context = perimeter.tabs(TAB) | {
        "page": shown, "kept": "", "zone": perimeter.zone(regions), "some": bool(population.periods(regions)),
        "rows": [(sample, words[Method(sample.plan["method"])]) for sample in shown.rows],
    }  # fmt: skip
    return render(request, "auditor/samples.html", context)


@require_safe
@for_roles(perimeter.HERE)
def export_all(request: HttpRequest, form: str) -> Any:
    """The samples of his regions as a file, with what each was concluded to say."""
    return export_of(request, SAMPLES, perimeter.regions(request), form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(perimeter.HERE)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a sample; it is drawn at once, and for ever."""
    known = population.periods(perimeter.regions(request))
    form = AskForm(sent(request), known)
    if request.method == "POST" and form.is_valid():
        try:
            made = drawing.take(form.asked(), person(request))
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, now_("L’échantillon est tiré : sa population et son tirage ne changeront plus."))
            return redirect("audit-sample", made.pk)
    context = perimeter.tabs(TAB) | {"form": form, "some": bool(known)}
    return render(request, "auditor/sample_ask.html", context)


@dataclass(frozen=True, slots=True)
class Line:
    """A unit drawn, as the page shows it: its first files, each with when the reader last opened it."""

    unit: Unit
    high: bool
    files: list[str]
    result: SampleResult | None
    shown: list[tuple[str, datetime | None]]


@require_safe
@for_roles(perimeter.HERE)
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """One sample: its population, its parameters, its strata, its units with their files, its conclusion."""
    found = sample_of(request, pk)
    base, known = drawing.base_of(found), results.latest(found)
    lines = _lines(found, base, known, person(request))
    files = list(dict.fromkeys(reference for line in lines for reference in line.files))
    context = perimeter.tabs(TAB) | _head(found) | {
        "lines": lines, "files": "\n".join(files), "packable": len(files) <= packs.MOST, "many": len(files),
        "audited": len(known), "strata": _first(found)["strata"], "stages": found.unit == Sample.Unit.TWO_STAGE,
        "conclusion": found.conclusions.select_related("concluded_by").order_by("-id").first(),
        "language": perimeter.language()[:2],
    }  # fmt: skip
    return render(request, "auditor/sample.html", context)


def _head(found: Sample) -> dict[str, Any]:
    """What each page of a sample says of it."""
    plan = found.plan
    return {
        "sample": found, "zone": found.region.time_zone, "method": dict(METHODS)[Method(plan["method"])],
        "confidence": Decimal(plan["confidence"]) * 100, "materiality": Decimal(plan["materiality"]) * 100,
        "expected": Decimal(plan["expected_rate"]) * 100, "share": Decimal(plan["share"]) * 100,
        "statistical": not plan["method"].startswith("non_statistical"),
        "allocation": dict(ALLOCATIONS)[Allocation(plan["allocation"])],
        "cutoff": None if plan["cutoff"] is None else Decimal(plan["cutoff"]),
    }  # fmt: skip


def _first(found: Sample) -> Mapping[str, Any]:
    """The record of the draw, or of its first stage."""
    record: Mapping[str, Any] = found.drawn.get("first", found.drawn)
    return record


def _lines(found: Sample, base: Population, known: Mapping[str, SampleResult], reader: User) -> list[Line]:
    high = {key for stratum in _first(found)["strata"] for key in stratum["high"]}
    keys = _keys(found)
    files = population.references(found, keys)
    mine = opened.last(reader, {reference for key in keys for reference in files[key][:SHOWN]})
    units = [base.by_key[key] for key in keys]
    return [
        Line(unit, (unit.operation if "second" in found.drawn else unit.key) in high, files[unit.key],
             known.get(unit.key), [(reference, mine.get(reference)) for reference in files[unit.key][:SHOWN]])
        for unit in units
    ]  # fmt: skip


def _keys(found: Sample) -> list[str]:
    """The units to audit, in the order of their keys."""
    if "second" in found.drawn:
        return sorted(key for keys in found.drawn["second"].values() for key in keys)
    return sorted(key for stratum in found.drawn["strata"] for key in stratum["high"] + stratum["sample"])


@require_safe
@for_roles(perimeter.HERE)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The frozen population as it is kept, for the auditor's own tool: « import, verify its hash, draw again »."""
    found = sample_of(request, pk)
    response = HttpResponse(found.population, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="population-{found.pk}-{found.population_sha256[:12]}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@for_roles(perimeter.HERE)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw again from what was frozen, and say whether it is identical."""
    found = sample_of(request, pk)
    done = drawing.again(found)
    if not done.whole:
        messages.error(request, str(drawing.ALTERED))
    elif not done.identical:
        messages.error(request, now_("Le nouveau tirage diffère de celui qui est conservé."))
    else:
        messages.success(request, now_("Tirage refait : identique. Empreinte %s.") % done.sha256)
    if done.declared_since:
        messages.info(request, now_("Ce qui est déclaré pour cet exercice a changé depuis le gel de la population."))
    return redirect("audit-sample", found.pk)


# --- what was found


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(perimeter.HERE)
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the results, fifty lines on a page; what was typed stays when a line is wrong."""
    found = sample_of(request, pk)
    base, known, keys = drawing.base_of(found), results.latest(found), _keys(found)
    sheet, sheets = _sheet(request, len(keys))
    units = [base.by_key[key] for key in keys[sheet * LINES : (sheet + 1) * LINES]]
    form = ResultsForm(sent(request), units, known, found.plan["method"] == Method.DIFFERENCE)
    if request.method == "POST" and form.is_valid():
        count = results.enter(found, form.entries(), person(request))
        messages.success(request, ngettext("%s résultat enregistré.", "%s résultats enregistrés.", count) % count)
        return redirect("audit-sample", found.pk)
    context = perimeter.tabs(TAB) | _head(found) | {
        "form": form, "lines": form.lines(), "sheet": sheet + 1, "sheets": range(1, sheets + 1),
    }  # fmt: skip
    return render(request, "auditor/sample_results.html", context)


def _sheet(request: HttpRequest, count: int) -> tuple[int, int]:
    """Which page of the lines, from 0, and how many there are."""
    sheets = -(-count // LINES)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    return min(max(number, 1), sheets) - 1, sheets


# --- what it means


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(perimeter.HERE)
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of the results and the conclusion in words; kept when the auditor says so."""
    found = sample_of(request, pk)
    last = found.conclusions.order_by("-id").first()
    choose = Method(found.plan["method"]) not in {*BY_VALUE, Method.DIFFERENCE}
    form = TermsForm(sent(request), initial=_initial(found, last), choose=choose)
    outcome: results.Outcome | None = None
    if request.method == "POST" and form.is_valid():
        try:
            outcome = results.evaluated(found, form.terms(), results.latest(found))
            if "keep" in request.POST:
                results.conclude(found, form.terms(), person(request))
                messages.success(request, now_("La conclusion est arrêtée, avec tout ce sur quoi elle repose."))
                return redirect("audit-sample-conclusion", found.pk)
        except InputError as error:
            form.add_error(error.field if error.field in form.fields else None, said(error))
    told = outcome.record() if outcome else last.outcome if last and request.method != "POST" else None
    kept = [(one, _told(one.outcome)) for one in found.conclusions.select_related("concluded_by").order_by("-id")]
    context = perimeter.tabs(TAB) | _head(found) | {
        "form": form, "told": _told(told) if told else None, "fresh": outcome is not None, "kept": kept,
        "missing": found.drawn_units - len(results.latest(found)),
    }  # fmt: skip
    return render(request, "auditor/sample_conclusion.html", context)


def _initial(found: Sample, last: SampleConclusion | None) -> dict[str, Any]:
    """The terms of the last conclusion, or all that was declared."""
    if last is None:
        whole = found.book + found.negative_book
        return {"expenditure": whole}
    delimited = "\n".join(f"{key} = {amount}" for key, amount in last.terms["delimited"].items())
    amounts = ("expenditure", "other_deductions", "ongoing", "corrections")
    terms = {name: Decimal(last.terms[name]) for name in amounts}
    return terms | {"estimator": last.terms["estimator"], "delimited": delimited}


def _told(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of an outcome as numbers, rates in percent, and its sentence in the reader's language."""
    texts = ("decision", "fr", "en")
    figures = {
        name: None if text is None else Decimal(text) for name, text in outcome.items() if name not in texts
    }  # fmt: skip
    rates = {
        f"{name}_percent": None if rate is None else percentage(rate)
        for name, rate in figures.items()
        if name in ("total_rate", "upper_rate", "residual_rate", "recalculated")
    }
    sentence = outcome["en" if perimeter.language().startswith("en") else "fr"]
    return figures | rates | {"decision": outcome["decision"], "sentence": sentence}
