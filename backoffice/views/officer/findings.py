"""Findings of the audit: the auditor writes, sends and follows them; the region reads those sent, and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.enums import AuditFindingState as S
from applications.models import AuditFinding
from backoffice.views.auditor import perimeter
from backoffice.views.auditor.lists import export_of
from backoffice.views.base import for_roles, person, regions_of, sent
from backoffice.views.officer.fields import ActForm
from backoffice.views.officer.finding_forms import FINDING_ACTS, FindingForm
from backoffice.views.officer.moves import Moves
from regions.enums import RoleKind
from reporting.keyset import LATEST_FIRST, page
from reporting.lists.audit import findings_read_by
from workflows import eyes, gate, offers
from workflows.acts import NotFound, Refused
from workflows.findings import READERS

WRITING = ("finding.open", "finding.revise", "finding.discard")
TABS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "a-repondre": (_("À répondre"), (S.SENT,)),
    "repondus": (_("Répondus"), (S.ANSWERED,)),
    "clos": (_("Clos"), (S.CLOSED, S.WITHDRAWN)),
    "brouillons": (_("Mes brouillons"), (S.DRAFT, S.DISCARDED)),
    "tous": (_("Tous"), (S.SENT, S.ANSWERED, S.CLOSED, S.WITHDRAWN, S.DRAFT, S.DISCARDED)),
}


def _visible(request: HttpRequest) -> QuerySet[AuditFinding]:
    """Those sent to the regions where the reader works today, and his own drafts."""
    user = person(request)
    found = AuditFinding.objects.for_user(user).filter(region__in=regions_of(user, *READERS))
    return found.select_related("application__company", "application__region", "region", "author")


def _audits(request: HttpRequest) -> bool:
    return bool(regions_of(person(request), RoleKind.AUDITOR))


@require_safe
@for_roles(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """The findings of a step, with how many are there; drafts are shown to their author only."""
    tabs = {name: tab for name, tab in TABS.items() if name != "brouillons" or _audits(request)}
    key = request.GET.get("etape", "tous")
    key = key if key in tabs else "tous"
    rows = _visible(request)
    counts = rows.order_by().aggregate(
        **{name.replace("-", "_"): Count("pk", filter=Q(state__in=states)) for name, (_words, states) in tabs.items()}
    )
    context = {
        "tabs": [(name, words, counts[name.replace("-", "_")]) for name, (words, _states) in tabs.items()],
        "tab": key, "title": tabs[key][0], "kept": f"etape={key}", "auditor": _audits(request),
        "page": page(rows.filter(state__in=tabs[key][1]), LATEST_FIRST, request.GET.get("after", "")),
    }  # fmt: skip
    return render(request, "officer/audit_findings.html", context)


@require_safe
@for_roles(RoleKind.AUDITOR)
def export(request: HttpRequest, form: str) -> Any:
    """The auditor's findings as a file: those sent in his regions, and the drafts that are his own."""
    return export_of(request, findings_read_by(person(request)), perimeter.regions(request), form)


@require_safe
@for_roles(*READERS)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: what was found and asked, the exchange, and the acts of the reader."""
    return _page(request, _one(request, pk))


def _one(request: HttpRequest, pk: Any) -> AuditFinding:
    return get_object_or_404(_visible(request), pk=pk)


def _page(request: HttpRequest, found: AuditFinding, bound: Mapping[str, ActForm] | None = None) -> HttpResponse:
    acts = {offer.name: offer for offer in offers.moves(person(request), found) if offer.name in FINDING_ACTS}
    ordered = [acts[name] for name in FINDING_ACTS if name in acts]
    mine = found.author_id == person(request).pk
    context = {
        "row": found, "file": found.application, "zone": found.application.zone, "mine": mine,
        "auditor": _audits(request), "due": found.state == S.SENT,
        "events": [told for told in eyes.history(found) if mine or told[0].act not in WRITING],
        "acts": [MOVES.shown(offer, found, bound or {}) for offer in ordered if offer.right],
        "others": [offer for offer in ordered if not offer.right],
    }  # fmt: skip
    return render(request, "officer/audit_finding.html", context)


MOVES = Moves("finding", FINDING_ACTS, _one, _page)


@require_POST
@for_roles(*READERS)
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A move of a finding; what was typed stays when it is refused."""
    found = _one(request, pk)
    return MOVES.make(request, pk, MOVES.form(request, name, found))


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(RoleKind.AUDITOR)
def open_(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a finding on a file down: a draft that nobody else sees."""
    file = perimeter.file_of(request, reference)
    form = FindingForm(sent(request), name="open", target=None)
    if request.method == "POST" and form.is_valid():
        given = form.given()
        try:
            event = gate.open_finding(person(request), file.pk, words=given.pop("reason"), **given)
        except NotFound as refusal:
            raise Http404(str(refusal)) from refusal
        except Refused as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, now_("Le constat est rédigé : personne d’autre ne le voit avant l’envoi."))
            return redirect("finding", int(event.object.partition(":")[2]))
    return render(request, "officer/audit_finding_open.html", {"file": file, "form": form})
