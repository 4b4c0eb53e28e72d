"""Complaints other than appeals: the region's register, one complaint, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.enums import ComplaintState as S
from applications.models import Complaint
from backoffice.views.base import for_roles, person, regions_of, sent
from backoffice.views.officer.complaint_forms import COMPLAINT_ACTS, ReceivedForm
from backoffice.views.officer.fields import ActForm
from backoffice.views.officer.moves import Moves
from regions.enums import RoleKind
from regions.models import Region
from reporting.keyset import LATEST_FIRST, page
from workflows import eyes, gate, offers
from workflows.acts import Refused
from workflows.complaints import READERS, late

TABS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "a-repondre": (_("À répondre"), (S.RECEIVED,)),
    "repondues": (_("Répondues"), (S.ANSWERED,)),
    "closes": (_("Closes"), (S.CLOSED,)),
    "toutes": (_("Toutes"), (S.RECEIVED, S.ANSWERED, S.CLOSED)),
}


def _visible(request: HttpRequest) -> QuerySet[Complaint]:
    found = Complaint.objects.filter(region__in=regions_of(person(request), *READERS))
    return found.select_related("region", "about_file__company", "provider", "from_provider", "scheme", "about_person")


@require_safe
@for_roles(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """The complaints of a step, with how many are there."""
    key = request.GET.get("etape", "toutes")
    key = key if key in TABS else "toutes"
    rows = _visible(request)
    counts = rows.order_by().aggregate(
        **{name.replace("-", "_"): Count("pk", filter=Q(state__in=states)) for name, (_words, states) in TABS.items()}
    )
    context = {
        "tabs": [(name, words, counts[name.replace("-", "_")]) for name, (words, _states) in TABS.items()],
        "tab": key, "title": TABS[key][0], "kept": f"etape={key}",
        "officer_in": regions_of(person(request), RoleKind.OFFICER),
        "page": page(rows.filter(state__in=TABS[key][1]), LATEST_FIRST, request.GET.get("after", "")),
    }  # fmt: skip
    return render(request, "officer/complaints.html", context)


def _one(request: HttpRequest, pk: Any) -> Complaint:
    return get_object_or_404(_visible(request), pk=pk)


def _page(request: HttpRequest, found: Complaint, bound: Mapping[str, ActForm] | None = None) -> HttpResponse:
    acts = {offer.name: offer for offer in offers.moves(person(request), found) if offer.name in COMPLAINT_ACTS}
    ordered = [acts[name] for name in COMPLAINT_ACTS if name in acts]
    context = {
        "row": found, "zone": found.region.time_zone, "late": late(found), "events": eyes.history(found),
        "acts": [MOVES.shown(offer, found, bound or {}) for offer in ordered if offer.right],
        "others": [offer for offer in ordered if not offer.right],
    }  # fmt: skip
    return render(request, "officer/complaint.html", context)


MOVES = Moves("complaint", COMPLAINT_ACTS, _one, _page)


@require_safe
@for_roles(*READERS)
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint: what was received, what happened, and the acts of the reader."""
    return _page(request, _one(request, pk))


@require_POST
@for_roles(*READERS)
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A move of a complaint; what was typed stays when it is refused."""
    return MOVES.make(request, pk, MOVES.form(request, name, _one(request, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(RoleKind.OFFICER)
def open_(request: HttpRequest, code: str) -> HttpResponse:
    """Register a complaint received in one of the officer's regions."""
    mine = [region.pk for region in regions_of(person(request), RoleKind.OFFICER)]
    region = get_object_or_404(Region, code=code, pk__in=mine)
    form = ReceivedForm(sent(request), region=region)
    if request.method == "POST" and form.is_valid():
        try:
            event = gate.open_complaint(person(request), region, **form.given())
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, now_("La réclamation est enregistrée."))
            return redirect("complaint", int(event.object.partition(":")[2]))
    return render(request, "officer/complaint_open.html", {"region": region, "form": form})
