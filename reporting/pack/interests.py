"""Declarations of interests of who acted on a file for the region: who declared what, when, with its proof.

Art. 61 of Regulation (EU, Euratom) 2024/2509. Somebody who acted and never declared is named too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from applications.models import Application
from regions.models import InterestDeclaration, Role
from reporting.lists.base import column
from reporting.pack.model import Declared
from workflows import impartiality
from workflows.chain import key
from workflows.models import Event

COLUMNS = (
    column("name", "Personne", "Person"),
    column("acts", "Actes sur ce dossier", "Acts on this file", "integer"),
    column("first_at", "Premier acte", "First act", "moment"),
    column("last_at", "Dernier acte", "Last act", "moment"),
    column("declared_on", "Déclarée le", "Declared", "date"),
    column("wording", "Version du texte", "Version of the wording"),
    column("firms", "Entreprises nommées", "Firms named"),
    column("sha256", "Empreinte", "Hash"),
)


@dataclass(slots=True)
class Actor:
    """A natural person who acted on the file for the region, and the declarations that she made."""

    person: int
    name: str
    acts: int
    first_at: datetime
    last_at: datetime
    made: list[InterestDeclaration] = field(default_factory=list)


def actors(file: Application) -> list[Actor]:
    """Who acted, in the order of the first act. Three queries."""
    named = Role.objects.filter(region=file.region_id, user__is_system=False).order_by("user__pk")
    names = dict(named.values_list("user__person", "user__name"))
    acts = Event.objects.filter(subject=key(file), person_id_value__in=names).order_by()
    summed = acts.values_list("person_id_value").annotate(acts=Count("pk"), first=Min("at"), last=Max("at"))
    found = {row[0]: Actor(row[0], names[row[0]], *row[1:]) for row in summed.order_by("first")}
    made = InterestDeclaration.objects.filter(user__person__in=found).select_related("user").order_by("pk")
    for one in made.prefetch_related("interests"):
        found[one.user.person_id].made.append(one)
    return list(found.values())


def rows(file: Application) -> Iterator[dict[str, Any]]:
    """The table: each declaration of each person, and a row without one for who never declared."""
    for actor in actors(file):
        told = {name: getattr(actor, name) for name in ("name", "acts", "first_at", "last_at")}
        every: Sequence[InterestDeclaration | None] = actor.made or [None]
        for one in every:
            yield told | {
                "declared_on": one and one.declared_on, "wording": one.wording if one else "",
                "firms": ", ".join(_sirens(one)) if one else "", "sha256": one.sha256 if one else "",
            }  # fmt: skip


def declared(file: Application) -> Sequence[Declared]:
    """The declarations with what their hashes cover, for the verifier."""
    return [_declared(actor, one) for actor in actors(file) for one in actor.made]


def _declared(actor: Actor, one: InterestDeclaration) -> Declared:
    sirens = _sirens(one)
    said = impartiality.said(one, sirens)
    return Declared(actor.person, actor.name, one.declared_on, one.wording, sirens, one.salt, said, one.sha256)


def _sirens(one: InterestDeclaration) -> list[str]:
    return sorted(interest.siren for interest in one.interests.all())
