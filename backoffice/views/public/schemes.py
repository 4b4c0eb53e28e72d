"""The aids open today: what a manager sees first, before any account."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.forms.fields import tongue
from backoffice.views.public.gives import gives
from regions import clock
from regions.models import SchemeVersion, in_force


def open_versions() -> list[SchemeVersion]:
    """The latest version in force of each scheme, by region and name, with the regions fetched."""
    rows = SchemeVersion.objects.filter(in_force(clock.today()), published_on__isnull=False)
    latest = {version.scheme_id: version for version in rows.order_by("valid_from", "number")}
    ordered = SchemeVersion.objects.filter(pk__in=[v.pk for v in latest.values()]).select_related("scheme__region")
    return list(ordered.order_by("scheme__region__name", "scheme__name_fr"))


@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """Each open scheme, region by region, with what it pays for and how much."""
    regions = [
        (region, [_card(version) for version in versions])
        for region, versions in groupby(open_versions(), key=lambda version: version.scheme.region)
    ]
    return render(request, "public/schemes.html", {"regions": regions})


def _card(version: SchemeVersion) -> dict[str, Any]:
    categories = version.rule("what", "categories", default=[])
    return {
        "scheme": version.scheme,
        "aided": [c["label"][tongue()] for c in categories if not c.get("excluded")],
        "gives": gives(version.rules),
    }
