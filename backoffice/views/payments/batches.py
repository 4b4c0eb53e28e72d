"""The batches sent to the public accountant."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import PaymentOrder, PaymentRun
from backoffice.views.base import for_roles, person
from backoffice.views.payments import desk as desks
from backoffice.views.payments import leaving
from backoffice.views.payments.desk import PAYING, Desk, desk_of
from regions.models import User
from regions.money import ZERO
from reporting.keyset import LATEST_FIRST, page
from workflows import eyes, payments, signatures


def _batches(desk: Desk) -> QuerySet[PaymentRun]:
    return PaymentRun.objects.filter(region__in=list(desk.regions)).select_related("region", "bordereau", "listing")


@require_safe
@for_roles(*PAYING)
def batches(request: HttpRequest) -> HttpResponse:
    """The batches, the latest first."""
    desk = desk_of(person(request))
    found = page(_batches(desk), LATEST_FIRST, request.GET.get("after", ""))
    context = {"tabs": desks.tabs(desk), "tab": "bordereaux", "page": found}
    return render(request, "payments/batches.html", context)


@require_safe
@for_roles(*PAYING)
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """A batch: its orders in their printed order, and whether its figures still hold."""
    desk = desk_of(person(request))
    run = get_object_or_404(_batches(desk), number=number)
    orders = list(payments.lines_of(run))
    total = sum((order.total for order in orders), ZERO)
    context = {
        "tabs": desks.tabs(desk), "tab": "", "run": run, "orders": orders, "total": total,
        "holds": total == run.total and payments.digest(orders) == run.sha256, "sender": _sender(orders),
        "signers": signatures.signers(orders),
        "output": leaving.Leaving(run.output).words,
    }  # fmt: skip
    return render(request, "payments/batch.html", context)


def _sender(orders: list[PaymentOrder]) -> User | None:
    """Who asked for the sending, as the events of its orders say."""
    sent = [found["order.send"] for found in eyes.latest(orders[:1], "order.send").values()]
    return next(iter(eyes.asked_by(sent).values()), None)
