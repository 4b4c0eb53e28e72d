"""The certificate of service rendered: every line, the aid and its funders, who checked and who certified."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from applications.documents.certificate import CertificateFacts, CertificateLine, Signatory, render
from tests.applications.documents.samples import CONTACT, CREATED, letters_only, pages, words

CHECKED = Signatory("Aïcha Grondin", "Instructrice", date(2026, 2, 20))
CERTIFIED = Signatory("Marc Técher", "Certificateur", date(2026, 3, 2))


def line(rank: int = 1, **changes: Any) -> CertificateLine:
    values: dict[str, Any] = {
        "label": f"Prestation {rank}",
        "invoice": f"FA-{rank:03d}",
        "declared": Decimal("100.10"),
        "accepted": Decimal("100.10"),
    }
    return CertificateLine(**{**values, **changes})


REJECTED = line(
    2,
    declared=Decimal("1500.00"),
    accepted=Decimal("1234.56"),
    reason="TVA non retenue",
    finding="La facture est déclarée taxes comprises",
)


def facts(**changes: Any) -> CertificateFacts:
    values: dict[str, Any] = {
        "region_name": "Région Réunion",
        "region_contact": CONTACT,
        "place": "Saint-Denis",
        "created": CREATED,
        "number": "CSF-2026-0042",
        "reference": "04-2026-000123",
        "claim_number": "DP-1",
        "is_final": True,
        "scheme_name": "Kap Numérik",
        "programme": "FEDER-FSE+ Réunion 2021-2027",
        "firm_name": "Épicerie du Cœur SARL",
        "firm_siret": "73282932000074",
        "grant_number": "DEC-2025-0042",
        "granted_on": date(2025, 9, 1),
        "granted": Decimal("3200.00"),
        "received_on": date(2026, 2, 3),
        "lines": (line(1, declared=Decimal("3000.00"), accepted=Decimal("3000.00")), REJECTED),
        "aid_due": Decimal("3200.00"),
        "shares": (("FEDER", Decimal("2720.00")), ("Région Réunion", Decimal("480.00"))),
        "checked": CHECKED,
        "certified": CERTIFIED,
        "means": "contrôle administratif sur pièces",
        "articles": ("Règlement du dispositif Kap Numérik, article 9",),
    }
    return CertificateFacts(**{**values, **changes})


def forty(**changes: Any) -> CertificateFacts:
    """Forty lines, one in four accepted in part."""
    lines = tuple(
        line(rank, accepted=Decimal("60.05"), reason="Dépense hors délai", finding=f"Constat de la ligne {rank}")
        if rank % 4 == 0
        else line(rank)
        for rank in range(1, 41)
    )
    return facts(lines=lines, **changes)


def test_says_all_that_was_checked() -> None:
    text = words(render(facts(), "fr"))
    for expected in (
        "Région Réunion",
        CONTACT.service,
        "Saint-Denis, le 2 mars 2026",
        "Certificat de service fait n° CSF-2026-0042",
        "Dossier 04-2026-000123",
        "Bénéficiaire Épicerie du Cœur SARL",
        "732 829 320 00074",
        "Dispositif Kap Numérik",
        "Programme FEDER-FSE+ Réunion 2021-2027",
        "Demande de paiement DP-1 (solde)",
        "Reçue le 3 février 2026",
        "Décision d’octroi n° DEC-2025-0042 du 1er septembre 2025",
        "Aide accordée 3 200,00 €",
        "Nature du contrôle contrôle administratif sur pièces",
        "1 Prestation 1 FA-001 3 000,00 € 3 000,00 € 0,00 €",
        "2 Prestation 2 FA-002 1 500,00 € 1 234,56 € 265,44 € TVA non retenue : La facture est déclarée taxes",
        "Total 4 500,00 € 4 234,56 € 265,44 €",
        "Dépenses retenues 4 234,56 €",
        "Aide due au titre de cette demande 3 200,00 €",
        "FEDER 2 720,00 €",
        "Région Réunion 480,00 €",
        "Je certifie, au vu du contrôle ci-dessus, que les prestations",
        "L’aide due au titre de cette demande est arrêtée à 3 200,00 €.",
        "Décret n° 2012-1246 du 7 novembre 2012",
        "Règlement (UE) 2021/1060 du 24 juin 2021, article 74, paragraphe 1, point a), et paragraphe 2",
        "Règlement du dispositif Kap Numérik, article 9.",
        "Contrôle effectué par Aïcha Grondin Instructrice le 20 février 2026",
        "Service fait certifié par Marc Técher Certificateur le 2 mars 2026",
    ):
        assert letters_only(expected) in letters_only(text), expected
    assert "Translation" not in text


def test_in_english_it_is_a_translation() -> None:
    given = facts(
        lines=(replace(REJECTED, reason="VAT not accepted", finding="Declared with VAT"),),
        aid_due=Decimal("1000.00"),
        shares=(("ERDF", Decimal("850.00")), ("Region", Decimal("150.00"))),
        means="check of documents",
        articles=("Scheme rules, Article 9",),
        is_final=False,
    )
    text = words(render(given, "en"))
    for expected in (
        "Certificate of service rendered no. CSF-2026-0042",
        "Saint-Denis, 2 March 2026",
        "Payment claim DP-1 (interim)",
        "Grant decision no. DEC-2025-0042 of 1 September 2025",
        "€1,500.00 €1,234.56 €265.44 VAT not accepted: Declared with VAT",
        "Aid due on this claim €1,000.00",
        "ERDF €850.00",
        "I certify, in view of the above check",
        "Regulation (EU) 2021/1060 of 24 June 2021, Article 74(1)(a) and (2)",
        "Checked by",
        "Service rendered certified by",
        "Legal basis: Decree no. 2012-1246 of 7 November 2012",
        "Article 74(1)(a) and (2); Scheme rules, Article 9.",
        "Translation for information: the French version of this certificate alone is authentic.",
    ):
        assert letters_only(expected) in letters_only(text), expected


@pytest.mark.parametrize("language", ["fr", "en"])
def test_forty_lines_go_over_pages_under_the_same_heading(language: str) -> None:
    content = render(forty(), language)
    found = pages(content)
    assert len(found) >= 2
    heading = "Facture Déclaré" if language == "fr" else "Invoice Declared"
    assert sum(heading in page for page in found) >= 2
    text = letters_only(" ".join(found))
    assert all(f"Prestation{rank}FA-{rank:03d}" in text for rank in range(1, 41))
    assert all(f"Constatdelaligne{rank}" in text for rank in range(4, 41, 4))
    total = "Total4004,00€3603,50€400,50€" if language == "fr" else "Total€4,004.00€3,603.50€400.50"
    assert total in text
    assert all(page.endswith(f"{number} / {len(found)}") for number, page in enumerate(found, start=1))


def test_the_statement_stands_with_those_who_sign() -> None:
    for count in range(1, 31, 2):
        lines = tuple(line(rank, declared=Decimal(400), accepted=Decimal(400)) for rank in range(1, count + 9))
        last = pages(render(facts(lines=lines), "fr"))[-1]
        assert "Je certifie" in last
        assert "Marc Técher" in last


@pytest.mark.parametrize("language", ["fr", "en"])
def test_is_for_the_archive_and_for_screen_readers(language: str) -> None:
    content = render(forty(), language)
    assert render(forty(), language) == content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert "CSF-2026-0042" in metadata["dc:title"]
        assert str(pdf.Root.Lang) == language
        assert str(pdf.docinfo.CreationDate).startswith("D:20260302083000")


def test_without_union_money_the_union_is_not_cited() -> None:
    text = words(render(facts(eu_cofunded=False), "fr"))
    assert "2021/1060" not in text
    assert "2012-1246" in text


def test_simplified_costs_certify_conditions_not_payments() -> None:
    text = words(render(facts(simplified_costs=True), "fr"))
    assert "les conditions de versement" in text
    assert "acquittées" not in text


def test_what_was_paid_before_is_said() -> None:
    given = facts(paid_before=Decimal("200.00"), aid_due=Decimal("3000.00"),
                  shares=(("Région Réunion", Decimal("3000.00")),))  # fmt: skip
    assert "Aide déjà versée sur cette décision 200,00 €" in words(render(given, "fr"))


def test_a_claim_of_which_nothing_is_accepted() -> None:
    nothing = replace(REJECTED, accepted=Decimal("0.00"))
    text = words(render(facts(lines=(nothing,), aid_due=Decimal("0.00"), shares=()), "fr"))
    assert "Aucune aide n’est due au titre de cette demande." in text
    assert "Part de chaque financeur" not in text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lines": ()}, "no line"),
        ({"lines": (line(accepted=Decimal("100.11")),)}, "line 1: the accepted amount"),
        ({"lines": (line(accepted=Decimal(-1), reason="x", finding="x"),)}, "line 1: the accepted amount"),
        ({"lines": (line(), line(accepted=Decimal(1)))}, "line 2: a rejected amount needs"),
        ({"lines": (replace(REJECTED, finding=""),)}, "line 1: a rejected amount needs"),
        ({"lines": (line(),)}, "the aid due exceeds the costs accepted"),
        ({"shares": (("FEDER", Decimal("2720.00")),)}, "the shares do not add up"),
        ({"paid_before": Decimal("0.01")}, "exceeds the aid granted"),
        ({"aid_due": Decimal(-1), "shares": (("FEDER", Decimal(-1)),)}, "an aid is negative"),
        ({"certified": replace(CERTIFIED, name=" aïcha  GRONDIN")}, "who checked does not certify"),
        ({"certified": replace(CERTIFIED, on=date(2026, 2, 19))}, "not in this order"),
        ({"received_on": date(2026, 2, 21)}, "not in this order"),
        ({"granted_on": date(2026, 2, 4)}, "not in this order"),
        ({"aid_due": Decimal("1.001")}, "fraction of a cent"),
    ],
)
def test_what_forbids_to_certify(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        render(facts(**changes), "fr")


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"CSF-2026-0042: line 1: .*; the shares .*; who checked"):
        render(facts(lines=(replace(REJECTED, reason=""),), aid_due=Decimal(1), certified=CHECKED), "fr")


@pytest.mark.parametrize("text", ['#import "@preview/x:1.0.0": *', "$x$ #panic(1) *gras* <b>", "Z" * 200])
def test_hostile_and_endless_values_are_printed_as_they_are(text: str) -> None:
    hostile = facts(
        lines=(replace(REJECTED, label=text, invoice=text[:40], reason=text, finding=text),),
        aid_due=Decimal("10.00"),
        shares=((text, Decimal("10.00")),),
        firm_name=text,
        scheme_name=text,
        checked=replace(CHECKED, name=text, role=text),
        articles=(text,),
    )
    content = render(hostile, "fr")
    assert letters_only(words(content)).count(letters_only(text)) >= 8
    longest = max(len(word) for page in PdfReader(io.BytesIO(content)).pages for word in page.extract_text().split())
    assert longest < 150  # a line of the smallest type, full: what leaves the paper is longer
