"""The bordereau on paper and as a file: control total, count, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest

from applications.documents import bordereau
from applications.documents.bordereau import Row
from tests.applications.documents.samples import CREATED, letters_only, longest_line, pages, rows, total

DIGEST = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"


def paper(of: list[Row], language: str = "fr") -> bytes:
    return bordereau.pdf(
        of,
        number="B-2026-007",
        region_name="Région Réunion",
        created=CREATED,
        total=total(of),
        sha256=DIGEST,
        signatures=2,
        signers=["Maxime Ordonne", "Dominique Ordonne"],
        language=language,
    )


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_paper_shows_the_orders_the_total_and_the_boxes() -> None:
    text = pages(paper(rows(3)))
    assert len(text) == 1
    for expected in (
        "Bordereau de mandatement n° B-2026-007",
        "Région Réunion",
        "Établi le 2 mars 2026",
        "MD-00001 04-2026-000001 DP-1 Épicerie du Cœur SARL FR76 3000 6000 0112 3456 7890 189 12/05/2026 1 001,37 €",
        "Nombre d’ordres de paiement 3",
        "Total de contrôle 3 007,11 €",
        "Signatures demandées par ordre 2",
        "Ordres signés par Maxime Ordonne, Dominique Ordonne",
        DIGEST,
        "L’ordonnateur ou son délégataire",
        "Le comptable public",
        "Date, nom, qualité et signature",
    ):
        assert expected in text[0], expected


def test_paper_in_english() -> None:
    text = pages(paper(rows(3), "en"))[0]
    for expected in ("Payment order schedule no. B-2026-007", "Control total €3,007.11", "The public accountant"):
        assert expected in text, expected


def test_paper_is_for_the_archive_and_the_same_twice() -> None:
    content = paper(rows(3))
    assert paper(rows(3)) == content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"


def test_a_long_batch_repeats_its_heading_and_totals_once() -> None:
    text = pages(paper(rows(120)))
    assert len(text) > 2
    assert all("Bénéficiaire" in page for page in text if "MD-" in page)
    assert sum("Total de contrôle" in page for page in text) == 1
    assert all(f"MD-{number:05d}" in " ".join(text) for number in range(1, 121))
    assert text[-1].endswith(f"{len(text)} / {len(text)}")


def test_paper_prints_hostile_names_as_they_are() -> None:
    name = '=cmd|" /c calc"!A1 #import $x$ <script> \\'
    assert letters_only(name) in letters_only(pages(paper(rows(2, payee_name=name)))[0])


def test_a_name_without_end_stays_in_its_column() -> None:
    content = paper(rows(1, payee_name="Z" * 200))
    assert "Z" * 200 in letters_only(pages(content)[0])
    assert longest_line(content) < 140


def test_an_order_without_delay_has_no_date() -> None:
    assert "189 – 1 001,37 €" in pages(paper(rows(1, due_on=None)))[0]
    assert cells(bordereau.csv_bytes(rows(1, due_on=None), number="B", total=Decimal("1001.37")))[1][-1] == ""


def test_file_is_what_a_french_spreadsheet_opens() -> None:
    content = bordereau.csv_bytes(rows(2), number="B-2026-007", total=Decimal("2003.74"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert cells(content) == [
        ["bordereau", "ordre", "dossier", "demande de paiement", "bénéficiaire", "IBAN", "montant (euros)", "échéance"],
        [
            "B-2026-007",
            "MD-00001",
            "04-2026-000001",
            "DP-1",
            "Épicerie du Cœur SARL",
            "FR7630006000011234567890189",
            "1001,37",
            "12/05/2026",
        ],
        [
            "B-2026-007",
            "MD-00002",
            "04-2026-000002",
            "DP-2",
            "Épicerie du Cœur SARL",
            "FR7630006000011234567890189",
            "1002,37",
            "12/05/2026",
        ],
        ["B-2026-007", "TOTAL", "2", "", "", "", "2003,74", ""],
    ]


@pytest.mark.parametrize(
    "name", ["=1+1", "+33 262", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "=cmd|'/c calc'!A1"]
)
def test_file_cells_are_never_formulas(name: str) -> None:
    content = bordereau.csv_bytes(rows(1, payee_name=name), number="B", total=Decimal("1001.37"))
    assert cells(content)[1][4] == f"'{name}"


@pytest.mark.parametrize("name", ["Dupont; fils", 'Le "Bon" Pain', "A=B", "Jean-Paul", "deux\nlignes", "O’Brien"])
def test_other_names_survive_the_file(name: str) -> None:
    content = bordereau.csv_bytes(rows(1, payee_name=name), number="B", total=Decimal("1001.37"))
    assert cells(content)[1][4] == name


def test_a_total_that_is_not_the_sum_is_refused() -> None:
    with pytest.raises(ValueError, match="control total"):
        bordereau.csv_bytes(rows(2), number="B", total=Decimal("2003.73"))
    with pytest.raises(ValueError, match="control total"):
        bordereau.pdf(
            rows(2), number="B", region_name="R", created=CREATED, total=Decimal(0), sha256=DIGEST, signatures=1,
            signers=[], language="fr",
        )  # fmt: skip


@pytest.mark.parametrize(("amount", "message"), [("0", "positive"), ("-1", "positive"), ("1.005", "fraction")])
def test_an_amount_that_cannot_be_paid_is_refused(amount: str, message: str) -> None:
    row = Row(
        order_number="MD-1",
        file_reference="F",
        payee_name="N",
        iban="I",
        amount=Decimal(amount),
        due_on=date(2026, 5, 1),
        claim_number="C",
    )
    with pytest.raises(ValueError, match=message):
        bordereau.csv_bytes([row], number="B", total=Decimal(amount))
