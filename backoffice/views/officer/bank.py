"""Changes of bank details that wait for the region: checked with the firm, then confirmed or refused."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from applications.enums import BankChangeState
from applications.models import BankChange
from backoffice.views.base import for_roles, perform, person, regions_of
from regions.enums import RoleKind
from workflows import gate

PAGE = 50


def _waiting(request: HttpRequest) -> list[BankChange]:
    """A keyset page of the changes asked in the officer's regions, the oldest first; one more than shown."""
    after = request.GET.get("apres", "")
    regions = regions_of(person(request), RoleKind.OFFICER)
    rows = BankChange.objects.for_user(person(request)).filter(
        state=BankChangeState.ASKED, region__in=regions, pk__gt=int(after) if after.isdecimal() else 0
    )
    return list(rows.select_related("company", "provider", "region", "asked_by", "document").order_by("pk")[: PAGE + 1])


@require_safe
@for_roles(RoleKind.OFFICER)
def changes(request: HttpRequest) -> HttpResponse:
    """The changes that wait for an answer."""
    rows = _waiting(request)
    context = {"changes": rows[:PAGE], "next": rows[PAGE - 1].pk if len(rows) > PAGE else None}
    return render(request, "officer/bank.html", context)


@require_safe
@for_roles(RoleKind.OFFICER)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A change beside the details in force: what to check, and whom to call."""
    found = _found(request, pk)
    why = gate.available(person(request), found)
    context = {
        "change": found, "details": found.payee.bank_details.filter(valid_to__isnull=True).first(),
        "files": found.payee.applications.for_user(person(request)).order_by("-pk")[:10], "why": why.get("confirm"),
        "is_asked": found.state == BankChangeState.ASKED,
    }  # fmt: skip
    return render(request, "officer/bank_change.html", context)


def _found(request: HttpRequest, pk: int) -> BankChange:
    rows = BankChange.objects.for_user(person(request)).select_related(
        "company", "provider", "region", "asked_by", "document"
    )
    regions = regions_of(person(request), RoleKind.OFFICER)
    return get_object_or_404(rows, pk=pk, region__in=regions)


@require_POST
@for_roles(RoleKind.OFFICER)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the change, or refuse it with a reason."""
    found = _found(request, pk)
    if request.POST.get("answer") == "confirm":
        said = _("Coordonnées confirmées : les prochains mandats les portent.")
        return perform(request, lambda: gate.move(person(request), "bank", pk, "confirm"), said, "bank-changes")
    reason = request.POST.get("reason", "").strip()[:2000]
    if not reason:
        messages.error(request, now_("Indiquer le motif du refus."))
        return redirect("bank-change", found.pk)
    said = _("Changement refusé : les anciennes coordonnées restent.")
    return perform(
        request, lambda: gate.move(person(request), "bank", pk, "refuse", reason=reason), said, "bank-changes"
    )
