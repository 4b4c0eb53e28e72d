"""The ties of the firm, while the application is a draft: who owns it, what it owns, the size that results."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.forms.ownership import LinkForm, LinkRemoval
from applications.models import Application
from backoffice.views.applicant.progress import address, rail
from backoffice.views.applicant.steps import of_draft, onward
from backoffice.views.base import View
from backoffice.views.owners import group_of

SLUG = "liens"
TYPED = ("name", "siren", "capital", "votes", "control", "headcount", "turnover", "balance_sheet")


def of_a_group(view: Any) -> View:
    """The pages of this step: an independent firm has none, and goes back to the question."""

    def guarded(request: HttpRequest, file: Application, **given: Any) -> HttpResponse:
        if file.independent is not False:
            messages.info(
                request, _("Vous avez répondu que l’entreprise est indépendante : aucun lien n’est à déclarer.")
            )
            return redirect(address(file, "entreprise"))
        answer: HttpResponse = view(request, file, **given)
        return answer

    return of_draft(guarded)


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_group
def links(request: HttpRequest, file: Application) -> HttpResponse:
    """Add a tie, or change one; with nothing typed, go on."""
    row = _asked(request, file)
    if request.method != "POST":
        return _page(request, file, LinkForm(application=file, row=row), row)
    if not any(request.POST.get(name) for name in TYPED) and request.POST.get("action") in ("continue", "later"):
        return onward(request, file, SLUG)
    form = LinkForm(request.POST, application=file, row=row)
    if not form.is_valid():
        return _page(request, file, form, row)
    form.save()
    if request.POST.get("action") in ("continue", "later"):
        return onward(request, file, SLUG)
    messages.success(request, _("Le lien est enregistré."))
    return HttpResponseRedirect(address(file, SLUG))


def _asked(request: HttpRequest, file: Application) -> Any:
    """The tie being changed, when one is."""
    number = request.POST.get("link") or request.GET.get("link")
    if not number:
        return None
    if not number.isdecimal():
        raise Http404
    return get_object_or_404(file.ownership_links.live(), number=int(number))


def _page(request: HttpRequest, file: Application, form: LinkForm, row: Any) -> HttpResponse:
    context = {"form": form, "link": row, "group": group_of(file)}
    return render(request, "applicant/step_liens.html", rail(file, SLUG) | context)


@require_POST
@of_a_group
def remove_link(request: HttpRequest, file: Application) -> HttpResponse:
    """Take a tie out; one that is not there any more is no error, one that another needs stays."""
    form = LinkRemoval(request.POST, application=file)
    if form.is_valid():
        form.save()
        messages.success(request, _("Le lien est retiré."))
    elif form.has_error("link", code=None) and form.data.get("link"):
        messages.error(request, " ".join(str(error) for error in form.errors.get("link", [])))
    return HttpResponseRedirect(address(file, SLUG))
