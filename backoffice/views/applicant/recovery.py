"""Money that has to come back, as the firm reads it: the finding, her observations, the order, her contest."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.enums import RecoveryState
from applications.forms.under_way import WordsForm
from applications.models import Application, Recovery
from backoffice.views.applicant.common import own_file, posted
from backoffice.views.base import perform, person
from workflows import gate, interest, offers
from workflows.chain import key
from workflows.models import Event

SAID: dict[str, Any] = {
    "observe": _("Vos observations sont enregistrées : la région en tient compte avant de décider."),
    "contest": _("Votre contestation est enregistrée : le recouvrement est suspendu jusqu’à la réponse."),
}
ASKED: dict[str, Any] = {
    "observe": _("Vos observations"),
    "contest": _("Ce que vous contestez, et pourquoi"),
}
# Whose words are read beside which heading, in the order of the procedure.
WORDS: dict[str, Any] = {
    "recovery.open": _("Ce que la région a constaté"),
    "recovery.observe": _("Vos observations"),
    "recovery.order": _("Motifs du titre"),
    "recovery.contest": _("Votre contestation"),
    "recovery.confirm": _("Réponse à votre contestation"),
    "recovery.drop": _("Pourquoi l’affaire est close"),
    "recovery.write_off": _("Pourquoi le reste n’est plus demandé"),
}


def own_recovery(request: HttpRequest, reference: str, pk: int) -> tuple[Application, Recovery]:
    """A recovery that the firm was told of, or 404: a finding before that is the region's own work."""
    file = own_file(request, reference)
    row = get_object_or_404(Recovery.objects.for_user(person(request)), pk=pk, application=file)
    return file, get_object_or_404(Recovery.objects.filter(answer_by__isnull=False), pk=row.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """The finding, where it stands, and the form of what she may do now."""
    file, row = own_recovery(request, reference, pk)
    row.application = file
    may = next((o.name for o in offers.moves(person(request), row) if o.right and o.name in SAID and not o.why), None)
    form = WordsForm(posted(request), label=ASKED[may]) if may else None
    if form is not None and form.is_valid() and may is not None:
        reason = form.cleaned_data["reason"]
        return perform(
            request, lambda: gate.move(person(request), "recovery", row.pk, may, reason=reason), SAID[may],
            "firm-recovery", reference, pk,
        )  # fmt: skip
    context = {
        "file": file, "row": row, "form": form, "may": may, "words": _words(row),
        **interest.account(row), "stopped": row.state == RecoveryState.SUSPENDED,
    }  # fmt: skip
    return render(request, "applicant/recovery.html", context)


def _words(row: Recovery) -> list[tuple[Any, Any, str]]:
    """Heading, moment and text of what was written on it, oldest first."""
    events = Event.objects.filter(object=key(row), act__in=WORDS).select_related("note").order_by("number")
    return [(WORDS[event.act], event.at, event.note.text) for event in events if hasattr(event, "note")]
