"""The simulator: an answer in two minutes, before any account, and nothing kept unless asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import self_diagnosis
from applications.forms.fields import SiretField, categories, tongue
from applications.forms.simulation import MAX_LINES, QuoteLines, SimulationForm
from applications.forms.work_units import WorkUnitsForm
from applications.rules.payment_models import model_of, outlay
from applications.services.directory import look_up
from applications.simulation import simulate
from backoffice.views import work_units
from backoffice.views.applicant import plan
from backoffice.views.public.carried import carry
from backoffice.views.public.money import papers
from backoffice.views.public.nearby import nearby
from backoffice.views.public.wording import told
from regions import clock
from regions.models import Scheme, SchemeVersion
from regions.money import ZERO

SHOWN_LINES = 2


@require_http_methods(["GET", "HEAD", "POST"])
def simulator(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, then answer on the same page; « start » carries the answers into a draft."""
    version = _open_version(code)
    if request.method != "POST":
        return _page(request, version, SimulationForm(rules=version.rules), _blank(version))
    action = request.POST.get("action", "")
    if action == "look_up":
        return _looked_up(request, version)
    if action == "add_line":
        return _longer(request, version)
    if work_units.asked(request):
        return _counted(request, version)
    if action == "open":
        return _opened(request, version)
    return _answer(request, version, start=action == "start")


def _open_version(code: str) -> SchemeVersion:
    scheme = get_object_or_404(Scheme.objects.select_related("region"), code=code)
    try:
        return scheme.version_on(clock.today(scheme.region.time_zone))
    except SchemeVersion.DoesNotExist as error:
        raise Http404 from error


def _blank(version: SchemeVersion, rows: list[dict[str, Any]] | None = None, count: int = SHOWN_LINES) -> Any:
    """Lines not yet checked: those typed so far, and empty ones up to a count."""
    typed = rows or []
    return QuoteLines(
        initial=[*typed, *({} for _row in range(count - len(typed)))], prefix="lines",
        form_kwargs={"rules": version.rules},
    )  # fmt: skip


def _typed(request: HttpRequest, version: SchemeVersion) -> dict[str, Any]:
    return {name: request.POST.get(name, "") for name in SimulationForm(rules=version.rules).fields}


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    given = request.POST.get("lines-TOTAL_FORMS", "")
    count = min(int(given), MAX_LINES) if given.isdecimal() else 0
    names = ("category", "quantity", "amount")
    return [{name: request.POST.get(f"lines-{rank}-{name}", "") for name in names} for rank in range(count)]


def _longer(request: HttpRequest, version: SchemeVersion) -> HttpResponse:
    rows = _rows(request)
    lines = _blank(version, rows, min(len(rows) + 1, MAX_LINES))
    return _page(request, version, SimulationForm(initial=_typed(request, version), rules=version.rules), lines)


def _counted(request: HttpRequest, version: SchemeVersion) -> HttpResponse:
    """The headcount counted from the people, in its box; whatever else was typed stays."""
    typed, people = work_units.counted(request)
    rows = _rows(request)
    lines = _blank(version, rows, max(len(rows), SHOWN_LINES))
    return _page(request, version, SimulationForm(initial=typed, rules=version.rules), lines, people=people)


def _opened(request: HttpRequest, version: SchemeVersion) -> HttpResponse:
    """Answers carried over from « May I get an aid? »: answered at once when nothing is missing, else shown."""
    form, lines = _bound(request, version)
    if form.is_valid() and lines.is_valid():
        return _page(request, version, form, lines, outcome=_outcome(version, form, lines))
    typed = SimulationForm(initial=_typed(request, version), rules=version.rules)
    return _page(request, version, typed, _blank(version, _rows(request)))


def _bound(request: HttpRequest, version: SchemeVersion) -> tuple[SimulationForm, Any]:
    form = SimulationForm(request.POST, rules=version.rules)
    return form, QuoteLines(request.POST, prefix="lines", form_kwargs={"rules": version.rules})


def _looked_up(request: HttpRequest, version: SchemeVersion) -> HttpResponse:
    """Fill what the register knows; whatever was typed stays where it says nothing."""
    typed = _typed(request, version)
    notice, found = _ask_register(typed["siret"])
    rows = _rows(request)
    lines = _blank(version, rows, max(len(rows), SHOWN_LINES))
    return _page(request, version, SimulationForm(initial=typed | found, rules=version.rules), lines, notice=notice)


def _ask_register(siret: str) -> tuple[str, dict[str, Any]]:
    """The sentence to show and the fields that the register fills; never an error page."""
    try:
        number = SiretField().clean(siret)
    except ValidationError as error:
        return " ".join(error.messages), {}
    facts = (answer := look_up(number)).facts
    if facts is None:
        return str(answer.sentence), {}
    known = {
        "siret": number, "naf": facts.naf_code, "legal_category": facts.legal_category, "seat_region": facts.region,
        "place": facts.commune,
    }  # fmt: skip
    name = facts.name or _("Entreprise au nom non publié")
    return _("%s : vérifier ce que le registre a rempli ci-dessous.") % name, {k: v for k, v in known.items() if v}


def _answer(request: HttpRequest, version: SchemeVersion, *, start: bool) -> HttpResponse:
    form, lines = _bound(request, version)
    if not (form.is_valid() & lines.is_valid()):
        return _page(request, version, form, lines)
    if start:
        return _carry(request, version, form, lines)
    return _page(request, version, form, lines, outcome=_outcome(version, form, lines))


def _outcome(version: SchemeVersion, form: SimulationForm, lines: Any) -> dict[str, Any]:
    """The answer in words: reasons with their clause, lines with what was left out, dates."""
    day = clock.today(version.scheme.region.time_zone)
    prior: Decimal = form.cleaned_data["prior"] or ZERO
    answer = simulate(version.rules, form.facts(day), lines.lines(version.rules), prior=prior, other_aid=ZERO, day=day)
    needed = version.rule("provider", "accreditation_required", default=False)
    near = nearby([version.scheme_id], form.cleaned_data["place"], day) if needed else {}
    return {
        "answer": answer,
        "outlay": outlay(version.rules, answer.quoted, answer.aid),
        "papers": papers(version.rules),
        "needed": needed,
        "diagnosis": self_diagnosis.asked_by(version.rules),
        "near": near.get(version.scheme_id),
        "reasons": told(answer.reasons),
        "lines": [(line, told(line.reasons)) for line in answer.lines],
        "told": [plan.own_told(model_of(version.rules)), *plan.grant_told(version.rules, answer.aid)],
        "components": [plan.component(part) for part in answer.components],
        "to_confirm": [item["note"][tongue()] for item in version.rule("to_confirm", default=[])],
    }


def _carry(request: HttpRequest, version: SchemeVersion, form: SimulationForm, lines: Any) -> HttpResponse:
    """Keep the answers in the session, since she asked to start; then on to the draft, by sign-up if needed."""
    labels = dict(categories(version.rules))
    carry(request, version.scheme.code, form.cleaned_data, [
        {"category": row["category"], "label": labels[row["category"]], "amount": row["amount"]}
        | ({"quantity": row["quantity"]} if row.get("quantity") else {})
        for row in lines.filled()
    ])  # fmt: skip
    start = reverse("start", args=[version.scheme.code])
    if request.user.is_authenticated:
        return HttpResponseRedirect(start)
    return HttpResponseRedirect(f"{reverse('sign-up')}?{urlencode({'next': start})}")


def _page(request: HttpRequest, version: SchemeVersion, form: SimulationForm, lines: Any, **more: Any) -> HttpResponse:
    context = {
        "scheme": version.scheme, "form": form, "lines": lines, "room": len(lines.forms) < MAX_LINES,
        "people": WorkUnitsForm.typed_in(request.POST),
    }  # fmt: skip
    return render(request, "public/simulator.html", context | more)
