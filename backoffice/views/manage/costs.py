"""The working cost of the schemes, year by year: what is recorded, and the form of a new row or of a correction."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from backoffice.views.base import person
from backoffice.views.manage.forms import CostForm
from backoffice.views.manage.guard import administrators, done, keyset, posted, regions_administered
from regions.models import WorkingCost
from workflows import administration


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def costs(request: HttpRequest) -> HttpResponse:
    """Every row recorded, the one that counts marked; a correction is entered as a new row."""
    regions = regions_administered(request)
    form = CostForm(posted(request), regions=regions)
    said = _("Le coût est enregistré : le bilan annuel en tire le coût par dossier.")
    if request.method == "POST" and done(request, form, lambda: _record(request, form), said):
        return HttpResponseRedirect(resolve_url("manage-costs"))
    rows = WorkingCost.objects.filter(region__in=regions).select_related("scheme", "region", "recorded_by")
    counts = {row.pk for row in administration.standing_costs(regions)}
    return render(request, "manage/costs.html", {"form": form, "page": keyset(request, rows), "counts": counts})


def _record(request: HttpRequest, form: CostForm) -> WorkingCost:
    return administration.record_cost(person(request), **form.cleaned_data)
