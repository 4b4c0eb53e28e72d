"""The one door: what it lets through, what it refuses, and what each act leaves behind."""

from __future__ import annotations

from decimal import Decimal

import pytest

from applications.enums import Actor, Bucket, Finding
from applications.models import Application, CaseVersion, LedgerEntry, PaymentOrder
from backoffice.demo.actors import Case, days
from backoffice.demo.stories import LAPTOP, SHOP, SITE, SOCIAL, _pay, payment_rejected_then_paid
from backoffice.demo.world import World
from regions.enums import RoleKind
from regions.models import Region, Role, User
from tests.cases import paid_case
from tests.roles import hold
from workflows import gate, queues
from workflows.acts import Denied, Forbidden, NotFound, TooLate
from workflows.ledger_check import check_ledger
from workflows.models import Event, EventNote
from workflows.verify import verify

pytestmark = pytest.mark.django_db


@pytest.mark.both
def test_a_voucher_goes_from_filing_to_payment(world: World) -> None:
    case = paid_case(world)
    file = case.file
    assert (file.state, file.next_actor, file.amount_granted) == ("completed", Actor.NOBODY, Decimal("2200.00"))
    booked = {
        bucket: sum(e.amount for e in LedgerEntry.objects.filter(application=file, bucket=bucket))
        for bucket in (Bucket.RESERVED, Bucket.COMMITTED, Bucket.VERIFIED, Bucket.ORDERED, Bucket.PAID)
    }
    assert booked == {"reserved": 0, "committed": 2200, "verified": 2200, "ordered": 2200, "paid": 2200}
    assert check_ledger() == []
    assert verify().faults == []


@pytest.mark.both
def test_each_act_appends_one_event_and_one_version(world: World) -> None:
    case = paid_case(world)
    events = list(Event.objects.filter(subject=f"application:{case.pk}").order_by("number"))
    versions = list(CaseVersion.objects.filter(application=case.pk).order_by("number"))
    assert [e.number for e in events] == [v.number for v in versions] == list(range(1, len(events) + 1))
    assert [e.act for e in events] == [v.act for v in versions]
    assert case.file.chain_length == len(events)


def test_the_funders_parts_add_up_to_the_grant(world: World) -> None:
    case = Case(world, "F01").fill(("showcase_site", "Site", "1249.99")).file_it().grant()
    shares = {s.funder: s.amount for s in case.file.agreement.shares.all()}
    assert shares == {"erdf": Decimal("849.99"), "region": Decimal("150.00")}
    assert sum(shares.values()) == case.file.amount_granted == Decimal("999.99")


def test_a_stranger_learns_nothing(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    other = world.managers["F05"]
    with pytest.raises(NotFound):
        gate.move(other, "application", case.pk, "withdraw")
    with pytest.raises(NotFound):
        gate.move(other, "application", 10**9, "withdraw")


def test_the_same_role_of_another_region_sees_nothing(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    elsewhere = User.objects.create_user("ailleurs@demo.example", "Officier d’ailleurs")
    hold(elsewhere, RoleKind.OFFICER, Region.objects.get(code="11"))
    with pytest.raises(NotFound):
        gate.move(elsewhere, "application", case.pk, "accept_complete")


def test_a_role_that_ended_yesterday_gives_nothing(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    Role.objects.filter(user=world.staff["officer"]).update(valid_to="2025-03-04")
    with pytest.raises(NotFound):
        gate.move(world.staff["officer"], "application", case.pk, "accept_complete")


def test_an_inactive_account_may_do_nothing(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    User.objects.filter(pk=world.staff["officer"].pk).update(is_active=False)
    with pytest.raises(Forbidden):
        gate.move(User.objects.get(pk=world.staff["officer"].pk), "application", case.pk, "accept_complete")


def test_somebody_was_faster(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().act("officer", "accept_complete")
    with pytest.raises(TooLate, match="En instruction"):
        case.act("officer", "accept_complete")


def test_an_incomplete_draft_is_not_filed(world: World) -> None:
    case = Case(world, "F01")
    with pytest.raises(Denied, match="relecture"):
        gate.move(case.manager, "application", case.pk, "submit")
    assert case.file.state == "draft"


def test_a_provider_cannot_file_for_his_client(world: World) -> None:
    case = Case(world, "F01").fill(SITE)
    with pytest.raises(NotFound):
        gate.move(case.provider, "application", case.pk, "submit")


def test_who_examined_does_not_decide_even_with_another_account(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().examine().act("officer", "propose")
    person = world.staff["officer"].person
    twin = User.objects.create_user("camille.bis@demo.example", "Camille", person=person)
    hold(twin, RoleKind.DECIDER, world.region)
    with pytest.raises(Forbidden, match="Une autre personne"):
        gate.move(twin, "application", case.pk, "grant")
    batch = gate.move_many(twin, "application", [case.pk], "grant")
    assert batch.done == []
    assert batch.refused[0][0] == case.pk
    assert case.file.state == "proposed"


def test_who_verified_does_not_sign(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    order = PaymentOrder.objects.get(pk=gate.open_order(case.by("liquidator"), claim.pk).object.partition(":")[2])
    certifier = world.staff["certifier"]
    hold(certifier, RoleKind.AUTHORISING, world.region)
    with pytest.raises(Forbidden, match="Une autre personne"):
        gate.move(certifier, "order", order.pk, "sign")


def test_a_red_check_lets_only_a_refusal_be_proposed(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().examine()
    gate.record(case.by("officer"), "application", case.pk, "documents", finding=Finding.RED, reason="Devis illisible.")
    with pytest.raises(Denied, match="seul un refus"):
        case.act("officer", "propose")
    case.act("officer", "propose", opinion="refuse", codes=["documents"])
    assert case.file.opinion == "refuse"


def test_more_than_the_rules_give_is_denied_not_trimmed(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().examine()
    with pytest.raises(Denied, match="1\u202f200,00"):
        case.act("officer", "propose", amount=Decimal("1200.01"))
    case.act("officer", "propose", amount=Decimal("900.00"))
    assert case.file.amount_proposed == Decimal("900.00")


def test_hardware_is_left_out_with_its_reason(world: World) -> None:
    case = Case(world, "F01").fill(SITE, LAPTOP).file_it().grant()
    laptop = case.file.lines.get(number=2)
    assert (laptop.eligible, laptop.aid, laptop.reason) == (0, 0, "hardware")


def test_two_claims_are_paid_to_the_cent_of_the_grant(world: World) -> None:
    """A first claim of one line, a second of the other: nobody gains or loses a cent."""
    case = Case(world, "F05").fill(SHOP, SOCIAL).file_it().grant().notify()
    for number in (1, 2):
        claim = case.claim(lines=(number,), final=number == 2)
        case.control(claim).certify(claim)
        _pay(world, case, claim)
    file = case.act("officer", "complete").file
    paid_total = sum(e.amount for e in LedgerEntry.objects.filter(application=file, bucket=Bucket.PAID))
    assert paid_total == file.amount_granted == Decimal("3000.00")


def test_a_returned_payment_comes_back_and_is_paid_once(world: World) -> None:
    case = payment_rejected_then_paid(world)
    orders = list(case.file.orders.order_by("id"))
    assert [o.state for o in orders] == ["rejected", "paid"]
    total = sum(e.amount for e in LedgerEntry.objects.filter(application=case.file, bucket=Bucket.PAID))
    assert total == case.file.amount_granted


def test_free_text_stays_outside_the_chain(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    secret = "Madame Untel, 06 00 00 00 00, rappellera lundi."
    event = gate.record(case.by("officer"), "application", case.pk, "note", reason=secret)
    assert b"Untel" not in bytes(event.payload)
    note = EventNote.objects.get(event=event)
    note.delete()
    assert verify().faults == []


def test_available_says_why_not(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().examine().act("officer", "propose")
    assert gate.available(case.by("decider"), case.file)["grant"] == ""
    assert "autre rôle" in gate.available(case.by("officer"), case.file)["grant"]


def test_every_open_file_has_a_next_actor_and_a_queue(world: World) -> None:
    case = Case(world, "F01").fill(SITE)
    steps = [case.file_it, case.examine, lambda: case.act("officer", "propose")]
    for step in steps:
        step()
        assert case.file.next_actor
        assert case.file.due_on
    assert queues.counts(case.by("decider"))["to-decide"] == 1
    days(1)
    assert Application.objects.exclude(state="draft").filter(next_actor="").count() == 0
