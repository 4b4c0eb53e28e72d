"""The aid of one claim in two parts: what the firm reads, what the provider reads, and what holds one of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from applications.models import PaymentOrder
from applications.rules.payment_models import outlay
from backoffice.demo.returns import accountant_return
from backoffice.demo.world import World
from backoffice.views.applicant import plan
from backoffice.views.public import money
from regions import clock
from regions.models import User
from tests.backoffice.applicant_file.test_under_way import home, read
from tests.walks import ANALYSIS, ASSIGNED, Walk, offer
from workflows import gate, payments

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(world: World) -> Walk:
    """3,000 € certified, 1,800 € of it for the provider."""
    walk = Walk(offer(world, ASSIGNED, provider_share="0.60"), "F01").fill(ANALYSIS).file_it().running().report()
    claim = walk.claim(paid=False)
    walk.control(claim).certify(claim)
    return walk


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def paid(walk: Walk, payee: str) -> PaymentOrder:
    claim = walk.file.claims.get()
    event = gate.open_order(walk.by("liquidator"), claim.pk, payee)
    pk = int(event.object.partition(":")[2])
    gate.move(walk.by("authorising"), "order", pk, "sign", delegation="Délégation")
    run = payments.send_run(walk.world.region, by=walk.by("authorising"))
    assert run is not None
    clock.advance(days=3)
    assert payments.read_return(accountant_return(run, clock.today(), "PAYE"), by=walk.by("accountant")).apart == []
    return PaymentOrder.objects.get(pk=pk)


def test_each_part_is_told_with_its_date_until_both_are_paid(walk: Walk) -> None:
    firm = browser(walk.manager)
    assert read(firm, home(walk)).text.count("attendue au plus tard le") == 4
    order = paid(walk, "provider")
    text = read(firm, home(walk)).text
    assert (text.count("attendue au plus tard le"), text.count("versée le")) == (2, 2)
    assert order.number not in read(firm, f"/demandes/{walk.file.reference}/paiement/1/").text.split("versée le")[1]
    paid(walk, "firm")
    assert "L’aide a été versée en entier le" in read(firm, home(walk)).text


def test_the_provider_reads_his_own_part_alone(walk: Walk) -> None:
    paid(walk, "firm")
    text = read(browser(walk.provider), home(walk)).text
    assert "1 800,00 €" in text.replace("\u202f", " ").replace("\xa0", " ")
    assert "1 200,00 €" not in text.replace("\u202f", " ").replace("\xa0", " ")
    assert "votre part de l’aide" in text


def test_the_payee_without_an_account_is_named(walk: Walk) -> None:
    firm = browser(walk.manager)
    walk.file.company.bank_details.all().delete()
    assert "tant que vos coordonnées bancaires manquent" in read(firm, home(walk)).text
    walk.world.providers["P01"].bank_details.all().delete()
    assert "Votre prestataire n’a pas encore indiqué ses coordonnées" in read(firm, home(walk)).text


def test_the_firm_is_told_who_pays_what_before_she_applies(walk: Walk) -> None:
    rules = walk.file.scheme_version.rules
    [told] = plan.grant_told(rules, Decimal("3000.00"))
    assert (
        told.replace("\xa0", " ")
        == "1 800 € versés à votre prestataire et 1 200 € à vous, une fois son rapport validé."
    )
    [first] = money._first(rules, outlay(rules, Decimal("6000.00"), Decimal("3000.00")))
    assert "4 200,00 €" in first.replace("\u202f", " ").replace("\xa0", " ")
    assert "toute la TVA" in first
