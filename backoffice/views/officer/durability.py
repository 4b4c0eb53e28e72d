"""The durability watch: the files whose commitment runs, those whose yearly check is due, and one check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.enums import DurabilityOutcome
from applications.models import Application
from applications.rules.durability import Investment
from backoffice.views.base import for_roles, person, regions_of, sent
from backoffice.views.officer.fields import day_field, words_field
from backoffice.views.officer.file import staff_file
from regions import clock
from regions.enums import RoleKind
from regions.money import ZERO
from reporting.keyset import BY_ID, page
from workflows import durability, durability_checks, offers
from workflows.acts import Refused

READERS = (RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER, RoleKind.AUDITOR)
TABS: Mapping[str, Any] = {
    "a-controler": _("Contrôle annuel à faire"),
    "en-cours": _("Engagement en cours"),
    "toutes": _("Tous"),
}


class CheckForm(forms.Form):
    """What the check found; a breach since which day."""

    outcome = forms.ChoiceField(label=_("Constat"), choices=DurabilityOutcome.choices)
    happened_on = day_field(
        _("Depuis le"), required=False, help_text=_("À laisser vide si rien n’a changé ou si rien n’est à maintenir.")
    )
    reason = words_field(_("Ce qui l’établit"), help_text=_("Visite, registre, facture, réponse de l’entreprise."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="check-%s")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        breach = data.get("outcome") not in (None, *durability.QUIET)
        if breach and "happened_on" not in self.errors and data.get("happened_on") is None:
            self.add_error("happened_on", _("Indiquer depuis quel jour l’engagement n’est plus tenu."))
        return data


def _questions() -> dict[str, Q]:
    day = clock.today()
    return {"a-controler": durability.due(day), "en-cours": durability.running(day), "toutes": Q()}


def _files(request: HttpRequest) -> QuerySet[Application]:
    regions = regions_of(person(request), *READERS)
    return durability.with_turn(durability.watched(regions)).select_related("company")


@require_safe
@for_roles(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """The files of a step, each with the end of its commitment and its next check."""
    key = request.GET.get("etape", "a-controler")
    key = key if key in TABS else "a-controler"
    asked, files = _questions(), _files(request)
    counts = {name: files.filter(question).count() for name, question in asked.items()}
    shown = page(files.filter(asked[key]), BY_ID, request.GET.get("after", ""))
    context = {
        "tabs": [(name, words, counts[name]) for name, words in TABS.items()], "tab": key, "title": TABS[key],
        "kept": f"etape={key}", "page": shown, "rows": [_row(file) for file in shown.rows],
    }  # fmt: skip
    return render(request, "officer/durability.html", context)


def _row(file: Any) -> dict[str, Any]:
    """A file with the day its commitment ends, what was found, and when to look next."""
    ends = Investment(ZERO, file.paid_last).until
    watched = file.found in (None, DurabilityOutcome.KEPT)
    return {
        "file": file, "until": ends, "found": DurabilityOutcome(file.found).label if file.found else "",
        "next": durability.next_check(file.since, ends) if watched else None,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*READERS)
def file(request: HttpRequest, reference: str) -> HttpResponse:
    """One file: its commitment, its checks, and the form of the next one."""
    found = staff_file(request, reference)
    row = _files(request).filter(pk=found.pk).first()
    offer = next((o for o in offers.records(person(request), found) if o.name == "durability"), None)
    form = CheckForm(sent(request)) if offer is not None and offer.right and not offer.why else None
    if request.method == "POST" and form is not None and form.is_valid():
        done = _checked(request, found, form)
        if done is not None:
            return done
    context = {
        "file": found, "row": _row(row) if row else None, "form": form, "offer": offer,
        "checks": found.durability_checks.select_related("made_by").order_by("pk"),
    }  # fmt: skip
    return render(request, "officer/durability_file.html", context)


def _checked(request: HttpRequest, found: Application, form: CheckForm) -> HttpResponse | None:
    given = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    try:
        row = durability_checks.check(person(request), found.pk, **given)
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return None
    if row.amount:
        messages.success(request, now_("Le retrait de cette part de l’aide est proposé : l’entreprise est entendue."))
        return redirect("file", found.reference)
    messages.success(request, now_("Le contrôle est enregistré."))
    return redirect("file-durability", found.reference)
