"""The accountant's receipts: firms' shares that come in or go back, instalments, recovery orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.enums import RecoveryState
from applications.escrow import escrow_of
from applications.models import Application, Instalment, Recovery
from backoffice.views.auditor.lists import export_of
from backoffice.views.base import for_roles, person, sent
from backoffice.views.officer.recoveries import receipts_of
from backoffice.views.payments import desk as desks
from backoffice.views.payments.desk import PAYING, Desk, desk_of
from backoffice.views.payments.receipt_forms import ReceiptForm
from regions import clock
from regions.enums import RoleKind
from reporting.keyset import BY_ID, Key, page
from reporting.lists import LISTS
from workflows import eyes, gate, offers, project, receipts, recoveries
from workflows.acts import NotFound, Refused

BY_DUE = (Key("due_on", date.fromisoformat), Key("id"))
BY_NOTICE = (Key("notified_on", date.fromisoformat), Key("id"))


@dataclass(frozen=True, slots=True)
class Source:
    """A list of the accountant: its words, its rows for some regions, their order, its export."""

    label: Any
    rows: Callable[[list[int]], Any]
    keys: tuple[Key, ...]
    related: tuple[str, ...]
    listing: str


FILE = ("company", "region", "scheme_version__scheme")
OF_INSTALMENT = ("component__grant__application__company", "component__grant__application__region")
SOURCES: Mapping[str, Source] = {
    "parts-attendues": Source(_("Parts attendues"), receipts.shares_awaited, BY_NOTICE, FILE, "parts"),
    "parts-a-rendre": Source(_("Parts à rendre"), receipts.to_give_back, BY_ID, FILE, "parts"),
    "echeances": Source(_("Échéances"), receipts.instalments, BY_DUE, OF_INSTALMENT, "echeances"),
    "titres": Source(_("Titres de recettes"), receipts.orders, BY_DUE, ("application__company",), "recouvrements"),
}
WHEN: Mapping[str, tuple[Any, Callable[[Any, date], Any]]] = {
    "retard": (_("En retard"), receipts.late),
    "trente-jours": (_("Dans les trente jours"), receipts.soon),
    "toutes": (_("Toutes"), lambda rows, today: rows),
}


@require_safe
@for_roles(*PAYING)
def listing(request: HttpRequest, key: str = "parts-attendues") -> HttpResponse:
    """A list of what has to come in or go back, the nearest date first."""
    if key not in SOURCES:
        raise Http404
    desk, source = desk_of(person(request)), SOURCES[key]
    when = request.GET.get("quand", "retard")
    when = when if when in WHEN else "retard"
    rows = source.rows(list(desk.regions)).select_related(*source.related)
    rows = WHEN[when][1](rows, clock.today()) if key == "echeances" else rows
    context = _common(desk, key) | {
        "page": page(rows, source.keys, request.GET.get("after", "")), "title": source.label, "export": source.listing,
        "when": when, "whens": [(name, words) for name, (words, _narrow) in WHEN.items()],
        "may": desk.of(RoleKind.ACCOUNTANT), "kept": f"quand={when}" if key == "echeances" else "",
        "template": f"payments/receipts_{key.replace('-', '_')}.html",
    }  # fmt: skip
    return render(request, "payments/receipts.html", context)


def _common(desk: Desk, key: str) -> dict[str, Any]:
    """The tabs of the desk and, below, the four lists with how much waits in each."""
    lists = [
        (name, reverse("receipts", args=[name]), source.label, _waiting(desk, name, source))
        for name, source in SOURCES.items()
    ]
    return {"tabs": desks.tabs(desk), "tab": "encaissements", "lists": lists, "list": key}


def _waiting(desk: Desk, name: str, source: Source) -> int:
    rows = source.rows(list(desk.regions))
    return int((receipts.late(rows, clock.today()) if name == "echeances" else rows).count())


@require_safe
@for_roles(*PAYING)
def export(request: HttpRequest, key: str, form: str) -> Any:
    """One of these lists whole, with all its columns, as the auditor’s are."""
    if key not in {source.listing for source in SOURCES.values()}:
        raise Http404
    return export_of(request, LISTS[key], list(desk_of(person(request)).regions.values()), form)


# --- one receipt


def _made(request: HttpRequest, call: Callable[[], Any], said: Any) -> bool:
    """Make an act: whether it was made; what refuses it is told."""
    try:
        call()
    except NotFound as refusal:
        raise Http404(str(refusal)) from refusal
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return False
    messages.success(request, str(said))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*PAYING)
def share(request: HttpRequest, reference: str) -> HttpResponse:
    """The firm's own share on a file: what came in is recorded here, and what is given back."""
    desk = desk_of(person(request))
    found = receipts.with_escrow(list(desk.regions)).select_related(*FILE)
    file = get_object_or_404(found, reference=reference)
    forms_ = {name: _share_form(request, file, name) for name in SIDES}
    acted = request.POST.get("act", "")
    if request.method == "POST" and acted in forms_ and forms_[acted].is_valid():
        given = forms_[acted].cleaned_data
        if _made(request, lambda: gate.record(desk.user, "application", file.pk, acted, **given), SIDES[acted]):
            return redirect("receipt-share", reference)
    context = _common(desk, "parts-attendues") | {
        "file": file, "escrow": escrow_of(file), "awaited": project.awaited_share(file),
        "acts": [(o, forms_[o.name]) for o in offers.records(desk.user, file) if o.name in SIDES and o.right],
        "entries": file.escrow_entries.order_by("-pk"),
    }  # fmt: skip
    return render(request, "payments/receipt_share.html", context)


SIDES: Mapping[str, Any] = {
    "share_received": _("La part reçue est enregistrée."),
    "share_refunded": _("La part rendue est enregistrée."),
}


def _share_form(request: HttpRequest, file: Application, name: str) -> ReceiptForm:
    """The form of one side, bound when it is the one posted; it begins with what is awaited, or held."""
    data = request.POST if request.POST.get("act") == name else None
    amount = project.awaited_share(file) if name == "share_received" else escrow_of(file).held
    return ReceiptForm(data, prefix=name, zone=file.zone, amount=amount)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*PAYING)
def instalment(request: HttpRequest, pk: int) -> HttpResponse:
    """One instalment: recorded as repaid when the accountant saw it."""
    desk = desk_of(person(request))
    rows = Instalment.objects.select_related(*OF_INSTALMENT)
    row = get_object_or_404(rows, pk=pk, component__grant__application__region__in=list(desk.regions))
    file = row.component.grant.application
    form = ReceiptForm(sent(request), zone=file.zone, amount=row.due)
    if request.method == "POST" and form.is_valid() and _repaid(request, desk, row, form):
        return redirect("receipts", "echeances")
    context = _common(desk, "echeances") | {
        "row": row, "file": file, "form": form, "rows": row.component.instalments.all(),
        "offer": next((o for o in offers.records(desk.user, file) if o.name == "instalment"), None),
    }  # fmt: skip
    return render(request, "payments/receipt_instalment.html", context)


def _repaid(request: HttpRequest, desk: Desk, row: Instalment, form: ReceiptForm) -> bool:
    file, given = row.component.grant.application, form.cleaned_data
    which: dict[str, Any] = {"instrument": row.component.instrument, "number": row.number}
    return _made(
        request, lambda: gate.record(desk.user, "application", file.pk, "instalment", **which, **given),
        _("L’échéance est enregistrée comme remboursée."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*PAYING)
def recovery(request: HttpRequest, number: str) -> HttpResponse:
    """What came in on a recovery order: a part, or all that remained."""
    desk = desk_of(person(request))
    rows = Recovery.objects.filter(application__region__in=list(desk.regions))
    found = get_object_or_404(rows.select_related("application__company", "application__region"), number=number)
    form = ReceiptForm(sent(request), zone=found.application.zone, amount=found.remaining)
    if request.method == "POST" and form.is_valid() and _collected(request, desk, found, form):
        return redirect("receipt-recovery", number)
    context = _common(desk, "titres") | {
        "recovery": found, "form": form, "receipts": receipts_of(eyes.history(found)),
        "may": found.state == RecoveryState.ORDERED and desk.may(RoleKind.ACCOUNTANT, found.application.region_id),
    }  # fmt: skip
    return render(request, "payments/receipt_recovery.html", context)


def _collected(request: HttpRequest, desk: Desk, found: Recovery, form: ReceiptForm) -> bool:
    return _made(
        request, lambda: recoveries.collect(desk.user, found.pk, **form.cleaned_data),
        _("L’encaissement est enregistré."),
    )  # fmt: skip
