"""A withdrawal as the firm reads it: why, what it costs, her observations, and what became of it."""

from __future__ import annotations

import pytest

from backoffice.demo.stories import paid
from backoffice.demo.world import World
from tests.backoffice.applicant_file.conftest import Browse
from tests.backoffice.applicant_file.test_recovery import read
from workflows import gate

pytestmark = pytest.mark.django_db


def test_the_firm_reads_the_proposal_and_answers(world: World, browse: Browse) -> None:
    case = paid(world)
    browser, page = browse(case.manager), f"/demandes/{case.file.reference}/retrait-de-l-aide/"
    assert browser.get(page).status_code == 404
    gate.record(
        case.by("officer"), "application", case.pk, "revocation_proposed", ground="conditions_not_met",
        effect="withdrawal", reason="Le site n’est plus en ligne.",
    )  # fmt: skip
    assert "Répondre : projet de retrait de l’aide" in read(browser, f"/dossiers/{case.file.reference}/").text
    text = read(browser, page).text
    for words in ("Le site n’est plus en ligne.", "elle vous écoute d’abord", "CRPA, art. L. 242-2, 2°"):
        assert words in text, words
    assert "Écrire quelques mots." in read(browser, page, {"reason": ""}).text
    text = read(browser, page, {"reason": "Il revient lundi."}).text
    assert "Vos observations sont reçues" in text
    assert "Il revient lundi." in text
    assert browse(world.managers["F05"]).get(page).status_code == 404
    gate.record(case.by("decider"), "application", case.pk, "revocation_dropped", reason="Le site est revenu.")
    text = read(browser, page).text
    assert "votre aide est maintenue" in text
    assert "Envoyer mes observations" not in text
