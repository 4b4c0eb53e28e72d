"""The durability watch: who is on it, when a check is due, and what a breach costs, in proportion, after a hearing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.enums import Actor
from applications.models import Application, DurabilityCheck
from backoffice.demo.actors import Case, days
from backoffice.demo.stories import paid
from backoffice.demo.world import World
from regions import clock
from regions.models import User
from tests.backoffice.officer.desk import at_desk, text
from workflows import durability
from workflows.acts import Denied, Forbidden, TooLate
from workflows.durability_checks import check
from workflows.ledger_check import check_ledger
from workflows.models import Event
from workflows.verify import verify

pytestmark = pytest.mark.django_db


def due(world: World) -> list[int]:
    return list(durability.to_check([world.region], clock.today()).values_list("pk", flat=True))


def made(case: Case, outcome: str, by: User | None = None, **given: Any) -> DurabilityCheck:
    return check(by or case.by("officer"), case.pk, outcome=outcome, reason="Vu sur place.", **given)


def last_paid(case: Case) -> Any:
    return case.file.orders.get(state="paid").paid_on


def test_a_check_is_due_a_year_after_the_payment_then_a_year_after_the_last(world: World) -> None:
    case = paid(world)
    assert due(world) == []
    days(366)
    assert due(world) == [case.pk]
    assert made(case, "kept").amount == 0
    assert due(world) == []
    days(366)
    assert due(world) == [case.pk]
    made(case, "not_bound")
    assert due(world) == []
    days(366)
    assert due(world) == []
    assert verify().faults == []


def test_nothing_is_due_once_five_years_have_passed(world: World) -> None:
    case = paid(world)
    days((last_paid(case).replace(year=last_paid(case).year + 5) - clock.today()).days - 1)
    assert due(world) == [case.pk]
    days(1)
    assert due(world) == []


def test_a_breach_proposes_the_part_of_the_time_not_kept_and_the_firm_is_heard(world: World) -> None:
    """2 200.00 paid, activity ceased 365 days later: 1 461 of 1 826 days, 1 760.24."""
    case = paid(world)
    stopped = last_paid(case) + timedelta(days=365)
    days(400)
    row = made(case, "cessation", happened_on=stopped)
    assert row.amount == Decimal("1760.24")
    proposal = case.file.revocations.get(ended_on__isnull=True)
    assert (proposal.amount, case.file.next_actor) == (Decimal("1760.24"), Actor.FIRM)
    with pytest.raises(Denied, match="Attendre les observations"):
        case.act("decider", "revoke", reason="Activité arrêtée.")
    days(16)
    case.act("decider", "revoke", reason="Activité arrêtée.")
    assert case.file.recoveries.get().amount == Decimal("1760.24")
    assert due(world) == []
    assert check_ledger() == []
    assert verify().faults == []


def test_a_bankruptcy_without_fraud_asks_nothing_back_and_ends_the_watch(world: World) -> None:
    case = paid(world)
    days(400)
    assert made(case, "bankruptcy", happened_on=clock.today()).amount == 0
    assert not case.file.revocations.exists()
    assert due(world) == []


def test_a_fraudulent_one_does(world: World) -> None:
    case = paid(world)
    days(400)
    assert made(case, "fraud", happened_on=clock.today()).amount > 0


def test_what_cannot_be_is_refused_whole(world: World) -> None:
    case = paid(world)
    days(10)
    before = Event.objects.count()
    for given in ({"outcome": "sold"}, {"outcome": "cessation"}, {"outcome": "moved"}):
        with pytest.raises(Denied):
            made(case, **given)
    with pytest.raises(Denied, match="au plus tard aujourd’hui"):
        made(case, "cessation", happened_on=clock.today() + timedelta(days=1))
    with pytest.raises(Forbidden):
        made(case, "kept", by=case.by("decider"))
    made(case, "cessation", happened_on=clock.today())
    with pytest.raises(Denied, match="déjà proposé"):
        made(case, "cessation", happened_on=clock.today())
    assert DurabilityCheck.objects.count() == 1
    assert Event.objects.count() == before + 2
    days(16)
    case.act("decider", "revoke", reason="Maintenu.")
    with pytest.raises(TooLate):
        made(case, "kept")


def test_the_screens_list_what_is_due_and_record_a_check(world: World) -> None:
    case = paid(world)
    days(366)
    officer, page = at_desk(case.by("officer")), reverse("file-durability", args=[case.file.reference])
    assert "1 investissement aidé attend" in text(officer.get(reverse("home")))
    assert case.file.reference in text(officer.get(reverse("durability")))
    assert page in officer.get(reverse("file", args=[case.file.reference])).content.decode()
    wrong = officer.post(page, {"outcome": "cessation", "reason": "Local vide."})
    assert "depuis quel jour l’engagement n’est plus tenu" in text(wrong)
    assert "Local vide." in text(wrong)
    shown = text(officer.post(page, {"outcome": "kept", "reason": "Site en ligne."}, follow=True))
    assert "Le contrôle est enregistré" in shown
    assert "attend son contrôle" not in text(officer.get(reverse("home")))
    stopped = {"outcome": "cessation", "reason": "Radiée.", "happened_on": f"{clock.today():%Y-%m-%d}"}
    assert "l’entreprise est entendue" in text(officer.post(page, stopped, follow=True))
    auditor = text(at_desk(case.by("auditor")).get(page))
    assert "Activité arrêtée" in auditor
    assert "Enregistrer le contrôle" not in auditor


def test_the_list_asks_as_much_of_the_database_at_any_size(world: World) -> None:
    case = paid(world)
    days(366)
    officer = at_desk(case.by("officer"))
    asked = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            officer.get(reverse("durability"))
        asked.append(len(queries))
        _twin(case)
    assert asked[0] == asked[1] <= 16
    assert len(officer.get(reverse("durability")).context["rows"]) == 3


def _twin(case: Case) -> None:
    """Another settled file of the same firm, with its paid order."""
    file, order = Application.objects.get(pk=case.pk), case.file.orders.get()
    rank = Application.objects.count()
    claim = order.claim
    file.pk, file.reference = None, f"KAP-2025-9{rank:04d}"
    for name in ("voucher_code",):
        if hasattr(file, name):
            setattr(file, name, "")
    file.save(force_insert=True)
    claim.pk, claim.application = None, file
    claim.save(force_insert=True)
    order.pk, order.number, order.application, order.claim = None, f"M-9{rank:04d}", file, claim
    order.save(force_insert=True)
