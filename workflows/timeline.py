"""What happened to a file, for the region's own eyes: the act, who made it in what capacity, and his words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from workflows import offers
from workflows.chain import key
from workflows.models import Event
from workflows.told import told


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: when, what, by whom (name and capacity), and the note that goes with it."""

    at: datetime
    act: str
    label: Any
    name: str
    capacity: Any
    note: str


def of(subject: Model) -> list[Entry]:
    """The acts of a subject, the latest first."""
    events = Event.objects.filter(subject=key(subject)).select_related("actor", "note").order_by("-number")
    return [_entry(event) for event in events]


def last(subject: Model, *acts: str) -> Entry | None:
    """The latest of some acts, to read what was said then."""
    events = Event.objects.filter(subject=key(subject), act__in=acts).select_related("actor", "note")
    event = events.order_by("-number").first()
    return _entry(event) if event else None


def _entry(event: Event) -> Entry:
    note = getattr(event, "note", None)
    name = "" if event.actor.is_system else event.actor.name
    return Entry(event.at, event.act, told(event.act), name, offers.capacity_of(event.act), note.text if note else "")
