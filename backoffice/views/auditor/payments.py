"""The trail of a paid euro, both ways: report, order, ledger, batch, the accountant's reference, invoices, decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from applications.enums import Bucket
from applications.models import OperationClaim, OperationClaimLine, PaymentOrder, PaymentReturn, PaymentRun
from applications.services import store
from backoffice.views.auditor import perimeter
from backoffice.views.base import for_roles, person
from regions.money import ZERO
from reporting.models import ReportRun
from reporting.reports.annex_17_export import OF_PROGRAMME
from workflows import eyes, payments
from workflows.return_lines import MEDIA_TYPES, kind_of


@require_safe
@for_roles(perimeter.HERE)
def payment(request: HttpRequest, number: str) -> HttpResponse:
    """One order from the decision that grants to the reference of the accountant, and the reports that count it."""
    orders = PaymentOrder.objects.for_user(person(request)).filter(application__region__in=perimeter.regions(request))
    order = get_object_or_404(
        orders.select_related("application__region", "application__company", "claim", "run"), number=number
    )
    entries = list(order.ledger.select_related("line", "made_by").order_by("id"))
    context = perimeter.tabs("mandats") | {
        "order": order, "file": order.application, "zone": order.application.zone, "entries": entries,
        "booked": sum((e.amount for e in entries if e.bucket == Bucket.PAID), ZERO),
        "lines": order.claim.lines.select_related("line").order_by("pk"), "returns": order.returns.order_by("id"),
        "events": eyes.history(order), "grant": getattr(order.application, "agreement", None),
        "reports": _reports(order, entries), "declared": _declared(order),
    }  # fmt: skip
    return render(request, "auditor/payment.html", context)


def _declared(order: PaymentOrder) -> list[tuple[OperationClaim, Decimal]]:
    """The claims that tell the Union of this order, with the expenditure that each declares with it; euro."""
    lines = OperationClaimLine.objects.filter(entry__order=order, live=True)
    told: dict[OperationClaim, Decimal] = {}
    for line in lines.select_related("claim__operation", "claim__payment_application").order_by("pk"):
        told[line.claim] = told.get(line.claim, ZERO) + line.expenditure
    return list(told.items())


def _reports(order: PaymentOrder, entries: list[Any]) -> Any:
    """The released reports whose watermark comes after the payment was booked."""
    paid = [entry.recorded_at for entry in entries if entry.bucket == Bucket.PAID]
    if not paid:
        return ReportRun.objects.none()
    whole = Q(operation=None, region=order.application.region_id, report=OF_PROGRAMME.key)
    of_operation = Q(operation=order.application.operation_id, operation__isnull=False)
    released = ReportRun.objects.filter(
        of_operation | whole, state=ReportRun.State.RELEASED, as_of__gte=min(paid)
    )  # fmt: skip
    return released.order_by("-created_at", "-id")[:20]


@require_safe
@for_roles(perimeter.HERE)
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """A batch under audit: its orders and its control figures."""
    runs = PaymentRun.objects.filter(region__in=perimeter.regions(request))
    run = get_object_or_404(runs.select_related("region", "bordereau", "listing"), number=number)
    orders = list(payments.lines_of(run))
    total = sum((order.total for order in orders), ZERO)
    context = perimeter.tabs("bordereaux") | {
        "run": run, "orders": orders, "total": total, "zone": run.region.time_zone,
        "holds": total == run.total and payments.digest(orders) == run.sha256,
    }  # fmt: skip
    return render(request, "auditor/batch.html", context)


@require_safe
@for_roles(perimeter.HERE)
def return_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The accountant's file that a line was read from."""
    read = PaymentReturn.objects.filter(order__application__region__in=perimeter.regions(request))
    line = get_object_or_404(read, pk=pk)
    try:
        content = store.get(line.file_sha256)
    except (store.Altered, FileNotFoundError):
        return render(request, "auditor/missing.html", perimeter.tabs("retours") | {"line": line}, status=404)
    kind = kind_of(content)
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, f"retour-{line.file_sha256[:12]}.{kind}")
    return response
