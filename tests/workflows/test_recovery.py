"""Money paid in error: found by one, heard, ordered by another, collected as the accountant saw it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from applications import late_rates
from applications.booking import positions
from applications.enums import Actor, Bucket
from applications.models import Recovery
from applications.rules.late_interest import Paid, Rate, schedule
from backoffice.demo.actors import days
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from reporting import runs
from tests.backoffice.officer.desk import at_desk, text
from tests.roles import hold
from tests.shelf import kept
from tests.walks import undue
from workflows import delivery, gate, interest, recoveries, tasks
from workflows.acts import Denied, Forbidden
from workflows.chain import key
from workflows.ledger_check import check_ledger
from workflows.models import Event, OutboxMessage
from workflows.verify import verify

pytestmark = pytest.mark.django_db


def fresh(recovery: Recovery) -> Recovery:
    return Recovery.objects.get(pk=recovery.pk)


@kept
def ordered(world: World) -> tuple[Any, Recovery]:
    case, recovery = undue(world)
    gate.move(case.by("officer"), "recovery", recovery.pk, "hear")
    gate.move(case.manager, "recovery", recovery.pk, "observe", reason="La facture est unique.")
    gate.move(
        case.by("authorising"), "recovery", recovery.pk, "order", order_number="T-2025-17",
        reason="Les deux factures sont au dossier.",
    )  # fmt: skip
    return case, fresh(recovery)


def collect(case: Any, recovery: Recovery, amount: str, reference: str) -> None:
    recoveries.collect(
        case.by("accountant"), recovery.pk, amount=Decimal(amount), reference=reference, value_date=clock.today()
    )


def test_no_more_is_recovered_than_was_paid(world: World) -> None:
    case, _recovery = undue(world)
    more = positions(case.file)[Bucket.PAID] - Decimal("499.99")
    with pytest.raises(Denied, match="dépasse ce qui a été payé"):
        gate.open_recovery(case.by("officer"), case.pk, amount=more, reason_code="overpaid", words="Trop.")


def test_the_firm_is_heard_before_any_order(world: World) -> None:
    case, recovery = undue(world)
    gate.move(case.by("officer"), "recovery", recovery.pk, "hear")
    with pytest.raises(Denied, match="observations"):
        gate.move(case.by("authorising"), "recovery", recovery.pk, "order", order_number="T-1", reason="Confirmé.")
    days(16)
    gate.move(case.by("authorising"), "recovery", recovery.pk, "order", order_number="T-1", reason="Sans réponse.")
    assert fresh(recovery).state == "ordered"


def test_each_step_says_who_has_it(world: World) -> None:
    case, recovery = undue(world)
    assert recovery.next_actor == Actor.OFFICER
    gate.move(case.by("officer"), "recovery", recovery.pk, "hear")
    assert fresh(recovery).next_actor == Actor.FIRM
    gate.move(case.manager, "recovery", recovery.pk, "observe", reason="Non.")
    assert fresh(recovery).next_actor == Actor.AUTHORISING


def test_who_found_it_does_not_issue_the_order(world: World) -> None:
    case, recovery = undue(world)
    gate.move(case.by("officer"), "recovery", recovery.pk, "hear")
    gate.move(case.manager, "recovery", recovery.pk, "observe", reason="Non.")
    hold(case.by("officer"), RoleKind.AUTHORISING, world.region)
    with pytest.raises(Forbidden, match="Une autre personne"):
        gate.move(case.by("officer"), "recovery", recovery.pk, "order", order_number="T-1", reason="Oui.")


def test_it_is_collected_in_parts_then_whole(world: World) -> None:
    case, recovery = ordered(world)
    collect(case, recovery, "200.00", "ENC-1")
    assert (fresh(recovery).state, fresh(recovery).remaining) == ("ordered", Decimal("300.00"))
    with pytest.raises(Denied):
        collect(case, recovery, "300.01", "ENC-2")
    collect(case, recovery, "300.00", "ENC-2")
    assert fresh(recovery).state == "recovered"
    assert positions(case.file)[Bucket.RECOVERED] == Decimal("500.00")
    assert check_ledger() == []
    assert verify().faults == []
    run = runs.erdf_workbook(case.file.operation, case.by("auditor"), clock.now())
    assert run.differences == []


def test_only_the_accountant_says_what_came_in(world: World) -> None:
    case, recovery = ordered(world)
    with pytest.raises(Forbidden, match="comptable"):
        recoveries.collect(
            case.by("authorising"), recovery.pk, amount=Decimal("1.00"), reference="X", value_date=clock.today()
        )


def test_what_is_given_up_rests_on_a_vote_of_another(world: World) -> None:
    case, recovery = ordered(world)
    with pytest.raises(Forbidden, match="Une autre personne"):
        gate.move(case.by("authorising"), "recovery", recovery.pk, "write_off", vote="2025-31", reason="Liquidation.")
    hold(case.by("admin2"), RoleKind.AUTHORISING, world.region)
    with pytest.raises(Denied, match="délibération"):
        gate.move(case.by("admin2"), "recovery", recovery.pk, "write_off", reason="Liquidation.")
    gate.move(case.by("admin2"), "recovery", recovery.pk, "write_off", vote="2025-31", reason="Liquidation.")
    assert fresh(recovery).state == "written_off"
    assert positions(case.file)[Bucket.RECOVERED] == Decimal(0)


def test_the_firm_receives_the_hearing_and_the_order(world: World) -> None:
    case, _recovery = ordered(world)
    sent = OutboxMessage.objects.filter(application=case.pk, template__startswith="recovery_")
    assert sorted(sent.values_list("template", flat=True)) == ["recovery_hearing", "recovery_order"]


def test_interest_on_a_late_order_is_recorded_apart_from_what_comes_back(world: World) -> None:
    """500.00, due thirty days after the order: 200.00 ten days late, the rest thirty days late, at 3.71 %.

    500.00 × 10 days and 300.00 × 20 days at 3.71 % of 365 days: 0.508… + 0.609… = 1.118, rounded down 1.11.
    """
    case, recovery = ordered(world)
    assert recovery.due_on is not None
    days((recovery.due_on - clock.today()).days)
    assert interest.steps(fresh(recovery), clock.today()) == []
    days(10)
    assert interest.total(interest.steps(fresh(recovery), clock.today())) == Decimal("0.50")
    collect(case, recovery, "200.00", "ENC-1")
    days(20)
    collect(case, recovery, "300.00", "ENC-2")
    rows = list(fresh(recovery).interest.all())
    assert [(row.days, row.principal, row.percent, row.interest, row.confirmed) for row in rows] == [
        (10, Decimal("500.00"), Decimal("3.710"), Decimal("0.50"), True),
        (20, Decimal("300.00"), Decimal("3.710"), Decimal("0.61"), True),
    ]
    assert positions(case.file)[Bucket.RECOVERED] == fresh(recovery).collected == Decimal("500.00")
    assert OutboxMessage.objects.filter(template="recovery_interest").count() == 1


def test_an_order_whose_rate_is_not_recorded_says_so_and_is_reckoned_once_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Due before the first rate: both pages say so, the whole sum comes in, the rate once recorded tells the rest."""
    case, recovery = ordered(world)
    assert recovery.due_on is not None
    days((recovery.due_on - clock.today()).days + 30)
    known = late_rates.rates()
    later = [Rate(clock.today() + timedelta(days=1), Decimal("2.06"))]
    monkeypatch.setattr(late_rates, "rates", lambda: later)
    told, page = "Aucun taux d’intérêt n’est enregistré", reverse("recovery", args=[recovery.number])
    assert "late_interest.yaml" in text(at_desk(case.by("officer")).get(page))
    collect(case, recovery, "500.00", "ENC-1")
    assert told in text(at_desk(case.by("officer")).get(page))
    firm = reverse("firm-recovery", args=[case.file.reference, recovery.pk])
    assert told in text(at_desk(case.manager).get(firm))
    monkeypatch.setattr(late_rates, "rates", lambda: known)
    assert interest.total(interest.steps(fresh(recovery), clock.today())) == Decimal("1.52")
    assert told not in text(at_desk(case.by("officer")).get(page))
    _recorded_by_night(recovery)
    assert check_ledger() == []
    assert verify().faults == []


def _recorded_by_night(recovery: Recovery) -> None:
    """Once, as it was told; and the firm receives its letter."""
    assert fresh(recovery).interest.count() == 0
    assert [tasks.nightly()["late_interest"] for _night in range(2)] == [1, 0]
    assert [(row.days, row.interest) for row in fresh(recovery).interest.all()] == [(30, Decimal("1.52"))]
    assert Event.objects.filter(object=key(recovery), act="record.late_interest").count() == 1
    delivery.deliver()
    letter = OutboxMessage.objects.get(template="recovery_interest")
    assert (letter.error, letter.sent_at is None) == ("", False)


def test_an_order_paid_on_its_last_day_bears_none(world: World) -> None:
    case, recovery = ordered(world)
    assert recovery.due_on is not None
    days((recovery.due_on - clock.today()).days)
    collect(case, recovery, "500.00", "ENC-1")
    assert fresh(recovery).interest.count() == 0
    assert not OutboxMessage.objects.filter(template="recovery_interest").exists()


def test_the_steps_add_up_to_the_whole_whatever_the_rates() -> None:
    """84.60, as the rule's own example: 30.00, 18.60 and 36.00."""
    rates = [Rate(date(2025, 1, 1), Decimal("3.65")), Rate(date(2025, 6, 1), Decimal("7.30"))]
    paid = [Paid(date(2025, 4, 30), Decimal(4000)), Paid(date(2025, 6, 30), Decimal(6000))]
    steps = schedule(Decimal(10000), date(2025, 3, 31), date(2025, 6, 30), paid, rates)
    assert [(step.since, step.days, step.interest) for step in steps] == [
        (date(2025, 4, 1), 30, Decimal("30.00")), (date(2025, 5, 1), 31, Decimal("18.60")),
        (date(2025, 6, 1), 30, Decimal("36.00")),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["officer", "manager"])
def test_the_page_shows_the_running_interest_and_what_is_to_be_confirmed(world: World, role: str) -> None:
    case, recovery = ordered(world)
    days(300)
    user = case.manager if role == "manager" else case.by(role)
    address = (
        ["firm-recovery", case.file.reference, recovery.pk] if role == "manager" else ["recovery", recovery.number]
    )
    shown = text(at_desk(user).get(reverse(address[0], args=address[1:])))
    assert "Intérêts de retard" in shown
    assert "Courus jusqu’à aujourd’hui" in shown
    assert "2,76 % à confirmer" in shown
