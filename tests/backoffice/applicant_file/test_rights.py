"""One’s own data: a copy, and what is asked to be corrected or erased; the pages that the law asks for."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from applications.models import PrivacyRequest
from backoffice.demo.actors import Case
from backoffice.demo.stories import paid
from backoffice.demo.world import World
from regions import clock
from regions.models import User
from tests.backoffice.applicant_file.conftest import Browse, change
from tests.backoffice.test_pages import Outline, sound

pytestmark = pytest.mark.django_db
PAGE = "/mes-donnees/"


def copy(browse: Browse, user: User) -> dict[str, object]:
    response = browse(user).get(f"{PAGE}copie/")
    assert "attachment" in response.headers["Content-Disposition"]
    data: dict[str, object] = json.loads(response.content)
    return data


def test_a_copy_holds_the_account_the_firms_the_files_and_the_acts(world: World, browse: Browse) -> None:
    case = paid(world)
    change(case)
    text = json.dumps(copy(browse, case.manager), ensure_ascii=False)
    iban = case.file.company.bank_details.get().iban
    for words in (case.manager.email, case.file.reference, "2200.00", "Déposer la demande", iban, "Relevé d’identité"):
        assert words in text


def test_a_copy_holds_nobody_else_s_data(world: World, browse: Browse) -> None:
    case = paid(world)
    text = json.dumps(copy(browse, world.managers["F05"]), ensure_ascii=False)
    for words in (case.manager.email, case.file.reference, case.file.company.siren, "Camille Instruit"):
        assert words not in text


@pytest.mark.parametrize("who", ["officer", "admin", "auditor"])
def test_staff_have_the_same_rights(world: World, browse: Browse, who: str) -> None:
    assert copy(browse, world.staff[who])["roles"]
    assert browse(world.staff[who]).get(PAGE).status_code == 200


def test_a_request_is_tracked_until_its_answer(world: World, browse: Browse) -> None:
    user = world.managers["F01"]
    browser = browse(user)
    said = browser.post(PAGE, {"kind": "erasure", "text": "Mon ancien numéro."}, follow=True)
    assert "la réponse vient en un mois au plus" in Outline(said.content.decode()).text
    row = PrivacyRequest.objects.get()
    assert (row.user, row.answered_at) == (user, None)
    assert "Réponse au plus tard le 3 avril 2025" in sound(browser.get(PAGE).content.decode()).text
    again = sound(browser.post(PAGE, {"kind": "erasure", "text": "Encore."}).content.decode())
    assert "Vous avez déjà fait cette demande" in again.text
    PrivacyRequest.objects.update(answered_at=clock.now(), answer="Votre numéro est effacé.")
    assert "Votre numéro est effacé." in sound(browser.get(PAGE).content.decode()).text


def test_what_is_to_be_corrected_is_said(world: World, browse: Browse) -> None:
    response = browse(world.managers["F01"]).post(PAGE, {"kind": "rectification", "text": ""})
    assert "Dire ce qui est à corriger." in sound(response.content.decode()).text
    assert not PrivacyRequest.objects.exists()


def test_nobody_reads_another_s_requests(world: World, browse: Browse) -> None:
    browse(world.managers["F01"]).post(PAGE, {"kind": "erasure", "text": "Secret de F01."})
    assert "Secret de F01." not in browse(world.managers["F05"]).get(PAGE).content.decode()


def test_the_rights_ask_to_sign_in(world: World, browse: Browse) -> None:
    for address in (PAGE, f"{PAGE}copie/"):
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/mentions-legales/", "Éditeur"),
        ("/confidentialite/", "CNIL"),
        ("/accessibilite/", "non conforme"),
    ],
)
def test_the_legal_pages_are_open_to_all(world: World, browse: Browse, address: str, words: str) -> None:
    outline = sound(Client().get(address).content.decode())
    assert words in outline.text
    assert "Service des aides numériques" in outline.text
    footer = {a.get("href") for a in outline.all("a")}
    assert {"/mentions-legales/", "/confidentialite/", "/accessibilite/"} <= footer
    assert PAGE in {a.get("href") for a in sound(browse(world.managers["F01"]).get("/").content.decode()).all("a")}


def test_the_legal_pages_stand_without_any_region_s_contact(db: None, browse: Browse) -> None:
    assert "n’a pas encore donné ses coordonnées" in sound(Client().get("/mentions-legales/").content.decode()).text


def test_the_copy_of_a_filed_draft_is_light(
    world: World, browse: Browse, django_assert_max_num_queries: object
) -> None:
    case = Case(world, "F01")
    browser = browse(case.manager)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        browser.get(f"{PAGE}copie/")
