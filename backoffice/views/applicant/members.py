"""The firms of a group, while the application is a draft: added by SIREN, taken out, counted."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.forms.project import MemberForm, MemberRemoval
from applications.models import Application
from applications.rules import terms
from backoffice.views.applicant.progress import address, rail
from backoffice.views.applicant.steps import of_draft, onward
from workflows import group

SLUG = "groupement"


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def members(request: HttpRequest, file: Application) -> HttpResponse:
    """Add a firm; with nothing typed, go on."""
    if terms.group_terms(file.scheme_version.rules) is None:
        raise Http404
    if request.method != "POST":
        return _page(request, file, MemberForm(application=file))
    if not request.POST.get("siren") and request.POST.get("action") in ("continue", "later"):
        return onward(request, file, SLUG)
    form = MemberForm(request.POST, application=file)
    if not form.is_valid():
        return _page(request, file, form)
    member = form.save()
    messages.success(request, _("%s est dans le groupement.") % member.company)
    return HttpResponseRedirect(address(file, SLUG))


def _page(request: HttpRequest, file: Application, form: MemberForm) -> HttpResponse:
    fewest, size = group.fewest(file), group.size(file)
    context = {
        "form": form, "members": group.taking_part(file), "fewest": fewest, "size": size,
        "lacking": max(fewest - size, 0),
    }  # fmt: skip
    return render(request, "applicant/step_groupement.html", rail(file, SLUG) | context)


@require_POST
@of_draft
def remove_member(request: HttpRequest, file: Application) -> HttpResponse:
    """Take a firm out; one that is not there any more is no error."""
    form = MemberRemoval(request.POST, application=file)
    if form.is_valid():
        form.save()
        messages.success(request, _("L’entreprise n’est plus dans le groupement."))
    return HttpResponseRedirect(address(file, SLUG))
