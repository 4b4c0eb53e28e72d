"""The budget estimate on the administrator's page: assumptions shown, changed, and compared with the envelope."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.forms.budget_estimate import BudgetEstimateForm
from backoffice.demo.world import World
from tests.backoffice.test_pages import Outline, sound
from tests.kinds import opened

pytestmark = pytest.mark.django_db
ADDRESS = "/administration/enveloppes/estimation/"


def ask(client: Client, **other: str) -> Outline:
    return sound(client.get(ADDRESS, BudgetEstimateForm.started() | other).content.decode())


def test_it_begins_with_stated_assumptions(admin: Client) -> None:
    page = sound(admin.get(ADDRESS).content.decode())
    for words in ("Hypothèse de départ, non publiée", "Kap Numérik", "100 000,00 €", "Ne suffit pas"):
        assert words in page.text.replace("\u202f", " ").replace("\xa0", " "), words
    assert ADDRESS in admin.get("/administration/enveloppes/").content.decode()


def test_fewer_applications_fit_the_envelope(admin: Client) -> None:
    """10,000 × 0.1 %: 6 × 2,000 + 1.8 × 2,000 + 1.5 × 2,000 = 18,600 €; from ten people on the turnover refuses."""
    text = ask(admin, take_up="0,1").text.replace("\u202f", " ").replace("\xa0", " ")
    for words in ("18 600,00 €", "81 400,00 €", "Suffit", "moins de 20 équivalents temps plein"):
        assert words in text, words


def test_a_wrong_assumption_has_its_sentence_and_nothing_is_lost(admin: Client) -> None:
    page = ask(admin, **{"share-0": "10", "firms": "500"})
    assert "doivent faire 100 %" in page.text
    assert "Ce que coûterait" not in page.text
    assert any(one.get("value") == "500" for one in page.all("input"))
    assert "Kap" not in ask(admin, take_up="beaucoup").text


def test_in_english(admin: Client) -> None:
    admin.post("/langue/setlang/", {"language": "en"})
    text = ask(admin).text
    for words in ("What a year would cost", "Starting assumption", "must have fewer than 20 work units"):
        assert words in text, words


@pytest.mark.parametrize("who", ["officer", "auditor", "accountant"])
def test_only_an_administrator_reads_it(client: Client, world: World, who: str) -> None:
    client.force_login(world.staff[who])
    assert client.get(ADDRESS).status_code == 404
    client.logout()
    assert client.get(ADDRESS).status_code == 302


def test_the_cost_in_queries_is_the_same_for_any_number(admin: Client, world: World) -> None:
    def queries() -> list[Any]:
        with CaptureQueriesContext(connection) as captured:
            ask(admin)
        return list(captured)

    few = queries()
    for code in ("kit-numerique", "forfait-numerique"):
        opened(world, code)
    assert len(queries()) == len(few)
