"""What every plain e-mail is made of: its words, the addresses of the house, and who holds a role today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from applications.models.application import live
from regions.enums import RoleKind
from regions.models import Role
from workflows.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain e-mail: subject, words, and the addresses it goes to."""

    subject: str
    body: str
    to: list[str]


def link(name: str, *args: Any) -> str:
    """An address of the house that works from outside."""
    return f"{settings.GUICHET_BASE_URL.rstrip('/')}{reverse(name, args=args)}"


def holders(region: int, *kinds: RoleKind, but: int | None = None) -> list[str]:
    """The addresses of who holds one of these roles in a region today, a natural person left out."""
    held: Any = live(Role.objects.filter(kind__in=kinds, region=region, user__is_active=True), None)
    rows = held.exclude(user__person=but) if but else held
    return list(dict.fromkeys(rows.order_by("pk").values_list("user__email", flat=True)))


def subject_of(message: OutboxMessage) -> str:
    """The number of the row whose chain holds the message's event."""
    return message.event.subject.partition(":")[2]
