"""The self-diagnosis before any account: level, why, where to go; and the file that cites it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from applications.models import Application
from backoffice.demo.places import ELSEWHERE
from backoffice.demo.world import World, settle
from regions import clock
from tests.backoffice.test_pages import Outline, sound
from workflows import administration, assessment

pytestmark = pytest.mark.django_db

ADDRESS = "/autodiagnostic/"
CODES = ("found", "mail", "rivals", "need", "choice", "person", "backup", "invoice", "figures", "plan")
STEP = {"fact": "prior_steps", "op": "includes", "value": "self_diagnosis", "reason": "diagnosis"}
WORDS = {"fr": "Faire d’abord l’autodiagnostic.", "en": "Make the self-diagnosis first."}


def ask(client: Client, answer: str = "1", **other: str) -> Outline:
    given = dict.fromkeys(CODES, answer) | {"place": "97411"} | other
    return sound(client.post(ADDRESS, given).content.decode())


def reference(page: Outline) -> str:
    return re.findall(r"AD\d-\d{8}-\d{10}-[A-Z2-7]{10}", page.text)[0]


def test_ten_questions_without_an_account(client: Client, world: World) -> None:
    page = sound(client.get(ADDRESS).content.decode())
    assert "Dix questions" in page.text
    assert len([one for one in page.all("input") if one.get("type") == "radio"]) == 30


def test_the_level_why_and_where_to_go(client: Client, world: World) -> None:
    settle(next(place for place in ELSEWHERE if place.scheme == "conseil-digital"), [])
    page = ask(client, "0").text
    for words in ("Votre niveau : Sensibilisation", "Kap Numérik", "Vos clients vous trouvent-ils", "Cours d’e-export",
                  "Plateforme de vente des PME", "3 mars 2025", "0 sur 6"):  # fmt: skip
        assert words in page, words
    assert "Conseil en stratégie digitale" not in page
    assert "Conseil en stratégie digitale" in ask(client, place="").text
    assert "Aucune n’est ouverte aujourd’hui" in ask(client, "0", place="35000").text


@pytest.mark.parametrize(
    ("answer", "level"), [("0", "Sensibilisation"), ("1", "Stratégie"), ("2", "Stratégie")]
)  # fmt: skip
def test_levels(client: Client, world: World, answer: str, level: str) -> None:
    assert f"Votre niveau : {level}" in ask(client, answer).text


def test_in_english(client: Client, world: World) -> None:
    client.post("/langue/setlang/", {"language": "en"})
    page = ask(client, "1", need="0", choice="0").text
    for words in ("Your level: Orientation", "Ask for three quotes", "Mentoring"):
        assert words in page, words


def test_a_question_left_out_is_marked_and_nothing_is_lost(client: Client, world: World) -> None:
    page = ask(client, plan="")
    assert "Choisir une réponse" in page.text
    assert len([one for one in page.all("input") if "checked" in one]) == 9


def test_nothing_is_kept(client: Client, world: World) -> None:
    ask(client)
    assert not client.session.keys()


def test_it_costs_few_queries(client: Client, world: World, django_assert_max_num_queries: object) -> None:
    ask(client)
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        ask(client)


def asking(world: World) -> None:
    """The scheme's next version asks for the self-diagnosis beforehand."""
    rules = dict(world.scheme.versions.get().rules)
    rules["who"] = {"conditions": [*rules["who"]["conditions"], STEP]}
    rules["reasons"] = rules["reasons"] | {"diagnosis": WORDS}
    version = administration.propose_version(world.staff["admin"], rules, clock.today())
    administration.publish_version(world.staff["admin2"], version)


def test_a_file_cites_it_where_the_scheme_asks_it(client: Client, world: World) -> None:
    asking(world)
    told = reference(ask(client))
    client.force_login(world.managers["F01"])
    client.post("/demandes/nouvelle/kap-numerik/", {"company": world.companies["F01"].pk})
    file = Application.objects.get()
    step = f"/demandes/{file.reference}/etape/projet/"
    assert "Référence de votre autodiagnostic" in client.get(step).content.decode()
    wrong = client.post(step, {"title": "Un site", "self_diagnosis": "AD1-20250303-0000000000-AAAAAAAAAA"})
    assert "Cette référence n’est pas connue" in wrong.content.decode()
    day = file.created_at.date()
    assert "diagnosis" in assessment.assess(file, day).eligibility.codes()
    client.post(step, {"title": "Un site", "self_diagnosis": told.lower()})
    file.refresh_from_db()
    assert file.self_diagnosis == told
    assert "diagnosis" not in assessment.assess(file, day).eligibility.codes()


def test_other_schemes_do_not_ask_it(client: Client, world: World) -> None:
    client.force_login(world.managers["F01"])
    client.post("/demandes/nouvelle/kap-numerik/", {"company": world.companies["F01"].pk})
    step = f"/demandes/{Application.objects.get().reference}/etape/projet/"
    assert "autodiagnostic" not in client.get(step).content.decode()
