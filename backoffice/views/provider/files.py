"""The provider’s list: the files that name him, the latest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.views.base import person
from backoffice.views.manage.guard import keyset
from backoffice.views.provider.guard import files_of, for_providers

SIZE = 50


@require_safe
@for_providers
def files(request: HttpRequest) -> HttpResponse:
    """His files, those that wait for him told in words."""
    mine = files_of(person(request))
    waiting = mine.filter(next_actor="provider").order_by("due_on", "pk")[:SIZE]
    return render(request, "provider/files.html", {"waiting": waiting, "page": keyset(request, mine)})
