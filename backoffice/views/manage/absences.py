"""Absences: who is away, and who sees his files meanwhile."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.views.base import perform, person
from backoffice.views.manage.forms import AbsenceForm
from backoffice.views.manage.guard import administrators, done, keyset, posted, regions_administered
from regions.models import Absence
from workflows import administration


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def absences(request: HttpRequest) -> HttpResponse:
    """The absences recorded, and the form of a new one."""
    regions = regions_administered(request)
    form = AbsenceForm(posted(request), regions=regions)
    said = _("L’absence est enregistrée : le remplaçant voit les dossiers parmi les siens ces jours-là.")
    if request.method == "POST" and done(request, form, lambda: _record(request, form), said):
        return HttpResponseRedirect(resolve_url("manage-absences"))
    rows = Absence.objects.filter(region__in=regions).select_related("user", "substitute", "region")
    return render(request, "manage/absences.html", {"form": form, "page": keyset(request, rows)})


def _record(request: HttpRequest, form: AbsenceForm) -> Absence:
    data = form.cleaned_data
    return administration.record_absence(
        person(request), data["user"], data["substitute"], data["region"], data["first"], data["last"]
    )


@require_POST
@administrators
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    absence = get_object_or_404(Absence, pk=pk, region__in=regions_administered(request))
    said = _("L’absence est annulée.")
    return perform(request, lambda: administration.cancel_absence(person(request), absence), said, "manage-absences")
