"""What a file has beyond one firm and one grant, on the region's page: shown because it is there."""

from __future__ import annotations

from decimal import Decimal

import pytest

from applications.enums import ClaimKind
from backoffice.demo.actors import Case
from backoffice.demo.world import World
from regions.enums import Instrument
from tests.backoffice.officer.desk import act_of, at_desk, filed, page_of, record_of, text
from tests.walks import ANALYSIS, COMMISSION, ESCROW, MISSION, MIX, PLAN, STUDY, SUBSCRIPTION, Walk, group, offer
from workflows.conditions import latest_checks

pytestmark = pytest.mark.django_db
PARTS = ('id="group"', 'id="export"', 'id="components"', 'id="escrow"', 'id="report"', 'id="undue"')


def seen(case: Case, who: str = "officer") -> str:
    return text(at_desk(case.by(who)).get(page_of(case)))


def test_a_plain_voucher_shows_none_of_it(world: World) -> None:
    page = at_desk(world.staff["officer"]).get(page_of(filed(world))).content.decode()
    assert [part for part in PARTS if part in page] == []


def test_a_group_shows_each_firm_its_word_and_its_headroom(world: World) -> None:
    walk = group(world)
    page = seen(walk)
    for words in ("Le groupement", "chef de file", "pas encore confirmée", "300 000,00 €"):
        assert words in page, words
    walk.running()
    assert "7 500,00 €" in seen(walk)


def test_an_export_is_examined_expense_by_expense_with_its_article(world: World) -> None:
    walk = Walk(offer(world, MIX), "F01").fill(STUDY, COMMISSION, SUBSCRIPTION).file_it()
    walk.act("officer", "accept_complete")
    page = seen(walk)
    for words in (
        "Les dépenses à l’export, une à une", "L’aide est liée aux quantités exportées.", "art. 1(1)(e)", "exclue",
        "à examiner", "admise",
    ):  # fmt: skip
        assert words in page, words
    client = at_desk(walk.by("officer"))
    given = {"finding": "exception", "reason": "Abonnement : usage mixte, à confirmer."}
    client.post(record_of(walk, "export"), given)
    assert latest_checks(walk.file)["export"].finding == "exception"


def test_a_loan_and_a_guarantee_are_told_with_their_terms(world: World) -> None:
    walk = Walk(offer(world, MIX), "F01").fill(STUDY, COMMISSION).file_it()
    walk.act("officer", "accept_complete")
    assert "Montant calculé" in seen(walk)
    walk = Walk.of(walk.world, "F01")
    walk.provider = walk.world.provider_users["P01"]
    for kind in ("documents", "export"):
        at_desk(walk.by("officer")).post(record_of(walk, kind), {"finding": "green"})
    walk.act("officer", "propose").act("decider", "grant").act("notifier", "notify")
    page = seen(walk)
    for words in ("Montant accordé", "Équivalent-subvention brut", "Garantie", "Avance que l’entreprise peut demander"):
        assert words in page, words
    walk.pay(walk.asks(ClaimKind.RELEASE, Instrument.LOAN))
    page = seen(walk)
    for words in ("L’échéancier", "Capital restant dû", "Versement d’un prêt ou d’une avance remboursable : Prêt"):
        assert words in page, words


def test_a_share_and_a_report_are_followed(world: World) -> None:
    walk = Walk(offer(world, ESCROW), "F01").fill(PLAN).file_it().running()
    page = seen(walk)
    for words in ("La part de l’entreprise", "Encore attendue 2 000,00 €", "Ce qui est attendu", "habilité"):
        assert words in page, words
    walk.share("2000.00").report()
    page = seen(walk)
    for words in ("Encore attendue 0,00 €", "Détenue 2 000,00 €", "Mission faite.", "VIR-1"):
        assert words in page, words


def test_the_officer_notes_a_firm_that_leaves_and_the_decider_finds_the_amount_ready(world: World) -> None:
    walk = group(world).running()
    company = walk.world.companies["F15"].pk
    client = at_desk(walk.by("officer"))
    client.post(record_of(walk, "member_left"), {"company": company, "reason": "Liquidation."})
    assert walk.file.amount_to_cut == Decimal("7500.00")
    assert "sa part reste à réduire par avenant" in seen(walk)
    page = at_desk(walk.by("decider")).get(page_of(walk)).content.decode()
    assert 'value="22500,00"' in page
    at_desk(walk.by("decider")).post(act_of(walk, "amend"), {"amount": "22500,00", "reason": "Départ."})
    assert walk.file.amount_granted == Decimal("22500.00")


def test_a_day_line_tells_its_days_and_their_price(world: World) -> None:
    walk = Walk(offer(world, "accompagnement-numerique"), "F01").fill(ANALYSIS).file_it()
    walk.file.lines.update(quantity=Decimal("5.00"))
    page = seen(walk)
    assert "5 jours, soit par jour : 1 200,00 €" in page


def test_a_firm_in_difficulty_is_told_criterion_by_criterion(world: World) -> None:
    """The check is red and says why; each criterion has its question, the firm's answer, what follows, its article."""
    walk = Walk(offer(world, MISSION), "F01").fill(
        ("digital_strategy", "Feuille de route", "8000.00"), insolvent="yes"
    ).file_it()  # fmt: skip
    page = text(at_desk(walk.by("officer")).get(page_of(walk)))
    for words in (
        "Entreprise en difficulté : un seul critère suffit", "art. 1(4)(c) et 2(18)(c)",
        "Procédure collective ou cessation des paiements", "en difficulté : l’aide ne peut pas être accordée",
        "elle est en procédure collective, ou en remplit les conditions.",
    ):  # fmt: skip
        assert words in page, words
    assert page.count("pas en difficulté") == 2


def test_a_voucher_of_de_minimis_aid_says_nothing_of_difficulty(world: World) -> None:
    walk = Walk(offer(world, MIX), "F01").fill(STUDY).file_it()
    assert "Entreprise en difficulté" not in text(at_desk(walk.by("officer")).get(page_of(walk)))
