"""The firm tells what became of its project, some months after its end: a few questions, on a telephone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.forms.follow_up import FollowUpForm
from applications.models import Application
from backoffice.views.applicant.common import own_file, posted
from backoffice.views.base import perform, person
from backoffice.views.results import told_of
from regions import clock
from workflows import follow_up, gate


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """The questions of her scheme, what she answered before, and what she declared when she applied."""
    file = own_file(request, reference)
    if file.results_on is None or file.results_on > clock.today(file.zone):
        raise Http404
    form = FollowUpForm(posted(request), terms=follow_up.terms(file))
    if form.is_valid():
        return _made(request, file, form.given())
    return render(request, "applicant/follow_up.html", {"file": file, "form": form, "told": told_of(file)})


def _made(request: HttpRequest, file: Application, given: dict[str, Any]) -> HttpResponse:
    return perform(
        request, lambda: gate.record(person(request), "application", file.pk, "follow_up", **given),
        _("Vos réponses sont enregistrées : merci."), "file", file.reference,
    )  # fmt: skip
