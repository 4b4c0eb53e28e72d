"""The lead's page of a group under way: each firm's state, one that leaves, another that joins."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.forms.under_way import JoinForm, WordsForm
from applications.models import Application
from backoffice.views.applicant.common import own_file
from backoffice.views.applicant.project import why_not
from backoffice.views.base import perform, person
from regions.money import ZERO
from workflows import gate, group

WHY = _("Pourquoi quitte-t-elle le groupement ?")


@require_safe
@login_required
def page(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, own_group(request, reference))


def own_group(request: HttpRequest, reference: str) -> Application:
    """Her own file, if its scheme aids a group."""
    file = own_file(request, reference)
    if not group.terms(file):
        raise Http404
    return file


def _page(request: HttpRequest, file: Application, join: JoinForm | None = None) -> HttpResponse:
    members, fewest = file.members.select_related("company").order_by("pk"), group.fewest(file)
    context = {
        "file": file, "members": members, "fewest": fewest, "size": group.size(file), "join": join or JoinForm(),
        "lacking": max(fewest - group.size(file), 0), "why_not_leave": why_not(request, file, "member_left"),
        "why_not_join": _why_not_join(request, file), "lead_part": _lead_part(file, members),
    }  # fmt: skip
    return render(request, "applicant/group.html", context)


def _why_not_join(request: HttpRequest, file: Application) -> Any:
    """Once the aid is granted, a place is free only when a firm has left."""
    if file.amount_granted is not None and file.amount_to_cut == ZERO:
        return _("Aucune place n’est libre : l’aide accordée est entièrement répartie.")
    return why_not(request, file, "member_join")


def _lead_part(file: Application, members: Any) -> Any:
    """What is left of the grant to the lead once each member has its part, in euro."""
    if file.amount_granted is None:
        return None
    shared = sum((member.share or ZERO for member in members if member.left_on is None), ZERO)
    return file.amount_granted - shared - file.amount_to_cut


@login_required
@require_POST
def join(request: HttpRequest, reference: str) -> HttpResponse:
    """Take in a firm known here; it confirms for itself."""
    file = own_group(request, reference)
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _page(request, file, form)
    said = _("L’entreprise est dans le groupement : un message lui demande de confirmer.")
    siren = form.cleaned_data["siren"]
    return perform(
        request, lambda: gate.record(person(request), "application", file.pk, "member_join", siren=siren), said,
        "firm-group", reference,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """A firm leaves: asked once more, with the reason."""
    file = own_group(request, reference)
    member = get_object_or_404(file.members.select_related("company"), pk=pk, left_on__isnull=True)
    form = WordsForm(request.POST if request.method == "POST" else None, label=WHY)
    if form.is_valid():
        given = {"company": member.company_id, "reason": form.cleaned_data["reason"]}
        return perform(
            request, lambda: gate.record(person(request), "application", file.pk, "member_left", **given),
            _("L’entreprise a quitté le groupement."), "firm-group", reference,
        )  # fmt: skip
    return render(request, "applicant/group_leave.html", {"file": file, "member": member, "form": form})
