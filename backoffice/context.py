"""What every page knows: the release, its source, the day, and in what capacity its reader stands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from applications.models.application import live
from regions import clock
from regions.enums import RoleKind

AREAS: tuple[tuple[str, Any, set[str]], ...] = (
    ("home", _("Dossiers"), set(RoleKind.values)),
    ("accreditations", _("Habilitations"), {RoleKind.OFFICER, RoleKind.DECIDER, RoleKind.AUDITOR}),
    ("bank-changes", _("Coordonnées bancaires"), {RoleKind.OFFICER}),
    ("payments", _("Paiements"), {RoleKind.LIQUIDATOR, RoleKind.AUTHORISING, RoleKind.ACCOUNTANT}),
    (
        "recoveries",
        _("Recouvrements"),
        {
            RoleKind.OFFICER,
            RoleKind.CERTIFIER,
            RoleKind.LIQUIDATOR,
            RoleKind.AUTHORISING,
            RoleKind.ACCOUNTANT,
        },
    ),
    (
        "irregularities",
        _("Irrégularités"),
        {RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER, RoleKind.AUTHORISING, RoleKind.AUDITOR},
    ),
    ("findings", _("Constats d’audit"), {RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER, RoleKind.AUDITOR}),
    ("complaints", _("Réclamations"), {RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER, RoleKind.AUDITOR}),
    ("durability", _("Pérennité"), {RoleKind.OFFICER}),
    ("follow-ups", _("Résultats"), {RoleKind.OFFICER}),
    ("registers", _("Registres"), {RoleKind.OFFICER, RoleKind.ADMINISTRATOR, RoleKind.AUDITOR}),
    (
        "declarations",
        _("Déclarations FEDER"),
        {RoleKind.LIQUIDATOR, RoleKind.CERTIFIER, RoleKind.AUTHORISING, RoleKind.AUDITOR},
    ),
    ("reports", _("Rapports"), set(RoleKind.values) - {RoleKind.NOTIFIER, RoleKind.AUDITOR}),
    ("audit", _("Audit"), {RoleKind.AUDITOR}),
    ("manage-versions", _("Règlements"), set(RoleKind.values)),
    ("manage-people", _("Administration"), {RoleKind.ADMINISTRATOR}),
)
FIRM_AREAS: tuple[tuple[str, Any], ...] = (
    ("home", _("Mes dossiers")),
    ("schemes", _("Aides ouvertes")),
    ("firm-banks", _("Coordonnées bancaires")),
)


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

    @property
    def areas(self) -> list[tuple[str, Any]]:
        """The parts of the house that he may enter: address name and words."""
        kinds = {role.kind for role in self.roles}
        mine = [(name, words) for name, words, open_to in AREAS if kinds & open_to]
        if self.mandates and not kinds:
            mine += FIRM_AREAS
        if self.memberships:
            mine.append(("provider-files", _("Dossiers de mes clients")))
            mine.append(("provider-accreditations", _("Mes habilitations")))
        return mine if len(mine) > 1 else []

    @property
    def area(self) -> str:
        """The part where he stands: the one whose address begins this page's, the longest of them."""
        addresses = [reverse(name) for name, _words in self.areas]
        within = [one for one in addresses if one == self.path or (one != "/" and self.path.startswith(one))]
        return max(within, key=len, default="")


def guichet(request: HttpRequest) -> dict[str, Any]:
    """The variables of every page; no query is made unless the page shows the reader's capacities."""
    return {
        "GUICHET_VERSION": settings.GUICHET_VERSION,
        "GUICHET_SOURCE_URL": settings.GUICHET_SOURCE_URL,
        "is_demo": settings.GUICHET_SIMULATED_CLOCK,
        "today": clock.today(),
        "reader": Reader(getattr(request, "user", None), request.path),
    }
