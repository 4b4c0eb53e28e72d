"""Whether it is proved that a rejected order did not pay: only then is its claim ordered again.

The accountant's rejection, or a return booked on the account, proves it; so does the refusal of a bank
that never said the order paid. A mere announcement after a payment, or a bank that contradicts itself,
proves nothing: the accountant then attests it, and says on what ground.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from applications.enums import OrderState
from applications.models import PaymentOrder, PaymentReturn
from workflows.chain import key
from workflows.models import Event

CONFLICT, ATTESTED = "record.bank_conflict", "record.unpaid_proof"
R = PaymentReturn.Result


def unproven(orders: Iterable[PaymentOrder]) -> set[int]:
    """The rejected orders of which nothing proves yet that they did not pay. Two queries."""
    rejected = [order for order in orders if order.state == OrderState.REJECTED]
    if not rejected:
        return set()
    returns: dict[int, list[PaymentReturn]] = defaultdict(list)
    for row in PaymentReturn.objects.filter(order__in=rejected).order_by("id"):
        returns[row.order_id].append(row)
    said = _said(rejected)
    return {order.pk for order in rejected if not _proved(returns[order.pk], said.get(key(order), ""))}


def _said(orders: Sequence[PaymentOrder]) -> dict[str, str]:
    """Order → the last word on it: an attestation or a contradiction."""
    events = Event.objects.filter(object__in=[key(order) for order in orders], act__in=(CONFLICT, ATTESTED))
    return dict(events.order_by("id").values_list("object", "act"))


def _proved(returns: Sequence[PaymentReturn], said: str) -> bool:
    if said:
        return said == ATTESTED
    rejections = [row for row in returns if row.result == R.REJECTED]
    paid = any(row.result == R.PAID for row in returns)
    return any(row.booked for row in rejections) or (bool(rejections) and not paid)
