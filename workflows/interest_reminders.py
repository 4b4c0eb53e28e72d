"""Whose declaration of interests ends soon: told once by mail, so many days before as the region says, and on the first
page of the person until the next one is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from applications.models.application import live
from regions import clock
from regions.models import IntegrityTerms, InterestDeclaration, Region, Role, User
from workflows import impartiality, outbox
from workflows.administration.common import act_of, log
from workflows.impartiality import Standing
from workflows.models import OutboxMessage

TEMPLATE, ACT = "interests_soon", "role.interests_soon"


def remind() -> int:
    """Write to whoever has a role where declarations are required and whose last one ends soon; returns how many."""
    return sum(_of_region(region) for region in Region.objects.order_by("pk"))


def _of_region(region: Region) -> int:
    day, terms = clock.today(region.time_zone), _required(region)
    if terms is None:
        return 0
    return sum(_tell(one, region) for one in impartiality.standing(region, day) if ends_soon(one.until, terms, day))


def ends_soon(until: date | None, terms: IntegrityTerms | None, day: date) -> bool:
    """Whether a declaration that still holds ends within the days of the region's reminder."""
    notice = timedelta(days=terms.notice_days if terms else impartiality.NOTICE)
    return until is not None and day <= until <= day + notice


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is told of her own declaration: it ends soon, or it is over or was never made (`until` None)."""

    until: date | None
    over: bool


def notice(user: User, roles: Iterable[Any]) -> Notice | None:
    """The most pressing of the regions where declarations are required. A query for each region, and one more.

    Who neither proposes, decides nor pays is told of the end of a declaration, not that there is none.
    """
    acts: dict[Region, bool] = {}
    for role in roles:
        acts[role.region] = acts.get(role.region, False) or role.kind in impartiality.REQUIRED_OF
    asking = [(region, terms) for region in acts if (terms := _required(region))]
    found = impartiality.latest(user.person_id).first() if asking else None
    told = [one for region, terms in asking if (one := _notice(region, terms, found, acts[region]))]
    return min(told, key=lambda one: (not one.over, one.until or date.min), default=None)


def _required(region: Region) -> IntegrityTerms | None:
    terms = IntegrityTerms.in_force(region.pk, clock.today(region.time_zone))
    return terms if terms and terms.required else None


def _notice(region: Region, terms: IntegrityTerms, found: InterestDeclaration | None, acts: bool) -> Notice | None:
    day = clock.today(region.time_zone)
    until = impartiality.last_day(found, terms.months) if found else None
    over = until < day if until else acts
    return Notice(until, over) if over or ends_soon(until, terms, day) else None


@transaction.atomic
def _tell(one: Standing, region: Region) -> bool:
    """One mail for each declaration; the lock on the role keeps two nights from writing twice."""
    rows = Role.objects.select_for_update(of=("self",)).filter(user=one.user, region=region)
    role = live(rows, None).order_by("pk").first()
    if role is None or one.found is None or not one.user.is_active:
        return False
    told = OutboxMessage.objects.filter(template=TEMPLATE, recipient=one.user)
    if told.filter(created_at__gte=one.found.declared_at).exists():
        return False
    event = log(role, act_of(User.objects.system(), region), ACT, {"declaration": one.found.pk, "until": one.until})
    outbox.email(event, TEMPLATE, one.user)
    return True
