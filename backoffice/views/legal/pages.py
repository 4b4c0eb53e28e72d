"""The pages that the law asks for: legal notice, privacy, accessibility. Open to all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.rules.retention import AID_YEARS, ERDF_YEARS
from regions.models import Region


def _regions() -> list[Region]:
    """The regions that have said who answers for them here."""
    return list(Region.objects.exclude(service="").order_by("name"))


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Who publishes the service, and under what licence."""
    return render(request, "legal/notice.html", {"regions": _regions()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of a person, why, for how long, and his rights (GDPR, arts 13 and 14)."""
    context = {"regions": _regions(), "erdf_years": ERDF_YEARS, "aid_years": AID_YEARS}
    return render(request, "legal/privacy.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How usable the service is for people with disabilities, and what to do when it is not."""
    return render(request, "legal/accessibility.html", {"regions": _regions()})
