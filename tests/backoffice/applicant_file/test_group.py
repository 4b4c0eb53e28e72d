"""A group under way: each firm confirms for itself, one leaves, another joins; what a member sees and does not see."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from backoffice.demo.actors import Case
from backoffice.demo.world import World
from regions.models import User
from tests.backoffice.applicant_file.conftest import Browse
from tests.backoffice.test_pages import Outline, sound
from tests.kinds import LEAD, MEMBERS, drafted, examined, opened
from workflows import delivery

pytestmark = pytest.mark.django_db
LINE = ("market_study", "Étude de marché", "40000.00")


def read(browser: Client, address: str, data: dict[str, Any] | None = None) -> Outline:
    response = browser.get(address, follow=True) if data is None else browser.post(address, data, follow=True)
    assert response.status_code == 200, address
    return sound(response.content.decode())


@pytest.fixture
def case(world: World) -> Case:
    """A group of four, filed: nobody but the lead has confirmed."""
    made = drafted(opened(world, "groupement-export"), LINE)
    for key in MEMBERS:
        made.file.members.create(company=world.companies[key])
    return made.file_it()


def base(case: Case) -> str:
    return f"/demandes/{case.file.reference}"


def manager(case: Case, key: str) -> User:
    return case.world.managers[key]


def test_each_member_is_told_and_confirms_with_its_own_declaration(case: Case, browse: Browse) -> None:
    delivery.deliver()
    letters = [m for m in mail.outbox if "votre participation est à confirmer" in m.subject]
    assert set(letters[0].to) == {manager(case, key).email for key in MEMBERS}
    assert f"{base(case)}/participation/" in letters[0].body
    browser = browse(manager(case, "F05"))
    listed = read(browser, "/").text
    assert "Participation à confirmer" in listed
    page = read(browser, f"/dossiers/{case.file.reference}/").text
    assert "La région attend votre propre parole" in page
    wrong = read(browser, f"{base(case)}/participation/confirmer/", {"declared_de_minimis": ""}).text
    assert "Cocher cette case pour confirmer la participation." in wrong
    given = {"declared_de_minimis": "1 200", "accurate": "on"}
    done = read(browser, f"{base(case)}/participation/confirmer/", given).text
    assert "Votre participation est confirmée." in done
    place = case.file.members.get(company=case.world.companies["F05"])
    assert (place.declared_de_minimis, place.confirmed_by) == (Decimal("1200.00"), manager(case, "F05"))
    assert "Confirmer la participation" not in done
    assert "Participation à confirmer" not in read(browser, "/").text


def test_nothing_else_of_the_leads_is_a_members(case: Case, browse: Browse) -> None:
    browser = browse(manager(case, "F05"))
    page = browser.get(f"/dossiers/{case.file.reference}/").content.decode()
    lead = case.world.companies[LEAD]
    for secret in (lead.bank_details.get().iban[-4:], "Pièce d’identité", "Courriers et pièces"):
        assert secret not in page, secret
    for document in case.file.documents.all():
        assert browser.get(f"/documents/{document.pk}/").status_code == 404
    for address in (
        "retirer", "paiement", "entreprises", "ma-part", "rapport", "remboursements", "versement/grant", "recours",
        "changer-de-prestataire", "resultats",
    ):  # fmt: skip
        assert browser.get(f"{base(case)}/{address}/").status_code == 404, address
    assert browser.get(f"/demandes/coordonnees-bancaires/{lead.pk}/").status_code == 404


def test_a_stranger_and_the_draft_of_a_group_stay_hidden(world: World, browse: Browse) -> None:
    draft = drafted(opened(world, "groupement-export"), LINE)
    draft.file.members.create(company=world.companies["F05"])
    browser = browse(world.managers["F05"])
    assert browser.get(f"/dossiers/{draft.file.reference}/").status_code == 404
    assert draft.file.reference not in read(browser, "/").text
    assert browse(world.managers["F17"]).get(f"{base(draft)}/participation/").status_code == 404


def test_the_lead_sees_who_confirmed_and_what_part_each_has(case: Case, browse: Browse) -> None:
    browser = browse(case.manager)
    text = read(browser, f"{base(case)}/entreprises/").text
    assert text.count("À confirmer") == 3
    examined(case).act("officer", "propose").act("decider", "grant", delegation="D")
    text = read(browser, f"{base(case)}/entreprises/").text
    assert text.count("Confirmée") == 3
    assert text.count("5 000,00 €") == 4
    assert "Aucune place n’est libre" in text
    assert "Le groupement" in read(browser, f"/dossiers/{case.file.reference}/").text


def test_one_firm_leaves_and_another_takes_its_place(case: Case, browse: Browse) -> None:
    examined(case).act("officer", "propose").act("decider", "grant", delegation="D")
    case.notify()
    browser = browse(case.manager)
    gone = case.file.members.get(company=case.world.companies["F02"])
    page = f"{base(case)}/entreprises/{gone.pk}/depart/"
    assert "Écrire quelques mots." in read(browser, page, {"reason": " "}).text
    text = read(browser, page, {"reason": "Elle cesse l’export."}).text
    assert "Il manque 1 entreprise" in text
    assert "5 000,00 € de l’aide étaient la part d’une entreprise partie" in text
    wrong = read(browser, f"{base(case)}/entreprises/accueillir/", {"siren": "123"}).text
    assert "Ce SIREN n’est pas valable" in wrong
    siren = case.world.companies["F17"].siren
    text = read(browser, f"{base(case)}/entreprises/accueillir/", {"siren": siren}).text
    assert "L’entreprise est dans le groupement" in text
    newcomer = browse(manager(case, "F17"))
    read(newcomer, f"{base(case)}/participation/confirmer/", {"declared_de_minimis": "0", "accurate": "on"})
    assert case.file.members.get(company=case.world.companies["F17"]).share == Decimal("5000.00")
    assert browse(manager(case, "F02")).get(f"/dossiers/{case.file.reference}/").status_code == 404


def test_a_member_leaves_by_itself(case: Case, browse: Browse) -> None:
    browser = browse(manager(case, "F15"))
    place = case.file.members.get(company=case.world.companies["F15"])
    other = case.file.members.get(company=case.world.companies["F02"])
    assert browser.get(f"{base(case)}/participation/{other.pk}/quitter/").status_code == 404
    assert "n’a plus part à l’aide" in read(browser, f"{base(case)}/participation/{place.pk}/quitter/").text
    done = read(browser, f"{base(case)}/participation/{place.pk}/quitter/", {"reason": "Plus le temps."}).text
    assert "Votre entreprise a quitté le groupement." in done
    place.refresh_from_db()
    assert place.left_on is not None


def test_the_pages_ask_few_questions_of_the_database(
    case: Case, browse: Browse, django_assert_max_num_queries: Any
) -> None:
    browser = browse(manager(case, "F05"))
    with django_assert_max_num_queries(15):
        browser.get("/")
    with django_assert_max_num_queries(40):
        browser.get(f"/dossiers/{case.file.reference}/")
