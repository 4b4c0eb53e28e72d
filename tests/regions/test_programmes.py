"""What ships: every published programme that was described has its definition, and only nine may be published."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from applications.rules import eligibility, gber_versions
from applications.rules.amounts.functions import FUNCTIONS
from applications.rules.de_minimis_scope import KINDS
from regions.schemes import loader, publication
from regions.schemes.loader import parse, publication_faults, shipped
from regions.schemes.references import SECTIONS
from regions.schemes.tree import hows
from regions.schemes.vocabulary import FACTS, NAMES, OPERATORS
from regions.schemes.words import DEFAULTS, REFUSING, reasons_of

DEFINITIONS = {code: parse(path.read_text(encoding="utf-8"), path.name) for code, path in shipped().items()}
RUNNABLE = {
    "kap-numerik": "04", "commerce-connecte": "11", "conseil-digital": "84", "accompagnement-numerique": "44",
    "groupement-export": "53", "impulsion-export": "93", "kit-numerique": "76", "cheque-transformation": "32",
    "forfait-numerique": "75",
}  # fmt: skip
PROGRAMMES = {
    "seed-fr-bpi-conseil", "seed-fr-ict-voucher", "seed-fr-pret-croissance", "seed-fr-eexport-mix",
    "seed-de-go-digital", "seed-de-go-inno", "seed-de-mittelstand40", "seed-es-mentoring", "seed-se-checkar",
    "seed-jp-tic", "seed-fi-digiboost", "seed-fi-4exporters", "seed-fi-finpro-ecg", "seed-se-handelskammaren",
    "seed-uk-bis-fund", "seed-uk-ukti", "seed-it-aggregations", "seed-kr-smba", "seed-ca-machfab",
    "re-kap-numerik", "re-idf-cheque-numerique", "re-bretagne-pass", "re-hdf-inac", "re-grand-est-td",
    "re-aura-cheque", "re-naq-echeque", "re-occ-relance-tourisme", "re-nor-impulsion", "re-fr-cheque-francenum",
    "re-fr-cheque-relance-export", "re-fr-assurance-prospection", "re-fr-diag-data-ia", "re-be-wal-cheques",
    "re-es-kit-digital", "re-ie-tov", "re-de-go-digital", "re-it-voucher-2018", "re-gr-elianiko",
    "re-uk-h2g-digital", "re-se-checkar",
}  # fmt: skip


def test_every_programme_has_its_definition() -> None:
    assert len(PROGRAMMES) == 40
    assert sorted(definition["programme"] for definition in DEFINITIONS.values()) == sorted(PROGRAMMES)


def test_codes_and_prefixes_are_unique() -> None:
    assert all(definition["code"] == code for code, definition in DEFINITIONS.items())
    prefixes = [definition["prefix"] for definition in DEFINITIONS.values()]
    assert len(set(prefixes)) == len(prefixes)
    assert all(len(prefix) in {3, 4} for prefix in prefixes)


@pytest.mark.parametrize("code", sorted(DEFINITIONS))
def test_the_runnable_ones_may_be_published_and_no_other(code: str) -> None:
    faults = publication_faults(DEFINITIONS[code], date(2026, 6, 1))
    assert (faults == []) == (code in RUNNABLE)
    assert all(fault.fr and fault.en for fault in faults)
    if code in RUNNABLE:
        assert DEFINITIONS[code]["region"] == RUNNABLE[code]
        assert DEFINITIONS[code]["to_confirm"]


def test_every_aid_function_and_payment_model_is_shown_by_a_definition() -> None:
    used = {how["function"] for definition in DEFINITIONS.values() for _path, how in hows(definition)}
    assert used == set(FUNCTIONS)
    models = {DEFINITIONS[code]["payment"]["model"] for code in RUNNABLE}
    assert models == {"reimbursement", "assignment", "escrow", "advance_balance", "flat"}
    assert {definition["kind"] for definition in DEFINITIONS.values()} == set(SECTIONS)


def test_the_closed_lists_agree_between_data_and_rules() -> None:
    schema: dict[str, Any] = loader._validator().schema
    definitions = schema["$defs"]
    assert definitions["how"]["properties"]["function"]["enum"] == list(FUNCTIONS)
    assert set(definitions["test"]["properties"]["op"]["enum"]) == set(OPERATORS) == set(eligibility.OPERATORS)
    assert {op for ops in FACTS.values() for op in ops} == set(OPERATORS)
    assert tuple(FACTS) == eligibility.FACTS
    assert set(NAMES) == set(FACTS)
    category = schema["properties"]["what"]["properties"]["categories"]["items"]["properties"]
    assert set(category["export_nature"]["enum"]) == set(KINDS)
    assert gber_versions.VERSIONS[-1].valid_to == publication.GBER_ENDS


def test_every_reason_that_a_function_gives_has_shared_words() -> None:
    folder = Path(eligibility.__file__).parent / "amounts"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    assert all(f'"{code}"' in text for code in DEFAULTS)
    assert all(words["fr"] and words["en"] and words["fr"] != words["en"] for words in DEFAULTS.values())
    assert all(("{found}" in words["fr"]) == ("{found}" in words["en"]) for words in DEFAULTS.values())


@pytest.mark.parametrize("code", sorted(RUNNABLE))
def test_the_reasons_of_a_refusal_are_the_scheme_s_own_and_those_of_its_function(code: str) -> None:
    reasons = reasons_of(DEFINITIONS[code])
    assert set(DEFINITIONS[code]["reasons"]) <= set(reasons)
    assert "nothing_eligible" in reasons
    assert ("other_aid" in reasons) == ("public_aid_max_share" in DEFINITIONS[code]["how"])
    assert all(text["fr"] and text["en"] for text in reasons.values())


def test_each_function_tells_for_what_it_may_refuse() -> None:
    assert set(REFUSING) == set(FUNCTIONS)
    shared = [code for code in reasons_of(DEFINITIONS["accompagnement-numerique"]) if code in DEFAULTS]
    assert shared == ["nothing_eligible", "level_unknown", "prior_level", "other_aid", "days_missing"]


def test_a_gap_is_named_for_each_part_that_is_missing() -> None:
    for definition in DEFINITIONS.values():
        named = {gap["path"] for gap in definition.get("gaps", [])}
        missing = set(SECTIONS[definition["kind"]]) - set(definition)
        assert missing <= named
