"""What stands above the schemes, programmes and operations: one administrator proposes, another confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Operation, ProgrammeProposal
from applications.models.operation import AMENDED
from backoffice.views.base import perform, person
from backoffice.views.manage.guard import administrators, done, keyset, posted, regions_administered
from backoffice.views.manage.programme_forms import (
    AmendmentForm,
    ObjectiveForm,
    OperationForm,
    PriorityForm,
    ProgrammeForm,
    RateForm,
    first_answers,
    first_figures,
    words_of,
)
from regions import clock
from regions.enums import CategoryOfRegion
from regions.models import Priority, Programme, Region, Scheme
from workflows import administration
from workflows.cost_form import is_erdf, is_grouped

Kind = ProgrammeProposal.Kind
WAITING = 100
FORMS: dict[str, Any] = {
    Kind.PROGRAMME: ProgrammeForm, Kind.PRIORITY: PriorityForm, Kind.OBJECTIVE: ObjectiveForm, Kind.RATE: RateForm,
    Kind.OPERATION: OperationForm, Kind.AMENDMENT: AmendmentForm,
}  # fmt: skip
TITLES: dict[str, tuple[Any, Any]] = {
    Kind.PROGRAMME: (
        _("Proposer un programme"),
        _("Le programme FEDER de votre région, comme la Commission l’a approuvé. Ses priorités s’ajoutent ensuite."),
    ),
    Kind.PRIORITY: (
        _("Proposer une priorité"),
        _("Une priorité du programme, son taux de cofinancement et son premier objectif spécifique."),
    ),
    Kind.OBJECTIVE: (
        _("Proposer un objectif spécifique"),
        _("Un autre objectif de cette priorité. Le règlement d’un dispositif cite son code."),
    ),
    Kind.RATE: (
        _("Proposer un nouveau taux"),
        _("Le taux actuel reste dans l’historique ; le nouveau vaut à partir de son jour."),
    ),
    Kind.OPERATION: (
        _("Proposer une opération"),
        _(
            "Une opération groupée réunit les aides d’un dispositif : la région en est la bénéficiaire et déclare à "
            "l’Union ce qu’elle verse. Recopiez la décision de l’autorité de gestion."
        ),
    ),
    Kind.AMENDMENT: (
        _("Modifier une opération"),
        _("Une décision change un montant ou la fin. L’ancien chiffre reste ; les rapports d’avant ne changent pas."),
    ),
}


@require_safe
@administrators
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the programmes with their priorities, the operations of the region."""
    regions, today = regions_administered(request), clock.today()
    operations = Operation.objects.grouped().filter(region__in=regions)
    page = keyset(request, operations.select_related("scheme").prefetch_related("amendments"))
    context = {
        "waiting": _proposals(regions).filter(confirmed_at=None, declined_at=None).order_by("pk")[:WAITING],
        "programmes": [(row, list(_priorities(row, today))) for row in _programmes(regions)],
        "page": page, "figures": [(row, row.at(clock.now())) for row in page["rows"]],
        "without": _without_operation(regions, today),
    }  # fmt: skip
    return render(request, "manage/programmes.html", context)


def _programmes(regions: list[Region]) -> Any:
    rows = Programme.objects.filter(region__in=regions).select_related("region").order_by("cci")
    return rows.prefetch_related("priorities__objectives", "priorities__rates")


def _priorities(programme: Programme, day: date) -> Iterator[tuple[Priority, Decimal]]:
    """Each priority with its rate of the day."""
    for priority in sorted(programme.priorities.all(), key=lambda each: each.code):
        yield priority, priority.rate_on(day)


def _without_operation(regions: list[Region], day: date) -> list[Scheme]:
    """The schemes of the Fund, in grouped mode, whose files of today go under no operation."""
    covered = Operation.objects.covering(day, day, clock.now()).values("scheme")
    rows = Scheme.objects.filter(region__in=regions).exclude(pk__in=covered).prefetch_related("versions")
    return [scheme for scheme in rows.order_by("name_fr") if _of_the_fund(scheme)]


def _of_the_fund(scheme: Scheme) -> bool:
    """Whether the latest published rules count the ERDF among the funders and the region as the beneficiary."""
    published = [version for version in scheme.versions.all() if version.published_on]
    rules = max(published, key=lambda version: version.number).rules if published else {}
    return is_erdf(rules) and is_grouped(rules)


def _proposals(regions: list[Region]) -> Any:
    rows = ProgrammeProposal.objects.filter(region__in=regions)
    return rows.select_related(
        "region", "proposed_by", "confirmed_by", "declined_by", "programme", "priority", "operation"
    )


@require_safe
@administrators
def answers(request: HttpRequest) -> HttpResponse:
    """Every proposal that has its answer, the latest first."""
    rows = _proposals(regions_administered(request)).exclude(confirmed_at=None, declined_at=None)
    return render(request, "manage/programme_answers.html", {"page": keyset(request, rows)})


# --- proposing


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def propose(request: HttpRequest, kind: str, pk: int = 0) -> HttpResponse:
    """Propose one of the kinds: a form of its own, about the region or about a row of it."""
    target = _target(request, kind, pk)
    form = _form(request, kind, target)
    said = _("La proposition est enregistrée : un autre administrateur doit la confirmer.")
    if request.method == "POST" and done(request, form, lambda: _propose(request, form), said):
        return HttpResponseRedirect(resolve_url("manage-programmes"))
    title, lead = TITLES[kind]
    context = {"form": form, "title": title, "lead": lead, "target": target}
    return render(request, "manage/programme_propose.html", context, status=422 if form.errors else 200)


def _target(request: HttpRequest, kind: str, pk: int) -> Any:
    """The row that a proposal is about, of a region administered; None when it is about the region."""
    regions = regions_administered(request)
    if kind == Kind.PRIORITY:
        return get_object_or_404(Programme.objects.select_related("region"), pk=pk, region__in=regions)
    if kind in (Kind.OBJECTIVE, Kind.RATE):
        rows = Priority.objects.select_related("programme__region")
        return get_object_or_404(rows, pk=pk, programme__region__in=regions)
    return get_object_or_404(_amendable(regions), pk=pk) if kind == Kind.AMENDMENT else None


def _amendable(regions: list[Region]) -> Any:
    rows = Operation.objects.grouped().filter(region__in=regions)
    return rows.select_related("region", "scheme", "specific_objective__priority__programme")


def _form(request: HttpRequest, kind: str, target: Any) -> Any:
    made, data = FORMS[kind], posted(request)
    if target is not None:
        initial = first_figures(target) if kind == Kind.AMENDMENT else {}
        return made(data, target=target, initial=initial)
    return made(data, regions=regions_administered(request), initial=_known(request, kind))


def _known(request: HttpRequest, kind: str) -> dict[str, Any]:
    """What a scheme chosen in the list already says of its operation."""
    asked, regions = request.GET.get("dispositif", ""), regions_administered(request)
    if kind != Kind.OPERATION or not (asked.isdecimal() and asked.isascii() and len(asked) < 19):
        return {}
    scheme = Scheme.objects.filter(pk=int(asked), region__in=regions).select_related("region").first()
    return first_answers(scheme) if scheme else {}


def _propose(request: HttpRequest, form: Any) -> ProgrammeProposal:
    data = form.cleaned_data
    return administration.propose_in_programme(person(request), form.kind, form.about(data), **form.facts(data))


# --- answering


def _proposal(request: HttpRequest, pk: int) -> ProgrammeProposal:
    return get_object_or_404(_proposals(regions_administered(request)), pk=pk)


@require_safe
@administrators
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """What is proposed, whole, to whom must confirm it."""
    found = _proposal(request, pk)
    facts = administration.facts_of_proposal(found)
    context = {"proposal": found, "facts": list(_shown(found, facts)), "targets": list(_targets(facts))}
    return render(request, "manage/programme_proposal.html", context)


def _shown(found: ProgrammeProposal, facts: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Label, value, how it is shown and what holds today if it changes, in the order in which they were asked."""
    plain, form = found.kind != Kind.OPERATION, FORMS[found.kind]
    present = first_figures(found.operation) if found.kind == Kind.AMENDMENT and found.operation else {}
    for name, field in (form.base_fields if plain else form(regions=[found.region]).fields).items():
        if name in facts:
            before = present.get(name) if name in AMENDED and found.is_proposed else None
            yield (field.label, *_value(name, facts[name]), None if before == facts[name] else before)


def _value(name: str, value: Any) -> tuple[Any, str]:
    """A value as the page shows it, and by which of its ways."""
    if isinstance(value, bool):
        return gettext("oui") if value else gettext("non"), "text"
    if isinstance(value, date):
        return value, "day"
    if isinstance(value, Decimal):
        return value, "percent" if "percent" in name else "amount"
    if name == "beneficiary_id":
        return value, "siret"
    return CategoryOfRegion(value).label if name == "category_of_region" else value, "text"


def _targets(facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for target in facts.get("targets", ()):
        yield target | {"words": words_of(target["code"])}


def _answer(request: HttpRequest, pk: int, act: Callable[..., Any], said: Any) -> HttpResponse:
    found = _proposal(request, pk)
    return perform(request, lambda: act(person(request), found), said, "manage-programmes")


@require_POST
@administrators
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("C’est confirmé : la proposition est en vigueur.")
    return _answer(request, pk, administration.confirm_in_programme, said)


@require_POST
@administrators
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    own = _proposal(request, pk).proposed_by.person_id == person(request).person_id
    said = _("Votre proposition est retirée.") if own else _("La proposition est refusée.")
    return _answer(request, pk, administration.decline_in_programme, said)
