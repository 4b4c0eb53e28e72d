"""Where the envelopes stand: every figure from the ledger's positions, checked against its entries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.enums import Bucket
from backoffice.views.base import for_roles, person
from backoffice.views.payments import desk as desks
from backoffice.views.payments.desk import PAYING, desk_of
from regions.models import Envelope, EnvelopeLine
from regions.money import ZERO
from workflows.ledger_check import check_lines

SHOWN = 24


@dataclass(frozen=True, slots=True)
class Standing:
    """A funder's line, or the whole envelope: euro by bucket, and what can still be committed."""

    label: Any
    amounts: dict[str, Decimal]

    @property
    def opened(self) -> Decimal:
        return self.amounts["ceiling"] + self.amounts["overbooking"]

    @property
    def free(self) -> Decimal:
        return self.opened - self.amounts["committed"]


@require_safe
@for_roles(*PAYING)
def envelopes(request: HttpRequest) -> HttpResponse:
    """The envelopes of the person's regions, the latest year first."""
    desk = desk_of(person(request))
    found = Envelope.objects.filter(scheme__region__in=list(desk.regions)).select_related("scheme")
    shown = list(found.prefetch_related("lines__position").order_by("-year", "name")[:SHOWN])
    lines = EnvelopeLine.objects.filter(envelope__in=[envelope.pk for envelope in shown])
    context = {
        "tabs": desks.tabs(desk), "tab": "enveloppes",
        "differences": [(Bucket(d.bucket).label, d) for d in check_lines(lines)],
        "envelopes": [(envelope, *_standings(envelope)) for envelope in shown],
    }  # fmt: skip
    return render(request, "payments/envelopes.html", context)


def _standings(envelope: Envelope) -> tuple[list[Standing], Standing]:
    """The lines of an envelope, and their sum."""
    lines = [Standing(line.get_funder_display(), _amounts(line)) for line in envelope.lines.all()]
    total = {bucket: sum((line.amounts[bucket] for line in lines), ZERO) for bucket in Bucket.values}
    return lines, Standing("", total)


def _amounts(line: EnvelopeLine) -> dict[str, Decimal]:
    """A line on which nothing was ever booked has no position yet."""
    position = getattr(line, "position", None)
    return {bucket: getattr(position, bucket) if position else ZERO for bucket in Bucket.values}
