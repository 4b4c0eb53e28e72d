"""Interest on a recovery order paid late: as it runs, then as it stands once the whole sum came in. Euro.

Kept apart from the ledger: what comes back there is aid, and lessens what is declared; interest does neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications import late_rates
from applications.enums import RecoveryState
from applications.models import Recovery, RecoveryInterest
from applications.rules.late_interest import Paid, schedule
from regions import clock
from regions.money import ZERO
from workflows import permissions as may
from workflows.acts import Act, Effects, predicate
from workflows.chain import facts_of, key
from workflows.models import Event
from workflows.record import Record

CAME_IN = ("recovery.collect", "recovery.collect_part")
DAY = timedelta(days=1)
Steps = Sequence[RecoveryInterest]


def receipts(recovery: Recovery) -> list[Paid]:
    """What came in on the order so far, by the day of value, from the accountant's returns."""
    events = Event.objects.filter(object=key(recovery), act__in=CAME_IN).order_by("id")
    told = [facts_of(event) for event in events]
    return [Paid(date.fromisoformat(one["value_date"]), Decimal(one["amount"])) for one in told]


def steps(recovery: Recovery, day: date) -> Steps:
    """What was recorded at the end, else what has run up to a day on an order that waits.

    An order that ended while its rate was not recorded is reckoned once the rate is, until the night records it.
    """
    paid = receipts(recovery)
    kept = list(recovery.interest.all()) if recovery.state == RecoveryState.RECOVERED else []
    return kept or _run(recovery, paid, _until(recovery, paid, day))


def unrated(recovery: Recovery, day: date) -> date | None:
    """The first late day, when no rate is recorded for it: no interest can be told; None otherwise."""
    if recovery.due_on is None or _until(recovery, receipts(recovery), day) <= recovery.due_on:
        return None
    first = recovery.due_on + DAY
    return None if late_rates.known(first) else first


def _until(recovery: Recovery, paid: Sequence[Paid], day: date) -> date:
    """The last day of the reckoning: today on an order that waits, the last receipt on one that is paid."""
    if recovery.state in (RecoveryState.ORDERED, RecoveryState.SUSPENDED):
        return day
    return max((one.on for one in paid), default=date.min) if recovery.state == RecoveryState.RECOVERED else date.min


def total(rows: Steps) -> Decimal:
    """The whole interest of some steps, in euro."""
    return sum((row.interest for row in rows), ZERO)


def account(recovery: Recovery) -> dict[str, Any]:
    """What a page shows of it today: the steps and their whole. Euro."""
    today = clock.today(recovery.application.zone)
    rows = steps(recovery, today)
    return {"interest": rows, "interest_total": total(rows), "unrated": unrated(recovery, today)}


def charge(recovery: Any, act: Act) -> Steps:
    """The whole sum came in: the interest on its late days is recorded once; nothing when it came in time.

    Nor while no rate is recorded for its first late day: the receipt stands, and the interest follows by night.
    """
    paid = [*receipts(recovery), Paid(act.facts["value_date"], act.facts["amount"])]
    return _keep(_run(recovery, paid, max(one.on for one in paid)), act)


@predicate(_("Aucun intérêt de retard n’est à inscrire pour ce titre."))
def interest_to_record(target: Any, act: Act) -> bool:
    """The order was paid late while no rate was recorded, and one is now."""
    return not target.interest.exists() and bool(steps(target, act.day))


def _record(recovery: Any, act: Act) -> Effects:
    """The interest of an order paid late, once its rate is known: recorded as at the last receipt, and told."""
    rows = _keep(steps(recovery, act.day), act)
    letters = ["recovery_interest"] if total(rows) else []
    return Effects(facts={"interest": total(rows)}, letters=letters)


def _keep(rows: Steps, act: Act) -> Steps:
    for row in rows:
        row.recorded_at = act.at
        row.save()
    return rows


def _run(recovery: Recovery, paid: Sequence[Paid], until: date) -> Steps:
    if recovery.due_on is None or until <= recovery.due_on or not late_rates.known(recovery.due_on + DAY):
        return []
    found = schedule(recovery.amount, recovery.due_on, until, paid, late_rates.rates())
    return [
        RecoveryInterest(
            recovery_id=recovery.pk, since=step.since, until=step.until, principal=step.principal,
            percent=step.percent, interest=step.interest, confirmed=late_rates.confirmed(step.since, step.until),
        )
        for step in found
    ]  # fmt: skip


RECORDS: dict[str, Record] = {
    "late_interest": Record(
        _("Intérêts de retard inscrits"), "recovery", (RecoveryState.RECOVERED,), may.system, _record,
        (interest_to_record,),
    ),
}  # fmt: skip
