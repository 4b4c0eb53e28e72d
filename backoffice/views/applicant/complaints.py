"""The firm complains of how her file is handled, and reads the answer. An appeal against a decision is another page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.models import Complaint
from backoffice.views.applicant.common import own_file, posted
from backoffice.views.applicant.complaint_form import ComplaintForm
from backoffice.views.base import perform, person
from workflows import eyes, gate


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, reference: str) -> HttpResponse:
    """What the firm complains of, and the answers to what she complained of before."""
    file = own_file(request, reference)
    form = ComplaintForm(posted(request))
    if form.is_valid():
        about = {"about_file": file, "source": Complaint.Source.FIRM, "channel": Complaint.Channel.ONLINE}
        return perform(
            request,
            lambda: gate.open_complaint(person(request), file.region, name="complain", **about, **form.cleaned_data),
            _("Votre réclamation est enregistrée : la réponse se lit sur cette page."), "firm-complaint", reference,
        )  # fmt: skip
    mine = list(Complaint.objects.filter(about_file=file.pk, channel=Complaint.Channel.ONLINE).order_by("-pk")[:20])
    return render(request, "applicant/complaint.html", {"file": file, "form": form, "made": answered(mine)})


def answered(rows: list[Complaint]) -> list[tuple[Complaint, Any]]:
    """Each complaint with its answer, if any. One query."""
    found = eyes.latest(rows, "complaint.answer")
    return [(row, found.get(row.pk, {}).get("complaint.answer")) for row in rows]
