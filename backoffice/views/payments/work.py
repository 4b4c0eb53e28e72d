"""The work list of the liquidator: certified claims that no order pays yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from applications.enums import OrderState
from applications.models import Claim, PaymentOrder
from backoffice.views.base import for_roles, person
from backoffice.views.payments import desk as desks
from backoffice.views.payments.desk import PAYING, RESULT, Desk, desk_of, posted
from regions.enums import RoleKind
from regions.money import ZERO
from reporting.keyset import Key, page
from workflows import conditions, eyes, gate, proof
from workflows.acts import Refused
from workflows.models import Event

LAST = date(9999, 12, 31)
BY_DATE = (Key("promised", date.fromisoformat), Key("id"))
NO_ACCOUNT = _("Le bénéficiaire du paiement n’a pas de coordonnées bancaires : les lui demander.")


@dataclass(frozen=True, slots=True)
class Line:
    """A claim of the work list: who certified it, who is paid, and why it cannot be ordered by this person."""

    claim: Claim
    verified: Event | None
    account: Any
    mine: bool
    why: Any
    returned: PaymentOrder | None = None


@require_safe
@for_roles(*PAYING)
def to_order(request: HttpRequest) -> HttpResponse:
    """The claims to order, the nearest promised date first."""
    desk = desk_of(person(request))
    claims = desks.claims_to_order(desk)
    found = page(_listed(claims), BY_DATE, request.GET.get("after", ""))
    context = {
        "tabs": desks.tabs(desk), "tab": "a-mandater", "lines": _lines(desk, found.rows), "page": found,
        "total": claims.aggregate(total=Sum("aid_due"))["total"], "may": desk.of(RoleKind.LIQUIDATOR),
    }  # fmt: skip
    return render(request, "payments/to_order.html", context)


def _listed(claims: Any) -> Any:
    """The claims with whoever may be paid."""
    return claims.annotate(promised=Coalesce("payment_due_on", Value(LAST))).select_related(
        "application__company", "application__provider", "application__scheme_version"
    )


def _lines(desk: Desk, claims: Sequence[Claim]) -> list[Line]:
    desks.with_accounts([_payee(claim) for claim in claims])
    verified = eyes.latest(claims, "claim.verify")
    barred = eyes.barred(desk.user, [gate.order_for(claim) for claim in claims], "prepare")
    returned = _returned(claims)
    unproven = proof.unproven(returned.values())
    return [
        Line(
            claim,
            verified.get(claim.pk, {}).get("claim.verify"),
            _account(claim),
            desk.may(RoleKind.LIQUIDATOR, claim.application.region_id),
            own or _payee_unsure(claim) or _unproven(returned.get(claim.pk), unproven),
            returned.get(claim.pk),
        )
        for claim, own in zip(claims, barred, strict=True)
    ]


def _returned(claims: Sequence[Claim]) -> dict[int, PaymentOrder]:
    """Claim → its latest order, when the accountant or the bank rejected it. One query."""
    rejected = PaymentOrder.objects.filter(claim__in=[claim.pk for claim in claims], state=OrderState.REJECTED)
    return {order.claim_id: order for order in rejected.order_by("pk")}


def _unproven(order: PaymentOrder | None, unproven: set[int]) -> Any:
    """Why a claim whose order was rejected cannot be ordered again yet."""
    return conditions.earlier_unpaid.sentence if order and order.pk in unproven else ""


def _payee(claim: Any) -> Any:
    """Who is paid: the firm, or the provider in its place."""
    return conditions.payee_of(gate.order_for(claim))


def _account(claim: Any) -> Any:
    return next(iter(_payee(claim).accounts), None)


def _payee_unsure(claim: Any) -> Any:
    """Why nobody can order this claim for now."""
    if _payee(claim).changes:
        return conditions.no_bank_change_pending.sentence
    return "" if _account(claim) else NO_ACCOUNT


@for_roles(RoleKind.LIQUIDATOR)
@posted("payments")
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare the orders of the claims ticked, each on its own."""
    user = person(request)
    chosen = {claim.pk: claim for claim in _visible(request)}
    done, refused = [], []
    for pk, claim in sorted(chosen.items()):
        try:
            done.append(int(gate.open_order(user, pk).object.partition(":")[2]))
        except Refused as refusal:
            refused.append((str(claim), str(refusal)))
    desks.keep_result(request, _("Mandats préparés"), done, refused)
    return redirect("payment-result")


def _visible(request: HttpRequest) -> list[Claim]:
    """The claims ticked; one that is not his makes the whole address unknown."""
    asked = set(desks.pks(request, "claim"))
    found = list(Claim.objects.for_user(person(request)).filter(pk__in=asked).select_related("application"))
    if len(found) != len(asked):
        raise Http404
    return found


@require_safe
@for_roles(*PAYING)
def result(request: HttpRequest) -> HttpResponse:
    """What the last mass act did: the orders moved, and each one refused with its reason."""
    desk = desk_of(person(request))
    kept = request.session.get(RESULT, {"title": "", "done": [], "refused": []})
    done: Any = desks.orders_of(desk).filter(pk__in=kept["done"]).order_by("number")
    sums = PaymentOrder.objects.filter(pk__in=kept["done"]).aggregate(aid=Sum("amount"), own=Sum("own_share"))
    total = (sums["aid"] or ZERO) + (sums["own"] or ZERO)
    context = {"tabs": desks.tabs(desk), "tab": "", "result": kept, "done": done, "total": total}
    return render(request, "payments/result.html", context)
