"""The file of a batch: one kind per scheme, the same bytes each time, and nothing leaves that changed since."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from applications.documents.payments import credit_transfers, package_check
from applications.documents.payments.sepa_text import to_sepa
from applications.models import BankDetails, Claim, Document, PaymentOrder, PaymentRun
from applications.services import store
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import PayingTerms, User
from tests.applications.documents.payments.test_credit_transfers import errors
from tests.backoffice.payments.people import elsewhere, give, prepared, sent, signed, signed_in, text
from tests.walks import ANALYSIS, ASSIGNED, ESCROW, MISSION, PLAN, Walk, offer
from workflows import administration, gate, payments
from workflows.acts import Denied, Forbidden
from workflows.models import Event

pytestmark = pytest.mark.django_db
DEBTOR = "FR1420041010050500013M02606"
BANK = "pain.001.001.09"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def terms(world: World, **given: Any) -> PayingTerms:
    """Terms of today, made by two administrators."""
    proposed = administration.propose_terms(world.staff["admin"], world.region, clock.today(), **given)
    return administration.confirm_terms(world.staff["admin2"], proposed)


def send(world: World) -> payments.Sending:
    return payments.send(world.region, by=world.staff["authorising"])


def fresh(order: PaymentOrder) -> PaymentOrder:
    return PaymentOrder.objects.get(pk=order.pk)


def by_bank(world: World, version: str = BANK, code: str = MISSION) -> World:
    """A scheme of the region that pays by a file for a bank."""
    return offer(world, code, output=version)


def claimed(walk: Walk) -> PaymentOrder:
    """Claimed, certified and signed."""
    claim = walk.claim()
    walk.control(claim).certify(claim)
    return walk.order(claim)


def mission(world: World, firm: str = "F01") -> PaymentOrder:
    return claimed(Walk(world, firm).fill(("digital_diagnosis", "Diagnostic", "4000.00")).file_it().running().report())


# --- the accountant's package


def test_a_package_holds_orders_bordereau_and_documents_and_is_the_same_each_time(world: World) -> None:
    order = sent(world)
    run = order.run
    assert run is not None
    address = reverse("batch-file", args=[run.number])
    first, again = (body(signed_in(world.staff["accountant"]).get(address)) for _time in range(2))
    assert first == again
    assert package_check.verify(first, run.file_sha256).intact
    claim_papers = order.claim.documents.count()
    assert claim_papers
    assert first.count(b"pieces/" + order.number.encode()) >= 2 * claim_papers
    page = text(signed_in(world.staff["accountant"]).get(reverse("payment-batch", args=[run.number])))
    assert run.file_sha256 in page
    assert "Lot pour le comptable public" in page


def test_a_paper_added_after_the_sending_does_not_change_the_package(world: World) -> None:
    order = sent(world)
    assert order.run is not None
    address = reverse("batch-file", args=[order.run.number])
    client = signed_in(world.staff["liquidator"])
    before = body(client.get(address))
    paper = order.claim.documents.first()
    assert paper is not None
    paper.pk, paper.name = None, "autre.pdf"
    paper.save()
    assert body(client.get(address)) == before


@pytest.mark.usefixtures("own_documents")
def test_a_package_whose_document_was_altered_is_not_handed_out(world: World) -> None:
    order = sent(world)
    paper = order.claim.documents.first()
    assert paper is not None
    assert order.run is not None
    store.path_of(paper.sha256).write_bytes(b"autre")
    response = signed_in(world.staff["accountant"]).get(reverse("batch-file", args=[order.run.number]))
    assert response.status_code == 500
    assert "n’est plus celui qui a été déposé" in text(response)


@pytest.mark.usefixtures("own_documents")
def test_an_order_whose_document_is_gone_stays_behind_with_its_name(world: World) -> None:
    order = signed(world)
    paper = order.claim.documents.first()
    assert paper is not None
    store.path_of(paper.sha256).unlink()
    [(number, why)] = send(world).apart
    assert number == order.number
    assert paper.name in why
    assert not PaymentRun.objects.exists()


def test_the_file_of_a_batch_is_for_those_who_pay_and_audit(world: World) -> None:
    order = sent(world)
    assert order.run is not None
    address = reverse("batch-file", args=[order.run.number])
    for who in ("liquidator", "authorising", "accountant", "auditor"):
        assert body(signed_in(world.staff[who]).get(address)).startswith(b"PK"), who
    strangers = [world.staff[who] for who in ("officer", "admin", "certifier")]
    for user in (*strangers, world.managers["F01"], elsewhere(RoleKind.ACCOUNTANT)):
        assert signed_in(user).get(address).status_code == 404


# --- the transfer order


@pytest.mark.parametrize("version", list(credit_transfers.VERSIONS))
def test_a_transfer_order_is_valid_and_says_what_was_signed(world: World, version: str) -> None:
    terms(world, debtor_name="Région La Réunion", debtor_iban=DEBTOR, debtor_bic="BDFEFRPPCCT")
    order = mission(by_bank(world, version))
    run = send(world).run
    assert run is not None
    content = body(signed_in(world.staff["accountant"]).get(reverse("batch-file", args=[run.number])))
    assert errors(content, version) == []
    assert hashlib.sha256(content).hexdigest() == run.file_sha256
    batch = credit_transfers.read(content)
    [transfer] = batch.transfers
    assert (transfer.order_number, transfer.amount, transfer.iban) == (order.number, order.total, order.payee_iban)
    assert (batch.number, batch.debtor_iban) == (run.number, DEBTOR)


def test_without_an_account_to_debit_the_bank_gets_nothing_and_the_accountant_his_own(world: World) -> None:
    order, other = mission(by_bank(world)), signed(world, "F05")
    sending = send(world)
    assert [(run.output, run.count) for run in sending.runs] == [("accountant", 1)]
    [(number, why)] = sending.apart
    assert number == order.number
    assert "n’est pas enregistré" in why
    assert (fresh(order).state, fresh(other).state) == ("signed", "sent")


def test_two_kinds_of_file_make_two_batches_from_one_button(world: World) -> None:
    terms(world, debtor_iban=DEBTOR)
    mission(by_bank(world))
    signed(world, "F05")
    client = signed_in(world.staff["authorising"])
    page = text(client.get(reverse("payment-orders", args=["a-transmettre"])))
    assert "Lot pour le comptable public" in page
    assert f"Virements pour une banque ({BANK})" in page
    client.post(reverse("payment-send"), {"region": world.region.pk})
    assert sorted(PaymentRun.objects.values_list("output", "count")) == [("accountant", 1), (BANK, 1)]


@pytest.mark.parametrize(("code", "line"), [(ASSIGNED, ANALYSIS), (ESCROW, PLAN)])
def test_the_provider_is_the_creditor_where_the_scheme_pays_him(world: World, code: str, line: Any) -> None:
    terms(world, debtor_iban=DEBTOR)
    walk = Walk(by_bank(world, code=code), "F01").fill(line).file_it().running()
    if code == ESCROW:
        walk.share("2000.00")
    claim = walk.report().claim(paid=False)
    walk.control(claim).certify(claim)
    order, provider = walk.order(claim), walk.file.provider
    run = send(world).run
    assert run is not None
    assert run.kept is not None
    assert provider is not None
    [transfer] = credit_transfers.read(store.get(run.kept.sha256)).transfers
    assert (transfer.creditor_name, transfer.iban) == (to_sepa(provider.name, 70), provider.bank_details.get().iban)
    assert transfer.amount == order.amount + order.own_share
    assert order.own_share == (Decimal("2000.00") if code == ESCROW else 0)


# --- nothing leaves that changed


def test_an_amount_changed_behind_the_gate_stops_its_order_and_names_it(world: World) -> None:
    good, bad = signed(world, "F01"), signed(world, "F15")
    PaymentOrder.objects.filter(pk=bad.pk).update(amount=bad.amount - 1)
    sending = send(world)
    [(number, why)] = sending.apart
    assert number == bad.number
    assert "n’est plus celui préparé" in why
    assert (fresh(good).state, fresh(bad).state) == ("sent", "signed")


def test_a_holder_changed_stops_the_order_too(world: World) -> None:
    order = signed(world)
    BankDetails.objects.filter(company=order.application.company).update(holder="Autre titulaire")
    [(number, why)] = send(world).apart
    assert number == order.number
    assert "coordonnées bancaires du bénéficiaire" in why


# --- signatures by amount


def second(world: World) -> User:
    """Another authorising officer."""
    user = User.objects.create_user("ordonne2@demo.example", "Dominique Ordonne")
    give(user, RoleKind.AUTHORISING, world.region, "Délégation du 3 février 2025")
    return user


def test_above_the_band_a_second_person_must_sign(world: World) -> None:
    terms(world, two_signatures_above=Decimal("1000.00"))
    order, other = signed(world), second(world)
    page = text(signed_in(other).get(reverse("payment-orders", args=["a-transmettre"])))
    assert "Deux personnes signent chaque mandat" in page
    assert "Seconde signature : pas encore" in page
    [(number, why)] = send(world).apart
    assert number == order.number
    assert "il manque la seconde signature" in why
    client = signed_in(other)
    result = client.post(reverse("payment-countersign"), {"order": [order.pk]}, follow=True)
    assert "1 mandat" in text(result)
    run = send(world).run
    assert run is not None
    assert run.signatures == 2
    assert fresh(order).state == "sent"


def test_the_same_person_never_signs_twice_even_from_another_account(world: World) -> None:
    order, first = signed(world), world.staff["authorising"]
    twin = User.objects.create_user("ordonne.bis@demo.example", "Maxime Ordonne", person=first.person)
    give(twin, RoleKind.AUTHORISING, world.region)
    for user in (first, twin):
        with pytest.raises(Forbidden, match="Une autre personne"):
            gate.move(user, "order", order.pk, "countersign")
        batch = gate.move_many(user, "order", [order.pk], "countersign")
        assert [pk for pk, _why in batch.refused] == [order.pk]
        result = signed_in(user).post(reverse("payment-countersign"), {"order": [order.pk]}, follow=True)
        assert "Une autre personne doit faire cet acte" in text(result)
    assert not Event.objects.filter(act="order.countersign").exists()


@pytest.mark.parametrize("who", ["liquidator", "certifier", "officer", "decider"])
def test_the_second_signature_is_not_of_who_prepared_certified_or_decided(world: World, who: str) -> None:
    order = signed(world)
    give(world.staff[who], RoleKind.AUTHORISING, world.region)
    with pytest.raises(Forbidden, match="Une autre personne"):
        gate.move(world.staff[who], "order", order.pk, "countersign")


def test_batches_cut_in_pieces_on_one_day_count_together(world: World) -> None:
    terms(world, two_signatures_above=Decimal("1500.00"))
    small = signed(world, "F01")
    assert send(world).run is not None
    assert fresh(small).state == "sent"
    other = PaymentOrder.objects.get(pk=prepared(world, "F15").pk)
    gate.move(world.staff["authorising"], "order", other.pk, "sign")
    sent_before = PaymentRun.objects.get()
    PaymentRun.objects.filter(pk=sent_before.pk).update(created_at=clock.now())
    assert "seconde signature" in send(world).apart[0][1]
    clock.advance(days=1)
    assert send(world).run is not None


def test_terms_are_made_by_two_persons_and_begin_on_their_day(world: World) -> None:
    admin, admin2 = world.staff["admin"], world.staff["admin2"]
    propose, listed = reverse("manage-paying-propose"), reverse("manage-paying")
    day = clock.today() + timedelta(days=2)
    given = {
        "region": world.region.pk, "valid_from": f"{day:%Y-%m-%d}", "debtor_iban": DEBTOR,
        "two_signatures_above": "50000,00",
    }  # fmt: skip
    refused = signed_in(admin).post(propose, given | {"debtor_iban": "FR00"})
    assert "Cet IBAN n’est pas valable" in text(refused)
    assert "50000,00" in text(refused)
    assert "doit les confirmer" in text(signed_in(admin).post(propose, given, follow=True))
    found = PayingTerms.objects.get()
    address = reverse("manage-paying-confirm", args=[found.pk])
    assert "une autre personne que celle qui les propose" in text(signed_in(admin).post(address, follow=True))
    assert "Les conditions sont confirmées" in text(signed_in(admin2).post(address, follow=True))
    assert PayingTerms.objects.in_force(world.region, clock.today()) is None
    assert PayingTerms.objects.in_force(world.region, day) == found
    assert "déjà reçu sa réponse" in text(
        signed_in(admin2).post(reverse("manage-paying-decline", args=[found.pk]), follow=True)
    )
    assert "M02606" not in text(signed_in(admin).get(listed))
    assert signed_in(world.staff["officer"]).get(listed).status_code == 404
    with pytest.raises(Denied, match="au plus tôt aujourd’hui"):
        administration.propose_terms(admin, world.region, clock.today() - timedelta(days=1))


# --- one claim, one order


def test_a_claim_is_ordered_once_by_screen_and_in_bulk(world: World) -> None:
    order = prepared(world)
    client = signed_in(world.staff["liquidator"])
    result = client.post(reverse("payment-prepare"), {"claim": [order.claim_id, order.claim_id]}, follow=True)
    assert "Un mandat existe déjà pour cette demande" in text(result)
    with pytest.raises(Denied, match="existe déjà"):
        gate.open_order(world.staff["liquidator"], order.claim_id)
    assert Claim.objects.get(pk=order.claim_id).orders.count() == 1
    assert Document.objects.filter(claim=order.claim_id).exists()
