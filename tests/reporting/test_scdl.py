"""The open-data file of subsidies: its 14 columns, its golden line, and each way of being refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reporting.scdl import COLUMNS, NOT_NAMED, SCHEMA, Subsidy, row, scdl_chunks
from reporting.table_schema import problems
from reporting.writers.streams import CannotWrite

SUBSIDY = Subsidy(
    granter="Région Exemple", granter_siret="23350001600040", agreed_on=date(2025, 6, 27), decision="Z34507",
    beneficiary="Exemple SA", beneficiary_siret="81223113200026", purpose="Aide à l'embauche",
    amount=Decimal("22000.8"), paid_from=date(2025, 12, 14), paid_until=date(2026, 12, 14), de_minimis=False,
    in_kind=True, aid_id="12345", share=Decimal("0.80"),
)  # fmt: skip
LINE = (
    "Région Exemple,23350001600040,2025-06-27,Z34507,Exemple SA,81223113200026,Aide à l'embauche,22000.80,"
    "aide en numéraire;aide en nature,échelonné,2025-12-14/2026-12-14,12345,non,0.8"
)


def file_of(*subsidies: Subsidy) -> bytes:
    return b"".join(scdl_chunks(subsidies))


def test_the_golden_line() -> None:
    assert file_of(SUBSIDY).decode("utf-8") == ",".join(COLUMNS) + "\r\n" + LINE + "\r\n"


def test_a_file_of_many_lines_keeps_the_schema() -> None:
    content = file_of(*(replace(SUBSIDY, decision=f"D{n}", amount=Decimal(n).scaleb(-2)) for n in range(1_200)))
    assert content.count(b"\r\n") == 1_201
    assert list(problems(content, SCHEMA)) == []
    assert not content.startswith(b"\xef\xbb\xbf")


def test_the_schema_has_the_fourteen_columns_in_their_order() -> None:
    assert COLUMNS == (
        "nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire", "idBeneficiaire",
        "objet", "montant", "nature", "conditionsVersement", "datesPeriodeVersement", "idRAE", "notificationUE",
        "pourcentageSubvention",
    )  # fmt: skip
    assert [f["name"] for f in SCHEMA["fields"] if not f["constraints"]["required"]] == ["idRAE"]
    assert all(field["title"] and field["description"] for field in SCHEMA["fields"])


def test_a_single_payment_is_one_day() -> None:
    assert row(replace(SUBSIDY, paid_until=None))["datesPeriodeVersement"] == "2025-12-14"
    assert row(replace(SUBSIDY, paid_until=SUBSIDY.paid_from))["datesPeriodeVersement"] == "2025-12-14"
    with pytest.raises(ValueError, match="before they begin"):
        row(replace(SUBSIDY, paid_until=date(2025, 1, 1)))


def test_a_person_who_refused_publication_is_not_named() -> None:
    assert row(replace(SUBSIDY, named=False))["nomBeneficiaire"] == NOT_NAMED


def test_text_is_on_one_line_and_no_formula() -> None:
    line = row(replace(SUBSIDY, beneficiary="=1+1\r\n\x00x", purpose="  deux\tmots "))
    assert line["nomBeneficiaire"] == "'=1+1 \ufffdx"
    assert line["objet"] == "deux mots"


@pytest.mark.parametrize(
    ("change", "column", "french", "english"),
    [
        ({"granter_siret": "123"}, "idAttribuant", "« 123 » n’a pas la forme attendue", "expected form"),
        ({"granter_siret": "٢" * 14}, "idAttribuant", "forme attendue", "expected form"),
        ({"decision": ""}, "referenceDecision", "une valeur est obligatoire", "a value is required"),
        ({"purpose": "x" * 257}, "objet", "257 caractères pour 256 au plus", "257 characters for 256 at most"),
        ({"in_cash": False, "in_kind": False}, "nature", "une valeur est obligatoire", "a value is required"),
        ({"aid_id": "123456"}, "idRAE", "6 caractères", "6 characters"),
        ({"share": Decimal("1.01")}, "pourcentageSubvention", "1.01 dépasse 1", "1.01 is above 1"),
        ({"share": Decimal("0.001")}, "pourcentageSubvention", "0.001 est inférieur à 0.01", "0.001 is below 0.01"),
        ({"amount": Decimal(-1)}, "montant", "-1.00 est inférieur à 0", "-1.00 is below 0"),
    ],
)
def test_a_line_that_breaks_the_schema_is_refused(
    change: dict[str, Any], column: str, french: str, english: str
) -> None:
    with pytest.raises(CannotWrite) as refused:
        file_of(SUBSIDY, replace(SUBSIDY, **change))
    assert refused.value.french.startswith(f"Ligne 3, colonne {column} : ")
    assert french in refused.value.french
    assert refused.value.said("en").startswith(f"Line 3, column {column}: ")
    assert english in refused.value.english


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2025-06-27", "27/06/2025", "Ligne 2, colonne dateConvention : « 27/06/2025 » n’est pas une date AAAA-MM-JJ."),
        ("2025-06-27", "2025-02-30", "Ligne 2, colonne dateConvention : « 2025-02-30 » n’est pas une date AAAA-MM-JJ."),
        ("22000.80", '"22000,80"', "Ligne 2, colonne montant : « 22000,80 » n’est pas un nombre à point décimal."),
        (",non,", ",NON,", "Ligne 2, colonne notificationUE : « NON » n’est pas l’une des valeurs oui, non."),
        ("aide en nature,", "aide,", "Ligne 2, colonne nature : « aide en numéraire;aide » n’est pas l’une"),
        ("2025-12-14/", "2025-13-14/", "Ligne 2, colonne datesPeriodeVersement : « 2025-13-14/2026-12-14 » n’a pas"),
        (",12345,", ",", "Ligne 2 : 13 valeurs pour 14 colonnes."),
        ("idRAE,", "id,", "Ligne 1 : les colonnes ne sont pas nomAttribuant"),
        ("nomAttribuant", "\ufeffnomAttribuant", "Ligne 1 : commence par une marque d’ordre des octets."),
    ],
)
def test_a_broken_file_is_found_out(old: str, new: str, fault: str) -> None:
    text = file_of(SUBSIDY).decode("utf-8")
    assert old in text
    found = [str(problem) for problem in problems(text.replace(old, new, 1).encode("utf-8"), SCHEMA)]
    assert [line for line in found if line.startswith(fault)], found
    assert len(found) == 1


def test_another_encoding_is_found_out() -> None:
    found = [problem.said("en") for problem in problems(file_of(SUBSIDY).decode("utf-8").encode("cp1252"), SCHEMA)]
    assert [line.partition(" (")[0] for line in found] == ["Line 1: not UTF-8"]


def test_a_constraint_that_nobody_knows_is_no_silent_pass() -> None:
    schema = {"fields": [{"name": "a", "type": "string", "constraints": {"unique": True}}]}
    with pytest.raises(KeyError, match="unique"):
        list(problems(b"a\r\nx\r\n", schema))
