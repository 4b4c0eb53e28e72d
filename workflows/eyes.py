"""Four eyes and holds, asked once for a whole list: the gate asks them again of each object it moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from applications.models import PaymentOrder
from regions.models import User
from workflows import gate, impartiality
from workflows.chain import facts_of, key
from workflows.conditions import HELD, HOLDS
from workflows.models import Event
from workflows.told import told


def barred(user: User, targets: Sequence[Any], name: str, machine: str = "order") -> list[str]:
    """For each object, the sentence that keeps this person from a move: four eyes, or an interest declared; or ""."""
    eyes = barred_by(user, targets, gate.MACHINES[machine].moves()[name].four_eyes)
    return [own or partial for own, partial in zip(eyes, impartiality.barred(user, targets), strict=True)]


def barred_by(user: User, targets: Sequence[Any], acts: Iterable[str]) -> list[str]:
    """For each order, the sentence when the same natural person did one of these acts before, or ""."""
    if not targets:
        return []
    own = [_own(target) for target in targets]
    subjects = {key(target.application) for target in targets}
    events = Event.objects.filter(
        subject__in=subjects, object__in=set().union(*own), act__in=list(acts), person_id_value=user.person_id
    )
    found: dict[str, Event] = {event.object: event for event in events.order_by("-id")}
    return [_sentence(found, keys) for keys in own]


def _own(order: Any) -> set[str]:
    """The names in events of an order, its claim and its file."""
    return {key(row) for row in (order, order.claim, order.application) if row.pk}


def _sentence(found: Mapping[str, Event], keys: Iterable[str]) -> str:
    earlier = next((found[name] for name in sorted(keys) if name in found), None)
    return str(gate.four_eyes_sentence(earlier)) if earlier else ""


def held(orders: Iterable[PaymentOrder]) -> dict[int, Event]:
    """Order → the event that holds it, for those that are held now. One query."""
    names = {key(order): order.pk for order in orders}
    events = Event.objects.filter(object__in=list(names), act__in=HOLDS).select_related("actor", "note")
    latest = {event.object: event for event in events.order_by("id")}
    return {names[name]: event for name, event in latest.items() if event.act == HELD}


def asked_by(events: Iterable[Event]) -> dict[int, User]:
    """Event → the person who asked for an act that the system made: a sending, the reading of a return."""
    facts = {event.pk: facts_of(event) for event in events if event.actor.is_system}
    asked = {pk: given.get("sent_by") or given.get("read_by") for pk, given in facts.items()}
    people = User.objects.in_bulk({number for number in asked.values() if number})
    return {pk: people[number] for pk, number in asked.items() if number in people}


def history(row: Any) -> list[tuple[Event, Any, User | None]]:
    """The acts on one object, oldest first: the event, its words, and who asked when the system acted."""
    events = list(Event.objects.filter(object=key(row)).select_related("actor", "note").order_by("id"))
    asked = asked_by(events)
    return [(event, told(event.act), asked.get(event.pk)) for event in events]


def latest(rows: Iterable[Any], *acts: str) -> dict[int, dict[str, Event]]:
    """Row → act → its latest event, with who did it, for the rows of one list. One query."""
    return {pk: {event.act: event for event in events} for pk, events in every(rows, *acts).items()}


def every(rows: Iterable[Any], *acts: str) -> dict[int, list[Event]]:
    """Row → the events of these acts, the oldest first, with who did each, for the rows of one list. One query."""
    names, found = {key(row): row.pk for row in rows}, defaultdict[int, list[Event]](list)
    events = Event.objects.filter(object__in=list(names), act__in=acts).select_related("actor", "note")
    for event in events.order_by("id"):
        found[names[event.object]].append(event)
    return found
