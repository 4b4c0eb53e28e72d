"""What every page of the auditor knows: his regions, and nothing outside them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState
from applications.models import Application, Operation
from backoffice.views.base import person, regions_of
from regions.enums import RoleKind
from regions.models import Region
from reporting.lists import LISTS

HERE = RoleKind.AUDITOR
PARIS = "Europe/Paris"


def regions(request: HttpRequest) -> list[Region]:
    """The regions that the person audits today, each once."""
    return list({region.pk: region for region in regions_of(person(request), HERE)}.values())


def zone(audited: list[Region]) -> str:
    """The time zone of the hours shown: the region's, or that of Paris when there are several."""
    zones = {region.time_zone for region in audited}
    return zones.pop() if len(zones) == 1 else PARIS


def language() -> str:
    return get_language() or "fr"


def tabs(current: str) -> dict[str, Any]:
    """The tabs of the auditor, and which one is open."""
    links = [(key, reverse("audit-list", args=[key]), listing.name(language())) for key, listing in LISTS.items()]
    more = [
        ("operations", reverse("audit-operations"), _("Opérations")),
        ("packs", reverse("audit-packs"), _("Dossiers d’audit")),
        ("echantillons", reverse("audit-samples"), _("Échantillons")),
        ("sceaux", reverse("audit-seals"), _("Sceaux")),
    ]
    return {"tabs": [*links, *more], "tab": current}


def file_of(request: HttpRequest, reference: str) -> Application:
    """A file of his regions by its reference; a draft is the firm’s alone."""
    filed = Application.objects.for_user(person(request)).filter(region__in=regions(request))
    related = ("company", "region", "scheme_version__scheme", "provider", "assigned_to", "operation", "envelope")
    return get_object_or_404(filed.exclude(state=ApplicationState.DRAFT).select_related(*related), reference=reference)


def operations(request: HttpRequest) -> Any:
    """The operations of his regions."""
    return Operation.objects.filter(region__in=regions(request)).order_by("code")


def grouped(request: HttpRequest) -> Any:
    """The grouped ones, few enough to choose from; those of one firm are told by their region's reports."""
    return operations(request).grouped()
