"""The simulator: an answer before any account, in words, and nothing kept unless asked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from applications.forms.simulation import MAX_LINES
from applications.models import Application
from backoffice.demo.world import World
from backoffice.views.public.wording import plain
from regions import clock
from regions.models import SchemeVersion

pytestmark = pytest.mark.django_db

ADDRESS = "/simulateur/kap-numerik/"
FIRM = {
    "siret": "", "headcount": "4", "turnover": "310 000 €", "naf": "90.01Z", "legal_category": "company",
    "seat_region": "04", "works_start_on": "", "prior": "",
}  # fmt: skip


def text(response: Any) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def lines(*rows: tuple[str, str]) -> dict[str, str]:
    data = {"lines-TOTAL_FORMS": str(len(rows)), "lines-INITIAL_FORMS": "0"}
    for rank, (category, amount) in enumerate(rows):
        data |= {f"lines-{rank}-category": category, f"lines-{rank}-amount": amount}
    return data


def ask(client: Client, *rows: tuple[str, str], action: str = "answer", **facts: str) -> str:
    rows = rows or (("showcase_site", "1000"),)
    return text(client.post(ADDRESS, FIRM | facts | lines(*rows) | {"action": action}))


def test_the_open_aids_are_listed_for_anybody(client: Client, world: World) -> None:
    page = text(client.get("/aides/"))
    for words in ("Kap Numérik", "La Réunion", "3 200 €", "Site marchand", ADDRESS):
        assert words in page
    assert "Équipement matériel (non aidé)" not in page


def test_a_closed_aid_is_neither_listed_nor_simulated(client: Client, world: World) -> None:
    SchemeVersion.objects.update(valid_to=clock.today() - timedelta(days=1))
    assert "Aucune aide n’est ouverte aujourd’hui" in text(client.get("/aides/"))
    assert client.get(ADDRESS).status_code == 404


def test_the_list_costs_few_queries(client: Client, world: World, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(15):
        client.get("/aides/")


def test_the_form_asks_without_an_account(client: Client, world: World) -> None:
    page = text(client.get(ADDRESS))
    assert "Rien n’est enregistré" in page
    assert "Calculer mon aide" in page


def test_eighty_percent_for_a_small_firm(client: Client, world: World) -> None:
    """Worked by hand: 80 % of 1,000 € is 800 €, below the 1,200 € of a showcase site."""
    page = ask(client)
    for words in ("peut être aidée", "800,00 €", "200,00 €", "Ne signez pas avant notre courrier",
                  "3 mai 2025", "80 jours", "6 mois"):  # fmt: skip
        assert words in page


def test_what_is_left_out_says_why(client: Client, world: World) -> None:
    """2,500 € × 80 % = 2,000 €, capped at 1,200 €; hardware is not aided; 600 € × 80 % = 480 €."""
    page = ask(client, ("showcase_site", "2500"), ("hardware", "800"), ("social_media", "600"))
    for words in ("1 680,00 €", "2 220,00 €", "plafonnée à 1 200 €", "Règlement Kap Numérik, plafonds",
                  "Cette dépense n’est pas dans la liste"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"turnover": "1200000"}, "il est de 1 200 000 €"),
        ({"headcount": "25", "turnover": "900000"}, "moins de 20 équivalents temps plein"),
        ({"naf": "62.01Z"}, "(NAF 62.01Z) est exclu"),
        ({"seat_region": "11"}, "doit se trouver à La Réunion"),
        ({"legal_category": "liberal_regulated"}, "professions libérales réglementées"),
        ({"works_start_on": "2025-02-01"}, "signé le 1er février 2025"),
        ({"prior": "299 500"}, "plafond de minimis de 300 000,00 €"),
    ],
)
def test_a_refusal_gives_every_reason_with_its_clause(
    client: Client, world: World, facts: dict[str, str], words: str
) -> None:
    page = ask(client, **facts)
    assert "ne peut pas être aidé par ce dispositif" in page
    assert words in page
    assert "Commencer ma demande" not in page


def test_what_the_rules_leave_open_is_said(client: Client, world: World) -> None:
    assert "Taux de cofinancement du programme, à confirmer" in ask(client)


def test_the_answer_in_english(client: Client, world: World) -> None:
    client.post("/langue/setlang/", {"language": "en"})
    assert "The turnover excluding VAT must be below" in ask(client, turnover="1200000")


def test_errors_are_beside_their_fields_and_nothing_is_lost(client: Client, world: World) -> None:
    page = ask(client, ("showcase_site", ""), ("", "500"), headcount="", naf="épicerie", turnover="beaucoup")
    for words in ("Indiquer le montant hors taxes de cette dépense", "Choisir la dépense", "quatre chiffres",
                  "beaucoup", "épicerie"):  # fmt: skip
        assert words in page


def test_at_least_one_expense(client: Client, world: World) -> None:
    assert "Indiquer au moins une dépense" in ask(client, ("", ""))


def test_a_siret_fills_what_the_register_knows(client: Client, world: World) -> None:
    page = ask(client, action="look_up", siret="000 001 073 00014", naf="", headcount="3")
    assert "Exemple Logiciels : vérifier ce que le registre a rempli" in page
    assert 'value="62.01Z"' in page
    assert 'value="3"' in page


@pytest.mark.parametrize(
    ("siret", "words"),
    [("123", "Ce SIRET n’est pas valable"), ("73282932000074", "Aucune entreprise n’est connue")],
)
def test_without_an_answer_she_goes_on_without(client: Client, world: World, siret: str, words: str) -> None:
    page = ask(client, action="look_up", siret=siret)
    assert words in page
    assert 'value="90.01Z"' in page


def test_a_line_is_added_without_javascript(client: Client, world: World) -> None:
    page = ask(client, ("showcase_site", "1000"), ("chatbot", "500"), action="add_line")
    assert 'name="lines-2-amount"' in page
    assert 'value="500"' in page


def test_lines_have_an_end(client: Client, world: World) -> None:
    page = ask(client, *[("chatbot", "10")] * MAX_LINES, action="add_line")
    assert f'name="lines-{MAX_LINES}-amount"' not in page
    assert "Ajouter une dépense" not in page


@pytest.mark.parametrize("total", ["x", "-1", "99999999999999999999"])
def test_a_tampered_form_is_no_error_page(client: Client, world: World, total: str) -> None:
    for action in ("answer", "add_line", "look_up"):
        data = FIRM | {"lines-TOTAL_FORMS": total, "lines-INITIAL_FORMS": "0", "action": action}
        assert client.post(ADDRESS, data).status_code == 200


def test_nothing_is_kept_by_asking(client: Client, world: World) -> None:
    ask(client)
    assert not client.session.keys()
    assert not Application.objects.exists()


def test_starting_carries_the_answers_into_the_draft(client: Client, world: World) -> None:
    data = FIRM | lines(("showcase_site", "1 500"), ("social_media", "400,50")) | {"action": "start", "prior": "100"}
    answer = client.post(ADDRESS, data)
    assert answer.url == "/inscription/?next=%2Fdemandes%2Fnouvelle%2Fkap-numerik%2F"
    client.force_login(world.managers["F01"])
    client.post("/demandes/nouvelle/kap-numerik/", {"company": world.companies["F01"].pk})
    file = Application.objects.get()
    assert (file.headcount, file.turnover, file.declared_de_minimis) == (4, 310000, 100)
    assert [(line.label, line.amount) for line in file.lines.all()] == [
        ("Site vitrine (création ou refonte)", Decimal("1500.00")),
        ("Animation de réseaux sociaux", Decimal("400.50")),
    ]
    assert "simulation" not in client.session


def test_a_signed_in_manager_goes_straight_to_the_draft(client: Client, world: World) -> None:
    client.force_login(world.managers["F01"])
    answer = client.post(ADDRESS, FIRM | lines(("showcase_site", "900")) | {"action": "start"})
    assert answer.url == "/demandes/nouvelle/kap-numerik/"


def test_the_sign_up_knows_the_siret_already_given(client: Client, world: World) -> None:
    client.post(ADDRESS, FIRM | {"siret": "00000101600013"} | lines(("chatbot", "900")) | {"action": "start"})
    assert 'value="00000101600013"' in text(client.get("/inscription/"))


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("plafonnée à 1200.00 €", "plafonnée à 1 200,00 €"),
        ("signé le 2026-03-02, trop tôt", "signé le 2 mars 2026, trop tôt"),
        ("le secteur (NAF 62.01Z) est exclu", "le secteur (NAF 62.01Z) est exclu"),
        ("version 2023/2831, art. 3(2)", "version 2023/2831, art. 3(2)"),
    ],
)
def test_numbers_and_dates_are_told_in_the_manner_of_the_language(sentence: str, told: str) -> None:
    assert plain(sentence).replace("\u202f", " ").replace("\xa0", " ") == told
