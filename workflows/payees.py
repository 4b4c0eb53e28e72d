"""Who is paid on a claim, and what of it each payee has been ordered and paid. Euro.

The parts follow the scheme's payment model; an advance or a loan goes whole to its first payee but where the aid is
split: then it is the firm's, since no work of the provider's was done for it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from applications.enums import ClaimKind, OrderState, Payee
from applications.models import Claim, PaymentOrder
from applications.rules.payment_models import parts
from regions.fields import CentsField
from regions.money import ZERO
from workflows import project

GONE = (OrderState.REJECTED, OrderState.CANCELLED)


def is_split(claim: Any) -> bool:
    """Whether the aid of a claim goes to two payees, each by an order of its own."""
    return bool(project.payment_model(claim.application).split and claim.kind == ClaimKind.EXPENSES)


def parts_of(claim: Any) -> dict[str, Decimal]:
    """Payee → part of the aid certified on a claim; a part of nothing has no order."""
    aid = claim.aid_due or ZERO
    if project.payment_model(claim.application).split and not is_split(claim):
        return {Payee.FIRM: aid}
    found = parts(claim.application.scheme_version.rules, aid)
    return {payee: part for payee, part in found.items() if part} or {next(iter(found)): ZERO}


def to_order(claim: Any) -> list[str]:
    """The payees of a claim that no live order pays yet, the provider first."""
    live = {order.payee for order in claim.orders.all() if order.state not in GONE}
    return [payee for payee in parts_of(claim) if payee not in live]


def with_ordered(claims: QuerySet[Claim]) -> Any:
    """Claims with what their live orders pay of the aid, paid ones included: `ordered`, in euro."""
    live = PaymentOrder.objects.filter(claim=OuterRef("pk")).exclude(state__in=GONE).order_by().values("claim")
    total = Subquery(live.annotate(total=Sum("amount")).values("total"))
    return claims.annotate(ordered=Coalesce(total, Value(0, output_field=CentsField())))


def next_of(claim: Any) -> str:
    """The payee whose order comes next; the first one when each has his."""
    return next(iter(to_order(claim) or parts_of(claim)))


def payee_of(order: Any) -> Any:
    """Who an order pays: the firm, or the provider in its place."""
    return order.application.provider if order.payee == Payee.PROVIDER else order.application.company


def others_paid(order: Any) -> bool:
    """Whether every other payee of the order's claim is paid: with this one, nothing more is due."""
    paid = set(order.claim.orders.filter(state=OrderState.PAID).exclude(pk=order.pk).values_list("payee", flat=True))
    return set(parts_of(order.claim)) - {order.payee} <= paid
