"""How many persons sign: one, or two when a batch passes the amount that its region has set. Euro."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum

from applications.models import PaymentOrder, PaymentRun
from regions import clock
from regions.models import PayingTerms, Region
from regions.money import ZERO
from workflows.chain import key
from workflows.models import Event

SIGNATURES = ("order.sign", "order.countersign")


def made(order: Any) -> int:
    """How many distinct persons signed an order."""
    signed = Event.objects.filter(object=key(order), act__in=SIGNATURES)
    return signed.values("person_id_value").distinct().count()


def made_many(orders: Iterable[PaymentOrder]) -> dict[int, int]:
    """Order → how many distinct persons signed it. One query."""
    names = {key(order): order.pk for order in orders}
    signed = Event.objects.filter(object__in=list(names), act__in=SIGNATURES)
    pairs = set(signed.values_list("object", "person_id_value"))
    found = dict.fromkeys(names.values(), 0)
    for name, _person in pairs:
        found[names[name]] += 1
    return found


def needed(region: Region, output: str, orders: Sequence[PaymentOrder]) -> int:
    """The signatures that each order of a batch must bear; batches cut in pieces on one day count together."""
    band = threshold(region)
    total = sum((order.total for order in orders), ZERO) + sent_today(region, output)
    return 2 if band is not None and total > band else 1


def threshold(region: Region) -> Decimal | None:
    """The amount above which two persons sign today; None when one is enough."""
    terms = PayingTerms.objects.in_force(region, clock.today(region.time_zone))
    return terms.two_signatures_above if terms else None


def sent_today(region: Region, output: str) -> Decimal:
    """What left in this kind of file since midnight in the region."""
    zone = ZoneInfo(region.time_zone)
    midnight = datetime.combine(clock.today(region.time_zone), time.min, zone)
    sent = PaymentRun.objects.filter(region=region, output=output, created_at__gte=midnight)
    return sent.aggregate(total=Sum("total"))["total"] or ZERO
