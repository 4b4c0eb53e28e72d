"""The documents of a draft: each asked kind on one page, replaced or taken away until the filing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.forms.document import DocumentRemoval, DraftDocumentsForm
from applications.models import Application
from backoffice.views.applicant.progress import address, rail
from backoffice.views.applicant.steps import of_draft, onward
from backoffice.views.base import person


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def documents(request: HttpRequest, file: Application) -> HttpResponse:
    """Hand documents in: the good ones are kept even when another one is refused."""
    if request.method != "POST":
        return _page(request, file, DraftDocumentsForm(user=person(request), application=file))
    form = DraftDocumentsForm(request.POST, request.FILES, user=person(request), application=file)
    valid = form.is_valid()
    kept = form.save()
    if not valid:
        if kept:
            messages.success(request, _("Les autres fichiers sont enregistrés."))
        return _page(request, file, form)
    if request.POST.get("action") == "stay":
        messages.success(request, _("C’est enregistré."))
        return HttpResponseRedirect(address(file, "pieces"))
    return onward(request, file, "pieces")


def _page(request: HttpRequest, file: Application, form: DraftDocumentsForm) -> HttpResponse:
    held: dict[str, list[Any]] = {}
    for document in file.documents.filter(deleted_at__isnull=True, claim__isnull=True).order_by("added_at", "pk"):
        held.setdefault(document.kind, []).append(document)
    rows = [(field, held.get(field.name, [])) for field in form]
    return render(request, "applicant/step_pieces.html", rail(file, "pieces") | {"form": form, "rows": rows})


@require_POST
@of_draft
def remove_document(request: HttpRequest, file: Application) -> HttpResponse:
    """Take a document away; its tombstone remains."""
    form = DocumentRemoval(request.POST, user=person(request), application=file)
    if form.is_valid():
        form.save()
        messages.success(request, _("La pièce est retirée."))
    return HttpResponseRedirect(address(file, "pieces"))
