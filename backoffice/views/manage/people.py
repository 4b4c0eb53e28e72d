"""People and their roles: proposed by one administrator, confirmed by another, ended on a day."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models.application import live
from backoffice.views.base import perform, person
from backoffice.views.manage.forms import LastDayForm, RoleForm
from backoffice.views.manage.guard import administrators, done, keyset, posted, regions_administered
from regions import clock
from regions.enums import RoleKind
from regions.models import Role
from workflows import administration

PROPOSED = Q(confirmed_at__isnull=True, declined_at__isnull=True)
TABS = (
    ("proposed", _("À confirmer")),
    ("held", _("En vigueur ou à venir")),
    ("ended", _("Terminés ou refusés")),
)


def _shown(tab: str, roles: Any) -> Any:
    today = clock.today()
    held = Q(confirmed_at__isnull=False) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    if tab == "proposed":
        return roles.filter(PROPOSED)
    return roles.filter(held) if tab == "held" else roles.exclude(held).exclude(PROPOSED)


@require_safe
@administrators
def people(request: HttpRequest) -> HttpResponse:
    """Who may do what in the region, and what waits for a second person."""
    regions = regions_administered(request)
    roles = Role.objects.filter(region__in=regions)
    proposed = roles.filter(PROPOSED).count()
    tab = request.GET.get("tab", "")
    if tab not in dict(TABS):
        tab = "proposed" if proposed else "held"
    rows = _shown(tab, roles).select_related("user", "region", "proposed_by", "confirmed_by")
    context = {
        "tab": tab, "tabs": TABS, "proposed": proposed, "page": keyset(request, rows), "keep": f"tab={tab}",
        "alone": [region for region in regions if len(administration.administrators(region)) == 1],
    }  # fmt: skip
    return render(request, "manage/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def invite(request: HttpRequest) -> HttpResponse:
    """Propose a role; an account without password is made for whom has none."""
    form = RoleForm(posted(request), regions=regions_administered(request))
    said = _("Le rôle est proposé : un autre administrateur doit le confirmer.")
    if request.method == "POST" and done(request, form, lambda: _propose(request, form), said):
        return HttpResponseRedirect(resolve_url("manage-people"))
    return render(request, "manage/invite.html", {"form": form})


def _propose(request: HttpRequest, form: RoleForm) -> Role:
    data = form.cleaned_data
    return administration.invite(
        person(request), data["email"], data["name"].strip(), RoleKind(data["kind"]), data["region"],
        data["valid_from"], delegation=data["delegation"],
    )  # fmt: skip


def _role(request: HttpRequest, pk: int) -> Role:
    rows = Role.objects.filter(region__in=regions_administered(request))
    return get_object_or_404(rows.select_related("user", "region", "proposed_by"), pk=pk)


@require_POST
@administrators
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    role = _role(request, pk)
    said = _("Le rôle est confirmé ; la personne est prévenue par courriel.")
    return perform(request, lambda: administration.confirm_role(person(request), role), said, "manage-people")


@require_POST
@administrators
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    role = _role(request, pk)
    said = _("La proposition est refusée.")
    return perform(request, lambda: administration.decline_role(person(request), role), said, "manage-people")


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role on a day: the file keeps what was done under it."""
    role = _role(request, pk)
    form = LastDayForm(posted(request), initial={"last_day": clock.today()})
    said = _("La fin de ce rôle est enregistrée.")
    if request.method == "POST" and done(
        request, form, lambda: administration.end_role(person(request), role, form.cleaned_data["last_day"]), said
    ):
        return HttpResponseRedirect(resolve_url("manage-people"))
    held = live(Role.objects, None).filter(pk=role.pk).exists()
    return render(request, "manage/end_role.html", {"form": form, "role": role, "held": held})
