"""The register of irregularities: by step and by the day they must be reported, whole as a file, one with its acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.enums import CorrectionLanding, IrregularityState
from applications.models import Correction, Irregularity, OperationClaimLine
from backoffice.views.auditor.lists import export_of
from backoffice.views.base import for_roles, person, regions_of, sent
from backoffice.views.officer.fields import ActForm
from backoffice.views.officer.file import staff_file
from backoffice.views.officer.irregularity_forms import IRREGULARITY_ACTS, FoundForm
from backoffice.views.officer.moves import Moves
from backoffice.views.public.wording import cited
from regions import clock
from regions.enums import RoleKind
from reporting.keyset import BY_ID, page
from reporting.lists.irregularities import IRREGULARITIES
from workflows import eyes, gate, irregularities, offers
from workflows.acts import NotFound, Refused

READERS = (
    RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER, RoleKind.AUTHORISING, RoleKind.AUDITOR,
)  # fmt: skip
S = IrregularityState
TABS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "presse": (_("Signalement proche ou passé"), irregularities.UNREPORTED),
    "a-apprecier": (_("À apprécier"), (S.FOUND,)),
    "a-signaler": (_("À signaler"), (S.CONFIRMED,)),
    "signalees": (_("Signalées"), (S.REPORTED,)),
    "exemptees": (_("Exemptées"), (S.EXEMPT,)),
    "closes": (_("Closes"), (S.CLOSED, S.DROPPED)),
    "toutes": (_("Toutes"), tuple(value for value in S.values if value != S.NEW)),
}


def _visible(request: HttpRequest) -> QuerySet[Irregularity]:
    """The irregularities of the regions where the reader works today."""
    user = person(request)
    found = Irregularity.objects.for_user(user).filter(application__region__in=regions_of(user, *READERS))
    return found.select_related("application__company", "application__region", "claim", "recovery")


@require_safe
@for_roles(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """The cases of a step, with how many wait at each."""
    key = request.GET.get("etape", "toutes")
    key = key if key in TABS else "toutes"
    rows = _visible(request)
    asked = {name: _of_tab(name) for name in TABS}
    counts = rows.order_by().aggregate(
        **{name.replace("-", "_"): Count("pk", filter=question) for name, question in asked.items()}
    )
    context = {
        "tabs": [(name, words, counts[name.replace("-", "_")]) for name, (words, _states) in TABS.items()],
        "tab": key, "title": TABS[key][0], "kept": f"etape={key}", "waiting": irregularities.UNREPORTED,
        "page": page(rows.filter(asked[key]), BY_ID, request.GET.get("after", "")),
    }  # fmt: skip
    return render(request, "officer/irregularities.html", context)


def _of_tab(name: str) -> Q:
    """The condition of a tab: its states and, for the first, a last day to report that is near or past."""
    return irregularities.pressing(clock.today()) if name == "presse" else Q(state__in=TABS[name][1])


@require_safe
@for_roles(*READERS)
def export(request: HttpRequest, form: str) -> Any:
    """The register whole, in the fields of annex XII."""
    regions = {region.pk: region for region in regions_of(person(request), *READERS)}
    return export_of(request, IRREGULARITIES, list(regions.values()), form)


@require_safe
@for_roles(*READERS)
def irregularity(request: HttpRequest, number: str) -> HttpResponse:
    """One case: the facts of annex XII, whether and by when it is reported, where its correction lands, its acts."""
    return _page(request, _one(request, number))


def _one(request: HttpRequest, number: Any) -> Irregularity:
    return get_object_or_404(_visible(request), number=number)


def _page(request: HttpRequest, found: Irregularity, bound: Mapping[str, ActForm] | None = None) -> HttpResponse:
    acts = [o for o in offers.moves(person(request), found) if o.name in IRREGULARITY_ACTS]
    verdict, place = irregularities.verdict(found), irregularities.lands(found, clock.today(found.application.zone))
    english = (get_language() or "fr").startswith("en")
    context = {
        "row": found, "file": found.application, "zone": found.application.zone, "events": eyes.history(found),
        "reasons": [(reason.en if english else reason.fr, cited(reason.article)) for reason in verdict.reasons],
        "to_report": not verdict.ok, "linked": irregularities.linked_total(found),
        "place": CorrectionLanding(place.kind).label, "year": place.label, "corrections": _corrections(found),
        "corrected": irregularities.corrected(found), "remaining": irregularities.remaining(found),
        "waived": irregularities.waived(found),
        "acts": [MOVES.shown(offer, found, bound or {}) for offer in acts if offer.right],
        "others": [offer for offer in acts if not offer.right],
    }  # fmt: skip
    return render(request, "officer/irregularity.html", context)


def _corrections(found: Irregularity) -> QuerySet[Correction]:
    """Its corrections, each with the region's claim that bears it."""
    held = OperationClaimLine.objects.filter(live=True).select_related("claim__operation")
    rows: QuerySet[Correction] = found.corrections.select_related("made_by").order_by("pk")
    return rows.prefetch_related(Prefetch("lines", held, to_attr="held"))


MOVES = Moves("irregularity", IRREGULARITY_ACTS, _one, _page)


@require_POST
@for_roles(*READERS)
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A move of an irregularity."""
    found = _one(request, number)
    return MOVES.make(request, number, MOVES.form(request, name, found))


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(RoleKind.OFFICER, RoleKind.CERTIFIER)
def open_(request: HttpRequest, reference: str) -> HttpResponse:
    """Note an irregularity of a file."""
    file = staff_file(request, reference)
    form = FoundForm(sent(request), file=file)
    if request.method == "POST" and form.is_valid():
        try:
            event = gate.open_irregularity(person(request), file.pk, **form.given())
        except NotFound as refusal:
            raise Http404(str(refusal)) from refusal
        except Refused as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, now_("L’irrégularité est constatée : une autre personne l’apprécie."))
            return redirect("irregularity", Irregularity.objects.get(pk=event.object.partition(":")[2]).number)
    return render(request, "officer/irregularity_open.html", {"file": file, "form": form})
