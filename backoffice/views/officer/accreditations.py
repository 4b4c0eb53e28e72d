"""The accreditations that providers ask for: the list of the reader’s regions, and the acts on each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.models.application import live
from backoffice.views.base import for_roles, person
from backoffice.views.officer.fields import ActForm
from backoffice.views.officer.file import ActView
from backoffice.views.officer.forms import ACCREDITATION_ACTS, ACCREDITATION_RECORDS
from regions.enums import AccreditationState, RoleKind
from regions.models import Accreditation
from workflows import gate, offers, timeline
from workflows.acts import NotFound, Refused

READERS = (RoleKind.OFFICER, RoleKind.DECIDER, RoleKind.AUDITOR)
SIZE = 50
LIVE = (AccreditationState.SUBMITTED, AccreditationState.TO_COMPLETE)
TABS: dict[str, tuple[str, ...]] = {
    "to-examine": LIVE,
    "active": (AccreditationState.ACTIVE, AccreditationState.SUSPENDED),
    "all": tuple(AccreditationState.values),
}


def visible(request: HttpRequest) -> QuerySet[Accreditation]:
    """The accreditations asked in the regions where the reader holds one of these roles today."""
    regions = live(person(request).roles, None).filter(kind__in=READERS).values("region")
    filed = Accreditation.objects.filter(region__in=regions).exclude(state=AccreditationState.DRAFT)
    return filed.select_related("provider", "scheme", "region")


@require_safe
@for_roles(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The accreditations to examine first, then those in force, then all; the latest first."""
    chosen = request.GET.get("etat", "to-examine")
    tab = chosen if chosen in TABS else "to-examine"
    rows = visible(request).filter(state__in=TABS[tab]).order_by("-id")
    after = request.GET.get("apres", "")
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: SIZE + 1])
    context = {
        "rows": found[:SIZE], "tab": tab, "after": found[SIZE - 1].pk if len(found) > SIZE else None,
        "tabs": [("to-examine", _("À examiner")), ("active", _("En vigueur")), ("all", _("Toutes"))],
    }  # fmt: skip
    return render(request, "officer/accreditations.html", context)


@require_safe
@for_roles(*READERS)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One accreditation: its provider, its dates, its history, and the acts open on it."""
    return _page(request, get_object_or_404(visible(request), pk=pk))


def _page(request: HttpRequest, accreditation: Accreditation, bound: dict[str, ActForm] | None = None) -> HttpResponse:
    user, given = person(request), bound or {}
    moves = [o for o in offers.moves(user, accreditation) if o.name in ACCREDITATION_ACTS]
    said = [o for o in offers.records(user, accreditation) if o.name in ACCREDITATION_RECORDS]
    context = {
        "accreditation": accreditation, "history": timeline.of(accreditation),
        "experts": list(accreditation.provider.experts.filter(left_on__isnull=True).order_by("name")),
        "papers": list(accreditation.documents.order_by("pk")),
        "acts": [_act(o, accreditation, given) for o in (*moves, *said) if o.right],
        "others": [o for o in moves if not o.right],
    }  # fmt: skip
    return render(request, "officer/accreditation.html", context)


def _act(offer: offers.Offer, accreditation: Accreditation, given: dict[str, ActForm]) -> ActView:
    kinds = ACCREDITATION_ACTS | ACCREDITATION_RECORDS
    form = given.get(offer.name) or kinds[offer.name](name=offer.name, target=accreditation)
    return ActView(offer, None if offer.why else form, opened=offer.name in given)


@require_POST
@for_roles(RoleKind.OFFICER, RoleKind.DECIDER)
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A move of an accreditation, or what its provider answered."""
    accreditation = get_object_or_404(visible(request), pk=pk)
    kinds = ACCREDITATION_ACTS | ACCREDITATION_RECORDS
    if name not in kinds:
        raise Http404
    form = kinds[name](request.POST, name=name, target=accreditation)
    if form.is_valid() and _done(request, accreditation, name, form.given()):
        return HttpResponseRedirect(reverse("accreditation", args=[pk]))
    return _page(request, get_object_or_404(visible(request), pk=pk), {name: form})


def _done(request: HttpRequest, accreditation: Accreditation, name: str, given: dict[str, Any]) -> bool:
    make = gate.record if name in ACCREDITATION_RECORDS else gate.move
    try:
        event = make(person(request), "accreditation", accreditation.pk, name, **given)
    except NotFound as refusal:
        raise Http404(str(refusal)) from refusal
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return False
    messages.success(request, _("C’est fait : %s.") % gate.act_label(event.act))
    return True
