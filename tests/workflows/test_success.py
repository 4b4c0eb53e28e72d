"""An advance repaid by its success: by hand over its four years, and what nobody may do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from applications.booking import holdings
from applications.enums import Bucket, ClaimKind
from applications.models import ExportTurnover, GrantComponent
from backoffice.demo.returns import accountant_return
from backoffice.demo.world import World
from regions import clock
from regions.calendars import local_date
from regions.enums import Instrument, RoleKind
from tests.roles import hold
from tests.walks import COMMISSION, MIX, STUDY, Walk, offer
from workflows import delivery, gate, payments, success, sweeper, tasks
from workflows.acts import Denied, Forbidden
from workflows.chain import key
from workflows.ledger_check import check_ledger
from workflows.models import Event, OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(world: World) -> Walk:
    """A free advance of 6,000 € over four years, one of grace, quarterly; 30 % at least, 10 % of the turnover."""
    walk = Walk(offer(world, MIX, success="0.10"), "F01").fill(STUDY, COMMISSION).file_it().running()
    walk.pay(walk.asks(ClaimKind.RELEASE, Instrument.ADVANCE))
    return walk


def advance(walk: Walk) -> GrantComponent:
    return GrantComponent.objects.get(grant__application=walk.pk, instrument=Instrument.ADVANCE)


def year_over(walk: Walk, number: int) -> None:
    last = success.years(advance(walk))[number - 1].last
    clock.advance(days=(last - clock.today()).days + 1)


def declares(walk: Walk, amount: str) -> None:
    gate.record(walk.manager, "application", walk.pk, "turnover_declared", amount=Decimal(amount))


def checks(walk: Walk, outcome: str = "accepted", **given: Any) -> Any:
    return gate.record(walk.by("officer"), "application", walk.pk, "turnover_checked", outcome=outcome, **given)


def test_the_advance_comes_back_by_hand(walk: Walk) -> None:
    part = advance(walk)
    assert (part.amount, part.gross_grant_equivalent, part.method) == (
        Decimal("6000.00"),
        Decimal("6000.00"),
        "nominal",
    )
    assert [row.principal for row in part.instalments.all()] == [Decimal("150.00")] * 12
    owed, added = [], []
    for number, turnover in enumerate(("15000.00", "20000.00", "40000.00", "500000.00"), start=1):
        year_over(walk, number)
        declares(walk, turnover)
        before = success.planned(part)
        checks(walk)
        owed.append(ExportTurnover.objects.get(year=number).owed)
        added.append(success.planned(part) - before)
    assert owed == [Decimal(1800), Decimal(3500), Decimal(6000), Decimal(6000)]
    assert added == [Decimal(0), Decimal(1700), Decimal(2500), Decimal(0)]
    assert advance(walk).gross_grant_equivalent == Decimal("6000.00")
    extra = part.instalments.get(number=13)
    start = success.started_on(part)
    assert start is not None
    assert extra.due_on > success.years(part)[1].last
    assert (extra.due_on.day, (extra.due_on.month - start.month) % 3) == (start.day, 0)


def test_what_it_adds_is_received_and_booked_as_any_instalment(walk: Walk) -> None:
    year_over(walk, 1)
    declares(walk, "60000.00")
    checks(walk)
    row = advance(walk).instalments.get(number=13)
    assert row.principal == Decimal("4200.00")
    gate.record(
        walk.by("accountant"), "application", walk.pk, "instalment", instrument=Instrument.ADVANCE, number=13,
        amount=row.due, reference="VIR-13", value_date=clock.today(),
    )  # fmt: skip
    held = holdings(walk.file)[Instrument.ADVANCE]
    assert (held[Bucket.PAID], held[Bucket.RECOVERED]) == (Decimal("6000.00"), Decimal("4200.00"))
    assert check_ledger() == []


def test_a_year_is_declared_once_it_is_over_and_once(walk: Walk) -> None:
    with pytest.raises(Denied, match="à déclarer"):
        declares(walk, "1.00")
    year_over(walk, 1)
    with pytest.raises(Denied, match="zéro s’il n’y en a pas"):
        gate.record(walk.manager, "application", walk.pk, "turnover_declared", amount=None)
    declares(walk, "0.00")
    with pytest.raises(Denied, match="à déclarer"):
        declares(walk, "1.00")


def test_one_that_is_returned_is_declared_again_and_a_corrected_one_gives_its_reason(walk: Walk) -> None:
    year_over(walk, 1)
    declares(walk, "15000.00")
    with pytest.raises(Denied, match="ce qu’elle doit corriger"):
        checks(walk, "returned")
    checks(walk, "returned", reason="Joindre les ventes en Belgique.")
    declares(walk, "25000.00")
    with pytest.raises(Denied, match="donne son motif"):
        checks(walk, amount=Decimal("24000.00"))
    checks(walk, amount=Decimal("24000.00"), reason="Une vente en France écartée.")
    rows = ExportTurnover.objects.order_by("pk").values_list("outcome", "declared", "accepted", "owed")
    assert list(rows) == [
        ("returned", Decimal(15000), None, None), ("accepted", Decimal(25000), Decimal(24000), Decimal(2400)),
    ]  # fmt: skip
    assert success.planned(advance(walk)) == Decimal("2400.00")


def test_who_declared_does_not_check_and_no_other_role_may(walk: Walk) -> None:
    year_over(walk, 1)
    declares(walk, "15000.00")
    hold(walk.manager, RoleKind.OFFICER, walk.world.region)
    with pytest.raises(Forbidden, match="vous avez fait cette déclaration"):
        gate.record(walk.manager, "application", walk.pk, "turnover_checked", outcome="accepted")
    for role in ("liquidator", "authorising", "accountant", "certifier"):
        with pytest.raises(Forbidden):
            gate.record(walk.by(role), "application", walk.pk, "turnover_checked", outcome="accepted")
    with pytest.raises(Forbidden):
        gate.record(walk.by("officer"), "application", walk.pk, "turnover_declared", amount=Decimal(1))


def test_a_scheme_without_success_asks_nothing(world: World) -> None:
    walk = Walk(offer(world, MIX), "F01").fill(STUDY, COMMISSION).file_it().running()
    walk.pay(walk.asks(ClaimKind.RELEASE, Instrument.ADVANCE))
    clock.advance(days=800)
    assert success.component_of(walk.file) is None
    with pytest.raises(Denied, match="à déclarer"):
        declares(walk, "1.00")


@pytest.mark.both
def test_the_database_keeps_one_declaration_that_stands_per_year(walk: Walk) -> None:
    given: dict[str, Any] = {
        "component": advance(walk), "year": 1, "period_from": date(2025, 1, 1), "period_to": date(2025, 12, 31),
        "declared": Decimal(1), "declared_by": walk.manager, "declared_on": date(2026, 1, 1),
    }  # fmt: skip
    ExportTurnover.objects.create(**given, outcome="returned")
    ExportTurnover.objects.create(**given)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportTurnover.objects.create(**given)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportTurnover.objects.create(**given | {"year": 2}, outcome="accepted")


def test_the_region_then_the_firm_are_written_to(walk: Walk) -> None:
    year_over(walk, 1)
    delivery.deliver()
    mail.outbox.clear()
    declares(walk, "15000.00")
    checks(walk)
    delivery.deliver()
    assert [message.to for message in mail.outbox] == [[walk.by("officer").email], [walk.manager.email]]


def reminders(walk: Walk) -> list[date]:
    """The day of each reminder that waits in the file’s calendar."""
    return [local_date(d.due_at, walk.file.zone) for d in walk.file.deadlines.filter(kind="turnover", closed_at=None)]


def swept(walk: Walk, day: date) -> list[str]:
    """Let a day end; the messages that this queued about turnovers, oldest first."""
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    clock.advance(days=(day - clock.today()).days + 1)
    sweeper.sweep()
    told = OutboxMessage.objects.exclude(pk__in=before).filter(template__startswith="turnover").order_by("pk")
    return list(told.values_list("template", flat=True))


def test_the_firm_is_asked_reminded_and_told_that_it_is_late(walk: Walk) -> None:
    year = success.years(advance(walk))[0]
    assert reminders(walk) == [year.last]
    assert swept(walk, year.last) == ["turnover_asked"]
    assert reminders(walk) == [year.declare_by - success.SOON]
    assert swept(walk, year.declare_by - success.SOON) == ["turnover_soon"]
    assert swept(walk, year.declare_by) == ["turnover_late", "turnover_late_desk"]
    assert swept(walk, year.declare_by + success.AGAIN) == ["turnover_late", "turnover_late_desk"]
    assert reminders(walk) == [success.years(advance(walk))[1].last]
    mail.outbox.clear()
    delivery.deliver()
    assert {walk.manager.email, walk.by("officer").email} <= {one for message in mail.outbox for one in message.to}


def test_a_year_declared_is_asked_no_more_and_one_returned_is_asked_again(walk: Walk) -> None:
    first, second = success.years(advance(walk))[:2]
    year_over(walk, 1)
    declares(walk, "15000.00")
    assert reminders(walk) == [second.last]
    checks(walk, "returned", reason="Joindre les ventes en Belgique.")
    assert reminders(walk) == [first.declare_by - success.SOON]
    assert swept(walk, first.declare_by - success.SOON) == ["turnover_soon"]
    declares(walk, "15000.00")
    checks(walk)
    assert reminders(walk) == [second.last]


def test_an_advance_that_came_back_asks_nothing(walk: Walk) -> None:
    order = walk.file.orders.get(claim__kind=ClaimKind.RELEASE, claim__instrument=Instrument.ADVANCE)
    clock.advance(days=1)
    payments.read_return(accountant_return(order.run, clock.today(), "REJETE"), by=walk.by("accountant"))
    assert reminders(walk) == []


def before_reminders(walk: Walk) -> None:
    """The advance was paid before reminders were posted at payment."""
    walk.file.deadlines.filter(kind="turnover").delete()


def planned_by_night(walk: Walk) -> int:
    """How many times the nights have put a first reminder in the file’s calendar."""
    tasks.nightly()
    return Event.objects.filter(object=key(walk.file), act="record.turnover_planned").count()


def test_an_advance_paid_before_reminders_were_posted_gets_its_own_by_night_once(walk: Walk) -> None:
    first, second = success.years(advance(walk))[:2]
    assert planned_by_night(walk) == 0
    before_reminders(walk)
    assert [planned_by_night(walk) for _night in range(2)] == [1, 1]
    assert reminders(walk) == [first.last]
    assert swept(walk, first.last) == ["turnover_asked"]
    declares(walk, "15000.00")
    assert planned_by_night(walk) == 1
    assert reminders(walk) == [second.last]


def test_a_year_over_long_ago_is_asked_the_next_night_and_then_as_usual(walk: Walk) -> None:
    first, second = success.years(advance(walk))[:2]
    before_reminders(walk)
    clock.advance(days=(first.declare_by + success.AGAIN - clock.today()).days + 20)
    assert planned_by_night(walk) == 1
    assert swept(walk, clock.today()) == ["turnover_late", "turnover_late_desk"]
    assert planned_by_night(walk) == 1
    assert reminders(walk) == [second.last]


def test_once_every_reminder_was_sent_the_night_begins_none_again(walk: Walk) -> None:
    last = success.years(advance(walk))[-1]
    walk.file.deadlines.filter(kind="turnover").update(closed_at=clock.now())
    clock.advance(days=(last.declare_by - clock.today()).days + 60)
    assert planned_by_night(walk) == 0
    assert reminders(walk) == []


def test_an_advance_that_came_back_is_not_planned_by_night(walk: Walk) -> None:
    before_reminders(walk)
    order = walk.file.orders.get(claim__kind=ClaimKind.RELEASE, claim__instrument=Instrument.ADVANCE)
    clock.advance(days=1)
    payments.read_return(accountant_return(order.run, clock.today(), "REJETE"), by=walk.by("accountant"))
    assert planned_by_night(walk) == 0
