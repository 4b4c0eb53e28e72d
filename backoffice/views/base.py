"""What every view does: guard, one call, redirect. A refusal of the gate is a sentence, never a raw error."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.functional import Promise

from applications.models.application import live
from regions.enums import RoleKind
from regions.models import Region, User
from workflows.acts import NotFound, Refused

View = Callable[..., HttpResponse]


def person(request: HttpRequest) -> User:
    """The signed-in account; views behind `login_required` have one."""
    user: Any = request.user
    return user


def sent(request: HttpRequest) -> Any:
    """What was posted, even when every box is empty; None on a first visit: a form is then blank."""
    return request.POST if request.method == "POST" else None


def perform(request: HttpRequest, call: Callable[[], Any], said: str | Promise, to: str, *args: Any) -> HttpResponse:
    """Make one act and go back to a page: its success or the gate's sentence is told there.

    What does not exist for this person is a 404: a stranger learns nothing.
    """
    try:
        call()
    except NotFound as refusal:
        raise Http404(str(refusal)) from refusal
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, str(said))
    return HttpResponseRedirect(resolve_url(to, *args))


def regions_of(user: User, *kinds: RoleKind) -> list[Region]:
    """The regions where the person holds one of these roles today."""
    roles = live(user.roles, None).filter(kind__in=kinds).select_related("region")
    return [role.region for role in roles.order_by("region__code").distinct()]


def for_roles(*kinds: RoleKind) -> Callable[[View], View]:
    """Only for people who hold one of these roles today; for anyone else the page does not exist."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not regions_of(person(request), *kinds):
                raise Http404
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return guard


class RefusalMiddleware:
    """A refusal that a view let through becomes a page that says what to do, with its own status."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotFound):
            return render(request, "404.html", status=404)
        if isinstance(exception, Refused):
            return render(request, "refused.html", {"sentence": exception.sentence}, status=exception.status)
        return None
