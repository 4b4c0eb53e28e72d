"""Money to pay back, as the firm reads it: heard first, then ordered; observed, contested, paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from applications.models import Recovery
from backoffice.demo.actors import Case, days
from backoffice.demo.stories import paid
from backoffice.demo.world import World
from tests.backoffice.applicant_file.conftest import Browse
from tests.backoffice.test_pages import Outline, sound
from workflows import gate

pytestmark = pytest.mark.django_db


def read(browser: Client, address: str, data: dict[str, Any] | None = None) -> Outline:
    response = browser.get(address, follow=True) if data is None else browser.post(address, data, follow=True)
    assert response.status_code == 200, address
    return sound(response.content.decode())


def found(case: Case) -> Recovery:
    """The officer noted that 300 € were paid in error."""
    words = "La facture FA-2 a été payée deux fois."
    gate.open_recovery(
        case.by("officer"), case.pk, amount=Decimal("300.00"), reason_code="overpaid", words=words
    )  # fmt: skip
    return case.file.recoveries.get()


def address(case: Case, row: Recovery) -> str:
    return f"/demandes/{case.file.reference}/reversement/{row.pk}/"


def test_a_finding_is_the_regions_own_until_the_firm_is_heard(world: World, browse: Browse) -> None:
    case = paid(world)
    row, browser = found(case), browse(case.manager)
    assert browser.get(address(case, row)).status_code == 404
    assert "reverser" not in read(browser, f"/dossiers/{case.file.reference}/").text
    gate.move(case.by("officer"), "recovery", row.pk, "hear")
    assert "Répondre : somme à reverser" in read(browser, f"/dossiers/{case.file.reference}/").text
    text = read(browser, address(case, row)).text
    for words in ("300,00 €", "La facture FA-2 a été payée deux fois.", "elle vous écoute d’abord", "Trop-perçu"):
        assert words in text, words
    assert browse(world.managers["F05"]).get(address(case, row)).status_code == 404
    assert browse(case.by("officer")).get(address(case, row)).status_code == 404


def test_the_firm_observes_then_contests_the_order(world: World, browse: Browse) -> None:
    case = paid(world)
    row, browser = found(case), browse(case.manager)
    gate.move(case.by("officer"), "recovery", row.pk, "hear")
    assert "Écrire quelques mots." in read(browser, address(case, row), {"reason": ""}).text
    text = read(browser, address(case, row), {"reason": "Une seule fois, voyez le relevé."}).text
    assert "Vos observations sont enregistrées" in text
    assert "Une seule fois, voyez le relevé." in text
    days(1)
    gate.move(case.by("authorising"), "recovery", row.pk, "order", order_number="T-77", reason="Relevé lu.")
    text = read(browser, address(case, row)).text
    for words in ("n° T-77", "Relevé lu.", "Reste à reverser 300,00 €", "La contestation suspend le recouvrement"):
        assert words in text, words
    text = read(browser, address(case, row), {"reason": "Toujours pas d’accord."}).text
    assert "le recouvrement est suspendu" in text
    row.refresh_from_db()
    assert row.state == "suspended"
    assert "Envoyer" not in read(browser, address(case, row)).text
