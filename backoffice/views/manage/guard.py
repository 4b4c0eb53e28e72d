"""What every administration page does: the regions administered, and an act whose refusal stays on the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest

from backoffice.views.base import for_roles, person, regions_of
from regions.enums import RoleKind
from regions.models import Region
from workflows.acts import NotFound, Refused

administrators = for_roles(RoleKind.ADMINISTRATOR)


def regions_administered(request: HttpRequest) -> list[Region]:
    """The regions that the person administers today."""
    return regions_of(person(request), RoleKind.ADMINISTRATOR)


def done(request: HttpRequest, form: BaseForm, call: Callable[[], Any], said: Any) -> bool:
    """Make an act from a valid form; its refusal is told on the form, where nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        call()
    except NotFound as refusal:
        raise Http404(str(refusal)) from refusal
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    messages.success(request, str(said))
    return True


def keyset(request: HttpRequest, rows: Any, size: int = 50) -> dict[str, Any]:
    """A page of rows, the latest first: those before the number in the address, and the next number."""
    before = request.GET.get("before", "")
    known = before.isdecimal() and before.isascii() and len(before) < 19
    if known:
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows.order_by("-pk")[: size + 1])
    return {"rows": shown[:size], "next": shown[size - 1].pk if len(shown) > size else None, "later": known}


def posted(request: HttpRequest) -> Any:
    """What was sent, even nothing; None when the page is only read."""
    return request.POST if request.method == "POST" else None
