"""The region’s own pages: what its letters say of it, and the requests about personal data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import PrivacyRequest
from backoffice.views.base import person
from backoffice.views.manage.forms import AnswerForm, ContactForm
from backoffice.views.manage.guard import administrators, done, keyset, posted, regions_administered
from regions.models import Region
from workflows import administration


@require_safe
@administrators
def contacts(request: HttpRequest) -> HttpResponse:
    """The regions administered; a single one opens at once."""
    regions = regions_administered(request)
    if len(regions) == 1:
        return HttpResponseRedirect(resolve_url("manage-contact", regions[0].code))
    return render(request, "manage/contacts.html", {"regions": regions})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Who answers for the region in its letters."""
    administered = regions_administered(request)
    region = get_object_or_404(Region, code=code, pk__in=[r.pk for r in administered])
    form = ContactForm(posted(request), instance=region)
    said = _("Les coordonnées sont enregistrées : les prochains courriers les portent.")
    if request.method == "POST" and done(
        request, form, lambda: administration.set_contact(person(request), region, **form.cleaned_data), said
    ):
        return HttpResponseRedirect(resolve_url("manage-contact", code))
    return render(request, "manage/contact.html", {"form": form, "region": region})


def _requests(request: HttpRequest) -> Any:
    return administration.privacy_requests(regions_administered(request)).select_related("user", "answered_by")


@require_safe
@administrators
def privacy(request: HttpRequest) -> HttpResponse:
    """Requests of access, correction or erasure: those that wait first, with the day of the answer."""
    rows = _requests(request)
    waiting = rows.filter(answered_at__isnull=True).order_by("asked_at", "pk")[:100]
    page = keyset(request, rows.filter(answered_at__isnull=False))
    return render(request, "manage/privacy.html", {"waiting": waiting, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a request; the person reads the answer on her own page."""
    found = get_object_or_404(_requests(request), pk=pk)
    form = AnswerForm(posted(request))
    said = _("La réponse est enregistrée ; la personne la lit dans son espace.")
    if request.method == "POST" and done(request, form, lambda: _answer(request, found, form), said):
        return HttpResponseRedirect(resolve_url("manage-privacy"))
    return render(request, "manage/answer.html", {"form": form, "found": found})


def _answer(request: HttpRequest, found: PrivacyRequest, form: AnswerForm) -> None:
    administration.answer_privacy(person(request), regions_administered(request), found, form.cleaned_data["answer"])
