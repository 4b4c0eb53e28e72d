"""Whose declaration of interests ends soon: told once by mail, so many days before as the region says."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from applications.models.application import live
from regions import clock
from regions.models import IntegrityTerms, Region, Role, User
from workflows import impartiality, outbox
from workflows.administration.common import act_of, log
from workflows.impartiality import Standing
from workflows.models import OutboxMessage

TEMPLATE, ACT = "interests_soon", "role.interests_soon"


def remind() -> int:
    """Write to whoever has a role where declarations are required and whose last one ends soon; returns how many."""
    return sum(_of_region(region) for region in Region.objects.order_by("pk"))


def _of_region(region: Region) -> int:
    day = clock.today(region.time_zone)
    terms = IntegrityTerms.in_force(region.pk, day)
    if terms is None or not terms.required:
        return 0
    return sum(_tell(one, region) for one in impartiality.standing(region, day) if ends_soon(one.until, terms, day))


def ends_soon(until: date | None, terms: IntegrityTerms | None, day: date) -> bool:
    """Whether a declaration that still holds ends within the days of the region's reminder."""
    notice = timedelta(days=terms.notice_days if terms else impartiality.NOTICE)
    return until is not None and day <= until <= day + notice


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
