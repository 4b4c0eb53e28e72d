"""The page that each person sees after signing in: his files, and whom each one waits for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from applications.enums import ApplicationState
from applications.models import Application
from applications.models.application import live
from backoffice.views.applicant.file import page as firm_page
from backoffice.views.applicant.member import memberships
from backoffice.views.applicant.member import page as member_page
from backoffice.views.manage.guard import keyset
from backoffice.views.officer.file import page as officer_page
from backoffice.views.officer.queue import page as queue_page
from backoffice.views.provider.file import page as provider_page
from backoffice.views.provider.files import files as provider_files
from regions import clock
from regions.models import User
from workflows import follow_up


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Staff see their queues; firms and providers see their own files; a visitor sees the aids open."""
    if not request.user.is_authenticated:
        return redirect("schemes")
    user: Any = request.user
    roles = list(live(user.roles, None).select_related("region").order_by("kind"))
    if roles:
        return queue_page(request, roles)
    if live(user.provider_memberships, None).exists() and not live(user.mandates, None).exists():
        return provider_files(request)
    files = Application.objects.for_user(user).select_related("company", "scheme_version__scheme")
    page = keyset(request, files)
    waiting = memberships(user).filter(confirmed_at__isnull=True).values_list("application_id", flat=True)
    told = {"to_confirm": set(waiting), "to_tell": follow_up.awaited(page["rows"], clock.today())}
    return render(request, "home/firm.html", {"files": page["rows"], "page": page} | told)


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
    if file.state == ApplicationState.DRAFT:
        return redirect("review", reference)
    return _page_for(user, file)(request, file)


def _page_for(user: User, file: Application) -> Callable[[HttpRequest, Application], HttpResponse]:
    """Staff see the whole file, the firm its own page, a firm of its group and the provider what concerns them."""
    if live(user.roles, None).filter(region_id=file.region_id).exists():
        return officer_page
    if live(user.mandates, None).filter(company_id=file.company_id).exists():
        return firm_page
    if memberships(user).filter(application=file).exists():
        return member_page
    return provider_page
