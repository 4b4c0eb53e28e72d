"""Definitions of schemes: read with the line of each error, frozen by their hash, kept from unlawful publication."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from regions.schemes.loader import SchemeError, fingerprint, parse, publication_faults, shipped

TEXT = shipped()["kap-numerik"].read_text(encoding="utf-8")
RULES = parse(TEXT, "kap-numerik.yaml")


def _line_of(text: str) -> int:
    return TEXT[: TEXT.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "at", "word"),
    [
        ('share: "0.85"', "share: 0.85", 'share: "0.85"', "0.85"),
        ("kind: voucher", "kind: gift", "kind: voucher", "gift"),
        ("op: lt, value: \"20\"", "op: under, value: \"20\"", 'op: lt, value: "20"', "under"),
        ("  decision_months: 2", "  decision_months: two", "  decision_months: 2", "two"),
        ("reason: seat}", "reason: nowhere}", "reason: seat}", "nowhere"),
        ('aid_ceiling: "3200.00"}', 'aid_ceiling: "3200"}', 'aid_ceiling: "3200.00"}', "3200"),
    ],
)  # fmt: skip
def test_an_error_names_its_line(old: str, new: str, at: str, word: str) -> None:
    with pytest.raises(SchemeError, match=word) as caught:
        parse(TEXT.replace(old, new, 1), "essai.yaml")
    assert caught.value.line == _line_of(at)


def test_broken_yaml_names_its_line() -> None:
    with pytest.raises(SchemeError) as caught:
        parse("format: 1\nname: {fr: [\n", "essai.yaml")
    assert caught.value.line >= 2


def test_a_missing_part_is_named() -> None:
    with pytest.raises(SchemeError, match="fonding"):
        parse(TEXT.replace("funding:", "fonding:", 1), "essai.yaml")
    with pytest.raises(SchemeError, match="examination"):
        parse(TEXT[: TEXT.index("examination:")] + TEXT[TEXT.index("reasons:") :], "essai.yaml")


def test_the_fingerprint_follows_the_content_not_the_layout() -> None:
    again = parse("# a comment\n" + TEXT, "copie.yaml")
    assert fingerprint(again) == fingerprint(RULES)
    changed = copy.deepcopy(RULES)
    changed["how"]["bands"][0]["rate"] = "0.81"
    assert fingerprint(changed) != fingerprint(RULES)


def test_every_shipped_definition_reads() -> None:
    for code, path in shipped().items():
        assert parse(path.read_text(encoding="utf-8"), path.name)["code"] == code


def _with(**changes: Any) -> dict[str, Any]:
    rules = copy.deepcopy(RULES)
    for path, value in changes.items():
        node = rules
        *parents, last = path.split("__")
        for parent in parents:
            node = node[parent]
        node[last] = value
    return rules


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in RULES.items() if key != name}


HALF = {"function": "percent", "rate": "0.50"}
LOAN = {"function": "wallet", "how": {"function": "mix", "components": [{"instrument": "loan"}]}}


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        (_with(), []),
        (_with(beneficiary__mode="single"), ["simplified_costs"]),
        (_with(beneficiary__mode="single", payment__costs="simplified"), []),
        (_with(beneficiary__mode="single", payment__costs="simplified", payment__model="assignment"), ["payee"]),
        (_with(beneficiary={"mode": "single", "authority_approval": "Accord du 3 mars"}, payment__costs="simplified",
               payment__model="assignment"), []),
        (_with(funding__lead="state"), ["lead"]),
        (_with(funding__funders=[{"code": "erdf", "share": "0.85"}, {"code": "region", "share": "0.14"}]), ["shares"]),
        (_without("region"), ["region"]),
        (_with(currency="SEK"), ["currency"]),
        (_with(currency="EUR"), []),
        (_with(payment__model="escrow"), []),
        (_with(beneficiary__mode="single", payment__costs="simplified", payment__model="split"), ["payee"]),
        (_with(payment__model="split", examination__checks=["eligibility"]), ["provider_check"]),
        (_with(payment__model="escrow", examination__checks=["eligibility"]), ["provider_check"]),
        (_with(how=LOAN), ["form_of_support"]),
        (_with(how=LOAN, erdf__form_of_support="05"), []),
        (_with(how={"function": "flat"}), ["flat_costs"]),
        (_with(how={"function": "flat"}, payment__costs="simplified"), []),
        (_with(legal_basis="gber_18"), ["gber_intensity"]),
        (_with(legal_basis="gber_18", how=HALF), []),
        (_with(legal_basis="gber_28", how={"function": "days", "rate": "1.00", "aid_ceiling": "220000.00"}), []),
        (_with(legal_basis="gber_28", how={"function": "days", "rate": "1.00", "aid_ceiling": "220000.01"}),
         ["gber_intensity"]),
        (_with(legal_basis="gber_19", how={"function": "steps", "step_cost": "300.00", "step_aid": "150.01"}),
         ["gber_intensity"]),
        (_with(legal_basis="gber_19", how=HALF, when__start_rule="any"), ["incentive_effect"]),
        (_with(when__start_rule="any", who__conditions=[]), []),
        (_with(who__conditions=[]), ["start_condition"]),
        (_with(beneficiary__mode="single", legal_basis="none"), ["simplified_costs"]),
        (_with(beneficiary__mode="single", how=HALF | {"cost_floor": "200000.01"}), []),
        (_with(beneficiary__mode="single", how=HALF | {"cost_floor": "200000.00"}), ["simplified_costs"]),
        (_with(beneficiary={"mode": "single", "research_exemption": "Comité de suivi du 3 mars"}), []),
        (_with(beneficiary__mode="single", funding__funders=[{"code": "region", "share": "1"}]), []),
        (_with(beneficiary__mode="single", payment__costs="simplified", when__payment_days=81), ["payment_days"]),
        (_with(when__payment_days=81), []),
        (_with(how={"function": "pro_rata", "how": {"function": "flat"}}), ["flat_costs"]),
        (_with(gaps=[{"path": "how", "note": {"fr": "taux inconnu", "en": "rate unknown"}}]), ["gap"]),
    ],
)  # fmt: skip
def test_what_the_law_forbids_is_not_published(rules: dict[str, Any], codes: list[str]) -> None:
    faults = publication_faults(rules, date(2026, 6, 1))
    assert [fault.code for fault in faults] == codes
    assert all(fault.fr and fault.en for fault in faults)


def test_no_new_scheme_rests_on_an_exemption_that_has_expired() -> None:
    exempted = _with(legal_basis="gber_28", how=HALF)
    assert publication_faults(exempted, date(2026, 12, 31)) == []
    (fault,) = publication_faults(exempted, date(2027, 1, 1))
    assert (fault.code, "2026-12-31" in fault.en, "31/12/2026" in fault.fr) == ("gber_expired", True, True)
    assert "651/2014" in fault.article
