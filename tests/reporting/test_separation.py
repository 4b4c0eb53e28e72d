"""Separation of duties: each euro paid names its people, and one person in two places is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import PaymentOrder
from backoffice.demo import stories
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE, payment_rejected_then_paid
from backoffice.demo.world import World
from regions.models import User
from reporting.lists.separation import APART, BROKEN, DUTIES, KEPT, SEPARATION, faults
from tests.backoffice.payments.people import send, signatory
from tests.cases import paid_case
from workflows import gate

pytestmark = pytest.mark.django_db


def rows(world: World) -> list[dict[str, object]]:
    return list(SEPARATION.export(SEPARATION.select([world.region], {}, world.region.time_zone)))


def three_signed(world: World) -> Case:
    """A voucher whose order three persons signed."""
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = case.claim()
    order = case.control(claim).certify(claim).order(claim)
    for name in ("Dominique Ordonne", "Sacha Ordonne"):
        gate.move(signatory(world, name), "order", order.pk, "countersign")
    run = send(world).run
    assert run is not None
    stories._return(world, run, "PAYE")
    return case


def test_a_paid_euro_names_everybody_who_had_a_hand_in_it(world: World) -> None:
    paid_case(world)
    (row,) = rows(world)
    assert row["amount"] == PaymentOrder.objects.get().amount > Decimal(0)
    staff = {name: user.name for name, user in world.staff.items()}
    held = {duty: row[duty] for duty in DUTIES}
    assert held == {
        "examiner": staff["officer"], "decider": staff["decider"], "controller": staff["officer"],
        "certifier": staff["certifier"], "liquidator": staff["liquidator"], "signatory": staff["authorising"],
        "sender": staff["authorising"], "accountant": staff["accountant"],
    }  # fmt: skip
    assert (row["apart"], row["faults"]) == (KEPT, "")


def test_one_natural_person_with_two_accounts_is_told(world: World) -> None:
    """The gate would refuse it: two accounts found later to be one person are still one person here."""
    paid_case(world)
    User.objects.filter(pk=world.staff["certifier"].pk).update(person=world.staff["liquidator"].person_id)
    (row,) = rows(world)
    assert row["apart"] == BROKEN
    assert row["faults"] == "Certifié par = Liquidé par"


@pytest.mark.parametrize(("one", "other"), APART)
def test_each_pair_of_equal_persons_is_a_fault(one: str, other: str) -> None:
    people = {duty: [User(pk=rank, person_id=rank)] for rank, duty in enumerate(DUTIES, 1)}
    assert faults(people) == []
    people[other] = people[one]
    assert (one, other) in faults(people)


@pytest.mark.parametrize(
    ("signers", "asked", "fault"), [([1, 2, 3], 3, False), ([1, 2, 1], 2, True), ([1, 2], 3, True)]
)
def test_each_signature_is_of_another_person_and_none_is_missing(signers: list[int], asked: int, fault: bool) -> None:
    people = {duty: [User(pk=rank, person_id=rank)] for rank, duty in enumerate(DUTIES, 10)}
    people["signatory"] = [User(pk=rank, person_id=person) for rank, person in enumerate(signers, 1)]
    assert faults(people, asked) == ([("signatory", "signatory")] if fault else [])


def test_every_signatory_is_named_and_compared(world: World) -> None:
    """One of three who signed read the return: whichever it is, the list says so."""
    case = three_signed(world)
    (row,) = rows(world)
    assert row["signatory"] == "Maxime Ordonne, Dominique Ordonne, Sacha Ordonne"
    assert (row["apart"], row["faults"]) == (KEPT, "")
    User.objects.filter(email="sacha@signe.example").update(person=case.by("accountant").person_id)
    (row,) = rows(world)
    assert (row["apart"], row["faults"]) == (BROKEN, "Signé par = Payé, lu par")


def test_a_duty_that_nobody_held_is_a_fault() -> None:
    assert set(faults({})) == set(APART)


def test_the_list_costs_the_same_for_one_order_and_for_many(world: World) -> None:
    first = paid_case(world)
    with CaptureQueriesContext(connection) as one:
        rows(world)
    payment_rejected_then_paid(first.world)
    with CaptureQueriesContext(connection) as many:
        assert [row["apart"] for row in rows(world)] == [KEPT, KEPT]
    assert len(many) == len(one)
