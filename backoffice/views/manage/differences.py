"""Differences that the nightly check found: what does not agree, whom it stops, and what was done about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from applications.enums import Bucket
from backoffice.views.base import perform, person
from backoffice.views.manage.forms import NoteForm
from backoffice.views.manage.guard import administrators, keyset, regions_administered
from workflows import reconcile
from workflows.models import LedgerDifference

HERE = "manage-differences"
FIGURES = dict(Bucket.choices) | {
    "bank": _("Payé selon le retour"),
    "accepted": _("Dépenses retenues"),
    "shares": _("Parts des financeurs"),
    "de_minimis": _("Aides de minimis"),
    "received": _("Part de l’entreprise reçue"),
    "released": _("Part versée au prestataire"),
    "refunded": _("Part rendue à l’entreprise"),
}


@require_safe
@administrators
def differences(request: HttpRequest) -> HttpResponse:
    """The differences of the regions administered: those that stand, then those that were put right."""
    rows = LedgerDifference.objects.filter(region__in=regions_administered(request))
    rows = rows.select_related("application", "line__envelope", "region").prefetch_related("notes__made_by")
    page = keyset(request, rows.filter(resolved_at__isnull=False), 20)
    standing = list(rows.filter(resolved_at__isnull=True).order_by("pk")[:200])
    context = {"standing": _named(standing), "resolved": _named(page["rows"]), "page": page, "form": NoteForm()}
    return render(request, "manage/differences.html", context)


def _named(rows: list[LedgerDifference]) -> list[tuple[LedgerDifference, Any]]:
    """Each difference with the words of its figure."""
    return [(row, FIGURES.get(row.bucket, row.bucket)) for row in rows]


@require_POST
@administrators
def check(request: HttpRequest) -> HttpResponse:
    """Make the night's comparisons now."""
    user, said = person(request), _("Tout a été comparé : la liste est à jour.")
    regions = regions_administered(request)
    return perform(request, lambda: [reconcile.check_now(user, region) for region in regions[:1]], said, HERE)


@require_POST
@administrators
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was found or done."""
    row = get_object_or_404(LedgerDifference, pk=pk, region__in=regions_administered(request))
    text = request.POST.get("text", "")
    return perform(request, lambda: reconcile.note(person(request), row, text), _("La note est enregistrée."), HERE)
