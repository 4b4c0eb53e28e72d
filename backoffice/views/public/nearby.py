"""The accredited providers of several schemes, the nearest first: same commune, same département, same region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from applications.services.directory import region_of
from regions.enums import AccreditationState
from regions.models import Accreditation, Provider, in_force
from regions.territory import department_of

MOST = 5
COMMUNE, DEPARTMENT, REGION, ELSEWHERE, UNKNOWN = range(5)


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest providers of a scheme, each with how near in words, and how many there are in all."""

    shown: list[tuple[Provider, str]]
    count: int


def nearby(schemes: Iterable[int], place: str, day: date) -> dict[int, Near]:
    """For each scheme, by its key, the providers whose accreditation covers a day. One query."""
    found: dict[int, dict[int, Provider]] = {}
    rows = Accreditation.objects.filter(in_force(day), scheme__in=schemes, state=AccreditationState.ACTIVE)
    for row in rows.select_related("provider").order_by("provider__name", "pk"):
        found.setdefault(row.scheme_id, {})[row.provider_id] = row.provider
    return {scheme: _nearest(list(providers.values()), place) for scheme, providers in found.items()}


def _nearest(providers: list[Provider], place: str) -> Near:
    ranked = sorted(providers, key=lambda one: distance(one.commune, place))
    return Near([(one, _words(distance(one.commune, place))) for one in ranked[:MOST]], len(ranked))


def distance(commune: str, place: str) -> int:
    """How far two places are, by their codes: commune, département, region, elsewhere, or not known."""
    if not commune:
        return UNKNOWN
    if commune == place:
        return COMMUNE
    if department_of(commune) == department_of(place):
        return DEPARTMENT
    return REGION if region_of(commune) == region_of(place) else ELSEWHERE


def _words(rank: int) -> str:
    return (
        _("dans votre commune"), _("dans votre département"), _("dans votre région"), _("hors de votre région"),
        _("lieu non renseigné"),
    )[rank]  # fmt: skip
