"""The page that each person sees after signing in: his files, and whom each one waits for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Application
from applications.models.application import live
from backoffice.views.applicant.file import page as firm_page
from backoffice.views.officer.file import page as officer_page
from backoffice.views.provider.file import page as provider_page
from regions.models import User
from workflows import queues

STAFF_FIRST = {
    "officer": "to-take", "decider": "to-decide", "notifier": "to-notify", "certifier": "to-certify",
    "liquidator": "to-order", "authorising": "to-sign", "accountant": "at-accountant",
}  # fmt: skip


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Staff see their queues; firms and providers see their own files."""
    user: Any = request.user
    roles = list(live(user.roles, None).select_related("region").order_by("kind"))
    if roles:
        return _staff(request, user, roles)
    files = Application.objects.for_user(user).select_related("company", "scheme_version__scheme").order_by("-id")
    kind = "provider" if live(user.provider_memberships, None).exists() else "firm"
    return render(request, f"home/{kind}.html", {"files": files[:100]})


def _staff(request: HttpRequest, user: User, roles: list[Any]) -> HttpResponse:
    chosen = request.GET.get("queue") or next((STAFF_FIRST[r.kind] for r in roles if r.kind in STAFF_FIRST), "all")
    queue = queues.QUEUES.get(chosen, queues.QUEUES["all"])
    shown = queue.files(user).select_related("company", "assigned_to", "scheme_version__scheme")
    counters = queues.counts(user)
    tabs = [(q.key, q.label, counters[q.key]) for q in queues.QUEUES.values()]
    context = {"roles": roles, "queue": queue, "tabs": tabs, "files": queues.pages(shown, None)}
    return render(request, "home/staff.html", context)


@require_safe
@login_required
def file_page(request: HttpRequest, reference: str) -> HttpResponse:
    """A file as its reader may see it: state, who has it now, what is due, what happened."""
    user: Any = request.user
    visible = (
        Application.objects.for_user(user)
        .select_related("company", "region", "scheme_version__scheme", "assigned_to", "provider")
        .prefetch_related("claims__orders")
    )
    file = get_object_or_404(visible, reference=reference)
    return _page_for(user, file)(request, file)


def _page_for(user: User, file: Application) -> Callable[[HttpRequest, Application], HttpResponse]:
    """Staff of the region see the whole file, the firm its own page, the provider what concerns him."""
    if live(user.roles, None).filter(region_id=file.region_id).exists():
        return officer_page
    if live(user.mandates, None).filter(company_id=file.company_id).exists():
        return firm_page
    return provider_page
