"""The file of a batch: one kind per scheme, the same bytes each time, and nothing leaves that changed since."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from applications.documents.payments import credit_transfers, package_check
from applications.documents.payments.sepa_text import to_sepa
from applications.models import BankDetails, Claim, Document, PaymentOrder, PaymentRun
from applications.services import store
from backoffice.demo.world import World
from regions.enums import RoleKind
from tests.applications.documents.payments.test_credit_transfers import errors
from tests.backoffice.payments.people import elsewhere, fresh, prepared, send, sent, signed, signed_in, terms, text
from tests.walks import ANALYSIS, ASSIGNED, ESCROW, MISSION, PLAN, Walk, offer
from workflows import gate
from workflows.acts import Denied

pytestmark = pytest.mark.django_db
DEBTOR = "FR1420041010050500013M02606"
BANK = "pain.001.001.09"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


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
