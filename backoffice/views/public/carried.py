"""What was typed in the simulator, carried by the session into the draft, once, and only when asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

KEY = "simulation"
FACTS = ("headcount", "turnover", "naf", "legal_category", "works_start_on", "prior")


def carry(request: HttpRequest, code: str, facts: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> None:
    """Keep the answers as plain text until the draft is opened, or the session ends."""
    request.session[KEY] = {
        "scheme": code,
        "siret": facts["siret"],
        "facts": {name: str(facts[name]) for name in FACTS if facts[name] not in (None, "")},
        "lines": [{name: str(value) for name, value in line.items()} for line in lines],
    }


def carried(request: HttpRequest, code: str) -> dict[str, Any]:
    """What was carried for a scheme, or nothing."""
    kept: dict[str, Any] = request.session.get(KEY) or {}
    return kept if kept.get("scheme") == code else {}


def forget(request: HttpRequest) -> None:
    """The draft holds it now."""
    request.session.pop(KEY, None)
