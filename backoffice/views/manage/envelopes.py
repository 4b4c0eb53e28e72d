"""Envelopes: where each stands, credits opened, transfers proposed by one and made by another."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.enums import Bucket
from applications.models import EnvelopePosition
from backoffice.views.base import perform, person
from backoffice.views.manage.forms import BudgetForm, TransferForm
from backoffice.views.manage.guard import administrators, done, keyset, posted, regions_administered
from regions.models import Envelope, EnvelopeTransfer
from regions.money import ZERO
from workflows import administration

BUCKETS = [(bucket.value, bucket.label) for bucket in Bucket]


@require_safe
@administrators
def envelopes(request: HttpRequest) -> HttpResponse:
    """Each envelope with its positions per funder, and the transfers that wait for a second person."""
    regions = regions_administered(request)
    rows = Envelope.objects.filter(scheme__region__in=regions).select_related("scheme").prefetch_related("lines")
    page = keyset(request, rows, 20)
    transfers = EnvelopeTransfer.objects.filter(source__scheme__region__in=regions)
    context = {
        "page": page, "blocks": _blocks(page["rows"]), "buckets": BUCKETS,
        "transfers": transfers.select_related("source", "target", "proposed_by", "confirmed_by").order_by("-pk")[:50],
    }  # fmt: skip
    return render(request, "manage/envelopes.html", context)


def _blocks(shown: list[Envelope]) -> list[dict[str, Any]]:
    """Each envelope with a row per funder and a total row; a line without position stands at zero."""
    found = {p.line_id: p for p in EnvelopePosition.objects.filter(line__envelope__in=shown)}
    return [_block(envelope, found) for envelope in shown]


def _block(envelope: Envelope, found: dict[int, EnvelopePosition]) -> dict[str, Any]:
    lines = [(line, _amounts(found.get(line.pk))) for line in envelope.lines.all()]
    total = {bucket: sum((amounts[bucket] for _line, amounts in lines), ZERO) for bucket in Bucket.values}
    return {
        "envelope": envelope,
        "lines": [(line, _in_order(amounts)) for line, amounts in lines],
        "total": _in_order(total),
    }


def _amounts(position: EnvelopePosition | None) -> dict[str, Decimal]:
    return {bucket: getattr(position, bucket) if position else ZERO for bucket in Bucket.values}


def _in_order(amounts: dict[str, Decimal]) -> Iterable[tuple[Any, Decimal]]:
    """Each bucket’s words and amount, then what may still be committed."""
    free = amounts[Bucket.CEILING] + amounts[Bucket.OVERBOOKING] - amounts[Bucket.COMMITTED]
    return [*((label, amounts[bucket]) for bucket, label in BUCKETS), (_("Disponible"), free)]


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def budget(request: HttpRequest) -> HttpResponse:
    """Open credits or overbooking."""
    form = BudgetForm(posted(request), regions=regions_administered(request))
    said = _("Le mouvement est inscrit au grand livre de l’enveloppe.")
    if request.method == "POST" and done(request, form, lambda: _open(request, form), said):
        return HttpResponseRedirect(resolve_url("manage-envelopes"))
    return render(request, "manage/budget.html", {"form": form})


def _open(request: HttpRequest, form: BudgetForm) -> Envelope:
    data = form.cleaned_data
    return administration.open_envelope(
        person(request), data["scheme"], data["year"], data["bucket"], data["amount"], instrument=data["instrument"]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def transfer(request: HttpRequest) -> HttpResponse:
    """Propose a transfer between two envelopes."""
    form = TransferForm(posted(request), regions=regions_administered(request))
    said = _("Le virement est proposé : un autre administrateur doit le confirmer.")
    if request.method == "POST" and done(request, form, lambda: _propose(request, form), said):
        return HttpResponseRedirect(resolve_url("manage-envelopes"))
    return render(request, "manage/transfer.html", {"form": form})


def _propose(request: HttpRequest, form: TransferForm) -> EnvelopeTransfer:
    return administration.propose_transfer(person(request), **form.cleaned_data)


def _transfer(request: HttpRequest, pk: int) -> EnvelopeTransfer:
    rows = EnvelopeTransfer.objects.select_related("source__scheme__region", "target__scheme")
    return get_object_or_404(rows, pk=pk, source__scheme__region__in=regions_administered(request))


@require_POST
@administrators
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = _transfer(request, pk)
    said = _("Le virement est fait.")
    return perform(request, lambda: administration.confirm_transfer(person(request), found), said, "manage-envelopes")


@require_POST
@administrators
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    found = _transfer(request, pk)
    said = _("La proposition de virement est refusée.")
    return perform(request, lambda: administration.decline_transfer(person(request), found), said, "manage-envelopes")
