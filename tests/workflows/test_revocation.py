"""A grant taken back: proposed by one, heard, decided by another; the paid part comes back, the rest is released."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from applications.booking import positions
from applications.enums import Actor, Bucket
from applications.models import DeMinimisAward, Revocation
from backoffice.demo.actors import Case, days
from backoffice.demo.world import World
from regions.enums import RoleKind
from tests.backoffice.officer.desk import filed
from tests.cases import paid_case
from tests.roles import hold
from workflows import gate, letters
from workflows.acts import Denied, Forbidden
from workflows.ledger_check import check_ledger
from workflows.models import OutboxMessage
from workflows.verify import verify

pytestmark = pytest.mark.django_db


def propose(case: Case, **given: Any) -> Revocation:
    facts = {"ground": "conditions_not_met", "effect": "withdrawal", "reason": "Le site n’est plus en ligne."} | given
    gate.record(case.by("officer"), "application", case.pk, "revocation_proposed", **facts)
    return case.file.revocations.get(ended_on__isnull=True)


def decide(case: Case, who: str = "decider") -> None:
    case.act(who, "revoke", reason="Constat maintenu.", delegation="Délégation du 2 janvier 2025")


def test_what_was_not_paid_is_released(world: World) -> None:
    case = filed(world, "F01").grant().notify()
    assert propose(case).amount == 0
    gate.record(case.manager, "application", case.pk, "hearing", reason="Le prestataire a fermé.")
    decide(case)
    assert case.file.state == "revoked"
    assert positions(case.file)[Bucket.COMMITTED] == 0
    assert not case.file.recoveries.exists()
    assert sum(DeMinimisAward.objects.filter(application=case.pk).values_list("amount", flat=True)) == 0
    assert check_ledger() == []


def test_what_was_paid_opens_a_recovery_on_which_the_firm_was_heard(world: World) -> None:
    case = paid_case(world)
    if case.file.state != "completed":
        case.act("officer", "complete")
    amount = positions(case.file)[Bucket.PAID]
    assert propose(case).amount == amount > 0
    assert case.file.next_actor == Actor.FIRM
    days(16)
    assert case.file.next_actor == Actor.DECIDER
    decide(case)
    recovery = case.file.recoveries.get()
    assert (recovery.amount, recovery.state, recovery.next_actor) == (amount, "hearing", Actor.AUTHORISING)
    gate.move(case.by("authorising"), "recovery", recovery.pk, "order", order_number="T-9", reason="Retrait notifié.")
    assert check_ledger() == []
    assert verify().faults == []


def test_a_part_alone_may_come_back_and_never_more_than_was_paid(world: World) -> None:
    case = paid_case(world)
    held = positions(case.file)[Bucket.PAID]
    with pytest.raises(Denied, match="ne peut pas dépasser"):
        propose(case, amount=held + 1)
    propose(case, amount=Decimal("100.00"))
    gate.record(case.manager, "application", case.pk, "hearing", reason="D’accord.")
    decide(case)
    assert case.file.recoveries.get().amount == Decimal("100.00")


def test_a_repeal_asks_nothing_back(world: World) -> None:
    case = paid_case(world)
    propose(case, ground="condition_ended", effect="repeal")
    days(16)
    decide(case)
    assert not case.file.recoveries.exists()


def test_the_firm_is_heard_first_and_another_decides(world: World) -> None:
    case = filed(world, "F01").grant().notify()
    with pytest.raises(Denied, match="propose d’abord"):
        decide(case)
    propose(case)
    with pytest.raises(Denied, match="Attendre les observations"):
        decide(case)
    days(16)
    hold(case.by("officer"), RoleKind.DECIDER, world.region)
    with pytest.raises(Forbidden, match="Une autre personne"):
        decide(case, "officer")
    decide(case)


def test_the_law_bounds_the_ground_and_its_time(world: World) -> None:
    case = filed(world, "F01").grant().notify()
    with pytest.raises(Denied, match="ne permet pas cet effet"):
        propose(case, effect="repeal")
    propose(case, ground="illegal")
    days(130)
    with pytest.raises(Denied, match="quatre mois"):
        decide(case)


def test_a_proposal_may_be_dropped_and_made_again(world: World) -> None:
    case = filed(world, "F01").grant().notify()
    propose(case)
    with pytest.raises(Denied, match="déjà proposé"):
        propose(case)
    gate.record(case.by("decider"), "application", case.pk, "revocation_dropped", reason="Le site est revenu.")
    assert case.file.state == "running"
    assert not case.file.deadlines.filter(kind="revocation", closed_at__isnull=True).exists()
    propose(case)


def test_the_firm_is_written_to_before_and_after(world: World) -> None:
    case = paid_case(world)
    propose(case)
    days(16)
    decide(case)
    for template in ("revocation_hearing", "revocation"):
        message = OutboxMessage.objects.get(template=template, application=case.pk)
        told = letters.facts_of(message)
        assert told.reasons[0][1] == "CRPA, art. L. 242-2, 2°"
        assert told.reasons[1][0] == "Le site n’est plus en ligne."
        assert letters.letter_of(message).startswith(b"%PDF")
