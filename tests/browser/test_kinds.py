"""Two other kinds of aid, each by its people: a consulting file paid to the provider, an e-export group of four."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from applications.models import Application
from backoffice.demo.actors import days
from backoffice.demo.places import ELSEWHERE
from backoffice.demo.world import World, settle
from regions import clock
from regions.territory import load_regions
from tests.browser.conftest import Opener
from tests.browser.pages import Visitor, link_to_provider
from tests.browser.test_journeys import FRENCH, attach
from tests.conftest import OPENING
from workflows import gate, payments

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def placed(transactional_db: None) -> Callable[[str], World]:
    """The region of a scheme with its people, its providers and its firms."""

    def make(code: str) -> World:
        clock.simulate(OPENING)
        load_regions()
        return settle(next(place for place in ELSEWHERE if place.scheme == code))

    return make


def apply(firm: Visitor) -> None:
    """From the catalogue to the second step: her figures are known."""
    firm.go("/aides/").follow("Déposer une demande").press(FRENCH["start"]).choose(independent="yes").press(
        FRENCH["next"]
    )


def finish(firm: Visitor) -> str:
    """Other aid, documents, declaration."""
    firm.fill(declared_de_minimis="0").press(FRENCH["next"])
    firm.hand_in("input[type=file]:not([name=other])").press(FRENCH["next"])
    firm.tick("[name=declared_accurate]").press(FRENCH["file"])
    assert FRENCH["done"] in firm.text()
    return Application.objects.get().reference


def decide(world: World, file: Application, *checks: str) -> None:
    """The region's part: checked, proposed, granted, notified; each by its own person."""
    gate.record(world.staff["officer"], "application", file.pk, "documents", finding="green")
    for kind in checks:
        gate.record(world.staff["officer"], "application", file.pk, kind, finding="green")
    gate.move(world.staff["officer"], "application", file.pk, "propose")
    days(3)
    gate.move(world.staff["decider"], "application", file.pk, "grant", delegation="Délégation du 2 janvier 2025")
    gate.move(world.staff["notifier"], "application", file.pk, "notify")
    days(10)


def pay(world: World, file: Application) -> None:
    """Controlled, certified, ordered and signed; then in the hands of the public accountant."""
    claim = file.claims.get(state="submitted")
    for line in claim.lines.all():
        gate.record(
            world.staff["officer"], "claim", claim.pk, "line_control", line=line.pk, accepted=line.amount, code=""
        )
    gate.move(world.staff["officer"], "claim", claim.pk, "control")
    gate.move(world.staff["certifier"], "claim", claim.pk, "verify")
    order = gate.open_order(world.staff["liquidator"], claim.pk)
    pk = int(order.object.partition(":")[2])
    gate.move(world.staff["authorising"], "order", pk, "sign", delegation="Délégation du 2 janvier 2025")
    payments.send_run(world.region, by=world.staff["authorising"])


@pytest.mark.parametrize("width", [390])
def test_a_consulting_file_paid_to_the_provider(placed: Callable[[str], World], visitor: Opener, width: int) -> None:
    world = placed("accompagnement-numerique")
    key = next(iter(world.managers))
    firm = visitor("firm", width=width).sign_in(world.managers[key].email)
    apply(firm)
    firm.fill(title="Mieux vendre en ligne").press(FRENCH["next"])
    assert "seul le premier niveau est ouvert" in firm.text()
    firm.press(FRENCH["next"])
    firm.choose(category="potential_analysis").fill(label="Analyse", amount="8000").press(FRENCH["next"])
    firm.tick("[name=provider]").press(FRENCH["next"])
    reference = finish(firm)
    file = Application.objects.get()
    days(2)
    officer = visitor("officer", width=width).sign_in(world.staff["officer"].email)
    officer.go("/?queue=to-take").follow(reference).act("/mention/take/")
    officer.act("/acte/accept_complete/").act("/confirmer/")
    days(1)
    email = world.provider_users["P01"].email
    provider = visitor("provider", width=width)
    provider.go(link_to_provider(email)).follow("Se connecter").sign_in(email).press("Confirmer mon engagement")
    decide(world, file)
    provider.go(f"/dossiers/{reference}/").hand_in("[name=file]").tick('[name=recommended][value="cybersecurity"]')
    provider.press("Déposer le rapport")
    firm.go(f"/dossiers/{reference}/").follow("Lire et valider le rapport").press("Valider le rapport")
    day = (clock.today() - timedelta(days=1)).isoformat()
    firm.follow("Demander le paiement").tick('[name=extent][value="all"]').fill(done_on=day).press("Continuer")
    firm.follow("Ajouter une facture").fill(invoice_number="FA-1", invoiced_on=day).press("Enregistrer")
    for kind in ("invoice", "payment_proof", "claim_assignment"):
        attach(firm, kind)
    firm.follow("Relire ma demande").press("Déposer la demande de paiement")
    pay(world, file)
    provider.go(f"/dossiers/{reference}/")
    assert "La région vous paie directement" in provider.text()
    assert "4 000,00 €" in provider.text()
    firm.go(f"/dossiers/{reference}/")
    assert "L’aide est payée sur le compte de" in firm.text()


def test_an_e_export_group_of_four(placed: Callable[[str], World], visitor: Opener) -> None:
    world = placed("groupement-export")
    lead, *others = list(world.managers)[:4]
    firm = visitor("lead", width=390).sign_in(world.managers[lead].email)
    apply(firm)
    firm.fill(title="Vendre ensemble au Japon").press(FRENCH["next"])
    for key in others:
        firm.fill(siren=world.companies[key].siren).press("Ajouter")
    assert "4 entreprises pour le moment" in firm.text()
    firm.press(FRENCH["next"])
    for category, label in (("market_study", "Étude du marché"), ("marketplace_commission", "Commission")):
        firm.choose(category=category).fill(label=label, amount="40000")
        firm.press("Enregistrer et ajouter une autre dépense")
    assert "L’aide est liée aux quantités exportées." in firm.text()
    firm.press(FRENCH["next"])
    reference = finish(firm)
    file = Application.objects.get()
    days(1)
    for key in others:
        member = visitor(f"member {key}", width=390).sign_in(world.managers[key].email)
        member.go("/").follow("Vendre ensemble au Japon").fill(declared_de_minimis="0").tick("[name=accurate]")
        member.press("Confirmer la participation")
        assert "Votre participation est confirmée." in member.text()
    gate.move(world.staff["officer"], "application", file.pk, "accept_complete")
    decide(world, file, "export")
    firm.go(f"/dossiers/{reference}/").follow("Le groupement")
    assert firm.text().count("5 000,00 €") == 4
    file.refresh_from_db()
    assert file.amount_granted == Decimal("20000.00")
