"""What every act of administration shares: who may, and the event it leaves on its subject."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.functional import Promise

from applications.models.application import live
from regions import clock
from regions.enums import RoleKind
from regions.models import Region, Role, User
from workflows import chain
from workflows.acts import Act, Forbidden
from workflows.models import Event


def act_of(user: User, region: Region, reason: str = "", **given: Any) -> Act:
    """An act of now, dated in the region's time zone."""
    return Act(actor=user, at=clock.now(), day=clock.today(region.time_zone), reason=reason.strip(), facts=given)


def log(subject: Any, act: Act, name: str, facts: dict[str, Any]) -> Event:
    """Append to the subject's chain and save its head; the caller holds the subject's lock."""
    event = chain.append(subject, subject, act, name, ("", ""), facts)
    subject.save(update_fields=["chain_length", "chain_head"])
    return event


def own_role(by: User, region: Region) -> Role:
    """The administrator's own role in a region, locked: in its chain stand the acts that have no other subject."""
    held = Role.objects.select_for_update(of=("self",)).filter(user=by, region=region, confirmed_at__isnull=False)
    return held.filter(kind=RoleKind.ADMINISTRATOR).latest("pk")


def name_of(event: Event) -> str:
    """An event as the ledger quotes it."""
    return f"{event.subject}#{event.number}"


def holds(user: User, kind: RoleKind, region: Region, day: date) -> bool:
    """Whether an account holds a role of this kind in the region on a day, confirmed."""
    return live(user.roles, day).filter(kind=kind, region=region).exists()


def administrator_only(by: User, region: Region, sentence: str | Promise) -> None:
    """Refuse whoever is not an administrator of the region today."""
    if not by.is_active or not holds(by, RoleKind.ADMINISTRATOR, region, clock.today(region.time_zone)):
        raise Forbidden(sentence)
