"""How many persons sign: one, or more as a batch passes the amounts that its region has set. Euro."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum

from applications.models import PaymentOrder, PaymentRun
from applications.models.application import live
from regions import clock
from regions.enums import RoleKind
from regions.models import PayingTerms, Region, Role, SignatureBand, User
from regions.money import ZERO
from workflows.chain import key
from workflows.models import Event

SIGNATURES = ("order.sign", "order.countersign")


def made(order: Any) -> int:
    """How many distinct persons signed an order."""
    signed = Event.objects.filter(object=key(order), act__in=SIGNATURES)
    return signed.values("person_id_value").distinct().count()


def signers(orders: Iterable[PaymentOrder]) -> list[User]:
    """The natural persons who signed one of these orders, in the order of their first signatures. One query."""
    signed = Event.objects.filter(object__in=[key(order) for order in orders], act__in=SIGNATURES)
    found: dict[int, User] = {}
    for event in signed.select_related("actor").order_by("id"):
        found.setdefault(event.person_id_value, event.actor)
    return list(found.values())


def needed(region: Region, output: str, orders: Sequence[PaymentOrder]) -> int:
    """The signatures that each order of a batch must bear; batches cut in pieces on one day count together."""
    total = sum((order.total for order in orders), ZERO) + sent_today(region, output)
    band = passed(bands(region), total)
    return band.signatures if band else 1


def bands(region: Region) -> list[SignatureBand]:
    """The bands in force today, the lowest first; none when one signature is enough."""
    terms = PayingTerms.objects.in_force(region, clock.today(region.time_zone))
    return list(terms.bands.all()) if terms else []


def passed(found: Sequence[SignatureBand], total: Decimal) -> SignatureBand | None:
    """The highest band that a total passes."""
    return next((band for band in reversed(found) if band.passed_by(total)), None)


def able(region: Region) -> int:
    """How many natural persons may sign in a region today, whatever their accounts."""
    roles = live(Role.objects.filter(region=region, kind=RoleKind.AUTHORISING), clock.today(region.time_zone))
    return int(roles.filter(user__is_active=True).values("user__person").distinct().count())


def sent_today(region: Region, output: str) -> Decimal:
    """What left in this kind of file since midnight in the region."""
    zone = ZoneInfo(region.time_zone)
    midnight = datetime.combine(clock.today(region.time_zone), time.min, zone)
    sent = PaymentRun.objects.filter(region=region, output=output, created_at__gte=midnight)
    return sent.aggregate(total=Sum("total"))["total"] or ZERO
