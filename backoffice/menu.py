"""The parts of the house, to whom each is open, and the menu that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regions.enums import RoleKind

_AFTER, _WATCH, _BOOKS = _("Après le paiement"), _("Constats et réclamations"), _("Registres et rapports")
_FILES: set[str] = {RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER}
_MONEY: set[str] = {RoleKind.LIQUIDATOR, RoleKind.AUTHORISING, RoleKind.ACCOUNTANT}
# Address name, words, the group that holds it in a long menu, and to whom it is open.
AREAS: tuple[tuple[str, Any, Any, set[str]], ...] = (
    ("home", _("Dossiers"), "", set(RoleKind.values)),
    ("accreditations", _("Habilitations"), "", {RoleKind.OFFICER, RoleKind.DECIDER, RoleKind.AUDITOR}),
    ("bank-changes", _("Coordonnées bancaires"), "", {RoleKind.OFFICER}),
    ("payments", _("Paiements"), "", _MONEY),
    ("audit", _("Audit"), "", {RoleKind.AUDITOR}),
    ("recoveries", _("Recouvrements"), _AFTER, _MONEY | {RoleKind.OFFICER, RoleKind.CERTIFIER}),
    ("irregularities", _("Irrégularités"), _AFTER, _FILES | {RoleKind.AUTHORISING, RoleKind.AUDITOR}),
    ("durability", _("Pérennité"), _AFTER, {RoleKind.OFFICER}),
    ("follow-ups", _("Résultats"), _AFTER, {RoleKind.OFFICER}),
    ("findings", _("Constats d’audit"), _WATCH, _FILES | {RoleKind.AUDITOR}),
    ("complaints", _("Réclamations"), _WATCH, _FILES | {RoleKind.AUDITOR}),
    ("registers", _("Registres"), _BOOKS, {RoleKind.OFFICER, RoleKind.ADMINISTRATOR, RoleKind.AUDITOR}),
    (
        "declarations",
        _("Déclarations FEDER"),
        _BOOKS,
        {RoleKind.LIQUIDATOR, RoleKind.CERTIFIER, RoleKind.AUTHORISING, RoleKind.AUDITOR},
    ),
    ("reports", _("Rapports"), _BOOKS, set(RoleKind.values) - {RoleKind.NOTIFIER, RoleKind.AUDITOR}),
    ("manage-versions", _("Règlements"), _BOOKS, set(RoleKind.values)),
    ("manage-people", _("Administration"), "", {RoleKind.ADMINISTRATOR}),
)
FIRM_AREAS: tuple[tuple[str, Any], ...] = (
    ("home", _("Mes dossiers")),
    ("schemes", _("Aides ouvertes")),
    ("firm-banks", _("Coordonnées bancaires")),
)
PROVIDER_AREAS: tuple[tuple[str, Any], ...] = (
    ("provider-files", _("Dossiers de mes clients")),
    ("provider-accreditations", _("Mes habilitations")),
)
LONG = 6  # parts beyond which a menu is folded into groups


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the house in a menu; `here` when the page stands in it."""

    address: str
    words: Any
    here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Parts folded under some words; without words, parts that show as they are."""

    words: Any
    areas: Sequence[Area]

    @property
    def here(self) -> bool:
        return any(area.here for area in self.areas)


def grouped(named: Sequence[tuple[str, Any]], path: str) -> list[Group]:
    """A menu: its parts in order, those of a group folded together when there are many and it holds several."""
    stands, groups = _stands([name for name, _words in named], path), _groups(len(named))
    found = []
    for words, some in groupby(named, lambda area: groups.get(area[0], "")):
        areas = [Area(reverse(name), text, name == stands) for name, text in some]
        found.append(Group(words if len(areas) > 1 else "", areas))
    return found


def _groups(count: int) -> dict[str, Any]:
    return {name: group for name, _words, group, _open_to in AREAS} if count > LONG else {}


def _stands(names: Sequence[str], path: str) -> str:
    """The part where a page stands: the one whose address begins the page's, the longest of them."""
    addresses = {reverse(name): name for name in names}
    within = [one for one in addresses if one == path or (one != "/" and path.startswith(one))]
    return addresses.get(max(within, key=len, default=""), "")
