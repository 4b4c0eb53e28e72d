"""A project under way by its payment model: share, report, advance, loan, another provider, claim."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from applications.models import Application, Claim
from backoffice.demo.actors import Case
from backoffice.demo.world import IBANS, World
from regions import clock
from tests.backoffice.applicant_file.conftest import Browse, paper, running
from tests.backoffice.test_pages import Outline, sound
from tests.kinds import drafted, notified, opened
from workflows import gate
from workflows.models import Event

pytestmark = pytest.mark.django_db
PLAN = ("action_plan", "Plan d’action", "4000.00")
ANALYSIS = ("potential_analysis", "Analyse", "8000.00")


def read(browser: Client, address: str, data: dict[str, Any] | None = None) -> Outline:
    response = browser.get(address, follow=True) if data is None else browser.post(address, data, follow=True)
    assert response.status_code == 200, address
    return sound(response.content.decode())


def base(case: Case) -> str:
    return f"/demandes/{case.file.reference}"


def home(case: Case) -> str:
    return f"/dossiers/{case.file.reference}/"


def reported(case: Case, browse: Browse, **more: Any) -> None:
    """The provider hands his report in by his own page."""
    page = f"/prestataire/dossiers/{case.file.reference}/rapport/"
    assert browse(case.provider).post(page, {"file": paper()} | more).status_code == 302


def received(case: Case, amount: str) -> None:
    gate.record(
        case.by("accountant"), "application", case.pk, "share_received", amount=Decimal(amount), reference="V-1",
        value_date=clock.today("Indian/Reunion"),
    )  # fmt: skip


def invoiced(case: Case, browser: Client, **more: Any) -> Claim:
    """A claim begun, with one invoice on the first line and every document asked, but not filed."""
    today = clock.today("Indian/Reunion").isoformat()
    browser.post(f"{base(case)}/paiement/", {"extent": "all", "done_on": today})
    claim = case.file.claims.get(kind="expenses")
    line = case.file.lines.get(number=1)
    siret = case.file.provider.siret if case.file.provider else case.file.company.siret
    given = {
        "line": line.pk, "invoice_number": "FA-1", "supplier_siret": siret, "invoiced_on": today, "paid_on": "",
        "amount": str(line.amount), "quantity": str(line.quantity or ""),
    }  # fmt: skip
    browser.post(f"{base(case)}/paiement/{claim.number}/factures/ajouter/1/", given | more)
    for kind in case.file.scheme_version.rule("evidence", "claim"):
        if kind != "provider_report":
            browser.post(f"{base(case)}/paiement/{claim.number}/", {"kind": kind, "file": paper()})
    return claim


def test_the_firm_pays_its_share_first_reads_the_report_and_the_provider_is_paid(world: World, browse: Browse) -> None:
    case = notified(drafted(opened(world, "cheque-transformation"), PLAN))
    world.providers["P01"].bank_details.all().delete()
    browser = browse(case.manager)
    text = read(browser, home(case)).text
    for words in ("verser sa part, puis faire réaliser", "Verser ma part", "Votre part est attendue d’abord"):
        assert words in text, words
    assert "Verser d’abord votre part : le règlement le demande avant tout paiement." in text
    share = read(browser, f"{base(case)}/ma-part/").text
    for words in ("1 000,00 €", "Par virement", f"Écrire {case.file.reference} dans le libellé"):
        assert words in share, words
    received(case, "1000.00")
    share = read(browser, f"{base(case)}/ma-part/").text
    assert "Votre part est là" in share
    assert "V-1" in share
    assert "Le prestataire réalise sa prestation" in read(browser, home(case)).text
    assert "n’a pas encore remis son rapport" in read(browser, f"{base(case)}/paiement/").text
    reported(case, browse)
    text = read(browser, home(case)).text
    assert "lire le rapport du prestataire et le valider" in text
    page = read(browser, f"{base(case)}/rapport/")
    assert page.all("iframe")
    assert "p01@demo.example" in page.text
    assert "Le rapport est validé." in read(browser, f"{base(case)}/rapport/", {}).text
    claim = invoiced(case, browser)
    claim_page = read(browser, f"{base(case)}/paiement/{claim.number}/").text
    assert "Le rapport que le prestataire a remis part avec la demande" in claim_page
    assert "Non payée" not in claim_page
    review = read(browser, f"{base(case)}/paiement/{claim.number}/deposer/").text
    assert "Les coordonnées bancaires de votre prestataire manquent" in review
    assert "n’a pas de date de paiement" not in review
    read(browser, f"{base(case)}/paiement/{claim.number}/deposer/", {})
    claim.refresh_from_db()
    assert claim.state == "submitted"
    assert claim.documents.filter(kind="provider_report").count() == 1


def test_a_report_waits_for_the_provider_then_for_the_firm(world: World, browse: Browse) -> None:
    case = notified(drafted(opened(world, "accompagnement-numerique"), ANALYSIS))
    browser = browse(case.manager)
    text = read(browser, home(case)).text
    assert "Aucun rapport du prestataire n’attend votre validation." in text
    assert "Versée à votre prestataire" in text
    assert browser.get(f"{base(case)}/ma-part/").status_code == 404
    reported(case, browse, recommended=["cybersecurity"])
    assert case.file.recommended == ["cybersecurity"]
    event = Event.objects.get(act="record.report")
    assert event.actor == case.provider
    assert "Valider le rapport" in read(browser, f"{base(case)}/rapport/").text
    assert browse(case.world.managers["F05"]).get(f"{base(case)}/rapport/").status_code == 404


def test_an_advance_is_asked_for_with_its_papers_and_no_invoice(world: World, browse: Browse) -> None:
    case = notified(drafted(opened(world, "impulsion-export"), ("translation", "Traduction", "30000.00")))
    browser = browse(case.manager)
    text = read(browser, home(case)).text
    for words in (
        "Demander l’avance : 4 500,00 €", "Demander le versement : Avance remboursable, 9 000,00 €",
        "Demander le versement : Prêt, 9 000,00 €", "Demander le paiement", "Mes remboursements", "Garantie",
    ):  # fmt: skip
        assert words in text, words
    page = read(browser, f"{base(case)}/versement/grant/").text
    assert "Elle se déduit du solde" in page
    claim_page = read(browser, f"{base(case)}/versement/grant/", {}).text
    assert "Avance sur la subvention" in claim_page
    assert "Les factures" not in claim_page
    assert "Somme demandée 4 500,00 €" in claim_page
    claim = case.file.claims.get()
    assert (claim.kind, claim.instrument, claim.is_final) == ("advance", "grant", False)
    for page in ("livrable", "factures/ajouter/1"):
        assert browser.get(f"{base(case)}/paiement/1/{page}/").status_code == 404
    asked = case.file.scheme_version.rule("evidence", "advance")
    assert "Il manque" in read(browser, f"{base(case)}/paiement/1/deposer/").text
    for kind in asked:
        browser.post(f"{base(case)}/paiement/1/", {"kind": kind, "file": paper()})
    review = read(browser, f"{base(case)}/paiement/1/deposer/").text
    assert "employer cette somme pour le projet aidé" in review
    read(browser, f"{base(case)}/paiement/1/deposer/", {})
    claim.refresh_from_db()
    assert (claim.state, claim.amount_declared) == ("submitted", Decimal("4500.00"))
    text = read(browser, home(case)).text
    assert "Demander l’avance" not in text
    assert "Une autre demande de paiement est en cours" in text
    again = read(browser, f"{base(case)}/versement/grant/").text
    assert "il est déjà demandé" in again


def test_a_loan_is_released_and_its_schedule_followed(world: World, browse: Browse) -> None:
    case = notified(drafted(opened(world, "impulsion-export"), ("translation", "Traduction", "30000.00")))
    browser = browse(case.manager)
    assert "L’échéancier s’affichera ici" in read(browser, f"{base(case)}/remboursements/").text
    page = read(browser, f"{base(case)}/versement/loan/").text
    assert "Remboursement sur 60 mois, dont 12 sans rien rembourser, puis tous les 3 mois." in page
    read(browser, f"{base(case)}/versement/loan/", {})
    assert case.file.claims.get().instrument == "loan"
    loan = case.file.agreement.components.get(instrument="loan")
    rows = [(1, date(2025, 3, 1), date(2025, 3, 2)), (2, date(2025, 3, 5), None), (3, date(2026, 9, 1), None)]
    for number, due_on, paid_on in rows:
        loan.instalments.create(number=number, due_on=due_on, principal=Decimal("100.00"), paid_on=paid_on)
    text = read(browser, f"{base(case)}/remboursements/").text
    for words in ("Reste à rembourser, hors intérêts 200,00 €", "Remboursée", "En retard", "À venir", "5 mars 2025"):
        assert words in text, words
    assert "Prochain remboursement : Prêt" in read(browser, home(case)).text
    assert browser.get(f"{base(case)}/versement/guarantee/").status_code == 302


def test_an_unknown_release_leads_back_with_a_sentence(world: World, browse: Browse) -> None:
    case = running(world)
    text = read(browse(case.manager), f"{base(case)}/versement/loan/").text
    assert "Ce versement n’est pas prévu par la décision" in text
    assert browse(case.manager).get(f"{base(case)}/remboursements/").status_code == 404


def test_days_are_claimed_with_their_number(world: World, browse: Browse) -> None:
    other = opened(world, "accompagnement-numerique")
    case = drafted(other, ANALYSIS)
    Application.objects.filter(pk=case.pk).update(
        state="completed", submitted_at=clock.now(), recommended=["cybersecurity"], amount_granted=4000
    )
    second = drafted(other)
    Application.objects.filter(pk=second.pk).update(level=2, follows=case.pk)
    second.fill(("cybersecurity", "Sécurité", "11000.00", "10"))
    notified(second)
    assert second.file.amount_granted == Decimal("5500.00")
    browser = browse(second.manager)
    reported(second, browse)
    browser.post(f"{base(second)}/rapport/")
    claim = invoiced(second, browser, quantity="8", amount="8 800,00")
    assert claim.lines.get().quantity == Decimal("8.00")
    assert "jours : 8" in read(browser, f"{base(second)}/paiement/{claim.number}/").text


def test_another_provider_only_when_the_rules_allow_it(world: World, browse: Browse) -> None:
    other = opened(world, "conseil-digital")
    case = drafted(other, ("digital_strategy", "Stratégie", "9000.00")).file_it()
    browser = browse(case.manager)
    case.act("officer", "accept_complete")
    assert "Le prestataire ne se change que" in read(browser, f"{base(case)}/changer-de-prestataire/").text
    gate.record(case.provider, "application", case.pk, "provider", finding="red", reason="Plus de place.")
    page = read(browser, f"{base(case)}/changer-de-prestataire/").text
    assert "Le dossier reste le même" in page
    assert "Exemple Numérique 1" in page
    wrong = read(browser, f"{base(case)}/changer-de-prestataire/", {"provider": other.providers["P01"].pk}).text
    assert "Choisir un autre prestataire." in wrong
    given = {"provider": other.providers["P02"].pk, "reason": "Il a refusé."}
    assert "Votre prestataire est changé" in read(browser, f"{base(case)}/changer-de-prestataire/", given).text
    assert case.file.provider == other.providers["P02"]


def test_the_money_of_a_provider_without_bank_details_is_told(world: World, browse: Browse) -> None:
    case = notified(drafted(opened(world, "kit-numerique"), ("website", "Site", "1500.00")))
    browser = browse(case.manager)
    world.providers["P01"].bank_details.all().delete()
    reported(case, browse)
    browser.post(f"{base(case)}/rapport/")
    assert "Votre prestataire n’a pas encore indiqué ses coordonnées" in read(browser, home(case)).text
    case.file.provider.bank_details.create(holder="P", iban=IBANS[0], valid_from=clock.today())  # type: ignore[union-attr]
    text = read(browser, home(case)).text
    assert "n’a pas encore indiqué" not in text
    assert "L’aide est payée sur le compte de Exemple Numérique 1" in text
