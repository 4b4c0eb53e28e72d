"""The durability watch: which aided investments are bound, until when, and what a yearly check found (CPR art. 65).

Five years from the last payment (three where the State chose it for SMEs: to be confirmed). Whether an investment
is bound is the officer's to say: advice and subscriptions are not. Euro.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.booking import positions
from applications.enums import ApplicationState, Bucket, DurabilityOutcome, OrderState
from applications.models import Application, DurabilityCheck
from applications.rules.durability import YEARS, Breach, Investment, durability
from regions.calendars import add_months
from regions.enums import Funder
from regions.models import EnvelopeLine, Region
from regions.money import ZERO
from workflows import duties
from workflows.acts import Act, Denied, Effects, predicate
from workflows.conditions_project import room_to_recover

Found = DurabilityOutcome
CHECK_MONTHS = 12
QUIET = (Found.KEPT, Found.NOT_BOUND)


def watched(regions: Iterable[Region | int]) -> QuerySet[Application]:
    """The settled files that the ERDF paid, with the day of the last payment and the latest check. One query."""
    erdf = EnvelopeLine.objects.filter(envelope=OuterRef("envelope"), funder=Funder.ERDF)
    latest = DurabilityCheck.objects.filter(application=OuterRef("pk")).order_by("-pk")
    files = Application.objects.filter(Exists(erdf), region__in=regions, state=ApplicationState.COMPLETED)
    return files.annotate(
        paid_last=Max("orders__paid_on", filter=Q(orders__state=OrderState.PAID)),
        checked_on=Subquery(latest.values("made_on")[:1]), found=Subquery(latest.values("outcome")[:1]),
    ).filter(paid_last__isnull=False)  # fmt: skip


def running(day: date) -> Q:
    """The commitment runs, and nothing found has ended it."""
    return Q(paid_last__gt=add_months(day, -12 * YEARS)) & (Q(found=Found.KEPT) | Q(found__isnull=True))


def due(day: date) -> Q:
    """A year has passed since the last check, or since the last payment when there was none."""
    return running(day) & Q(since__lte=add_months(day, -CHECK_MONTHS))


def to_check(regions: Iterable[Region | int], day: date) -> QuerySet[Application]:
    """The files whose yearly check is due."""
    return with_turn(watched(regions)).filter(due(day))


def with_turn(files: QuerySet[Application]) -> QuerySet[Application]:
    """Each file with the day from which its year runs."""
    return files.annotate(since=Coalesce("checked_on", "paid_last"))


def until(file: Application) -> date | None:
    """The day the commitment ends, None before any payment."""
    paid_on = duties.last_payment(file)
    return Investment(ZERO, paid_on).until if paid_on else None


def next_check(since: date, ends: date) -> date:
    """A year after the last check or payment, at the latest the day the commitment ends."""
    return min(add_months(since, CHECK_MONTHS), ends)


@predicate(_("Aucun paiement du FEDER n’a été fait sur ce dossier : rien n’est à maintenir."))
def bound(target: Any, act: Act) -> bool:
    """The ERDF is among the funders, and something was paid."""
    erdf = target.envelope is not None and target.envelope.lines.filter(funder=Funder.ERDF).exists()
    return erdf and duties.last_payment(target) is not None


def record(file: Any, act: Act) -> Effects:
    """What a check found; a breach says since which day, and what has to come back in proportion."""
    outcome, ends = act.facts.get("outcome"), until(file)
    if outcome not in Found.values or not act.reason or ends is None:
        raise Denied(now_("Indiquer ce qui est constaté, et ce qui l’établit."))
    happened = None if outcome in QUIET else _day(act, ends)
    amount = ZERO if happened is None else owed(file, Found(outcome), happened)
    row = DurabilityCheck(
        application_id=file.pk, outcome=outcome, happened_on=happened, until=ends, amount=amount, made_on=act.day,
        made_by=act.actor, recorded_at=act.at,
    )  # fmt: skip
    row.save()
    return Effects(
        facts={"check": row.pk, "outcome": outcome, "happened_on": happened, "until": ends, "amount": amount}
    )


def _day(act: Act, ends: date) -> date:
    day = act.facts.get("happened_on")
    if not isinstance(day, date) or not day <= min(act.day, ends):
        raise Denied(now_("Indiquer depuis quel jour : au plus tard aujourd’hui, et avant la fin de l’engagement."))
    return day


def owed(file: Any, outcome: DurabilityOutcome, happened_on: date) -> Decimal:
    """The aid to give back, in euro: what was paid, for the part of the commitment not kept; at most what is left."""
    paid_on = duties.last_payment(file)
    if paid_on is None:
        return ZERO
    event = "bankruptcy" if outcome == Found.FRAUD else str(outcome)
    held = positions(file)
    verdict = durability(
        Investment(held[Bucket.PAID] - held[Bucket.RECOVERED], paid_on),
        Breach(event, happened_on, fraudulent=outcome == Found.FRAUD),
    )
    return min(verdict.amount or ZERO, room_to_recover(file))
