"""How the region pays: the account debited and the amount above which two persons sign, with dates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.views.base import perform, person
from backoffice.views.manage.forms import AmountField, day_field
from backoffice.views.manage.guard import administrators, done, keyset, posted, regions_administered
from regions import clock
from regions.models import PayingTerms, Region
from workflows import administration


class TermsForm(forms.Form):
    """Propose terms; another administrator confirms."""

    region = forms.ModelChoiceField(Region.objects.none(), label=_("Région"), empty_label=None)
    valid_from = day_field(_("En vigueur à partir du"))
    debtor_name = forms.CharField(label=_("Titulaire du compte débité"), max_length=70, required=False)
    debtor_iban = forms.CharField(
        label=_("IBAN du compte débité"), max_length=42, required=False,
        help_text=_("Demandé seulement quand un règlement paie par un fichier de virements pour une banque."),
    )  # fmt: skip
    debtor_bic = forms.CharField(label=_("BIC"), max_length=14, required=False)
    two_signatures_above = AmountField(
        label=_("Deux signatures au-delà de, en euros"), required=False,
        help_text=_("Le montant d’un lot, avec ce qui est parti le même jour. Vide : une seule signature suffit."),
    )  # fmt: skip

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self.fields["region"]
        mine.queryset = Region.objects.filter(pk__in=[region.pk for region in regions])
        if len(regions) == 1:
            mine.initial, mine.widget = regions[0].pk, forms.HiddenInput()


@require_safe
@administrators
def listing(request: HttpRequest) -> HttpResponse:
    """The terms in force in each region, then all of them, the latest first."""
    regions = regions_administered(request)
    rows = PayingTerms.objects.filter(region__in=regions).select_related("region", "proposed_by", "confirmed_by")
    live = [(region, PayingTerms.objects.in_force(region, clock.today(region.time_zone))) for region in regions]
    return render(request, "manage/paying.html", {"page": keyset(request, rows), "live": live})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def propose(request: HttpRequest) -> HttpResponse:
    """Propose terms from a day on."""
    form = TermsForm(posted(request), regions=regions_administered(request))
    said = _("Les conditions sont proposées : un autre administrateur doit les confirmer.")
    if request.method == "POST" and done(request, form, lambda: _propose(request, form), said):
        return HttpResponseRedirect(resolve_url("manage-paying"))
    return render(request, "manage/paying_propose.html", {"form": form})


def _propose(request: HttpRequest, form: TermsForm) -> PayingTerms:
    given = dict(form.cleaned_data)
    return administration.propose_terms(person(request), given.pop("region"), given.pop("valid_from"), **given)


def _terms(request: HttpRequest, pk: int) -> PayingTerms:
    rows = PayingTerms.objects.select_related("region")
    return get_object_or_404(rows, pk=pk, region__in=regions_administered(request))


@require_POST
@administrators
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found, said = _terms(request, pk), _("Les conditions sont confirmées.")
    return perform(request, lambda: administration.confirm_terms(person(request), found), said, "manage-paying")


@require_POST
@administrators
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    found, said = _terms(request, pk), _("La proposition est refusée.")
    return perform(request, lambda: administration.decline_terms(person(request), found), said, "manage-paying")
