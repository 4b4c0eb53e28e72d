"""A person's own data: a copy of it at once, and what he asks to correct or to erase."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as now_
from django.views.decorators.http import require_http_methods, require_safe

from applications.forms.privacy import PrivacyForm
from applications.models import PrivacyRequest
from backoffice.views.applicant.common import posted
from backoffice.views.base import person
from regions import clock
from workflows import own_data


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """One's rights, one's requests and their answers, and the form to ask."""
    user = person(request)
    form = PrivacyForm(posted(request), user=user)
    if form.is_valid():
        form.save()
        messages.success(request, now_("Votre demande est enregistrée : la réponse vient en un mois au plus."))
        return redirect("rights")
    asked = PrivacyRequest.objects.filter(user=user).order_by("-asked_at", "-pk")[:50]
    return render(request, "applicant/rights.html", {"form": form, "asked": asked})


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """A copy of one's data, as a JSON file that a machine can read (GDPR, arts 15 and 20)."""
    content = json.dumps(own_data.of(person(request)), ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="mes-donnees-{clock.today():%Y-%m-%d}.json"'
    response["Cache-Control"] = "private, no-store"
    return response
