"""Mergers, acquisitions and splits: whose earlier de minimis aid is whose (Reg. (EU) 2023/2831, art. 3(8), (9)).

Earlier awards stay lawful: only what a new award is measured against changes hands. Amounts in euro; the
parts of an award shared out add up to it to the cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from applications.rules.base import InputError
from applications.rules.de_minimis import Award
from regions.money import ZERO, floor_cent


@dataclass(frozen=True, slots=True)
class Merger:
    """On its effective day, some enterprises become part of another, new or acquiring."""

    on: date
    absorbed: frozenset[str]
    into: str


@dataclass(frozen=True, slots=True)
class Split:
    """On its effective day, an enterprise becomes several.

    `activities` says which successor took over each activity; `equity` is the book value of each
    successor's equity capital on that day, in euro, used for aid that no activity places.
    """

    on: date
    divided: str
    equity: Mapping[str, Decimal]
    activities: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.equity or any(value < 0 for value in self.equity.values()):
            raise InputError(
                "equity",
                "give the book value of each successor's equity, zero or more",
                "donner la valeur comptable des capitaux propres de chaque successeur, positive ou nulle",
            )
        if not set(self.activities.values()) <= set(self.equity):
            raise InputError(
                "activities",
                "each activity goes to one of the successors given in equity",
                "chaque activité va à l’une des entreprises dont les capitaux propres sont donnés",
            )


def after(events: Iterable[Merger | Split], awards: Sequence[Award], day: date) -> tuple[Award, ...]:
    """The awards as they count on a day, after the events that took effect until then, in order."""
    kept = tuple(awards)
    for event in sorted((e for e in events if e.on <= day), key=_effective):
        kept = tuple(part for award in kept for part in _moved(event, award))
    return kept


def _effective(event: Merger | Split) -> date:
    return event.on


def _moved(event: Merger | Split, award: Award) -> tuple[Award, ...]:
    """The award under its new holder or holders; untouched when it came after, or is another's."""
    if award.granted_on > event.on:
        return (award,)
    if isinstance(event, Merger):
        return (replace(award, siren=event.into) if award.siren in event.absorbed else award,)
    return _shared(event, award) if award.siren == event.divided else (award,)


def _shared(event: Split, award: Award) -> tuple[Award, ...]:
    """To the successor that took the activity over; otherwise in proportion to the equity."""
    if award.activity in event.activities:
        return (replace(award, siren=event.activities[award.activity]),)
    parts = proportion(award.amount, event.equity)
    return tuple(replace(award, siren=siren, amount=part) for siren, part in parts.items())


def proportion(amount: Decimal, equity: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """An amount in euro shared by equity, each part down to the cent; the largest takes the remainder."""
    whole = sum(equity.values(), Decimal(0))
    if whole <= 0:
        raise InputError(
            "equity",
            "the equity of the successors adds up to zero: place the aid by activity",
            "les capitaux propres des entreprises issues de la scission totalisent zéro : répartir l’aide par activité",
        )
    parts = {siren: floor_cent(amount * value / whole) for siren, value in equity.items()}
    largest = max(equity, key=lambda siren: (equity[siren], siren))
    parts[largest] += amount - sum(parts.values(), ZERO)
    return parts
