"""Declarations of interests in the regions administered: the rule, and who declared until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from backoffice.views.base import person
from backoffice.views.manage.forms import RegionalForm, day_field
from backoffice.views.manage.guard import administrators, done, posted, regions_administered
from regions import clock
from regions.models import IntegrityTerms, Region
from workflows import administration, complaints, impartiality

TERMS = ("months", "notice_days", "complaint_months", "complaint_notice_days")


class IntegrityForm(RegionalForm):
    """Whether declarations are required from a day on, and how long each holds."""

    field_order = ["region", "valid_from", "required", *TERMS]
    valid_from = day_field(_("À partir du"))
    required = forms.BooleanField(
        label=_("Refuser les décisions et les paiements de qui n’a pas déclaré"), required=False
    )
    months = forms.IntegerField(
        label=_("Durée d’une déclaration, en mois"), min_value=1, max_value=60, initial=impartiality.MONTHS,
        help_text=_("Le règlement ne fixe pas de durée : douze mois est l’usage, à confirmer par la région."),
    )  # fmt: skip
    complaint_months = forms.IntegerField(
        label=_("Délai de réponse à une réclamation, en mois"), min_value=1, max_value=12, initial=complaints.MONTHS,
        help_text=_("Deux mois est l’usage, à confirmer par la région."),
    )  # fmt: skip
    notice_days = forms.IntegerField(
        label=_("Rappel avant la fin d’une déclaration, en jours"), min_value=1, max_value=90,
        initial=impartiality.NOTICE,
    )  # fmt: skip
    complaint_notice_days = forms.IntegerField(
        label=_("Rappel avant le dernier jour de réponse, en jours"), min_value=1, max_value=90,
        initial=complaints.NOTICE,
    )  # fmt: skip

    def prepare(self) -> None:
        """The rule as it stands, so that what is not touched stays."""
        self.fields["valid_from"].initial = clock.today()
        live = IntegrityTerms.in_force(self.regions[0].pk, clock.today()) if len(self.regions) == 1 else None
        for name in ("required", *TERMS) if live else ():
            self.fields[name].initial = getattr(live, name)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def interests(request: HttpRequest) -> HttpResponse:
    """The rule of each region, its people with their last declaration, and the form of a new rule."""
    regions = regions_administered(request)
    form = IntegrityForm(posted(request), regions=regions)
    said = _("La règle est enregistrée.")
    if request.method == "POST" and done(request, form, lambda: _set(request, form), said):
        return HttpResponseRedirect(resolve_url("manage-interests"))
    return render(request, "manage/interests.html", {"form": form, "regions": [_of(region) for region in regions]})


def _set(request: HttpRequest, form: IntegrityForm) -> IntegrityTerms:
    given = form.cleaned_data
    return administration.set_integrity_terms(
        person(request),
        given["region"],
        given["valid_from"],
        given["required"],
        **{name: given[name] for name in TERMS},
    )


def _of(region: Region) -> dict[str, Any]:
    day = clock.today(region.time_zone)
    rules = IntegrityTerms.objects.filter(region=region).select_related("recorded_by").order_by("-valid_from", "-pk")
    people = impartiality.standing(region, day)
    return {
        "region": region, "rules": rules, "live": IntegrityTerms.in_force(region.pk, day), "people": people,
        "missing": sum(not one.holds for one in people),
    }  # fmt: skip
