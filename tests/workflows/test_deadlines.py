"""Dates that bind: the clock of the law, its only suspension, and what silence does."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from applications.models import DeMinimisAward
from backoffice.demo.actors import Case, days
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.models import Accreditation, User
from workflows import gate, sweeper
from workflows.acts import Denied
from workflows.models import Deadline, Event

pytestmark = pytest.mark.django_db


def _acts(case: Case) -> list[str]:
    return list(Event.objects.filter(subject=f"application:{case.pk}").values_list("act", flat=True))


def test_two_months_from_receipt_then_silence_is_a_dated_fact(world: World) -> None:
    case = Case(world, "F01").fill(SITE)
    gate.move(case.manager, "application", case.pk, "submit")
    file = case.file
    assert (file.decision_due_on, file.due_on) == (date(2025, 5, 3), date(2025, 4, 17))
    days(61)
    assert "record.implicit_rejection" not in _acts(case)
    days(1)
    assert "record.implicit_rejection" in _acts(case)
    assert case.file.state == "submitted"


def test_an_express_grant_stays_possible_after_silence(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    days(65)
    assert case.grant().file.state == "granted"


def test_the_warning_comes_on_day_45_and_once(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    days(50)
    sweeper.sweep()
    assert _acts(case).count("record.decision_warning") == 1


def test_only_a_request_for_items_stops_the_clock(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    case.act("officer", "request_items", kinds=["quote"])
    days(10)
    case.answer()
    assert case.file.decision_due_on == date(2025, 5, 13)


def test_a_deadline_ends_with_the_day_where_the_file_lives(world: World) -> None:
    Case(world, "F01").fill(SITE).file_it()
    due = Deadline.objects.get(kind=Deadline.Kind.SILENCE).due_at
    local = due.astimezone(ZoneInfo("Indian/Reunion"))
    assert (local.date(), local.hour, local.minute) == (date(2025, 5, 3), 23, 59)


def test_a_file_received_late_in_the_evening_is_received_on_the_local_day(world: World) -> None:
    clock.simulate(datetime(2025, 3, 4, 21, 30, tzinfo=ZoneInfo("UTC")))
    case = Case(world, "F01").fill(SITE)
    gate.move(case.manager, "application", case.pk, "submit")
    assert case.file.decision_due_on == date(2025, 5, 5)


def test_an_unanswered_request_expires_and_the_clock_runs_again(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    case.act("officer", "request_items", kinds=["quote"])
    days(29)
    assert case.file.state == "to_complete"
    days(3)
    assert case.file.state == "submitted"
    assert case.file.decision_due_on == date(2025, 6, 2)


def test_a_firm_is_never_closed_without_a_warning(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    with pytest.raises(Denied, match="avertissement"):
        case.act("decider", "close", reason="Rien reçu.")


def test_the_promised_payment_is_interrupted_only_while_items_are_asked(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = case.claim()
    promised = claim.application.claims.get().payment_due_on
    assert promised is not None
    gate.move(case.by("officer"), "claim", claim.pk, "request_items", kinds=["invoice"])
    days(6)
    gate.move(case.manager, "claim", claim.pk, "answer")
    assert (case.file.claims.get().payment_due_on - promised).days == 6


def test_a_lapsed_grant_gives_its_money_and_headroom_back(world: World) -> None:
    case = Case(world, "F18").fill(SITE).file_it().grant().notify()
    while not case.file.lapse_proposed_on:
        days(10)
    assert case.file.next_actor == "decider"
    case.act("decider", "lapse")
    awards = DeMinimisAward.objects.filter(application=case.file)
    assert sum(a.amount for a in awards) == Decimal("0.00")


def test_an_accreditation_expires_by_its_date(world: World) -> None:
    accreditation = Accreditation.objects.get(provider=world.providers["P01"])
    gate_day = accreditation.valid_to
    assert gate_day is not None
    clock.simulate(datetime.combine(gate_day, datetime.min.time(), ZoneInfo("UTC")))
    sweeper.sweep()
    accreditation.refresh_from_db()
    assert accreditation.state == "active"
    clock.advance(days=2)
    sweeper.sweep()
    accreditation.refresh_from_db()
    assert accreditation.state == "expired"


def test_a_timer_cannot_be_pulled_early(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    case.act("officer", "request_items", kinds=["quote"])
    with pytest.raises(Denied, match="échéance"):
        gate.move(User.objects.system(), "application", case.pk, "expire")
