"""The aids open today: what a manager sees first, before any account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.forms.fields import tongue
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
    """Each open scheme with what it pays for and up to how much."""
    return render(request, "public/schemes.html", {"schemes": [_card(version) for version in open_versions()]})


def _card(version: SchemeVersion) -> dict[str, Any]:
    categories = version.rule("what", "categories", default=[])
    return {
        "scheme": version.scheme,
        "aided": [c["label"][tongue()] for c in categories if not c.get("excluded")],
        "bands": _bands(version.rule("how", default={})),
    }


def _bands(how: dict[str, Any]) -> list[dict[str, Any]]:
    """Rate and ceiling by size of firm, where the aid function gives both."""
    shared = {name: how[name] for name in ("rate", "aid_ceiling") if name in how}
    bands = [shared | band for band in how.get("bands", [])]
    return [_band(band) for band in bands if {"rate", "aid_ceiling"} <= set(band)]


def _band(band: dict[str, str]) -> dict[str, Any]:
    return {
        "below": band["headcount_below"],
        "percent": Decimal(band["rate"]) * 100,
        "ceiling": Decimal(band["aid_ceiling"]),
    }
