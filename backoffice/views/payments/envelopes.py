"""Where the envelopes stand: every figure from the ledger's positions, checked against its entries."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.enums import Bucket
from backoffice.views.base import for_roles, person
from backoffice.views.payments import desk as desks
from backoffice.views.payments.desk import PAYING, desk_of
from backoffice.views.standing import blocks, floats
from regions.models import Envelope, EnvelopeLine
from workflows.ledger_check import check_lines

SHOWN = 24


@require_safe
@for_roles(*PAYING)
def envelopes(request: HttpRequest) -> HttpResponse:
    """The envelopes of the person's regions, the latest year first, and the cash that pays providers."""
    desk = desk_of(person(request))
    found = Envelope.objects.filter(scheme__region__in=list(desk.regions)).select_related("scheme")
    shown = list(found.prefetch_related("lines", "votes").order_by("-year", "name")[:SHOWN])
    lines = EnvelopeLine.objects.filter(envelope__in=[envelope.pk for envelope in shown])
    context = {
        "tabs": desks.tabs(desk), "tab": "enveloppes", "blocks": blocks(shown), "floats": floats(desk.regions),
        "differences": [(Bucket(d.bucket).label, d) for d in check_lines(lines)],
    }  # fmt: skip
    return render(request, "payments/envelopes.html", context)
