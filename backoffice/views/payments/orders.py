"""The payment orders: lists by stage, signature, sending, and one order with what may be done to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from applications.enums import OrderState
from applications.models import PaymentOrder
from backoffice.views.base import for_roles, perform, person
from backoffice.views.payments import desk as desks
from backoffice.views.payments import leaving
from backoffice.views.payments.desk import PAYING, STAGES, Desk, desk_of, posted
from backoffice.views.payments.forms import ReasonForm, SearchForm
from regions.enums import RoleKind
from reporting.keyset import BY_ID, LATEST_FIRST, page
from reporting.lists.base import contains
from workflows import conditions, eyes, gate, offers, payees, payments, proof, run_files, signatures
from workflows.models import Event

TITLES = {
    "a-signer": _("Mandats à signer"), "a-transmettre": _("Mandats à transmettre"),
    "chez-le-comptable": _("Mandats chez le comptable"), "rejetes": _("Mandats rejetés, à reprendre"),
    "tous": _("Tous les mandats"),
}  # fmt: skip
SEARCHED = contains("number", "application__reference", "accountant_reference", "application__company__name")


@dataclass(frozen=True, slots=True)
class Line:
    """An order of a list: who prepared and signed it, whether it is held, why this person may not sign it.

    `missing` is how many signatures its batch asks for beyond those that it bears.
    """

    order: PaymentOrder
    prepared: Event | None
    signed: list[Event]
    missing: int
    held: Event | None
    mine: bool
    why: Any


@require_safe
@for_roles(*PAYING)
def orders(request: HttpRequest, stage: str) -> HttpResponse:
    """The orders of a stage: the oldest first where work waits, the latest first among all."""
    if stage not in TITLES:
        raise Http404
    desk, form = desk_of(person(request)), SearchForm(request.GET)
    may = desk.of(RoleKind.AUTHORISING)
    found = page(_staged(desk, stage, form), BY_ID if stage in STAGES else LATEST_FIRST, request.GET.get("after", ""))
    batches = leaving.batches(may) if stage == "a-transmettre" else []
    banded = any(batch.bands for _region, leaving_ in batches for batch in leaving_)
    context = {
        "batches": batches, "choosing": stage == "a-signer" or banded,
        "tabs": desks.tabs(desk), "tab": stage, "stage": stage, "title": TITLES[stage], "page": found,
        "lines": _lines(desk, found.rows, leaving.asked(batches), banded), "form": form, "may": may,
    }  # fmt: skip
    return render(request, "payments/orders.html", context)


def _staged(desk: Desk, stage: str, form: SearchForm) -> QuerySet[PaymentOrder]:
    rows = desks.orders_of(desk)
    rows = rows.filter(state=STAGES[stage]) if stage in STAGES else rows
    rows = rows.filter(desks.TO_TAKE_UP) if stage == "rejetes" else rows
    looked_for = form.cleaned_data["q"] if form.is_valid() else ""
    return rows.filter(SEARCHED(looked_for, "")) if looked_for else rows


def _lines(desk: Desk, found: Sequence[PaymentOrder], asked: Mapping[Any, int], banded: bool) -> list[Line]:
    desks.with_accounts([payees.payee_of(order) for order in found])
    events, held = eyes.every(found, "order.prepare", *signatures.SIGNATURES), eyes.held(found)
    further = any(order.state == OrderState.SIGNED for order in found)
    barred = eyes.barred(desk.user, found, "countersign" if further else "sign")
    return [
        Line(
            order, *_hands(order, events.get(order.pk, []), asked), held.get(order.pk),
            desk.may(RoleKind.AUTHORISING, order.application.region_id), _stopped(order, order.pk in held)
            or (own if banded or order.state == OrderState.PREPARED else ""),
        )
        for order, own in zip(found, barred, strict=True)
    ]  # fmt: skip


def _hands(order: Any, events: Sequence[Event], asked: Mapping[Any, int]) -> tuple[Event | None, list[Event], int]:
    """Who prepared an order, who signed it, and how many signatures its batch still asks for."""
    signed = [event for event in events if event.act in signatures.SIGNATURES]
    persons = {event.person_id_value for event in signed}
    needed = asked.get((order.application.region_id, run_files.output_of(order)), 0)
    prepared = next((event for event in events if event not in signed), None)
    return prepared, signed, max(0, needed - len(persons))


def _stopped(order: Any, held: bool) -> Any:
    """Why nobody can go on with this order for now."""
    if order.state not in (OrderState.PREPARED, OrderState.SIGNED):
        return ""
    if held:
        return conditions.not_held.sentence
    paid = payees.payee_of(order)
    if paid.changes:
        return conditions.no_bank_change_pending.sentence
    live = next(iter(paid.accounts), None)
    return "" if live and conditions.same_account(order, live) else conditions.account_unchanged.sentence


@for_roles(RoleKind.AUTHORISING)
@posted("payment-orders", "a-signer")
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the orders ticked, each on its own, under the delegation of the region it belongs to."""
    return _signed(request, "sign")


@for_roles(RoleKind.AUTHORISING)
@posted("payment-orders", "a-transmettre")
def countersign(request: HttpRequest) -> HttpResponse:
    """Sign the orders ticked as one more person."""
    return _signed(request, "countersign")


def _signed(request: HttpRequest, name: str) -> HttpResponse:
    desk = desk_of(person(request))
    numbers, by_region = _chosen(request, desk)
    done, refused = [], []
    for region, pks in by_region.items():
        delegation = desk.delegations.get(region, "")
        batch = gate.move_many(desk.user, "order", pks, name, delegation=delegation)
        done += [int(event.object.partition(":")[2]) for event in batch.done]
        refused += [(numbers[pk], sentence) for pk, sentence in batch.refused]
    desks.keep_result(request, _("Mandats signés"), done, refused)
    return redirect("payment-result")


def _chosen(request: HttpRequest, desk: Desk) -> tuple[dict[int, str], dict[int, list[int]]]:
    """The orders ticked, by region; one that is not his makes the whole address unknown."""
    asked = set(desks.pks(request, "order"))
    found = list(desks.orders_of(desk).filter(pk__in=asked))
    if len(found) != len(asked):
        raise Http404
    by_region: dict[int, list[int]] = defaultdict(list)
    for order in found:
        by_region[order.application.region_id].append(order.pk)
    return {order.pk: order.number for order in found}, by_region


@for_roles(RoleKind.AUTHORISING)
@posted("payment-orders", "a-transmettre")
def send(request: HttpRequest) -> HttpResponse:
    """Send every signed order of a region in one batch, in this person's name."""
    desk = desk_of(person(request))
    wanted = desks.pks(request, "region")
    region = next((r for r in desk.of(RoleKind.AUTHORISING) if wanted == [r.pk]), None)
    if region is None:
        raise Http404
    sending = payments.send(region, by=desk.user)
    if not sending.runs and not sending.apart:
        messages.warning(request, _("Aucun mandat signé n’attend d’être transmis."))
        return redirect("payment-orders", "a-transmettre")
    sent = list(PaymentOrder.objects.filter(run__in=sending.runs).values_list("pk", flat=True))
    desks.keep_result(request, _("Mandats transmis"), sent, sending.apart)
    return redirect("payment-result")


# --- one order


REASONED = {
    "unpaid_proof": _("Non-paiement attesté : la demande peut être mandatée à nouveau."),
    "hold": _("Mandat suspendu."),
    "release": _("Suspension levée."),
    "cancel": _("Mandat annulé."),
}
SIGNED = {"sign": _("Mandat signé."), "countersign": _("Mandat contresigné.")}


@require_safe
@for_roles(*PAYING)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """An order: what is paid, to whom, who did what, and what this person may do."""
    desk = desk_of(person(request))
    return _page(request, desk, _order(desk, number))


def _order(desk: Desk, number: str) -> PaymentOrder:
    return get_object_or_404(desks.orders_of(desk).select_related("application__region", "run__region"), number=number)


def _page(request: HttpRequest, desk: Desk, found: PaymentOrder, bound: ReasonForm | None = None) -> HttpResponse:
    held = eyes.held([found]).get(found.pk)
    context = {
        "tabs": desks.tabs(desk), "tab": "", "order": found, "held": held,
        "events": eyes.history(found), "delegation": desk.delegations.get(found.application.region_id, ""),
        "acts": [
            (offer, bound if bound and bound.prefix == offer.name else ReasonForm(prefix=offer.name))
            for offer in _offers(desk, found, "release" if held else "hold")
        ],
        "returns": found.returns.order_by("id"),
    }  # fmt: skip
    return render(request, "payments/order.html", context)


def _offers(desk: Desk, found: PaymentOrder, holding: str) -> list[offers.Offer]:
    """What his roles may do with an order from its state, the ordinary act first."""
    all_of_them = [*offers.moves(desk.user, found), *offers.records(desk.user, found)]
    by_name = {offer.name: offer for offer in all_of_them if offer.right}
    if found.pk not in proof.unproven([found]):
        by_name.pop("unpaid_proof", None)
    return [by_name[name] for name in ("sign", "countersign", holding, "cancel", "unpaid_proof") if name in by_name]


@for_roles(*PAYING)
@posted("payment-order", "number")
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Sign, first or after others, hold, release or cancel one order."""
    desk = desk_of(person(request))
    found = _order(desk, number)
    if name in SIGNED:
        given = {"delegation": desk.delegations.get(found.application.region_id, "")}
        return perform(
            request,
            lambda: gate.move(desk.user, "order", found.pk, name, **given),
            SIGNED[name],
            "payment-order",
            number,
        )
    if name not in REASONED:
        raise Http404
    form = ReasonForm(request.POST, prefix=name)
    if not form.is_valid():
        return _page(request, desk, found, form)
    return _reasoned(request, desk, found, name, form.cleaned_data["reason"])


def _reasoned(request: HttpRequest, desk: Desk, found: PaymentOrder, name: str, reason: str) -> HttpResponse:
    through = gate.move if name == "cancel" else gate.record

    def call() -> Event:
        return through(desk.user, "order", found.pk, name, reason=reason)

    return perform(request, call, REASONED[name], "payment-order", found.number)
