"""The payment claim in a browser: the work confirmed, invoices, documents, filing, and the result of the control."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from applications.models import Claim, ClaimLine
from backoffice.demo.actors import Case, days
from backoffice.demo.world import World
from regions import clock
from tests.backoffice.applicant_file.conftest import Browse, change, claimed, paper, running
from tests.backoffice.test_pages import Outline, sound
from workflows import gate
from workflows.models import Event

pytestmark = pytest.mark.django_db


def read(browser: Client, address: str, data: dict[str, Any] | None = None) -> Outline:
    """The page got, or reached after a POST."""
    response = browser.get(address, follow=True) if data is None else browser.post(address, data, follow=True)
    assert response.status_code == 200
    return sound(response.content.decode())


def invoice(case: Case, **changes: Any) -> dict[str, Any]:
    today = clock.today("Indian/Reunion").isoformat()
    line = case.file.lines.get(number=1)
    siret = case.file.provider.siret if case.file.provider else ""
    given = {
        "line": line.pk, "invoice_number": "FA-1", "supplier_siret": siret, "invoiced_on": today, "paid_on": today,
        "amount": "1 500,00",
    }  # fmt: skip
    return given | changes


@pytest.fixture
def case(world: World) -> Case:
    case = running(world)
    days(10)
    return case


def begun(case: Case, browser: Client) -> str:
    """The address of a claim just begun."""
    done = clock.today("Indian/Reunion").isoformat()
    browser.post(f"/demandes/{case.file.reference}/paiement/", {"extent": "all", "done_on": done})
    return f"/demandes/{case.file.reference}/paiement/1/"


def test_a_claim_from_the_work_done_to_the_filing(case: Case, browse: Browse) -> None:
    browser = browse(case.manager)
    assert "Où en sont les travaux" in read(browser, f"/demandes/{case.file.reference}/paiement/").text
    address = begun(case, browser)
    assert Event.objects.filter(act="record.work_done").count() == 1
    text = read(browser, address).text
    assert "Il manque encore :" in text
    assert "Ordinateur portable" not in text
    form = read(browser, f"{address}factures/ajouter/1/")
    values = {f["name"]: f.get("value") for f in form.all("input") if f.get("value")}
    provider = case.file.provider
    assert values["supplier_siret"] == (provider.siret if provider else None)
    assert "La facture est enregistrée" in read(browser, f"{address}factures/ajouter/1/", invoice(case)).text
    for kind in ("invoice", "payment_proof", "provider_report", "deliverable"):
        browser.post(address, {"kind": kind, "file": paper()})
    browser.post(f"{address}livrable/", {"deliverable_url": "https://exemple.invalid/", "is_final": "on"})
    assert "Tout y est." in read(browser, address).text
    review = read(browser, f"{address}deposer/").text
    assert "1 500,00 €" in review
    assert "Déposer la demande de paiement" in review
    text = read(browser, f"{address}deposer/", {}).text
    assert "Versement attendu au plus tard le" in text
    claim = Claim.objects.get()
    assert (claim.state, claim.is_final, claim.amount_declared) == ("submitted", True, 1500)


def test_the_review_lists_what_is_missing_and_the_gate_refuses(case: Case, browse: Browse) -> None:
    browser = browse(case.manager)
    address = begun(case, browser)
    review = read(browser, f"{address}deposer/")
    for words in ("Il manque :", "Au moins une facture", "Preuve de paiement", "Rapport du prestataire"):
        assert words in review.text
    assert "Joindre les pièces demandées" in read(browser, f"{address}deposer/", {}).text
    assert Claim.objects.get().state == "draft"


def test_a_claim_begun_is_taken_up_again(case: Case, browse: Browse) -> None:
    browser = browse(case.manager)
    address = begun(case, browser)
    response = browser.get(f"/demandes/{case.file.reference}/paiement/")
    assert response.headers["Location"] == address
    page = read(browser, f"/dossiers/{case.file.reference}/")
    assert "Terminer ma demande de paiement" in page.text


def test_a_first_part_is_claimed_without_the_end_of_the_works(case: Case, browse: Browse) -> None:
    browser = browse(case.manager)
    browser.post(f"/demandes/{case.file.reference}/paiement/", {"extent": "part"})
    assert Claim.objects.get().is_final is False
    assert not Event.objects.filter(act="record.work_done").exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Ce champ est obligatoire"),
        ({"extent": "all"}, "Indiquer le jour où les travaux"),
        ({"extent": "all", "done_on": "2031-01-01"}, "dans l’avenir"),
        ({"extent": "all", "done_on": "2024-01-01"}, "précède la notification"),
    ],
)
def test_the_end_of_the_works_is_a_sensible_day(case: Case, browse: Browse, given: dict[str, str], words: str) -> None:
    text = read(browse(case.manager), f"/demandes/{case.file.reference}/paiement/", given).text
    assert words in text
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"supplier_siret": "12345678901234"}, "Ce SIRET n’est pas valable"),
        ({"amount": "0"}, "supérieur à zéro"),
        ({"amount": "beaucoup"}, "Saisissez un nombre"),
        ({"invoice_number": ""}, "Ce champ est obligatoire"),
        ({"invoiced_on": (clock.today() + timedelta(days=400)).isoformat()}, "dans l’avenir"),
    ],
)
def test_a_wrong_invoice_is_told_and_nothing_typed_is_lost(
    case: Case, browse: Browse, changes: dict[str, str], words: str
) -> None:
    browser = browse(case.manager)
    address = begun(case, browser)
    outline = read(browser, f"{address}factures/ajouter/1/", invoice(case, **changes))
    assert words in outline.text
    typed = {field.get("name"): field.get("value") for field in outline.all("input")}
    assert typed["supplier_siret"] == invoice(case, **changes)["supplier_siret"]
    assert not ClaimLine.objects.exists()


def test_an_invoice_is_corrected_presented_once_and_taken_out(case: Case, browse: Browse) -> None:
    browser = browse(case.manager)
    address = begun(case, browser)
    browser.post(f"{address}factures/ajouter/1/", invoice(case))
    assert "déjà présentée" in read(browser, f"{address}factures/ajouter/1/", invoice(case)).text
    line = ClaimLine.objects.get()
    browser.post(f"{address}factures/{line.pk}/", invoice(case, amount="1200"))
    line.refresh_from_db()
    assert line.amount == 1200
    assert "La facture est retirée" in read(browser, f"{address}factures/{line.pk}/retirer/", {}).text
    assert not ClaimLine.objects.exists()


def test_a_document_is_taken_back_before_filing_only(world: World, browse: Browse) -> None:
    case, claim = claimed(world)
    browser, address = browse(case.manager), f"/demandes/{case.file.reference}/paiement/1/"
    document = claim.documents.filter(kind="invoice").get()
    assert browser.post(f"{address}pieces/{document.pk}/retirer/").status_code == 404
    assert "ne peut plus être modifiée" in read(browser, address, {"kind": "invoice", "file": paper()}).text
    line = claim.lines.get()
    assert "ne peut plus être modifiée" in read(browser, f"{address}factures/{line.pk}/retirer/", {}).text
    assert "ne peut plus être modifiée" in read(browser, f"{address}factures/{line.pk}/", invoice(case)).text
    assert "ne peut plus être modifiée" in read(browser, f"{address}livrable/", {"is_final": "on"}).text


def test_a_wrong_document_is_told_in_its_place(case: Case, browse: Browse) -> None:
    browser = browse(case.manager)
    address = begun(case, browser)
    outline = read(browser, address, {"kind": "payment_proof", "file": paper(content=b"rien")})
    assert "Joindre un fichier PDF" in outline.text
    wrong = [field["id"] for field in outline.all("input") if field.get("aria-invalid") == "true"]
    assert wrong == ["payment_proof-file"]


def test_the_region_s_question_about_a_claim_is_answered(world: World, browse: Browse) -> None:
    case, claim = claimed(world)
    gate.move(case.by("officer"), "claim", claim.pk, "request_items", kinds=["payment_proof"], reason="Illisible.")
    days(3)
    browser, address = browse(case.manager), f"/demandes/{case.file.reference}/paiement/1/"
    assert "Compléter ma demande de paiement" in read(browser, f"/dossiers/{case.file.reference}/").text
    text = read(browser, address).text
    for words in ("La région attend des compléments", "Illisible.", "Il manque encore :", "Envoyer ma réponse"):
        assert words in text
    browser.post(address, {"kind": "payment_proof", "file": paper()})
    line = claim.lines.get()
    browser.post(f"{address}factures/{line.pk}/", invoice(case, line=line.line_id, amount="1600"))
    assert "Versement attendu" in read(browser, f"{address}repondre/", {}).text
    claim = Claim.objects.get(pk=claim.pk)
    assert (claim.state, claim.amount_declared) == ("submitted", 1600)


def test_the_result_of_the_control_is_read_line_by_line(world: World, browse: Browse) -> None:
    case, claim = claimed(world)
    browser, address = browse(case.manager), f"/demandes/{case.file.reference}/paiement/1/"
    case.control(claim, {1: ("1000.00", "publicity", "Logos absents.")})
    assert "Logos absents." not in read(browser, address).text
    case.certify(claim)
    text = read(browser, address).text
    for words in ("Obligations de publicité non respectées", "Logos absents.", "1 000,00 €", "Aide à payer"):
        assert words in text


def test_a_claim_is_withdrawn_and_made_again(world: World, browse: Browse) -> None:
    case, claim = claimed(world)
    browser, address = browse(case.manager), f"/demandes/{case.file.reference}/paiement/1/retirer/"
    assert "avec les mêmes factures" in read(browser, address).text
    assert "est retirée" in read(browser, address, {}).text
    assert Claim.objects.get(pk=claim.pk).state == "withdrawn"
    assert browser.get(address).status_code == 404
    assert "Où en sont les travaux" in read(browser, f"/demandes/{case.file.reference}/paiement/").text


def test_a_claim_warns_when_the_account_is_changing_or_missing(case: Case, browse: Browse) -> None:
    browser = browse(case.manager)
    address = begun(case, browser)
    change(case)
    assert "Les versements attendent" in read(browser, f"{address}deposer/").text
    case.file.company.bank_details.all().delete()
    assert "Vos coordonnées bancaires manquent" in read(browser, f"{address}deposer/").text


def test_no_payment_before_notification(world: World, browse: Browse) -> None:
    case = Case(world, "F01").fill(("showcase_site", "Site", "1500.00")).file_it().grant()
    browser = browse(case.manager)
    assert "après la notification" in read(browser, f"/demandes/{case.file.reference}/paiement/").text
