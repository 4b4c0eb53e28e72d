"""Undue payments: noted on a file, listed by who has them, and one recovery with what may be done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.enums import RecoveryState
from applications.models import Application, Recovery
from backoffice.views.base import for_roles, person, regions_of, sent
from backoffice.views.officer.fields import ActForm
from backoffice.views.officer.file import staff_file
from backoffice.views.officer.forms import delegation_of
from backoffice.views.officer.moves import Moves
from backoffice.views.officer.recovery_forms import RECOVERY_ACTS, SUPPOSING, FoundForm
from regions.enums import RoleKind
from reporting.keyset import BY_ID, page
from workflows import eyes, gate, interest, offers
from workflows.acts import NotFound, Refused
from workflows.chain import facts_of
from workflows.models import Event

READERS = (
    RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER, RoleKind.LIQUIDATOR, RoleKind.AUTHORISING,
    RoleKind.ACCOUNTANT, RoleKind.AUDITOR,
)  # fmt: skip
# The list by the step that is awaited, each with whose it is.
TABS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "a-engager": (_("À engager"), (RecoveryState.OPENED,)),
    "contradictoire": (_("Contradictoire"), (RecoveryState.HEARING,)),
    "titres": (_("Titres émis"), (RecoveryState.ORDERED,)),
    "contestes": (_("Contestés"), (RecoveryState.SUSPENDED,)),
    "clos": (_("Clos"), (RecoveryState.RECOVERED, RecoveryState.DROPPED, RecoveryState.WRITTEN_OFF)),
    "tous": (_("Tous"), tuple(value for value in RecoveryState.values if value != RecoveryState.NEW)),
}


def _visible(request: HttpRequest) -> QuerySet[Recovery]:
    """The recoveries of the regions where the reader works today."""
    user = person(request)
    found = Recovery.objects.for_user(user).filter(application__region__in=regions_of(user, *READERS))
    return found.select_related("application__company", "application__region", "claim")


@require_safe
@for_roles(*READERS)
def recoveries(request: HttpRequest) -> HttpResponse:
    """The recoveries of a step, the oldest first, with how many wait at each."""
    key = request.GET.get("etape", "tous")
    key = key if key in TABS else "tous"
    rows = _visible(request)
    counts = rows.order_by().aggregate(
        **{name.replace("-", "_"): Count("pk", filter=Q(state__in=states)) for name, (_words, states) in TABS.items()}
    )
    chosen = rows.filter(state__in=TABS[key][1])
    context = {
        "tabs": [(name, words, counts[name.replace("-", "_")]) for name, (words, _states) in TABS.items()],
        "tab": key, "page": page(chosen, BY_ID, request.GET.get("after", "")), "title": TABS[key][0],
        "sums": chosen.aggregate(amount=Sum("amount"), collected=Sum("collected")), "kept": f"etape={key}",
    }  # fmt: skip
    return render(request, "officer/recoveries.html", context)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came in, as the accountant saw it. Euro."""

    amount: Decimal
    reference: str
    value_date: date


@require_safe
@for_roles(*READERS)
def recovery(request: HttpRequest, number: str) -> HttpResponse:
    """One recovery: who found what and why, the hearing, the order, the receipts, and the reader's acts."""
    return _page(request, _one(request, number))


def _one(request: HttpRequest, number: Any) -> Recovery:
    return get_object_or_404(_visible(request), number=number)


def _page(request: HttpRequest, found: Recovery, bound: Mapping[str, ActForm] | None = None) -> HttpResponse:
    history = eyes.history(found)
    known = {event.act: event for event, _label, _by in history}
    acts = [o for o in offers.moves(person(request), found, SUPPOSING) if o.name in RECOVERY_ACTS]
    context = {
        "recovery": found, "file": found.application, "zone": found.application.zone, "events": history,
        "finding": known.get("recovery.open"), "observed": known.get("recovery.observe"),
        "order": known.get("recovery.order"), "receipts": receipts_of(history),
        "acts": [MOVES.shown(offer, found, bound or {}) for offer in acts if offer.right],
        "others": [offer for offer in acts if not offer.right],
        "collects": _collects(request, found), **interest.account(found),
    }  # fmt: skip
    return render(request, "officer/recovery.html", context)


def receipts_of(history: list[tuple[Event, Any, Any]]) -> list[Receipt]:
    """The receipts of a recovery, the oldest first."""
    came_in = ("recovery.collect", "recovery.collect_part")
    told = [facts_of(event) for event, _label, _by in history if event.act in came_in]
    return [Receipt(Decimal(t["amount"]), t["reference"], date.fromisoformat(t["value_date"])) for t in told]


def _collects(request: HttpRequest, found: Recovery) -> bool:
    """The public accountant of the region says what came in, from his own desk."""
    accountant = regions_of(person(request), RoleKind.ACCOUNTANT)
    return found.state == RecoveryState.ORDERED and found.application.region in accountant


MOVES = Moves("recovery", RECOVERY_ACTS, _one, _page)


@require_POST
@for_roles(*READERS)
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A move of a recovery."""
    found = _one(request, number)
    return MOVES.make(request, number, MOVES.form(request, name, found), **_signed(request, found, name))


def _signed(request: HttpRequest, found: Recovery, name: str) -> dict[str, Any]:
    """The order is signed under the delegation of its author's role."""
    if name != "order":
        return {}
    return {"delegation": delegation_of(person(request), found.application.region, RoleKind.AUTHORISING)}


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(RoleKind.OFFICER, RoleKind.CERTIFIER)
def open_(request: HttpRequest, reference: str) -> HttpResponse:
    """Note an undue payment on a file."""
    file = staff_file(request, reference)
    offer = next((o for o in _offers(request, file) if o.name == "open"), None)
    if offer is None or not offer.right:
        raise Http404
    form = FoundForm(sent(request), file=file)
    if request.method == "POST" and form.is_valid():
        done = _opened(request, file, form)
        if done is not None:
            return done
    return render(request, "officer/recovery_open.html", {"file": file, "form": form, "offer": offer})


def _offers(request: HttpRequest, file: Application) -> list[offers.Offer]:
    room = FoundForm(file=file).room
    return offers.moves(person(request), gate.recovery_for(file), {"open": {"amount": room}})


def _opened(request: HttpRequest, file: Application, form: FoundForm) -> HttpResponse | None:
    try:
        event = gate.open_recovery(person(request), file.pk, **form.given())
    except NotFound as refusal:
        raise Http404(str(refusal)) from refusal
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return None
    made = Recovery.objects.get(pk=event.object.partition(":")[2])
    messages.success(request, now_("L’indu est constaté : engager maintenant la procédure contradictoire."))
    return redirect("recovery", made.number)
