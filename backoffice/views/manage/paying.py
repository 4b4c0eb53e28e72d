"""How the region pays: the account debited and how many persons sign by amount, with dates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.views.base import perform, person
from backoffice.views.manage.forms import AmountField, day_field
from backoffice.views.manage.guard import administrators, done, keyset, posted, regions_administered
from regions import clock
from regions.models import PayingTerms, Region
from regions.models.paying import FEWEST, MOST
from workflows import administration, signatures

BANDS = range(FEWEST, MOST + 1)
FIRST_HELP = _(
    "Le montant d’un lot, avec ce qui est parti le même jour. Chaque palier est plus élevé que le précédent ; vide, "
    "il n’existe pas. Sans aucun palier, une seule signature suffit."
)


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

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {_above(number): _band_field(number) for number in BANDS}
        mine: Any = self.fields["region"]
        mine.queryset = Region.objects.filter(pk__in=[region.pk for region in regions])
        if len(regions) == 1:
            mine.initial, mine.widget = regions[0].pk, forms.HiddenInput()

    def given(self) -> dict[str, Any]:
        """What the terms say, with their bands: those of the amounts that were filled."""
        given = dict(self.cleaned_data)
        amounts = {number: given.pop(_above(number)) for number in BANDS}
        return given | {"bands": [(above, number) for number, above in amounts.items() if above is not None]}


def _above(number: int) -> str:
    return f"above_{number}"


def _band_field(number: int) -> AmountField:
    label = format_lazy(_("{number} signatures au-delà de, en euros"), number=number)
    return AmountField(label=label, required=False, help_text=FIRST_HELP if number == FEWEST else "")


@require_safe
@administrators
def listing(request: HttpRequest) -> HttpResponse:
    """The terms in force in each region, then all of them, the latest first, with how many persons could sign."""
    regions = regions_administered(request)
    rows = PayingTerms.objects.filter(region__in=regions).select_related("region", "proposed_by", "confirmed_by")
    live = [(region, PayingTerms.objects.in_force(region, clock.today(region.time_zone))) for region in regions]
    page = keyset(request, rows.prefetch_related("bands"))
    _tell_able(regions, [row for row in page["rows"] if row.is_proposed] + [terms for _region, terms in live if terms])
    return render(request, "manage/paying.html", {"page": page, "live": live})


def _tell_able(regions: list[Region], rows: list[Any]) -> None:
    """Give terms, in force or proposed, the number of persons who may sign today."""
    able = {region.pk: signatures.able(region) for region in regions}
    for terms in rows:
        terms.able = able[terms.region_id]


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
    given = form.given()
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
