"""The catalogue of several regions, and the simulator on days, levels, groups and instruments."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from backoffice.demo.places import ELSEWHERE
from backoffice.demo.world import World, settle
from tests.backoffice.test_pages import Outline, sound
from tests.kinds import opened

pytestmark = pytest.mark.django_db
FIRM = {
    "siret": "", "headcount": "4", "turnover": "310000", "naf": "90.01Z", "legal_category": "company",
    "seat_region": "04", "works_start_on": "", "prior": "",
}  # fmt: skip


def ask(client: Client, code: str, *rows: tuple[str, ...], **facts: str) -> Outline:
    data = {"lines-TOTAL_FORMS": str(len(rows)), "lines-INITIAL_FORMS": "0", "action": "answer"}
    for rank, (category, amount, *quantity) in enumerate(rows):
        data |= {f"lines-{rank}-category": category, f"lines-{rank}-amount": amount}
        data |= {f"lines-{rank}-quantity": days for days in quantity}
    response = client.post(f"/simulateur/{code}/", FIRM | facts | data)
    assert response.status_code == 200
    return sound(response.content.decode())


def read(client: Client, address: str) -> Outline:
    return sound(client.get(address).content.decode())


def test_the_catalogue_stands_region_by_region(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    opened(world, "cheque-transformation")
    settle(next(place for place in ELSEWHERE if place.scheme == "conseil-digital"), [])
    with django_assert_max_num_queries(15):
        text = read(client, "/aides/").text
    for words in (
        "La Réunion", "Auvergne", "Au plus 200 000 € par entreprise sur 3 ans.", "Dépenses retenues jusqu’à 10 000 €.",
        "Vous versez votre part d’avance ; la région paie le prestataire.", "Cofinancement de conseil",
    ):  # fmt: skip
        assert words in text, words


def test_a_mix_is_answered_instrument_by_instrument(client: Client, world: World) -> None:
    """30 % of 10,000 € each: a grant of 3,000 €, an advance and no loan below its floor."""
    opened(world, "impulsion-export")
    text = ask(client, "impulsion-export", ("translation", "20000")).text
    for words in ("Avance remboursable 6 000,00 €", "Prêt 6 000,00 €", "Garantie 4 200,00 €", "Sans intérêt."):
        assert words in text, words


def test_a_group_says_how_many_it_is(client: Client, world: World) -> None:
    opened(world, "groupement-export")
    text = ask(client, "groupement-export", ("market_study", "40000"), members="3").text
    assert "Le groupement doit réunir 4 entreprises au moins ; il en compte 3." in text
    text = ask(client, "groupement-export", ("market_study", "40000"), members="4").text
    assert "20 000,00 €" in text


def test_days_and_levels_are_asked_where_the_rules_price_them(client: Client, world: World) -> None:
    """Ten days at 1,300 € count for 1,100 € each: half of 11,000 €."""
    opened(world, "accompagnement-numerique")
    page = read(client, "/simulateur/accompagnement-numerique/")
    assert "Niveau" in page.text
    assert "Nombre de jours" in page.text
    text = ask(client, "accompagnement-numerique", ("cybersecurity", "13000", "10"), level="2").text
    assert "5 500,00 €" in text
    assert "votre seule part" in text
    assert "Nombre de jours" not in read(client, "/simulateur/kap-numerik/").text
