"""The cash that pays providers, as who pays and who manages the region read it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backoffice.demo.world import World
from tests.backoffice.payments.people import signed_in
from tests.backoffice.test_pages import sound
from tests.reporting.test_cash_float import escrowed
from tests.walks import ASSIGNED, ESCROW, PLAN, Walk, offer

pytestmark = pytest.mark.django_db
PAGES = [("accountant", "payment-envelopes"), ("liquidator", "payment-envelopes"), ("admin", "manage-envelopes")]


def read(world: World, who: str, name: str, lang: str = "fr") -> str:
    client = signed_in(world.staff[who])
    client.cookies["django_language"] = lang
    return sound(client.get(reverse(name)).content.decode()).text


@pytest.mark.parametrize(("who", "name"), PAGES)
def test_who_pays_and_who_manages_read_when_money_runs_out(world: World, who: str, name: str) -> None:
    escrowed(world, "13000.00")
    page = read(world, who, name)
    for words in (
        "Trésorerie des paiements aux prestataires", "séquestre", "l’argent manque à partir du",
        "Enveloppe à court la première", "19 500,00 €", "Il manquera 5 000,00 €",
        "Parts encore attendues des entreprises 500,00 €", "la part d’une entreprise ne part qu’avec son dossier",
    ):  # fmt: skip
        assert words in page
    english = read(world, who, name, "en")
    assert "the money runs out on" in english
    assert "Cash to pay providers" in english


def test_a_float_that_covers_all_says_until_when_and_one_without_payments_says_so(world: World) -> None:
    assert "Trésorerie des paiements" not in read(world, "accountant", "payment-envelopes")
    other = offer(world, ASSIGNED)
    assert "aucun paiement attendu" in read(world, "accountant", "payment-envelopes")
    Walk(offer(other, ESCROW), "F01").fill(PLAN).file_it().running()
    page = read(world, "accountant", "payment-envelopes")
    assert "l’argent ne manque pas jusqu’au" in page


@pytest.mark.parametrize(("who", "name"), PAGES)
def test_the_page_costs_the_same_however_many_files(world: World, who: str, name: str) -> None:
    client, costs = signed_in(world.staff[who]), []
    for build in (lambda: Walk(offer(world, ESCROW), "F01").fill(PLAN).file_it().running(), lambda: escrowed(world)):
        build()
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        costs.append(len(queries))
    assert max(costs) <= 40, costs
