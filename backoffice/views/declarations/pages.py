"""What is declared to the Union: claims of beneficiaries, their verification, payment applications. Auditors read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from applications.enums import OperationClaimState, PaymentApplicationState
from applications.models import Operation, OperationClaim, PaymentApplication
from applications.rules.payment_application import submission_window
from backoffice.views.base import for_roles, perform, person, regions_of
from backoffice.views.declarations.forms import (
    BasisForm,
    ClaimForm,
    CorrectionForm,
    ReasonForm,
    SendForm,
    WithholdForm,
)
from regions import clock
from regions.enums import RoleKind
from regions.models import Programme, Region
from reporting import declared
from reporting.keyset import BY_ID, LATEST_FIRST, page
from workflows import declaring, declaring_firms, gate
from workflows.acts import Refused
from workflows.chain import key
from workflows.models import Event

SHOWN = 5
NOTHING = _(
    "Rien n’attend jusqu’à ce jour, ou vous avez agi sur chacun des dossiers : une autre personne doit les déclarer."
)
READERS = (RoleKind.LIQUIDATOR, RoleKind.CERTIFIER, RoleKind.AUTHORISING, RoleKind.AUDITOR)
CLAIM_ACTS: dict[str, tuple[type[forms.Form], Any]] = {
    "verify": (ReasonForm, _("La vérification de gestion est conclue.")),
    "give_back": (ReasonForm, _("La demande est retournée à la région.")),
}
SAID = {"withhold": _("Le montant est écarté."), "correction": _("La correction est enregistrée.")}
APPLICATION_ACTS: dict[str, tuple[type[forms.Form], Any]] = {
    "send": (SendForm, _("La demande de paiement est transmise à la Commission.")),
    "cancel": (ReasonForm, _("La demande de paiement est annulée : ses demandes attendent la suivante.")),
}


def _regions(request: HttpRequest) -> list[Region]:
    """The regions where the person reads what is declared, each once."""
    return list({region.pk: region for region in regions_of(person(request), *READERS)}.values())


def _holds(request: HttpRequest, kind: RoleKind) -> set[int]:
    return {region.pk for region in regions_of(person(request), kind)}


@require_safe
@for_roles(*READERS)
def start(request: HttpRequest) -> HttpResponse:
    """The operations and where they stand, the programmes, the claims and the applications."""
    return _start(request)


def _start(request: HttpRequest, wrong: forms.Form | None = None) -> HttpResponse:
    regions, today = _regions(request), clock.today()
    grouped = Operation.objects.grouped().filter(region__in=regions)
    operations = list(grouped.select_related("region").order_by("code"))
    claims = OperationClaim.objects.filter(region__in=regions).select_related("operation", "payment_application")
    context = {
        "operations": _operations(request, operations, wrong), "programmes": _programmes(request, regions, wrong),
        "claims": page(claims, LATEST_FIRST, request.GET.get("after", "")), "window": submission_window(today),
        "applications": PaymentApplication.objects.filter(region__in=regions).select_related("programme").order_by(
            "-pk"
        )[:60],
        "year": declaring.year_of(today),
    }  # fmt: skip
    return render(request, "declarations/list.html", context, status=422 if wrong else 200)


def _operations(request: HttpRequest, found: list[Operation], wrong: forms.Form | None) -> list[tuple[Any, Any, Any]]:
    """Each operation with its figures, and the form of who may claim for it."""
    figures, mine = declared.positions(found), _holds(request, RoleKind.LIQUIDATOR)
    forms_ = {
        each.pk: wrong if wrong and wrong.prefix == f"o{each.pk}" else ClaimForm(
            prefix=f"o{each.pk}", initial={"until": clock.today()}
        )
        for each in found if each.region_id in mine
    }  # fmt: skip
    return [(each, figures[each.pk], forms_.get(each.pk)) for each in found]


def _programmes(request: HttpRequest, regions: list[Region], wrong: forms.Form | None) -> list[dict[str, Any]]:
    """Each programme: what waits to be declared, the firms' expenditure to take up, and the forms of who may."""
    mine, today = _holds(request, RoleKind.CERTIFIER), clock.today()
    rows = Programme.objects.filter(region__in=regions).order_by("cci")
    return [_programme(each, today, each.region_id in mine, wrong) for each in rows]


def _programme(programme: Programme, today: date, may: bool, wrong: forms.Form | None) -> dict[str, Any]:
    count, paid = declaring_firms.total(programme, today)
    prefix = f"f{programme.pk}"
    typed = wrong if wrong and wrong.prefix == prefix else ClaimForm(prefix=prefix, initial={"until": today})
    return {
        "programme": programme, "ready": declaring.ready_total(programme, today), "firms": count, "paid": paid,
        "form": BasisForm(prefix=f"p{programme.pk}") if may else None, "take_up": typed if may and count else None,
    }  # fmt: skip


@require_POST
@for_roles(RoleKind.LIQUIDATOR)
def claim_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The region's claim for what it paid up to a day."""
    form = ClaimForm(request.POST, prefix=f"o{pk}")
    if not form.is_valid():
        return _start(request, form)
    call = lambda: gate.open_operation_claim(person(request), pk, form.cleaned_data["until"])  # noqa: E731
    return perform(request, call, _("La demande de la région est remise à l’autorité de gestion."), "declarations")


@require_POST
@for_roles(RoleKind.CERTIFIER)
def firms_new(request: HttpRequest, pk: int) -> HttpResponse:
    """What the firms that are beneficiaries spent up to a day, verified and paid, in a claim for each."""
    form = ClaimForm(request.POST, prefix=f"f{pk}")
    if not form.is_valid():
        return _start(request, form)
    batch = gate.declare_firms(person(request), pk, form.cleaned_data["until"])
    for sentence in list(dict.fromkeys(sentence for _pk, sentence in batch.refused))[:SHOWN]:
        messages.error(request, sentence)
    if batch.done:
        messages.success(request, _taken_up(len(batch.done)))
    elif not batch.refused:
        messages.error(request, NOTHING)
    return redirect("declarations")


def _taken_up(count: int) -> str:
    return ngettext(
        "La dépense d’une entreprise est reprise.", "Les dépenses de %(count)d entreprises sont reprises.", count
    ) % {"count": count}


@require_POST
@for_roles(RoleKind.CERTIFIER)
def application_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The payment application of the period."""
    form = BasisForm(request.POST, prefix=f"p{pk}")
    if not form.is_valid():
        raise Http404
    call = lambda: gate.open_payment_application(person(request), pk, form.cleaned_data["basis"])  # noqa: E731
    return perform(request, call, _("La demande de paiement est préparée."), "declarations")


# --- the region's claim


@require_safe
@for_roles(*READERS)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """A claim with its lines; the authority opens the form of one of them."""
    return _claim(request, _found(request, OperationClaim, pk))


def _found(request: HttpRequest, model: Any, pk: int) -> Any:
    return get_object_or_404(model.objects.filter(region__in=_regions(request)), pk=pk)


def _claim(request: HttpRequest, found: OperationClaim, wrong: forms.Form | None = None) -> HttpResponse:
    lines = found.lines.select_related("application", "entry__order", "correction")
    asked = request.GET.get("ligne", "")
    line = lines.filter(pk=int(asked), booked__gt=0).first() if asked.isascii() and asked.isdigit() else None
    mode = _mode(request, found)
    context = {
        "claim": found, "page": page(lines, BY_ID, request.GET.get("after", "")),
        "offers": _offers(request, found, CLAIM_ACTS, wrong), "mode": mode, "line": line,
        "counted": found.lines.aggregate(files=Count("application", distinct=True), rows=Count("pk")),
        "audits": found.region_id in _holds(request, RoleKind.AUDITOR),
        "trail": _trail(found), "aside": _aside(found, line, mode, wrong) if line and mode else None,
    }  # fmt: skip
    return render(request, "declarations/claim.html", context, status=422 if wrong else 200)


def _mode(request: HttpRequest, found: OperationClaim) -> str:
    """What the person may do with a line: set it aside while it is verified, correct it once it was."""
    if found.state == OperationClaimState.SUBMITTED and found.region_id in _holds(request, RoleKind.CERTIFIER):
        return "withhold" if not gate.available(person(request), found).get("verify", "no") else ""
    if found.state == OperationClaimState.VERIFIED and found.region_id in _holds(request, RoleKind.AUTHORISING):
        return "correction"
    return ""


def _aside(found: OperationClaim, line: Any, mode: str, wrong: forms.Form | None) -> forms.Form:
    if wrong is not None and wrong.prefix == mode:
        return wrong
    if mode == "withhold":
        return WithholdForm(prefix=mode, initial={"declared": line.declared})
    return CorrectionForm(prefix=mode, years=_years(found))


def _years(found: OperationClaim) -> list[tuple[str, Any]]:
    """The accounting years declared, in whose accounts an amount may be left out."""
    sent = PaymentApplication.objects.filter(region=found.region_id, state=PaymentApplicationState.SENT)
    ends = sent.order_by("-year_end").values_list("year_end", flat=True).distinct()
    return [(f"{end}", format_lazy(_("Des comptes de l’exercice {year}"), year=declared.label(end))) for end in ends]


def _offers(request: HttpRequest, found: Any, acts: dict[str, Any], wrong: forms.Form | None) -> list[Any]:
    """Each act open now: name, label, why not ("" when the person may), form. None for those who only read."""
    user = person(request)
    if found.region_id not in _holds(request, RoleKind.CERTIFIER) | _holds(request, RoleKind.AUTHORISING):
        return []
    machine, order = "operation_claim" if isinstance(found, OperationClaim) else "payment_application", list(acts)
    return [
        (name, gate.act_label(f"{machine}.{name}"), said, wrong if wrong and wrong.prefix == name
         else acts[name][0](prefix=name))
        for name, said in sorted(_open(user, found, acts), key=lambda one: order.index(one[0]))
    ]  # fmt: skip


def _open(user: Any, found: Any, acts: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, said) for name, said in gate.available(user, found).items() if name in acts]


def _trail(found: Any) -> list[tuple[Any, Any]]:
    events = Event.objects.filter(subject=key(found)).select_related("actor", "note").order_by("number")
    return [(event, gate.act_label(event.act)) for event in events]


@require_POST
@for_roles(RoleKind.CERTIFIER)
def claim_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Verify or give back."""
    return _act(request, _found(request, OperationClaim, pk), "operation_claim", name, CLAIM_ACTS, _claim)


@require_POST
@for_roles(RoleKind.CERTIFIER, RoleKind.AUTHORISING)
def line_act(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Set a payment aside, or correct what was declared of a file; what was typed stays in its form."""
    found = _found(request, OperationClaim, pk)
    row, mode = get_object_or_404(found.lines, pk=line), _mode(request, found)
    if not mode:
        raise Http404
    form = _typed(request, found, mode)
    if form.is_valid():
        try:
            _record(request, found, row, mode, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            return perform(request, lambda: None, SAID[mode], "operation-claim", pk)
    kept: Any = request.GET.copy()
    kept["ligne"] = str(line)
    request.GET = kept
    return _claim(request, found, form)


def _typed(request: HttpRequest, found: OperationClaim, mode: str) -> forms.Form:
    if mode == "withhold":
        return WithholdForm(request.POST, prefix=mode)
    return CorrectionForm(request.POST, prefix=mode, years=_years(found))


def _record(request: HttpRequest, found: OperationClaim, row: Any, mode: str, given: dict[str, Any]) -> None:
    user = person(request)
    if mode == "withhold":
        gate.record(user, "operation_claim", found.pk, mode, line=row.pk, **given)
    else:
        gate.record(user, "application", row.application_id, mode, **given)


def _act(
    request: HttpRequest, found: Any, machine: str, name: str, acts: dict[str, Any],
    shown: Callable[..., HttpResponse],
) -> HttpResponse:  # fmt: skip
    """One act: what was typed stays in its form when the gate refuses it."""
    if name not in acts:
        raise Http404
    form = acts[name][0](request.POST, prefix=name)
    if form.is_valid():
        try:
            gate.move(person(request), machine, found.pk, name, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            return perform(request, lambda: None, acts[name][1], machine.replace("_", "-"), found.pk)
    return shown(request, found, form)


# --- the payment application


@require_safe
@for_roles(*READERS)
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """A payment application: annex XXIII, its claims, and what may be done."""
    return _application(request, _found(request, PaymentApplication, pk))


def _application(request: HttpRequest, found: PaymentApplication, wrong: forms.Form | None = None) -> HttpResponse:
    context = {
        "application": found, "table": list(declared.annex_23(found)), "trail": _trail(found),
        "claims": page(found.claims.select_related("operation"), BY_ID, request.GET.get("after", "")),
        "offers": _offers(request, found, APPLICATION_ACTS, wrong),
        "is_sent": found.state == PaymentApplicationState.SENT,
    }  # fmt: skip
    return render(request, "declarations/application.html", context, status=422 if wrong else 200)


@require_POST
@for_roles(RoleKind.AUTHORISING)
def application_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Send or cancel."""
    found = _found(request, PaymentApplication, pk)
    return _act(request, found, "payment_application", name, APPLICATION_ACTS, _application)
