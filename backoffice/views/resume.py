"""A lost session loses nothing: what was posted without one waits for its author to sign in again.

The kept answers are shown as one button on the page they were meant for, and only when that page opens for
who signed in: somebody else at the same screen reads « not found », as without them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

from backoffice.views.base import View
from regions import clock

KEY = "unsent"
KEPT_SECONDS = 3600
LONGEST = 100_000  # characters: a session is no store
NEVER = ("csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "login", "code")


class LostSessionMiddleware:
    """Keeps a form sent by nobody, and gives it back on its page after sign-in."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and not request.user.is_authenticated and _asks_to_sign_in(response):
            _keep(request)
        elif request.method == "GET" and response.status_code in (200, 302) and request.user.is_authenticated:
            return _give_back(request) or response
        return response


def _asks_to_sign_in(response: HttpResponse) -> bool:
    sign_in = resolve_url(settings.LOGIN_URL)
    return response.status_code == 302 and response.headers["Location"].startswith(f"{sign_in}?")


def _keep(request: HttpRequest) -> None:
    """Each answer, without what is secret; a file is not kept, and its author is told."""
    answers = [(name, value) for name, values in request.POST.lists() for value in values if name not in NEVER]
    of_one_file = any(sign.isdigit() for sign in request.path)  # an address that everybody has tells nobody apart
    if of_one_file and sum(len(name) + len(value) for name, value in answers) <= LONGEST:
        until = clock.now().timestamp() + KEPT_SECONDS
        request.session[KEY] = {
            "path": request.path, "answers": answers, "files": bool(request.FILES), "until": until,
        }  # fmt: skip


def _give_back(request: HttpRequest) -> HttpResponse | None:
    """Once: the page with the button, or nothing when nothing waits for this address."""
    kept: dict[str, Any] = request.session.get(KEY) or {}
    if kept.get("path") != request.path:
        return None
    del request.session[KEY]
    if kept["until"] < clock.now().timestamp():
        return None
    return render(request, "resume.html", kept)
