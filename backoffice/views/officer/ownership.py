"""Who owns the firm of a file: what it declared, what an officer corrected, the mergers and splits behind it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application, OwnershipLink
from backoffice.views.base import person
from backoffice.views.officer.file import staff_file
from backoffice.views.officer.ownership_forms import CorrectionForm, RestructuringForm
from backoffice.views.owners import group_of
from regions import clock
from workflows import assessment, gate, group, offers, undertaking
from workflows import ownership as ties
from workflows.acts import NotFound, Refused


@require_safe
@login_required
def owners(request: HttpRequest, reference: str) -> HttpResponse:
    """The ties and what they make; one of them to correct when the address names it."""
    file = staff_file(request, reference)
    return _page(request, file, _asked(file, request.GET.get("lien", "")))


def _asked(file: Application, number: str) -> OwnershipLink | None:
    if not number:
        return None
    if not number.isdecimal():
        raise Http404
    return get_object_or_404(file.ownership_links.live(), number=int(number))


def _page(
    request: HttpRequest, file: Application, row: OwnershipLink | None, form: Any = None, operation: Any = None
) -> HttpResponse:
    allowed = {offer.name: offer for offer in offers.records(person(request), file) if offer.right}
    declared = ties.declared(file)
    party = assessment.party_input(file, clock.today(file.zone), group.parties(file)[0], declared)
    context = {
        "file": file, "group": group_of(file), "link": row, "may": allowed,
        "form": form or CorrectionForm(application=file, row=row),
        "operation": operation or RestructuringForm(),
        "undertaking": party["undertaking"], "operations": party["restructurings"], "awards": party["awards"],
        "links": undertaking.on_record(party["undertaking"]),
    }  # fmt: skip
    return render(request, "officer/owners.html", context)


@require_POST
@login_required
def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct, take away or add a tie: a new row, and an event with its reason."""
    file = staff_file(request, reference)
    row = _asked(file, request.POST.get("link", ""))
    form = CorrectionForm(request.POST, application=file, row=row)
    if not form.is_valid():
        return _page(request, file, row, form)
    said = _("Le lien est corrigé : la déclaration d’origine reste au dossier.")
    return _recorded(request, file, "ownership", form.given(), said) or _page(request, file, row, form)


@require_POST
@login_required
def restructure(request: HttpRequest, reference: str) -> HttpResponse:
    """Note a merger or a split: earlier aid is measured where it went."""
    file = staff_file(request, reference)
    form = RestructuringForm(request.POST)
    if not form.is_valid():
        return _page(request, file, None, operation=form)
    said = _("L’opération est enregistrée : les aides antérieures suivent l’entreprise d’après.")
    return _recorded(request, file, "restructuring", form.given(), said) or _page(request, file, None, operation=form)


def _recorded(
    request: HttpRequest, file: Application, kind: str, given: dict[str, Any], said: str
) -> HttpResponse | None:
    """Back to the page when the gate took it; None when it refused, so that what was typed is shown again."""
    try:
        gate.record(person(request), "application", file.pk, kind, **given)
    except NotFound as refusal:
        raise Http404(str(refusal)) from refusal
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return None
    messages.success(request, said)
    return HttpResponseRedirect(reverse("file-owners", args=[file.reference]))
