"""A grant that the region means to take back, as the firm reads it: why, what it would cost her, her observations."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.forms.under_way import WordsForm
from applications.models import Application
from applications.rules.revocation import GROUNDS
from backoffice.views.applicant.common import own_file, posted
from backoffice.views.base import perform, person
from backoffice.views.public.wording import cited
from workflows import gate
from workflows.chain import key
from workflows.models import Event

SAID = _("Vos observations sont enregistrées : la région en tient compte avant de décider.")
# Whose words are read beside which heading.
WORDS: dict[str, Any] = {
    "record.revocation_proposed": _("Ce que la région a constaté"),
    "record.hearing": _("Vos observations"),
    "record.revocation_dropped": _("Pourquoi l’aide est maintenue"),
    "application.revoke": _("Motifs de la décision"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The latest proposal, where it stands, and the form of her observations while they count."""
    file = own_file(request, reference)
    row = file.revocations.order_by("-pk").first()
    if row is None:
        raise Http404
    form = WordsForm(posted(request), label=_("Vos observations")) if row.ended_on is None else None
    if form is not None and form.is_valid():
        return perform(
            request,
            lambda: gate.record(
                person(request), "application", file.pk, "hearing", reason=form.cleaned_data["reason"]
            ),
            SAID, "firm-revocation", reference,
        )  # fmt: skip
    ground, english = GROUNDS[row.ground], (get_language() or "fr").startswith("en")
    context = {
        "file": file, "row": row, "form": form, "words": _words(file), "article": cited(ground.article),
        "sentence": ground.en if english else ground.fr,
    }  # fmt: skip
    return render(request, "applicant/revocation.html", context)


def _words(file: Application) -> list[tuple[Any, Any, str]]:
    """Heading, moment and text of what was written on it, oldest first."""
    events = Event.objects.filter(subject=key(file), act__in=WORDS).select_related("note").order_by("number")
    return [(WORDS[event.act], event.at, event.note.text) for event in events if hasattr(event, "note")]
