"""Letters and e-mails: what waits, what failed and why, what left; sent again on demand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from applications.documents.letters import LETTERS
from backoffice.views.base import perform, person
from backoffice.views.manage.guard import administrators, keyset, regions_administered
from workflows import administration
from workflows.addressees import addressee
from workflows.delivery import MAX_ATTEMPTS
from workflows.emails import TITLES
from workflows.models import OutboxMessage

TABS = (("all", _("Tous")), ("failed", _("En échec")), ("waiting", _("À envoyer")), ("sent", _("Envoyés")))


def _shown(tab: str, rows: Any) -> Any:
    if tab == "failed":
        return rows.filter(sent_at__isnull=True).exclude(error="")
    if tab == "waiting":
        return rows.filter(sent_at__isnull=True)
    return rows.filter(sent_at__isnull=False) if tab == "sent" else rows


@require_safe
@administrators
def letters(request: HttpRequest) -> HttpResponse:
    """The messages of the region, the latest first."""
    rows = administration.messages_of(regions_administered(request))
    tab = request.GET.get("tab", "all")
    tab = tab if tab in dict(TABS) else "all"
    page = keyset(request, _shown(tab, rows).select_related("application", "recipient"))
    context = {
        "tab": tab, "tabs": TABS, "page": page, "keep": f"tab={tab}",
        "messages_": [_told(m) for m in page["rows"]], "failed": _shown("failed", rows).count(),
    }  # fmt: skip
    return render(request, "manage/letters.html", context)


def _told(message: OutboxMessage) -> dict[str, Any]:
    """A message in words: title, to whom, state, and what to do."""
    given_up = message.sent_at is None and message.attempts >= MAX_ATTEMPTS
    whom = message.recipient or addressee(message.template)
    return {"message": message, "title": title_of(message), "given_up": given_up, "whom": whom}


def title_of(message: OutboxMessage) -> Any:
    """What a message is, in the reader’s language."""
    letter = LETTERS.get(message.template)
    if letter is not None:
        return letter.title("en" if (get_language() or "fr").startswith("en") else "fr")
    return TITLES.get(message.template, _("Courriel"))


@require_POST
@administrators
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message again: at once when it failed, as a copy when it left."""
    rows = administration.messages_of(regions_administered(request))
    message = get_object_or_404(rows.select_related("application__region", "event"), pk=pk)
    said = _("Le courrier est remis à l’envoi.")
    return perform(
        request,
        lambda: administration.send_again(person(request), message, administration.region_of(message)),
        said,
        "manage-letters",
    )
