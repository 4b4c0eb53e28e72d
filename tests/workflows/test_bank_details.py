"""A firm’s account changes only when another person, in the region, has confirmed it; nothing is paid meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from applications.models import BankChange, Claim, PaymentOrder
from backoffice.demo.actors import Case, days
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import User
from tests.roles import hold
from workflows import gate, payments
from workflows.acts import Denied, Forbidden, NotFound
from workflows.models import Deadline, Event
from workflows.sweeper import sweep
from workflows.verify import verify

pytestmark = pytest.mark.django_db
OTHER_IBAN = "FR7612345987650123456789014"


@pytest.fixture
def case(world: World) -> Case:
    return Case(world, "F01").fill(SITE).file_it().grant().notify()


def ask(case: Case, **changes: str) -> BankChange:
    document = case.file.documents.filter(kind="bank_details").latest("pk")
    given = {"holder": "Exemple Fromagerie", "iban": OTHER_IBAN} | changes
    event = gate.ask_bank_change(case.manager, case.file.company_id, document=document, **given)
    return BankChange.objects.get(pk=event.object.partition(":")[2])


def certified(case: Case) -> Claim:
    claim = case.claim()
    case.control(claim).certify(claim)
    return claim


def live_iban(case: Case) -> str:
    return str(case.file.company.bank_details.get(valid_to__isnull=True).iban)


@pytest.mark.both
def test_the_region_confirms_and_the_new_account_begins(case: Case) -> None:
    change, old = ask(case), live_iban(case)
    assert (change.state, live_iban(case)) == ("asked", old)
    gate.move(case.by("officer"), "bank", change.pk, "confirm")
    change = BankChange.objects.get(pk=change.pk)
    assert (change.state, change.chain_length, live_iban(case)) == ("confirmed", 2, OTHER_IBAN)
    ended = case.file.company.bank_details.get(iban=old)
    assert ended.valid_to == clock.today("Indian/Reunion")
    assert verify().faults == []


def test_no_account_number_stands_in_the_chain(case: Case) -> None:
    change = ask(case)
    gate.move(case.by("officer"), "bank", change.pk, "confirm")
    payloads = [bytes(e.payload) for e in Event.objects.filter(subject=f"bankchange:{change.pk}")]
    assert len(payloads) == 2
    assert not any(OTHER_IBAN.encode() in payload or b"Fromagerie" in payload for payload in payloads)


def test_payments_are_held_while_a_change_waits(case: Case) -> None:
    claim = certified(case)
    change = ask(case)
    with pytest.raises(Denied, match="confirmer ou refuser"):
        gate.open_order(case.by("liquidator"), claim.pk)
    gate.move(case.manager, "bank", change.pk, "withdraw")
    order = PaymentOrder.objects.get(pk=gate.open_order(case.by("liquidator"), claim.pk).object.partition(":")[2])
    change = ask(case)
    with pytest.raises(Denied, match="confirmer ou refuser"):
        gate.move(case.by("authorising"), "order", order.pk, "sign")
    gate.move(case.by("officer"), "bank", change.pk, "refuse", reason="L’entreprise n’a rien demandé.")
    gate.move(case.by("authorising"), "order", order.pk, "sign")
    ask(case)
    days(1)
    assert payments.send_run(case.world.region, by=case.by("authorising")) is None
    assert PaymentOrder.objects.get(pk=order.pk).state == "signed"


def test_an_order_made_for_the_old_account_is_not_signed(case: Case) -> None:
    claim = certified(case)
    order = gate.open_order(case.by("liquidator"), claim.pk).object.partition(":")[2]
    change = ask(case)
    gate.move(case.by("officer"), "bank", change.pk, "confirm")
    with pytest.raises(Denied, match="ont changé depuis la préparation"):
        gate.move(case.by("authorising"), "order", int(order), "sign")


def test_who_asked_does_not_confirm_even_with_another_account(case: Case) -> None:
    change = ask(case)
    twin = User.objects.create_user("direction.bis@demo.example", "Direction", person=case.manager.person)
    hold(twin, RoleKind.OFFICER, case.world.region)
    with pytest.raises(Forbidden, match="Une autre personne"):
        gate.move(twin, "bank", change.pk, "confirm")


def test_only_the_firm_asks_and_only_for_another_account(case: Case) -> None:
    document = case.file.documents.filter(kind="bank_details").latest("pk")
    given = {"holder": "X", "iban": OTHER_IBAN, "document": document}
    for stranger in (case.world.managers["F05"], case.by("officer"), case.provider):
        with pytest.raises(NotFound):
            gate.ask_bank_change(stranger, case.file.company_id, **given)
    details = case.file.company.bank_details.get()
    with pytest.raises(Denied, match="déjà celles"):
        ask(case, holder=details.holder, iban=details.iban)


def test_one_change_at_a_time(case: Case) -> None:
    ask(case)
    with pytest.raises(Denied, match="déjà demandé"):
        ask(case)
    assert BankChange.objects.count() == 1


def test_a_mandate_that_ended_asks_nothing(case: Case) -> None:
    case.manager.mandates.update(valid_to=clock.today() - timedelta(days=1))
    with pytest.raises((Forbidden, NotFound)):
        ask(case)


def test_a_refusal_says_why(case: Case) -> None:
    change = ask(case)
    with pytest.raises(Denied, match="motif"):
        gate.move(case.by("officer"), "bank", change.pk, "refuse")


# --- appeals


def refused(world: World) -> Case:
    case = Case(world, "F01").fill(SITE).file_it().examine()
    case.act("officer", "propose", opinion="refuse", codes=["sector"])
    return case.act("decider", "refuse")


def test_silence_on_an_appeal_is_a_rejection(world: World) -> None:
    case = refused(world)
    gate.record(case.manager, "application", case.pk, "appeal", reason="Nous contestons.")
    due = case.file.deadlines.get(kind=Deadline.Kind.APPEAL)
    assert due.closed_at is None
    with pytest.raises(Denied):
        gate.record(User.objects.system(), "application", case.pk, "appeal_silence")
    clock.advance(days=62)
    sweep()
    due.refresh_from_db()
    assert due.closed_at is not None
    assert (case.file.next_actor, case.file.due_on) == ("", None)
    assert Event.objects.filter(act="record.appeal_silence").count() == 1


def test_reopening_answers_the_appeal(world: World) -> None:
    case = refused(world)
    gate.record(case.manager, "application", case.pk, "appeal", reason="Nous contestons.")
    case.act("decider", "reopen", reason="Erreur sur le secteur.")
    assert case.file.state == "examining"
    assert not case.file.deadlines.filter(kind=Deadline.Kind.APPEAL, closed_at__isnull=True).exists()


def test_an_ended_file_keeps_its_appeal_open_whatever_is_recorded(world: World) -> None:
    case = refused(world)
    gate.record(case.manager, "application", case.pk, "appeal", reason="Nous contestons.")
    gate.record(case.by("officer"), "application", case.pk, "note", reason="Appel reçu.")
    assert case.file.deadlines.filter(kind=Deadline.Kind.APPEAL, closed_at__isnull=True).count() == 1
    with pytest.raises(Denied, match="déjà en cours"):
        gate.record(case.manager, "application", case.pk, "appeal", reason="Encore.")


# --- claims


def test_the_invoices_of_a_withdrawn_claim_may_be_presented_again(case: Case) -> None:
    first = case.claim()
    gate.move(case.manager, "claim", first.pk, "withdraw")
    second = case.claim()
    numbers = [list(claim.lines.values_list("invoice_number", flat=True)) for claim in (first, second)]
    assert numbers[0]
    assert certified_again(case, second).aid_due == case.file.amount_granted


def certified_again(case: Case, claim: Claim) -> Claim:
    case.control(claim).certify(claim)
    return Claim.objects.get(pk=claim.pk)


def test_the_work_is_done_between_notification_and_today(case: Case) -> None:
    today = clock.today("Indian/Reunion")
    for wrong in (today + timedelta(days=1), case.file.notified_on - timedelta(days=1), None):
        with pytest.raises(Denied, match="entre la notification et aujourd’hui"):
            gate.record(case.manager, "application", case.pk, "work_done", done_on=wrong)
    gate.record(case.manager, "application", case.pk, "work_done", done_on=today)
    assert Event.objects.filter(object=f"application:{case.pk}", act="record.work_done").count() == 1
