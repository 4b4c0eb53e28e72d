"""The control of a payment claim, line by line, and its certification."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from applications.models import Claim
from backoffice.demo.actors import Case
from backoffice.demo.stories import LAPTOP, SHOP
from backoffice.demo.world import World
from tests.backoffice.officer.desk import at_desk, elsewhere, page_of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimed(world: World) -> tuple[Case, Claim]:
    """A file of two lines with a claim on both."""
    case = Case(world, "F01").fill(SHOP, LAPTOP).file_it().grant().notify()
    return case, case.claim()


def address(case: Case, *end: str) -> str:
    return f"/instruction/{case.file.reference}/paiement/1/" + "".join(f"{part}/" for part in end)


def given(claim: Claim, *answers: tuple[str, str, str]) -> dict[str, str]:
    """What the officer types for each line: accepted amount, reason, finding."""
    typed: dict[str, str] = {}
    for line, (accepted, code, reason) in zip(claim.lines.order_by("line__number"), answers, strict=True):
        base = f"line-{line.pk}"
        typed |= {f"{base}-accepted": accepted, f"{base}-code": code, f"{base}-reason": reason}
    return typed


ALL = ("3000,00", "", "")
HARDWARE = ("0", "hardware", "Équipement matériel, exclu par le règlement.")


def test_every_line_is_controlled_in_one_form(claimed: tuple[Case, Claim], world: World) -> None:
    case, claim = claimed
    client = at_desk(world.staff["officer"])
    page = client.get(page_of(case))
    assert 'value="3000,00"' in page.content.decode()
    assert "Lignes à contrôler 2" in text(page)
    page = client.post(address(case, "lignes"), given(claim, ALL, HARDWARE), follow=True)
    for words in ("le contrôle de chaque ligne est enregistré", "Lignes à contrôler 0", "Retenu à ce stade 3 000,00 €",
                  "Écarté 1 200,00 €", "Aide sur ce qui est retenu 2 000,00 €"):  # fmt: skip
        assert words in text(page), words
    client.post(address(case, "acte", "control"))
    claim.refresh_from_db()
    assert (claim.state, claim.amount_accepted) == ("checked", Decimal(3000))


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [(("3000,01", "", ""), "ne peut pas dépasser le montant déclaré"), (("2000", "", "Manque."), "Choisir le motif"),
     (("2000", "publicity", ""), "Décrire le constat"), (("", "", ""), "Ce champ est obligatoire"),
     (("beaucoup", "", ""), "Saisissez un nombre"), (("-1", "", ""), "supérieure ou égale à 0")],
)  # fmt: skip
def test_a_line_in_error_records_nothing_and_loses_nothing(
    claimed: tuple[Case, Claim], world: World, answer: Any, sentence: str
) -> None:
    case, claim = claimed
    page = at_desk(world.staff["officer"]).post(address(case, "lignes"), given(claim, answer, HARDWARE))
    assert page.status_code == 200
    assert "Rien n’est enregistré" in text(page)
    assert sentence in text(page)
    assert HARDWARE[2] in page.content.decode()
    assert not claim.lines.filter(accepted__isnull=False).exists()


def test_concluding_before_the_lines_is_not_offered(claimed: tuple[Case, Claim], world: World) -> None:
    case, claim = claimed
    client = at_desk(world.staff["officer"])
    assert "Contrôler chaque ligne de la demande avant de conclure" in text(client.get(page_of(case)))
    assert "Contrôler chaque ligne" in text(client.post(address(case, "acte", "control")))
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_items_on_a_claim_are_asked_after_reading_the_letter(claimed: tuple[Case, Claim], world: World) -> None:
    case, claim = claimed
    client = at_desk(world.staff["officer"])
    page = client.post(
        address(case, "acte", "request_items"), {"kinds": ["payment_proof"], "reason": "Relevé illisible."}, follow=True
    )
    assert "le paiement sera dû au plus tard le" in text(page)
    words = PdfReader(BytesIO(client.get(address(case, "pieces") + "courrier.pdf").content)).pages[0].extract_text()
    assert "Preuve de paiement" in words
    client.post(address(case, "pieces", "envoyer"))
    claim.refresh_from_db()
    assert claim.state == "to_complete"
    assert "Sur la demande de paiement" in text(client.get(page_of(case)))


def controlled(case: Case, claim: Claim) -> None:
    case.control(claim, {2: ("0.00", "hardware", "Équipement matériel.")})


def test_the_certifier_certifies_the_aid_that_he_reads(claimed: tuple[Case, Claim], world: World) -> None:
    case, claim = claimed
    controlled(case, claim)
    client = at_desk(world.staff["certifier"])
    assert "Aide sur ce qui est retenu 2 000,00 €" in text(client.get(page_of(case)))
    page = client.post(address(case, "acte", "verify"), follow=True)
    assert "Service fait certifié" in text(page)
    claim.refresh_from_db()
    assert (claim.state, claim.aid_due) == ("verified", Decimal(2000))


def test_the_certifier_rejects_or_sends_back_with_a_reason(claimed: tuple[Case, Claim], world: World) -> None:
    case, claim = claimed
    controlled(case, claim)
    client = at_desk(world.staff["certifier"])
    assert "Ce champ est obligatoire" in text(client.post(address(case, "acte", "reject"), {}))
    page = client.post(address(case, "acte", "send_back"), {"reason": "Ligne 2 à revoir."}, follow=True)
    assert "Ligne 2 à revoir." in text(page)
    case.control(claim)
    client.post(address(case, "acte", "reject"), {"reason": "Rien n’est livré."})
    claim.refresh_from_db()
    assert claim.state == "rejected"


def test_who_controlled_never_certifies_and_the_others_may_not(claimed: tuple[Case, Claim], world: World) -> None:
    case, claim = claimed
    controlled(case, claim)
    refused = at_desk(world.staff["officer"]).post(address(case, "acte", "verify"))
    assert "réservé à un autre rôle" in text(refused)
    for stranger in (elsewhere(), world.managers["F05"], world.managers["F01"]):
        assert at_desk(stranger).post(address(case, "acte", "verify")).status_code == 404
        assert at_desk(stranger).post(address(case, "lignes")).status_code == 404
    assert at_desk(world.staff["officer"]).post(address(case, "acte", "settle")).status_code == 404
    claim.refresh_from_db()
    assert claim.state == "checked"


def test_a_claim_that_does_not_exist_is_not_found(claimed: tuple[Case, Claim], world: World) -> None:
    case, _claim = claimed
    assert (
        at_desk(world.staff["officer"]).post(f"/instruction/{case.file.reference}/paiement/9/lignes/").status_code
        == 404
    )


def test_a_control_made_too_late_is_told_in_words(claimed: tuple[Case, Claim], world: World) -> None:
    case, claim = claimed
    controlled(case, claim)
    page = at_desk(world.staff["officer"]).post(address(case, "lignes"), given(claim, ALL, HARDWARE))
    assert "Trop tard" in text(page)


def test_a_line_is_left_to_a_later_claim_with_its_reason(claimed: tuple[Case, Claim], world: World) -> None:
    case, claim = claimed
    client, kept = at_desk(world.staff["officer"]), claim.lines.order_by("line__number")[1]
    answers = given(claim, ALL, ("", "", "")) | {f"line-{kept.pk}-parked": "on"}
    page = client.post(address(case, "lignes"), answers)
    assert "Dire pourquoi la ligne est reportée" in text(page)
    answers |= {f"line-{kept.pk}-reason": "Bon de livraison à venir."}
    page = client.post(address(case, "lignes"), answers, follow=True)
    for words in ("Lignes à contrôler 0", "Écarté 0,00 €", "Reporté à une demande ultérieure 1 200,00 €"):
        assert words in text(page), words
    page = client.post(address(case, "acte", "control"), follow=True)
    assert "Reportée à une demande ultérieure Bon de livraison à venir." in text(page)
    claim.refresh_from_db()
    assert (claim.state, claim.amount_declared, claim.amount_accepted) == ("checked", Decimal(3000), Decimal(3000))
