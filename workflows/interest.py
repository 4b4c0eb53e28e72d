"""Interest on a recovery order paid late: as it runs, then as it stands once the whole sum came in. Euro.

Kept apart from the ledger: what comes back there is aid, and lessens what is declared; interest does neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from applications import late_rates
from applications.enums import RecoveryState
from applications.models import Recovery, RecoveryInterest
from applications.rules.late_interest import Paid, schedule
from regions import clock
from regions.money import ZERO
from workflows.acts import Act
from workflows.chain import facts_of, key
from workflows.models import Event

CAME_IN = ("recovery.collect", "recovery.collect_part")
Steps = Sequence[RecoveryInterest]


def receipts(recovery: Recovery) -> list[Paid]:
    """What came in on the order so far, by the day of value, from the accountant's returns."""
    events = Event.objects.filter(object=key(recovery), act__in=CAME_IN).order_by("id")
    told = [facts_of(event) for event in events]
    return [Paid(date.fromisoformat(one["value_date"]), Decimal(one["amount"])) for one in told]


def steps(recovery: Recovery, day: date) -> Steps:
    """What was recorded at the end, else what has run up to a day on an order that waits."""
    if recovery.state == RecoveryState.RECOVERED:
        return list(recovery.interest.all())
    if recovery.state not in (RecoveryState.ORDERED, RecoveryState.SUSPENDED):
        return []
    return _run(recovery, receipts(recovery), day)


def total(rows: Steps) -> Decimal:
    """The whole interest of some steps, in euro."""
    return sum((row.interest for row in rows), ZERO)


def account(recovery: Recovery) -> dict[str, Any]:
    """What a page shows of it today: the steps and their whole. Euro."""
    rows = steps(recovery, clock.today(recovery.application.zone))
    return {"interest": rows, "interest_total": total(rows)}


def charge(recovery: Any, act: Act) -> Steps:
    """The whole sum came in: the interest on its late days is recorded once; nothing when it came in time."""
    paid = [*receipts(recovery), Paid(act.facts["value_date"], act.facts["amount"])]
    rows = _run(recovery, paid, max(one.on for one in paid))
    for row in rows:
        row.recorded_at = act.at
        row.save()
    return rows


def _run(recovery: Recovery, paid: Sequence[Paid], until: date) -> Steps:
    if recovery.due_on is None or until <= recovery.due_on:
        return []
    found = schedule(recovery.amount, recovery.due_on, until, paid, late_rates.rates())
    return [
        RecoveryInterest(
            recovery_id=recovery.pk, since=step.since, until=step.until, principal=step.principal,
            percent=step.percent, interest=step.interest, confirmed=late_rates.confirmed(step.since, step.until),
        )
        for step in found
    ]  # fmt: skip
