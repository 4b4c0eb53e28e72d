"""The chain of events: append under the subject's lock, and verify from the stored bytes.

hash(n) = SHA-256(hash(n-1) as hexadecimal ‖ payload(n)); the first link's previous hash is empty.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from django.db.models import Model

from workflows.acts import Act
from workflows.canonical import encode, sha256
from workflows.models import Event, EventNote


def key(row: Model) -> str:
    """The stable name of a row in events: model:number, whichever proxy holds it."""
    concrete = row._meta.concrete_model or type(row)
    return f"{concrete._meta.model_name}:{row.pk}"


def coming(subject: Any) -> str:
    """The name that the event of the act under way will have on its subject."""
    return f"{key(subject)}#{subject.chain_length + 1}"


def append(subject: Any, target: Model, act: Act, name: str, states: tuple[str, str], facts: dict[str, Any]) -> Event:
    """Append an event to the subject's chain; the caller holds the subject's lock and saves it."""
    note = _salted(act.reason)
    payload = encode(_payload(subject, target, act, name, states, facts | ({"note": note[1]} if note else {})))
    event = _link(subject, target, act, name, states, payload)
    if note:
        EventNote.objects.create(event=event, text=act.reason, salt=note[0])
    return event


def _payload(
    subject: Any, target: Model, act: Act, name: str, states: tuple[str, str], facts: dict[str, Any]
) -> dict[str, Any]:
    return {
        "v": 1, "subject": key(subject), "number": subject.chain_length + 1, "object": key(target), "act": name,
        "from": states[0], "to": states[1], "actor": act.actor.pk, "person": act.actor.person_id,
        "at": act.at, "facts": facts,
    }  # fmt: skip


def _link(subject: Any, target: Model, act: Act, name: str, states: tuple[str, str], payload: bytes) -> Event:
    event = Event(
        subject=key(subject), number=subject.chain_length + 1, act=name, object=key(target), from_state=states[0],
        to_state=states[1], actor=act.actor, person_id_value=act.actor.person_id, at=act.at, payload=payload,
        previous=subject.chain_head, hash=sha256(subject.chain_head.encode(), payload),
    )  # fmt: skip
    event.save(force_insert=True)
    subject.chain_length, subject.chain_head = event.number, event.hash
    return event


def _salted(text: str) -> tuple[str, str] | None:
    """Salt and salted hash of a free text: the chain proves the text without holding it."""
    if not text:
        return None
    salt = secrets.token_hex(16)
    return salt, sha256(salt.encode(), text.encode())


def facts_of(event: Event) -> dict[str, Any]:
    """The facts frozen in an event's payload."""
    return dict(json.loads(bytes(event.payload))["facts"])


def last_made(target: Model, act: str) -> datetime | None:
    """When an act was last made on an object, or None."""
    events = Event.objects.filter(object=key(target), act=act).order_by("-number")
    return events.values_list("at", flat=True).first()
