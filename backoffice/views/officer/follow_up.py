"""What became of the projects: the answers awaited, late and to confirm, and one file's, which a call may give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.forms.follow_up import FollowUpForm
from applications.models import Application
from backoffice.views.base import for_roles, perform, person, regions_of, sent
from backoffice.views.officer.fields import words_field
from backoffice.views.officer.file import staff_file
from backoffice.views.results import told_of
from regions import clock
from regions.enums import RoleKind
from reporting.keyset import BY_ID, page
from workflows import follow_up, gate, offers

READERS = (RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER, RoleKind.AUDITOR)
TABS: Mapping[str, tuple[str, Any]] = {
    "retard": (follow_up.LATE, _("En retard")),
    "a-confirmer": ("to_confirm", _("À confirmer")),
    "attendues": ("asked", _("Attendues")),
    "recues": ("answered", _("Reçues")),
    "a-venir": ("to_come", _("À venir")),
}


class CallForm(FollowUpForm):
    """What the firm said on the telephone; a question without an answer is left empty."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, partial=True, **kwargs)
        hint = _("Qui a répondu, quel jour, à quel numéro connu du dossier.")
        self.fields["reason"] = words_field(_("L’appel"), help_text=hint)

    def given(self) -> dict[str, Any]:
        return super().given() | {"reason": self.cleaned_data["reason"]}


@require_safe
@for_roles(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """The files of a step, each with the days of its questionnaire."""
    key = request.GET.get("etape", "retard")
    key = key if key in TABS else "retard"
    files = follow_up.watched(regions_of(person(request), *READERS)).select_related("company")
    asked = follow_up.steps(clock.today())
    shown = page(files.filter(asked[TABS[key][0]]), BY_ID, request.GET.get("after", ""))
    context = {
        "tabs": [(name, words, files.filter(asked[step]).count()) for name, (step, words) in TABS.items()],
        "tab": key, "title": TABS[key][1], "kept": f"etape={key}", "page": shown, "rows": shown.rows,
    }  # fmt: skip
    return render(request, "officer/follow_ups.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*READERS)
def file(request: HttpRequest, reference: str) -> HttpResponse:
    """One file: what it answered beside what it had declared, and the form of a call."""
    found = staff_file(request, reference)
    offered = {offer.name: offer for offer in offers.records(person(request), found)}
    may = offered.get("follow_up_call")
    form = CallForm(sent(request), terms=follow_up.terms(found)) if may and may.right and not may.why else None
    if request.method == "POST" and form is not None and form.is_valid():
        return _called(request, found, form)
    context = {
        "file": found, "told": told_of(found), "form": form, "call": may, "confirm": offered.get("follow_up_confirmed"),
        "rows": found.follow_ups.select_related("entered_by").order_by("-pk"),
    }  # fmt: skip
    return render(request, "officer/follow_up.html", context)


def _called(request: HttpRequest, found: Application, form: CallForm) -> HttpResponse:
    return perform(
        request, lambda: gate.record(person(request), "application", found.pk, "follow_up_call", **form.given()),
        _("L’appel est enregistré : une autre personne le confirme."), "file-follow-up", found.reference,
    )  # fmt: skip


@require_POST
@for_roles(*READERS)
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """The second person: from then on the answers of the call count."""
    found = staff_file(request, reference)
    return perform(
        request, lambda: gate.record(person(request), "application", found.pk, "follow_up_confirmed"),
        _("La réponse est confirmée : elle compte dans les rapports."), "file-follow-up", reference,
    )  # fmt: skip
