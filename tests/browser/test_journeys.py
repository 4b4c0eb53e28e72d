"""A voucher's whole life and a refusal, each by its people, each in a browser of his own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import Locator

from applications.forms.company import declare
from applications.models import Application, PaymentRun
from applications.services.directory import look_up
from backoffice.demo.actors import days
from backoffice.demo.returns import accountant_return
from backoffice.demo.world import IBANS, PASSWORD, World
from regions import clock
from regions.models import User
from tests.browser.conftest import Opener
from tests.browser.pages import Visitor, link_to_provider
from workflows import gate, jobs

BOOKSHOP = "00000101600013"
AUTHOR = "lecture@librairie.example"
SECRET = "un-mot-de-passe-solide"
pytestmark = pytest.mark.django_db(transaction=True)


# --- the firm files


def simulate(firm: Visitor) -> None:
    """Before any account: am I eligible, and for how much."""
    firm.go("/").follow("Suis-je éligible")
    firm.fill(siret=BOOKSHOP).press("Remplir avec le SIRET")
    firm.fill(**{"headcount": "4", "turnover": "310000", "lines-0-amount": "1500"})
    firm.choose(**{"lines-0-category": "showcase_site"}).press("Calculer mon aide")
    assert "peut être aidée" in firm.text()
    assert "1 200,00 €" in firm.text()
    firm.press("Commencer ma demande avec ces réponses")


def sign_up(firm: Visitor) -> None:
    """An account, proved by the code of the message, and the firm bound to it."""
    firm.fill(email=AUTHOR, name="Océane Lecture", password1=SECRET).tick("[name=representative]")
    firm.press("Créer mon compte")
    firm.fill(code=firm.code_sent(AUTHOR)).press("Confirmer")


def fill_steps(firm: Visitor, words: dict[str, str], project: str, line: tuple[str, str, str] | None = None) -> None:
    """The seven steps, from the firm's figures to the acknowledgement."""
    firm.choose(independent="yes").press(words["next"])
    firm.fill(title=project).press(words["next"])
    if line:
        firm.choose(category=line[0]).fill(label=line[1], amount=line[2])
    firm.press(words["next"])
    firm.tick("[name=provider]").press(words["next"])
    firm.fill(declared_de_minimis="0").press(words["next"])
    firm.hand_in("input[type=file]:not([name=other])").press(words["next"])
    firm.tick("[name=declared_accurate]").press(words["file"])
    assert words["done"] in firm.text()


FRENCH = {
    "start": "Commencer la demande", "next": "Enregistrer et continuer", "file": "Déposer la demande",
    "done": "Votre demande est déposée",
}  # fmt: skip


# --- the region examines, decides, notifies


def examine(officer: Visitor, reference: str) -> None:
    officer.go("/?queue=to-take").follow(reference)
    officer.act("/mention/take/").act("/acte/accept_complete/").act("/confirmer/")


def confirm_engagement(provider: Visitor, email: str) -> None:
    """From the link of the message, signed out: sign in first, then confirm."""
    provider.go(link_to_provider(email)).follow("Se connecter").sign_in(email)
    provider.press("Confirmer mon engagement")
    assert "Engagement confirmé" in provider.text()


def claim(firm: Visitor, reference: str) -> None:
    """The work confirmed, an invoice, the deliverable, the documents, the bank details, the filing."""
    day = (clock.today() - timedelta(days=1)).isoformat()
    firm.go(f"/dossiers/{reference}/").follow("Demander le paiement")
    firm.tick('[name=extent][value="all"]').fill(done_on=day).press("Continuer")
    firm.follow("Ajouter une facture").fill(invoice_number="FA-1", invoiced_on=day, paid_on=day).press("Enregistrer")
    firm.follow("Modifier le livrable").fill(deliverable_url="https://librairie.invalid/").press("Enregistrer")
    for kind in ("invoice", "payment_proof", "provider_report", "deliverable"):
        attach(firm, kind)
    firm.follow("Relire ma demande").follow("Les indiquer")
    firm.fill(holder="Exemple Librairie", iban=IBANS[0]).press("Enregistrer")
    firm.go(f"/demandes/{reference}/paiement/1/deposer/").press("Déposer la demande de paiement")
    assert "Demande de paiement déposée" in firm.text()


def attach(firm: Visitor, kind: str) -> None:
    part = f'section[aria-labelledby="piece-{kind}"]'
    firm.hand_in(f"{part} input[type=file]")
    firm._leave(firm.page.locator(f"{part} form[enctype] button"))


# --- the paying side


def pay(opened: Callable[[str], Visitor]) -> None:
    liquidator, authorising, accountant = opened("liquidator"), opened("authorising"), opened("accountant")
    liquidator.go("/paiements/").tick("[name=claim]").press("Préparer les mandats choisis")
    authorising.go("/paiements/a-signer/").tick("[name=order]").press("Signer les mandats choisis")
    authorising.go("/paiements/a-transmettre/")._leave(authorising.page.locator('form[action*="transmettre"] button'))
    days(7)
    content = accountant_return(PaymentRun.objects.get(), clock.today(), "PAYE")
    accountant.go("/paiements/retours/").hand_in(name="retour.csv", content=content).press("Essayer ce fichier")
    accountant.press("Lire ce retour pour de bon")
    jobs.drain()
    accountant.go(accountant.page.url)
    assert "payé" in accountant.text()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_voucher_from_simulation_to_payment(people: Callable[..., World], visitor: Opener, width: int) -> None:
    people("F01")

    def staff(name: str) -> Visitor:
        return visitor(name, width=width).sign_in(f"{name}@demo.example")

    firm = visitor("firm", width=width)
    simulate(firm)
    sign_up(firm)
    firm.press(FRENCH["start"])
    fill_steps(firm, FRENCH, "Une vitrine pour la librairie")
    reference = Application.objects.get().reference
    days(2)
    officer = visitor("officer", width=width).go("/connexion/").follow("Recevoir plutôt un code par courriel")
    officer.fill(email="officer@demo.example").press("Envoyer le code")
    officer.fill(code=officer.code_sent("officer@demo.example")).press("Se connecter")
    examine(officer, reference)
    days(1)
    confirm_engagement(visitor("provider", width=width), "p01@demo.example")
    days(3)
    officer.go(f"/dossiers/{reference}/").act("/acte/propose/")
    days(4)
    staff("decider").go("/").follow(reference).act("/acte/grant/")
    days(1)
    staff("notifier").go("/").follow(reference).act("/acte/notify/")
    days(12)
    claim(firm, reference)
    days(3)
    officer.go(f"/dossiers/{reference}/").act("/lignes/").act("/acte/control/")
    staff("certifier").go("/").follow(reference).act("/acte/verify/")
    days(2)
    pay(staff)
    firm.go(f"/dossiers/{reference}/")
    assert "payé" in firm.text().lower()
    assert "1 200,00 €" in firm.text()


# --- a refusal, in English


def english(words: str) -> str:
    """The words of a button as the English pages say them."""
    with override("en"):
        return gettext(words)


def switch(visitor: Visitor) -> Visitor:
    """The pages in English, by the button of the page."""
    with visitor.page.expect_navigation(wait_until="load"):
        visitor.page.locator("form.languages button").click()
    return visitor.look()


def staff_in_english(visitor: Opener, name: str, email: str) -> Visitor:
    """The device is switched to English on the sign-in page, and stays so."""
    one = visitor(name, lang="en")
    one.page.goto("/connexion/")
    return switch(one).sign_in(email)


def test_a_refusal_and_its_appeal_in_english(people: Callable[..., World], visitor: Opener) -> None:
    world = people("F04")
    firm = staff_in_english(visitor, "large firm", "f04@demo.example")
    firm.go("/aides/").follow(english("Déposer une demande")).press(english(FRENCH["start"]))
    words = {key: english(sentence) for key, sentence in FRENCH.items()}
    fill_steps(firm, words, "A shop window", ("showcase_site", "Website", "1500"))
    reference = Application.objects.get().reference
    days(2)
    officer = staff_in_english(visitor, "officer", "officer@demo.example")
    examine(officer, reference)
    gate.record(world.provider_users["P01"], "application", Application.objects.get().pk, "provider", finding="green")
    days(3)
    officer.go(f"/dossiers/{reference}/").act("/acte/propose/")
    days(4)
    decider = staff_in_english(visitor, "decider", "decider@demo.example")
    decider.go("/").follow(reference).act("/acte/refuse/")
    days(1)
    firm.go(f"/dossiers/{reference}/")
    assert "120" in firm.page.locator('section[aria-labelledby="reasons"]').inner_text()
    read = [firm.context.request.get(link.get_attribute("href") or "").body()[:5] for link in letters(firm)]
    assert len(read) == 2
    assert set(read) == {b"%PDF-"}
    firm.follow(english("Voir ou faire un recours")).fill(reason="Our headcount was counted in persons.")
    firm.press(english("Envoyer le recours"))
    decider.go(f"/instruction/{reference}/recours/").tick("[name=outcome]").fill(reason="The count is yours.")
    decider.press(english("Enregistrer la réponse"))
    firm.go(f"/demandes/{reference}/recours/")
    assert "The count is yours." in firm.text()


def letters(firm: Visitor) -> list[Locator]:
    """The links to the region's letters on the file's page."""
    return firm.page.locator('section[aria-labelledby="papers"] ul').first.locator("a").all()


# --- the shortest application, and without script


def newcomer() -> str:
    """A firm that the house knows by its register only, and its representative."""
    user = User.objects.create_user(AUTHOR, "Océane Lecture", PASSWORD)
    declare(user, look_up(BOOKSHOP).facts)
    return AUTHOR


def test_the_shortest_application(people: Callable[..., World], visitor: Opener, capsys: Any) -> None:
    """From the list of aids to the acknowledgement, by a firm of which nothing but the register is known."""
    people()
    firm = visitor("newcomer", axe=False).sign_in(newcomer())
    firm.fields, firm.screens = 0, []
    firm.go("/aides/").follow("Déposer une demande").press(FRENCH["start"])
    firm.fill(headcount="4", turnover="310000")
    fill_steps(firm, FRENCH, "Une vitrine", ("showcase_site", "Site vitrine", "1500"))
    screens = list(dict.fromkeys(firm.screens))
    with capsys.disabled():
        sys.stdout.write(f"\nThe shortest application: {firm.fields} fields, {len(screens)} screens\n")
    assert firm.fields <= 25
    assert len(screens) <= 10


def test_a_firm_files_without_script(people: Callable[..., World], visitor: Opener) -> None:
    people("F01")
    firm = visitor("plain", width=390, script=False).sign_in("f01@demo.example")
    firm.go("/").follow("Demander une aide").follow("Déposer une demande").press(FRENCH["start"])
    fill_steps(firm, FRENCH, "Un site", ("showcase_site", "Site vitrine", "1500"))
    assert Application.objects.get().state == "submitted"
