"""The paying desk: what waits, who may do what, and what each act leaves on the screen."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import BankDetails, Claim, PaymentOrder, PaymentRun
from backoffice.demo.world import World
from regions.enums import RoleKind
from tests.backoffice.payments.people import (
    certified,
    elsewhere,
    give,
    many,
    prepared,
    sent,
    signed,
    signed_in,
    text,
)
from tests.walks import ESCROW, PLAN, Walk, offer
from workflows import chain, gate, payments
from workflows.acts import Denied, Forbidden
from workflows.models import Event

pytestmark = pytest.mark.django_db
LISTS = ("payments", "payment-batches", "payment-returns", "payment-envelopes")
STAGES = ("a-signer", "a-transmettre", "chez-le-comptable", "tous")


def desk(world: World, who: str) -> Client:
    return signed_in(world.staff[who])


def fresh(order: PaymentOrder) -> PaymentOrder:
    return PaymentOrder.objects.get(pk=order.pk)


def test_the_work_list_says_who_certified_for_when_and_how_much(world: World) -> None:
    claim = certified(world)
    page = text(desk(world, "liquidator").get(reverse("payments")))
    assert claim.application.reference in page
    assert "Charlie Certifie" in page
    plain = " ".join(re.sub(r"<[^>]*>", " ", page).replace("\u202f", " ").replace("\xa0", " ").split())
    assert "1 200,00 €" in plain
    assert "Total : 1 200,00 €" in plain
    assert "compte finissant par" in page
    assert "FR14" not in page
    assert "M02606" not in page


def test_orders_are_prepared_many_at_once(world: World) -> None:
    claims = [certified(world, firm) for firm in ("F01", "F15")]
    client = desk(world, "liquidator")
    response = client.post(reverse("payment-prepare"), {"claim": [c.pk for c in claims]}, follow=True)
    assert response.redirect_chain == [(reverse("payment-result"), 302)]
    assert "2 mandats" in text(response)
    assert PaymentOrder.objects.filter(state="prepared").count() == 2
    assert "Aucune demande certifiée" in text(client.get(reverse("payments")))


def test_nothing_ticked_says_so(world: World) -> None:
    response = desk(world, "liquidator").post(reverse("payment-prepare"), {}, follow=True)
    assert "Rien n’était choisi" in text(response)


def test_who_certified_sees_why_he_may_not_prepare(world: World) -> None:
    claim = certified(world)
    give(world.staff["certifier"], RoleKind.LIQUIDATOR, world.region)
    client = desk(world, "certifier")
    page = text(client.get(reverse("payments")))
    assert "Une autre personne doit faire cet acte" in page
    assert "disabled" in page
    result = client.post(reverse("payment-prepare"), {"claim": [claim.pk]}, follow=True)
    assert "1 ligne n’a pas changé" in text(result)
    assert "Une autre personne doit faire cet acte" in text(result)
    assert not PaymentOrder.objects.exists()


def test_a_firm_without_an_account_cannot_be_ordered(world: World) -> None:
    claim = certified(world)
    BankDetails.objects.filter(company=claim.application.company).delete()
    client = desk(world, "liquidator")
    assert "n’a pas de coordonnées bancaires" in text(client.get(reverse("payments")))
    result = client.post(reverse("payment-prepare"), {"claim": [claim.pk]}, follow=True)
    assert "n’a pas de coordonnées bancaires" in text(result)


def test_orders_are_signed_under_the_delegation_of_the_role(world: World) -> None:
    order = prepared(world)
    client = desk(world, "authorising")
    page = text(client.get(reverse("payment-orders", args=["a-signer"])))
    assert order.snapshot_sha256[:12] in page
    assert "Lou Liquide" in page
    result = client.post(reverse("payment-sign"), {"order": [order.pk]}, follow=True)
    assert "1 mandat" in text(result)
    event = Event.objects.get(act="order.sign")
    assert chain.facts_of(event)["delegation"] == "Délégation du 2 janvier 2025"
    assert fresh(order).state == "signed"


def test_who_prepared_sees_why_he_may_not_sign(world: World) -> None:
    order = prepared(world)
    give(world.staff["liquidator"], RoleKind.AUTHORISING, world.region)
    client = desk(world, "liquidator")
    assert "Une autre personne doit faire cet acte" in text(client.get(reverse("payment-orders", args=["a-signer"])))
    result = client.post(reverse("payment-sign"), {"order": [order.pk]}, follow=True)
    assert "Une autre personne doit faire cet acte" in text(result)
    assert fresh(order).state == "prepared"


def test_a_batch_leaves_in_the_name_of_who_asked(world: World) -> None:
    order = signed(world)
    client = desk(world, "authorising")
    result = client.post(reverse("payment-send"), {"region": world.region.pk}, follow=True)
    run = PaymentRun.objects.get()
    assert run.number in text(result)
    assert fresh(order).run == run
    assert chain.facts_of(Event.objects.get(act="order.send"))["sent_by"] == world.staff["authorising"].pk
    page = text(client.get(reverse("payment-batch", args=[run.number])))
    assert "Concorde" in page
    assert "Maxime Ordonne" in page
    assert run.number in text(client.get(reverse("payment-batches")))
    for document in (run.bordereau_id, run.listing_id):
        assert desk(world, "accountant").get(reverse("document", args=[document])).status_code == 200


def test_nothing_to_send_says_so_and_makes_no_batch(world: World) -> None:
    response = desk(world, "authorising").post(reverse("payment-send"), {"region": world.region.pk}, follow=True)
    assert "Aucun mandat signé" in text(response)
    assert not PaymentRun.objects.exists()


def test_only_an_authorising_officer_sends(world: World) -> None:
    order = signed(world)
    for who in ("liquidator", "accountant", "officer", "admin"):
        with pytest.raises(Forbidden, match="ordonnateur"):
            payments.send_run(world.region, by=world.staff[who])
    with pytest.raises(Forbidden):
        payments.send_run(world.region, by=elsewhere(RoleKind.AUTHORISING))
    assert fresh(order).state == "signed"


def test_a_held_order_neither_signs_nor_leaves_until_released(world: World) -> None:
    order = signed(world)
    liquidator, authorising = desk(world, "liquidator"), desk(world, "authorising")
    hold = reverse("payment-act", args=[order.number, "hold"])
    response = liquidator.post(hold, {"hold-reason": "Doute sur la facture."}, follow=True)
    assert "Mandat suspendu." in text(response)
    assert "Doute sur la facture." in text(response)
    assert "Suspendu" in text(authorising.get(reverse("payment-orders", args=["a-transmettre"])))
    result = authorising.post(reverse("payment-send"), {"region": world.region.pk}, follow=True)
    assert "Ce mandat est suspendu" in text(result)
    assert not PaymentRun.objects.exists()
    release = reverse("payment-act", args=[order.number, "release"])
    assert "Suspension levée." in text(authorising.post(release, {"release-reason": "Facture vue."}, follow=True))
    authorising.post(reverse("payment-send"), {"region": world.region.pk})
    assert fresh(order).state == "sent"


def test_a_held_order_is_not_signed(world: World) -> None:
    order = prepared(world)
    gate.record(world.staff["authorising"], "order", order.pk, "hold", reason="À vérifier.")
    with pytest.raises(Denied, match="suspendu"):
        gate.move(world.staff["authorising"], "order", order.pk, "sign")
    with pytest.raises(Denied, match="suspendu"):
        gate.record(world.staff["authorising"], "order", order.pk, "hold", reason="Encore.")
    gate.record(world.staff["authorising"], "order", order.pk, "release", reason="Vérifié.")
    with pytest.raises(Denied, match="pas suspendu"):
        gate.record(world.staff["authorising"], "order", order.pk, "release", reason="Encore.")
    gate.move(world.staff["authorising"], "order", order.pk, "sign")


def test_a_hold_needs_a_right_and_a_reason(world: World) -> None:
    order = prepared(world)
    for who in ("accountant", "officer"):
        with pytest.raises(Forbidden):
            gate.record(world.staff[who], "order", order.pk, "hold", reason="Non.")
    with pytest.raises(Forbidden):
        gate.record(world.staff["liquidator"], "order", order.pk, "release", reason="Non.")
    with pytest.raises(Denied, match="motif"):
        gate.record(world.staff["liquidator"], "order", order.pk, "hold")


def test_a_missing_reason_is_told_beside_its_field(world: World) -> None:
    order = prepared(world)
    response = desk(world, "authorising").post(reverse("payment-act", args=[order.number, "cancel"]), {})
    assert response.status_code == 200
    assert "errorlist" in text(response)
    assert fresh(order).state == "prepared"


def test_a_cancelled_order_gives_its_claim_back_to_the_work_list(world: World) -> None:
    order = prepared(world)
    client = desk(world, "authorising")
    cancel = reverse("payment-act", args=[order.number, "cancel"])
    response = client.post(cancel, {"cancel-reason": "Montant à revoir."}, follow=True)
    assert "Mandat annulé." in text(response)
    assert order.application.reference in text(client.get(reverse("payments")))


def test_an_order_is_signed_from_its_own_page(world: World) -> None:
    order = prepared(world)
    client = desk(world, "authorising")
    assert "Délégation du 2 janvier 2025" in text(client.get(reverse("payment-order", args=[order.number])))
    response = client.post(reverse("payment-act", args=[order.number, "sign"]), follow=True)
    assert "Mandat signé." in text(response)
    assert fresh(order).state == "signed"


def test_an_account_that_changed_stops_the_order_with_its_reason(world: World) -> None:
    order = signed(world)
    BankDetails.objects.filter(company=order.application.company).update(iban="FR7630004000031234567890143")
    client = desk(world, "authorising")
    assert "ont changé depuis la préparation" in text(client.get(reverse("payment-orders", args=["a-transmettre"])))
    result = client.post(reverse("payment-send"), {"region": world.region.pk}, follow=True)
    assert "ont changé depuis la préparation" in text(result)
    assert fresh(order).state == "signed"


def test_one_bad_order_does_not_hold_the_batch(world: World) -> None:
    good, bad = signed(world, "F01"), signed(world, "F15")
    gate.record(world.staff["authorising"], "order", bad.pk, "hold", reason="À vérifier.")
    sending = payments.send(world.region, by=world.staff["authorising"])
    assert sending.run is not None
    assert (sending.run.count, [number for number, _why in sending.apart]) == (1, [bad.number])
    assert fresh(good).state == "sent"


def test_an_order_is_found_by_its_file(world: World) -> None:
    order = sent(world)
    client = desk(world, "accountant")
    found = reverse("payment-orders", args=["tous"])
    assert order.number in text(client.get(found, {"q": order.application.reference}))
    assert "Aucun mandat ici" in text(client.get(found, {"q": "inconnu"}))


def test_the_envelope_ties_to_the_ledger(world: World) -> None:
    sent(world)
    page = text(desk(world, "accountant").get(reverse("payment-envelopes")))
    assert "Concorde" in page
    assert "FEDER" in page
    assert "100 000,00 €" in page.replace("\u202f", " ").replace("\xa0", " ")


# --- who sees what


def pages(order: PaymentOrder) -> list[str]:
    assert order.run is not None
    return [
        *(reverse(name) for name in LISTS),
        *(reverse("payment-orders", args=[stage]) for stage in STAGES),
        reverse("payment-order", args=[order.number]),
        reverse("payment-batch", args=[order.run.number]),
        reverse("payment-result"),
    ]


def acts(order: PaymentOrder) -> list[tuple[str, dict[str, object]]]:
    return [
        (reverse("payment-prepare"), {"claim": [order.claim_id]}),
        (reverse("payment-sign"), {"order": [order.pk]}),
        (reverse("payment-send"), {"region": order.application.region_id}),
        *((reverse("payment-act", args=[order.number, name]), {}) for name in ("sign", "hold", "release", "cancel")),
        (reverse("payment-returns"), {}),
    ]


@pytest.mark.parametrize("who", ["liquidator", "authorising", "accountant"])
def test_the_desk_opens_to_its_people(world: World, who: str) -> None:
    client = desk(world, who)
    for page in pages(sent(world)):
        assert client.get(page).status_code == 200, page


def test_the_desk_does_not_exist_for_others(world: World) -> None:
    order = sent(world)
    strangers = [world.staff[who] for who in ("officer", "decider", "certifier", "auditor", "admin", "notifier")]
    for user in [*strangers, world.managers["F01"], world.provider_users["P01"]]:
        client = signed_in(user)
        assert {client.get(page).status_code for page in pages(order)} == {404}
        assert {client.post(page, data).status_code for page, data in acts(order)} == {404}


@pytest.mark.parametrize("kind", [RoleKind.LIQUIDATOR, RoleKind.AUTHORISING, RoleKind.ACCOUNTANT])
def test_the_same_role_elsewhere_sees_nothing_of_this_region(world: World, kind: RoleKind) -> None:
    order = sent(world)
    client = signed_in(elsewhere(kind))
    for page in pages(order):
        response = client.get(page)
        assert response.status_code == 404 or order.application.reference not in text(response)
    for page, data in acts(order):
        assert client.post(page, data).status_code in (404, 200)
    assert fresh(order).state == "sent"
    for page in (reverse("payment-order", args=[order.number]), pages(order)[-2]):
        assert client.get(page).status_code == 404


def test_a_claim_of_elsewhere_ticked_by_hand_is_unknown(world: World) -> None:
    claim = certified(world)
    client = signed_in(elsewhere(RoleKind.LIQUIDATOR))
    assert client.post(reverse("payment-prepare"), {"claim": [claim.pk]}).status_code == 404
    assert client.post(reverse("payment-prepare"), {"claim": ["x", "-1", "9" * 30]}).status_code == 302
    assert not PaymentOrder.objects.exists()


def test_the_accountant_may_neither_prepare_nor_sign(world: World) -> None:
    order = prepared(world)
    client = desk(world, "accountant")
    for page, data in acts(order)[:3]:
        assert client.post(page, data).status_code == 404
    response = client.post(reverse("payment-act", args=[order.number, "sign"]), follow=True)
    assert "réservé à un autre rôle" in text(response)
    assert fresh(order).state == "prepared"


def test_an_address_that_only_acts_leads_to_its_list(world: World) -> None:
    order = prepared(world)
    client = desk(world, "authorising")
    assert client.get(reverse("payment-sign")).url == reverse("payment-orders", args=["a-signer"])
    assert client.get(reverse("payment-send")).url == reverse("payment-orders", args=["a-transmettre"])
    hold = reverse("payment-act", args=[order.number, "hold"])
    assert client.get(hold).url == reverse("payment-order", args=[order.number])


def test_without_signing_in_one_is_asked_to(client: Client, world: World) -> None:
    assert reverse("sign-in") in client.get(reverse("payments")).url


# --- long lists


@pytest.mark.parametrize("count", [10, 1000])
def test_the_work_list_costs_the_same_long_or_short(
    world: World, count: int, django_assert_max_num_queries: object
) -> None:
    certified(world)
    many(world, count)
    client = desk(world, "liquidator")
    with django_assert_max_num_queries(19):  # type: ignore[operator]
        answer = client.get(reverse("payments"))
    assert text(answer).count('name="claim"') == min(count + 1, 50)
    assert answer.context["total"] == sum(Claim.objects.values_list("aid_due", flat=True))


@pytest.mark.parametrize("count", [10, 1000])
@pytest.mark.parametrize(("stage", "state"), [("a-signer", "prepared"), ("a-transmettre", "signed"), ("tous", "paid")])
def test_the_lists_of_orders_cost_the_same_long_or_short(
    world: World, count: int, stage: str, state: str, django_assert_max_num_queries: object
) -> None:
    certified(world)
    many(world, count, state)
    client = desk(world, "authorising")
    with django_assert_max_num_queries(21):  # type: ignore[operator]
        page = text(client.get(reverse("payment-orders", args=[stage])))
    assert page.count("M-KAP-2099") >= min(count, 50)


def test_the_pages_of_a_list_hold_each_row_once(world: World) -> None:
    certified(world)
    many(world, 120)
    client, seen, address = desk(world, "liquidator"), [], reverse("payments")
    for _page in range(4):
        response = client.get(address)
        seen += [line.claim.pk for line in response.context["lines"]]
        following = response.context["page"].following
        address = f"{reverse('payments')}?after={following}"
        if not following:
            break
    assert sorted(seen) == sorted(Claim.objects.values_list("pk", flat=True))
    assert len(seen) == len(set(seen)) == 121


def test_a_mark_that_makes_no_sense_gives_the_first_page(world: World) -> None:
    certified(world)
    for mark in ("x", "2026-01-01", "2026-01-01~x", "~", "\0~1"):
        assert desk(world, "liquidator").get(reverse("payments"), {"after": mark}).status_code == 200


def test_the_provider_and_the_firms_share_stand_on_the_order_and_in_the_batch(world: World) -> None:
    walk = Walk(offer(world, ESCROW), "F01").fill(PLAN).file_it().running().share("2000.00").report()
    claim = walk.claim(paid=False)
    walk.control(claim).certify(claim)
    assert "prestataire" in text(desk(world, "liquidator").get(reverse("payments")))
    order = walk.order(claim)
    client = desk(world, "authorising")
    listed = text(client.get(reverse("payment-orders", args=["a-transmettre"])))
    assert "dont part de l’entreprise" in listed
    assert "coordonnées bancaires de l’entreprise manquent" not in listed
    page = text(client.get(reverse("payment-order", args=[order.number])))
    for words in ("8 000,00 €", "6 000,00 €", "2 000,00 €", "payé à la place de l’entreprise"):
        assert words in page.replace("\u202f", " ").replace("\xa0", " "), words
    run = payments.send_run(world.region, by=world.staff["authorising"])
    assert run is not None
    batch = client.get(reverse("payment-batch", args=[run.number]))
    assert (batch.context["total"], batch.context["holds"]) == (order.total, True)
