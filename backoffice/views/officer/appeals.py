"""The decider’s answer to an appeal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from backoffice.views.base import for_roles, perform, person, regions_of
from regions.enums import RoleKind
from workflows import appeals, gate, offers

READERS = (RoleKind.DECIDER, RoleKind.OFFICER, RoleKind.AUDITOR)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*READERS)
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """The appeals of a file; the decider answers the one that waits."""
    user = person(request)
    files = Application.objects.for_user(user).filter(region__in=regions_of(user, *READERS))
    file = get_object_or_404(files.select_related("company", "region"), reference=reference)
    if request.method == "POST":
        return _answer(request, file)
    offer = next((offer for offer in offers.records(user, file) if offer.name == "appeal_answer"), None)
    context = {
        "file": file, "appeals": appeals.of_file(file), "contestable": appeals.contestable(file),
        "offer": offer, "outcomes": appeals.OUTCOMES.items(),
    }  # fmt: skip
    return render(request, "officer/appeal.html", context)


def _answer(request: HttpRequest, file: Application) -> HttpResponse:
    outcome, text = request.POST.get("outcome", ""), request.POST.get("reason", "").strip()[:10_000]
    if outcome not in appeals.OUTCOMES or not text:
        messages.error(request, now_("Choisir une réponse et l’écrire avec ses motifs."))
        return redirect("appeal-answer", file.reference)
    return perform(
        request, lambda: gate.record(
            person(request), "application", file.pk, "appeal_answer", reason=text, outcome=outcome
        ),
        _("La réponse au recours est enregistrée."), "file", file.reference,
    )  # fmt: skip
