"""The page behind the link of an e-mail: it shows, and only a button confirms."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from applications.models import Application
from backoffice.views.base import person
from backoffice.views.provider import file as file_page
from backoffice.views.provider.guard import files_of
from workflows import confirmation
from workflows.acts import Denied


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm or decline by the link: signed in, as a member of the provider whom the link names."""
    try:
        link = confirmation.read(token)
    except Denied as refusal:
        return render(request, "provider/link_over.html", {"sentence": refusal.sentence}, status=refusal.status)
    if not request.user.is_authenticated:
        return render(request, "provider/sign_in_first.html", {"next": request.get_full_path()})
    file = files_of(person(request)).filter(pk=link.application, provider=link.provider).first()
    if file is None:
        raise Http404
    return _answer(request, file)


def _answer(request: HttpRequest, file: Application) -> HttpResponse:
    if request.method != "POST":
        return _page(request, file, file_page.DeclineForm())
    if "confirm" in request.POST:
        return file_page.confirm(request, file)
    form = file_page.DeclineForm(request.POST)
    return file_page.decline(request, file, form) if form.is_valid() else _page(request, file, form)


def _page(request: HttpRequest, file: Application, form: file_page.DeclineForm) -> HttpResponse:
    context = {
        "file": file, "decline": form, "answer": file_page.last_answer(file), "lines": file.lines.all(),
        "may_answer": file_page.may_answer(file, person(request)),
    }  # fmt: skip
    return render(request, "provider/confirm.html", context)
