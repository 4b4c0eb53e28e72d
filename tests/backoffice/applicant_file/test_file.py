"""The firm’s page of its file: where it stands, what she may do, when the money comes, whom to call."""

from __future__ import annotations

from decimal import Decimal

import pytest

from applications.models import Claim, Document
from backoffice.demo.actors import Case, days
from backoffice.demo.stories import SITE, paid, partly_accepted
from backoffice.demo.world import World
from tests.backoffice.applicant_file.conftest import (
    Browse,
    asked,
    change,
    claimed,
    paper,
    refused,
    running,
)
from tests.backoffice.test_pages import Outline, sound
from workflows import gate

pytestmark = pytest.mark.django_db


def shown(browse: Browse, case: Case, address: str = "") -> Outline:
    """A page of the file, as the firm’s manager reads it."""
    response = browse(case.manager).get(address or f"/dossiers/{case.file.reference}/")
    assert response.status_code == 200
    return sound(response.content.decode())


def test_a_notified_file_says_what_to_do_and_when_the_money_comes(world: World, browse: Browse) -> None:
    case = running(world)
    outline = shown(browse, case)
    for words in (
        "Demander le paiement", "Déposée complète aujourd’hui", "Camille Instruit", "02 62 00 00 00",
        "officer@demo.example", "Décision notifiée", "Ce qui s’est passé",
    ):  # fmt: skip
        assert words in outline.text
    assert f"/demandes/{case.file.reference}/paiement/" in {link.get("href") for link in outline.all("a")}


def test_each_line_has_its_aid_and_the_reason_in_words(world: World, browse: Browse) -> None:
    text = shown(browse, running(world)).text
    assert "Équipement matériel : « Ordinateur portable » n’est pas aidé." in text
    assert "1 200,00 €" in text


def test_before_the_decision_the_firm_reads_no_proposal(world: World, browse: Browse) -> None:
    case = Case(world, "F01").fill(SITE).file_it().examine().act("officer", "propose", amount=Decimal("777.00"))
    outline = shown(browse, case)
    assert "777,00" not in outline.text
    assert "Dépense aidée" not in outline.text
    assert "Après la décision" in outline.text


def test_the_letters_are_there_to_download(world: World, browse: Browse) -> None:
    case = running(world)
    days(1)
    letter = Document.objects.filter(application=case.pk, kind="letter").latest("pk")
    assert f"/documents/{letter.pk}/" in {a.get("href") for a in shown(browse, case).all("a")}


def test_a_paid_file_says_when_and_how_much(world: World, browse: Browse) -> None:
    case = paid(world)
    text = shown(browse, case).text
    assert "L’aide a été versée le" in text
    assert "2 200,00 €" in text
    assert "Déclarer les résultats du projet" in text


def test_a_refused_file_gives_its_reasons_and_the_routes_of_appeal(world: World, browse: Browse) -> None:
    case = refused(world)
    text = shown(browse, case).text
    assert "Le secteur d’activité est exclu" in text
    assert "{found}" not in text
    assert "tribunal administratif de La Réunion" in text
    assert "vous pouvez la contester jusqu’au 8 mai 2025 inclus" in text


def test_payments_held_by_a_change_of_account_are_told(world: World, browse: Browse) -> None:
    case, _claim = claimed(world)
    assert "Les versements attendent" not in shown(browse, case).text
    change(case)
    assert "Les versements attendent" in shown(browse, case).text


def test_without_bank_details_the_page_asks_for_them(world: World, browse: Browse) -> None:
    case = running(world)
    case.file.company.bank_details.all().delete()
    outline = shown(browse, case)
    assert "vos coordonnées bancaires manquent" in outline.text


def test_a_stranger_and_another_firm_see_nothing(world: World, browse: Browse) -> None:
    case, claim = claimed(world)
    reference = case.file.reference
    addresses = [
        f"/dossiers/{reference}/",
        *(f"/demandes/{reference}/{page}/" for page in (
            "pieces-demandees", "retirer", "resultats", "recours", "paiement", "paiement/1", "paiement/1/livrable",
            "paiement/1/factures/ajouter/1", "paiement/1/deposer", "paiement/1/retirer",
        )),
        f"/demandes/coordonnees-bancaires/{case.file.company_id}/",
    ]  # fmt: skip
    for address in addresses:
        assert browse(world.managers["F05"]).get(address).status_code == 404, address
        assert browse(world.staff["admin"]).get(address).status_code in (200, 404)
    for address in addresses[1:]:
        assert browse(world.staff["officer"]).get(address).status_code == 404, address
        assert browse(case.provider).get(address).status_code == 404, address
    assert Claim.objects.get(pk=claim.pk).state == "submitted"


def test_the_page_asks_few_questions_of_the_database(
    world: World, browse: Browse, django_assert_max_num_queries: object
) -> None:
    case = partly_accepted(world)
    browser = browse(case.manager)
    with django_assert_max_num_queries(36):  # type: ignore[operator]
        browser.get(f"/dossiers/{case.file.reference}/")


# --- pieces asked for


def test_pieces_are_handed_in_and_the_answer_gives_the_new_date(world: World, browse: Browse) -> None:
    case = asked(world)
    browser, address = browse(case.manager), f"/demandes/{case.file.reference}/pieces-demandees/"
    text = shown(browse, case, address).text
    for words in ("Extrait du registre", "Devis détaillé non signé", "Devis trop court.", "À joindre", "Il manque"):
        assert words in text
    for kind in ("register_extract", "quote"):
        assert browser.post(address, {"kind": kind, "file": paper()}).status_code == 302
    assert "Il manque" not in shown(browse, case, address).text
    response = browser.post(f"{address}envoyer/", follow=True)
    assert "La décision est attendue au plus tard le" in Outline(response.content.decode()).text
    assert case.file.state == "submitted"


def test_a_wrong_file_is_told_beside_its_field(world: World, browse: Browse) -> None:
    case = asked(world)
    address = f"/demandes/{case.file.reference}/pieces-demandees/"
    response = browse(case.manager).post(address, {"kind": "quote", "file": paper(content=b"MZ programme")})
    outline = sound(response.content.decode())
    assert response.status_code == 200
    assert "Joindre un fichier PDF, PNG ou JPEG" in outline.text
    wrong = [f for f in outline.all("input") if f.get("aria-invalid") == "true"]
    assert [field["id"] for field in wrong] == ["quote-file"]


def test_a_piece_is_taken_back_before_the_answer_only(world: World, browse: Browse) -> None:
    case = asked(world)
    browser, address = browse(case.manager), f"/demandes/{case.file.reference}/pieces-demandees/"
    earlier = case.file.documents.filter(kind="quote").get()
    assert browser.post(f"{address}{earlier.pk}/retirer/").status_code == 404
    days(1)
    browser.post(address, {"kind": "quote", "file": paper()})
    added = case.file.documents.filter(kind="quote").latest("pk")
    browser.post(f"{address}{added.pk}/retirer/")
    added.refresh_from_db()
    assert (added.deleted_at is not None, earlier.deleted_at) == (True, None)


def test_nothing_asked_leads_back_to_the_file(world: World, browse: Browse) -> None:
    case = running(world)
    response = browse(case.manager).get(f"/demandes/{case.file.reference}/pieces-demandees/", follow=True)
    assert "n’attend plus de pièces" in Outline(response.content.decode()).text


# --- withdrawal, results


def test_a_withdrawal_is_confirmed_then_done(world: World, browse: Browse) -> None:
    case = asked(world)
    address = f"/demandes/{case.file.reference}/retirer/"
    assert "Garder ma demande" in shown(browse, case, address).text
    response = browse(case.manager).post(address, {"reason": "Projet abandonné."}, follow=True)
    assert "Votre demande est retirée." in Outline(response.content.decode()).text
    assert case.file.state == "withdrawn"
    assert browse(case.manager).get(address).status_code == 404


def test_a_withdrawal_too_late_keeps_its_sentence(world: World, browse: Browse) -> None:
    case, claim = claimed(world)
    case.control(claim).certify(claim)
    gate.open_order(case.by("liquidator"), claim.pk)
    assert "Un versement est déjà ordonné" in shown(browse, case).text
    text = shown(browse, case, f"/demandes/{case.file.reference}/retirer/").text
    assert "Un versement est déjà ordonné" in text


def test_the_results_are_told_between_0_and_12(world: World, browse: Browse) -> None:
    case = paid(world)
    address = f"/demandes/{case.file.reference}/resultats/"
    assert "Lors de la demande, vous en aviez 3 sur douze." in shown(browse, case, address).text
    wrong = browse(case.manager).post(address, {"digital_intensity_after": "13"})
    assert wrong.status_code == 200
    assert "errorlist" in wrong.content.decode()
    browse(case.manager).post(address, {"digital_intensity_after": "9"})
    assert case.file.digital_intensity_after == 9


# --- appeal


def test_an_appeal_is_made_tracked_and_answered(world: World, browse: Browse) -> None:
    case = refused(world)
    address = f"/demandes/{case.file.reference}/recours/"
    empty = browse(case.manager).post(address, {"reason": "  "})
    assert "Dire en quelques mots" in sound(empty.content.decode()).text
    browse(case.manager).post(address, {"reason": "Notre secteur est celui du commerce."})
    assert (case.file.next_actor, str(case.file.due_on)) == ("decider", "2025-05-08")
    text = shown(browse, case, address).text
    assert "Notre secteur est celui du commerce." in text
    assert "La région répond au plus tard le 8 mai 2025" in text
    assert "Un recours est déjà en cours" in text
    answer = f"/instruction/{case.file.reference}/recours/"
    decider = browse(case.by("decider"))
    assert "Notre secteur" in sound(decider.get(answer).content.decode()).text
    decider.post(answer, {"outcome": "rejected", "reason": "Le code NAF est exclu par le règlement."})
    text = shown(browse, case, address).text
    assert "Recours rejeté" in text
    assert "Le code NAF est exclu par le règlement." in text
    assert case.file.next_actor == ""


def test_an_answer_without_its_reasons_is_not_kept(world: World, browse: Browse) -> None:
    case = refused(world)
    gate.record(case.manager, "application", case.pk, "appeal", reason="Non.")
    response = browse(case.by("decider")).post(
        f"/instruction/{case.file.reference}/recours/", {"outcome": "upheld", "reason": ""}, follow=True
    )
    assert "l’écrire avec ses motifs" in Outline(response.content.decode()).text
    assert case.file.next_actor == "decider"


def test_only_the_region_reads_and_answers_appeals(world: World, browse: Browse) -> None:
    case = refused(world)
    gate.record(case.manager, "application", case.pk, "appeal", reason="Non.")
    address = f"/instruction/{case.file.reference}/recours/"
    assert browse(case.manager).get(address).status_code == 404
    assert browse(case.by("accountant")).get(address).status_code == 404
    officer = browse(case.by("officer"))
    assert officer.get(address).status_code == 200
    response = officer.post(address, {"outcome": "upheld", "reason": "Oui."}, follow=True)
    assert "réservé à un autre rôle" in Outline(response.content.decode()).text


def test_nothing_to_contest_is_said(world: World, browse: Browse) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    outline = shown(browse, case, f"/demandes/{case.file.reference}/recours/")
    assert "Aucune décision ne peut être contestée" in outline.text
    assert not outline.all("textarea")
