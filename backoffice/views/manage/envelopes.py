"""Envelopes: where each stands, credits opened, transfers proposed by one and made by another."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.views.base import perform, person
from backoffice.views.manage.forms import BudgetForm, TransferForm
from backoffice.views.manage.guard import administrators, done, keyset, posted, regions_administered
from backoffice.views.standing import blocks, floats
from regions.models import Envelope, EnvelopeTransfer
from workflows import administration


@require_safe
@administrators
def envelopes(request: HttpRequest) -> HttpResponse:
    """Each envelope with its positions per funder, and the transfers that wait for a second person."""
    regions = regions_administered(request)
    rows = Envelope.objects.filter(scheme__region__in=regions).select_related("scheme")
    rows = rows.prefetch_related("lines", "votes")
    page = keyset(request, rows, 20)
    transfers = EnvelopeTransfer.objects.filter(source__scheme__region__in=regions)
    context = {
        "page": page, "blocks": blocks(page["rows"]), "floats": floats(regions),
        "transfers": transfers.select_related("source", "target", "proposed_by", "confirmed_by").order_by("-pk")[:50],
    }  # fmt: skip
    return render(request, "manage/envelopes.html", context)


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
    vote = administration.Vote(data["vote_reference"], data["voted_on"]) if data["vote_reference"] else None
    return administration.open_envelope(
        person(request), data["scheme"], data["year"], data["bucket"], data["amount"], instrument=data["instrument"],
        credit_year=data["credit_year"], vote=vote,
    )  # fmt: skip


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
