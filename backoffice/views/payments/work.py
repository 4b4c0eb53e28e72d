"""The work list of the liquidator: certified claims that no order pays yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from applications.enums import OrderState, Payee
from applications.models import Claim, PaymentOrder
from backoffice.views.base import for_roles, person
from backoffice.views.payments import desk as desks
from backoffice.views.payments.desk import PAYING, RESULT, Desk, desk_of, posted
from regions.enums import RoleKind
from regions.money import ZERO
from reporting.keyset import Key, page
from workflows import conditions, eyes, gate, payees, proof
from workflows.acts import Refused
from workflows.models import Event

LAST = date(9999, 12, 31)
BY_DATE = (Key("promised", date.fromisoformat), Key("id"))
PAYEES = ("", *Payee.values)
NO_ACCOUNT = _("Le bénéficiaire du paiement n’a pas de coordonnées bancaires : les lui demander.")


@dataclass(frozen=True, slots=True)
class Line:
    """A payee's part of a claim of the work list: who certified it, and why this person cannot order it. Euro.

    `key` is what ticking it sends: the claim, and the payee where two are paid.
    """

    claim: Claim
    key: str
    amount: Decimal
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
        "total": _left(claims), "may": desk.of(RoleKind.LIQUIDATOR),
    }  # fmt: skip
    return render(request, "payments/to_order.html", context)


def _left(claims: Any) -> Decimal:
    """The aid due on some claims that no order pays yet, in euro; subtracted here, for the database subtracts cents."""
    found = claims.aggregate(due=Sum("aid_due"), held=Sum("ordered"))
    return Decimal((found["due"] or ZERO) - (found["held"] or ZERO))


def _listed(claims: Any) -> Any:
    """The claims with whoever may be paid."""
    return (
        claims.annotate(promised=Coalesce("payment_due_on", Value(LAST)))
        .select_related("application__company", "application__provider", "application__scheme_version")
        .prefetch_related("orders")
    )


def _lines(desk: Desk, claims: Sequence[Claim]) -> list[Line]:
    wanted = [gate.order_for(claim, payee) for claim in claims for payee in payees.to_order(claim)]
    desks.with_accounts([payees.payee_of(order) for order in wanted])
    verified = eyes.latest(claims, "claim.verify")
    returned = _returned(claims)
    unproven = proof.unproven(returned.values())
    return [
        Line(
            order.claim,
            _key(order),
            payees.parts_of(order.claim)[order.payee],
            verified.get(order.claim_id, {}).get("claim.verify"),
            _account(order),
            desk.may(RoleKind.LIQUIDATOR, order.application.region_id),
            own or _payee_unsure(order) or _unproven(returned.get((order.claim_id, order.payee)), unproven),
            returned.get((order.claim_id, order.payee)),
        )
        for order, own in zip(wanted, eyes.barred(desk.user, wanted, "prepare"), strict=True)
    ]


def _key(order: PaymentOrder) -> str:
    return f"{order.claim_id}:{order.payee}" if payees.is_split(order.claim) else str(order.claim_id)


def _returned(claims: Sequence[Claim]) -> dict[tuple[int, str], PaymentOrder]:
    """Claim and payee → the latest order, when the accountant or the bank rejected it. One query."""
    rejected = PaymentOrder.objects.filter(claim__in=[claim.pk for claim in claims], state=OrderState.REJECTED)
    return {(order.claim_id, order.payee): order for order in rejected.order_by("pk")}


def _unproven(order: PaymentOrder | None, unproven: set[int]) -> Any:
    """Why a claim whose order was rejected cannot be ordered again yet."""
    return conditions.earlier_unpaid.sentence if order and order.pk in unproven else ""


def _account(order: Any) -> Any:
    return next(iter(payees.payee_of(order).accounts), None)


def _payee_unsure(order: Any) -> Any:
    """Why nobody can order this part for now."""
    if payees.payee_of(order).changes:
        return conditions.no_bank_change_pending.sentence
    return "" if _account(order) else NO_ACCOUNT


@for_roles(RoleKind.LIQUIDATOR)
@posted("payments")
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare the orders of the claims ticked, or of the parts of them, each on its own."""
    user, asked = person(request), _asked(request)
    chosen = {claim.pk: claim for claim in _visible(request, asked)}
    done, refused = [], []
    for pk, payee in sorted(asked):
        try:
            done.append(int(gate.open_order(user, pk, payee).object.partition(":")[2]))
        except Refused as refusal:
            refused.append((str(chosen[pk]), str(refusal)))
    desks.keep_result(request, _("Mandats préparés"), done, refused)
    return redirect("payment-result")


def _asked(request: HttpRequest) -> set[tuple[int, str]]:
    """What was ticked: claims, each with its payee where two are paid; anything else is left out."""
    found = (value.partition(":") for value in request.POST.getlist("claim"))
    return {(int(pk), payee) for pk, _colon, payee in found if pk.isdecimal() and len(pk) < 19 and payee in PAYEES}


def _visible(request: HttpRequest, asked: set[tuple[int, str]]) -> list[Claim]:
    """The claims ticked; one that is not his makes the whole address unknown."""
    pks = {pk for pk, _payee in asked}
    found = list(Claim.objects.for_user(person(request)).filter(pk__in=pks).select_related("application"))
    if len(found) != len(pks):
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
