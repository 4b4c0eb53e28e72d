"""What every page knows: the release, its source, the day, and in what capacity its reader stands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property

from applications.models.application import live
from backoffice.menu import AREAS, FIRM_AREAS, PROVIDER_AREAS, Group, grouped
from regions import clock


class Reader:
    """The person who reads: his rights of the day, asked of the database only when a page shows them."""

    def __init__(self, user: Any, path: str = "") -> None:
        self.user, self.path = user, path

    def _live(self, relation: str, *related: str) -> list[Any]:
        if self.user is None or not self.user.is_authenticated:
            return []
        return list(live(getattr(self.user, relation), None).select_related(*related).order_by("pk"))

    @cached_property
    def roles(self) -> list[Any]:
        return self._live("roles", "region")

    @cached_property
    def mandates(self) -> list[Any]:
        return self._live("mandates", "company")

    @cached_property
    def memberships(self) -> list[Any]:
        return self._live("provider_memberships", "provider")

    @property
    def regions(self) -> set[int]:
        """The regions whose files he works on."""
        return {role.region_id for role in self.roles}

    @property
    def companies(self) -> set[int]:
        """The firms that he may bind."""
        return {mandate.company_id for mandate in self.mandates}

    @property
    def capacities(self) -> list[str]:
        """His roles in words, each with the region, the firm or the provider that it holds for."""
        return [
            *(f"{role.get_kind_display()} · {role.region}" for role in self.roles),
            *(f"{mandate.get_kind_display()} · {mandate.company}" for mandate in self.mandates),
            *(str(membership.provider) for membership in self.memberships),
        ]

    @cached_property
    def menu(self) -> list[Group]:
        """The parts of the house that he may enter, folded into groups when they are many."""
        kinds = {role.kind for role in self.roles}
        mine = [(name, words) for name, words, _group, open_to in AREAS if kinds & open_to]
        if self.mandates and not kinds:
            mine += FIRM_AREAS
        if self.memberships:
            mine += PROVIDER_AREAS
        return grouped(mine, self.path) if len(mine) > 1 else []


def guichet(request: HttpRequest) -> dict[str, Any]:
    """The variables of every page; no query is made unless the page shows the reader's capacities."""
    return {
        "GUICHET_VERSION": settings.GUICHET_VERSION,
        "GUICHET_SOURCE_URL": settings.GUICHET_SOURCE_URL,
        "is_demo": settings.GUICHET_SIMULATED_CLOCK,
        "today": clock.today(),
        "reader": Reader(getattr(request, "user", None), request.path),
    }
