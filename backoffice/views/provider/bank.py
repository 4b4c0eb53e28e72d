"""A provider's bank details: entered once, then changed only with the confirmation of a region that knows it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.enums import BankChangeState
from applications.forms.bank import BankForm, ProviderBankChangeForm
from applications.models import BankChange
from backoffice.views.base import perform, person
from backoffice.views.provider.guard import for_providers, providers_of
from regions.enums import AccreditationState
from regions.models import Provider, Region
from workflows import gate

HELD = (AccreditationState.ACTIVE, AccreditationState.SUSPENDED)


@require_safe
@for_providers
def choose(request: HttpRequest) -> HttpResponse:
    """One provider: its page at once; several: a list."""
    providers = list(providers_of(person(request))[:100])
    if len(providers) == 1:
        return redirect("provider-bank", providers[0].pk)
    return render(request, "provider/bank_choose.html", {"providers": providers})


def _own(request: HttpRequest, pk: int) -> Provider:
    return get_object_or_404(providers_of(person(request)), pk=pk)


def regions_for(provider: Provider) -> Any:
    """The regions that know the provider: an officer there can confirm."""
    accredited = provider.accreditations.filter(state__in=HELD)
    return Region.objects.filter(pk__in=accredited.values("region")).order_by("name")


@require_http_methods(["GET", "HEAD", "POST"])
@for_providers
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The details in force, the change that waits, and the form: the first time, or for a change."""
    provider = _own(request, pk)
    details = provider.bank_details.filter(valid_to__isnull=True).first()
    form = _form(request, provider, first=details is None)
    if form.is_valid():
        return _save(request, provider, form)
    changes = BankChange.objects.filter(provider=provider).exclude(state=BankChangeState.NEW)
    context = {
        "provider": provider, "details": details, "form": form, "regions": regions_for(provider),
        "changes": list(changes.order_by("-pk")[:20]),
        "pending": changes.filter(state=BankChangeState.ASKED).first(),
    }  # fmt: skip
    return render(request, "provider/bank.html", context)


def _form(request: HttpRequest, provider: Provider, *, first: bool) -> Any:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if first:
        return BankForm(data, provider=provider)
    return ProviderBankChangeForm(data, files, provider=provider, user=person(request), regions=regions_for(provider))


def _save(request: HttpRequest, provider: Provider, form: Any) -> HttpResponse:
    if isinstance(form, BankForm):
        form.save()
        messages.success(request, now_("Vos coordonnées bancaires sont enregistrées."))
        return redirect("provider-bank", provider.pk)
    said = _("Changement demandé. Les versements attendent la confirmation de la région.")
    return perform(request, lambda: _ask(request, provider, form), said, "provider-bank", provider.pk)


def _ask(request: HttpRequest, provider: Provider, form: ProviderBankChangeForm) -> None:
    """The paper is kept only if the request is made."""
    with transaction.atomic():
        gate.ask_provider_bank_change(person(request), provider.pk, **form.save())


@require_POST
@for_providers
def withdraw(request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """Keep the old details: the change is no longer asked for."""
    row = get_object_or_404(BankChange, pk=change, provider=_own(request, pk))
    return perform(
        request, lambda: gate.move(person(request), "bank", row.pk, "withdraw"),
        _("Le changement n’est plus demandé : vos coordonnées restent les mêmes."), "provider-bank", pk,
    )  # fmt: skip
