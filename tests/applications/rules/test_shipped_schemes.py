"""Each runnable definition on a firm of its own: who is refused, how much is given, what is due at payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from applications.rules import eligibility
from applications.rules.amounts import Line, at_payment, compute
from applications.simulation import to_come
from regions.schemes.loader import parse, shipped

FACTS: dict[str, Any] = {
    "headcount": Decimal("5"), "turnover": Decimal("300000"), "balance_sheet": None, "naf": "47.78C",
    "naf_nomenclature": "rev2", "legal_category": "company", "created_on": date(2018, 1, 1),
    "applied_on": date(2026, 3, 3), "works_start_on": None, "awarded_on": None, "person_applications_this_year": 0,
    "firm_applications_this_year": 0, "other_public_aid": Decimal(0), "members": 4,
}  # fmt: skip
NINE = (
    "kap-numerik", "commerce-connecte", "conseil-digital", "accompagnement-numerique", "groupement-export",
    "impulsion-export", "kit-numerique", "cheque-transformation", "forfait-numerique",
)  # fmt: skip


def _rules(code: str) -> dict[str, Any]:
    return parse(shipped()[code].read_text(encoding="utf-8"), code)


def _facts(rules: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return FACTS | {"seat_region": rules["region"]} | to_come(rules) | changes


def _lines(*rows: tuple[str, ...]) -> list[Line]:
    return [
        Line(str(n), row[0], "", Decimal(row[1]), quantity=Decimal(row[2]) if len(row) > 2 else None)
        for n, row in enumerate(rows, 1)
    ]


QUOTES: dict[str, tuple[list[Line], str]] = {
    "kap-numerik": (_lines(("showcase_site", "2000.00"), ("social_media", "1000.00")), "2000.00"),
    "commerce-connecte": (_lines(("website", "1000.00"), ("training", "190.00"), ("hardware", "900.00")), "450.00"),
    "conseil-digital": (_lines(("digital_strategy", "14000.00"), ("development", "3000.00")), "5000.00"),
    "accompagnement-numerique": (_lines(("potential_analysis", "9000.00")), "4500.00"),
    "groupement-export": (_lines(("joint_manager", "150000.00"), ("audit_fees", "50000.00")), "60000.00"),
    "impulsion-export": (_lines(("export_site", "15000.00"), ("translation", "5000.00")), "6000.00"),
    "kit-numerique": (_lines(("website", "4000.00"), ("cybersecurity", "3500.00")), "6000.00"),
    "cheque-transformation": (_lines(("digital_maturity", "20000.00")), "15000.00"),
    "forfait-numerique": (_lines(("online_sales", "450.00")), "500.00"),
}


@pytest.mark.parametrize("code", NINE)
def test_a_shop_of_the_region_is_aided_and_another_region_s_is_not(code: str) -> None:
    rules, (quote, expected) = _rules(code), QUOTES[code]
    verdict = compute(rules, quote, _facts(rules))
    assert eligibility.assess(rules, _facts(rules)).codes() == ()
    assert (verdict.ok, verdict.amount) == (True, Decimal(expected))
    elsewhere = eligibility.assess(rules, _facts(rules, seat_region="06"))
    assert elsewhere.codes() in {("seat",)} or code in {"commerce-connecte"}
    assert not elsewhere.ok


@pytest.mark.parametrize("code", NINE)
def test_the_whole_grant_is_due_when_all_is_accepted_and_nothing_when_nothing_is(code: str) -> None:
    rules, (quote, _expected) = _rules(code), QUOTES[code]
    verdict = compute(rules, quote, _facts(rules))
    kept = {line["key"]: line["eligible"] for line in verdict.details["lines"]}
    granted = [Line(one.key, one.category, "", kept[one.key], quantity=one.quantity) for one in quote]
    nothing = [Line(one.key, one.category, "", Decimal(0)) for one in quote]
    facts = {"headcount": FACTS["headcount"], "turnover": FACTS["turnover"], "legal_category": "company"}
    grant = verdict.amount or Decimal(0)
    assert at_payment(rules, granted, granted, grant, facts) == grant
    assert at_payment(rules, granted, nothing, grant, facts) == 0


@pytest.mark.parametrize(
    ("code", "change", "codes"),
    [
        ("commerce-connecte", {"headcount": Decimal(20)}, ("headcount",)),
        ("commerce-connecte", {"created_on": date(2025, 9, 4)}, ("age",)),
        ("commerce-connecte", {"created_on": date(2025, 9, 3)}, ()),
        ("commerce-connecte", {"created_on": None}, ("fact_missing",)),
        ("commerce-connecte", {"naf": "74.10Z"}, ()),
        ("commerce-connecte", {"naf": "7410Z"}, ()),
        ("commerce-connecte", {"naf": "62.01Z"}, ("sector",)),
        ("commerce-connecte", {"naf": "74.30Z"}, ("sector",)),
        ("conseil-digital", {"headcount": Decimal(250)}, ("size",)),
        ("conseil-digital", {"works_start_on": date(2026, 3, 3)}, ("early_start",)),
        ("accompagnement-numerique", {"headcount": Decimal(100)}, ("headcount",)),
        ("accompagnement-numerique", {"turnover": Decimal("20000000.01")}, ("turnover",)),
        ("groupement-export", {"members": 3}, ("fewer_members",)),
        ("groupement-export", {"members": None}, ("fact_missing",)),
        ("impulsion-export", {"headcount": Decimal(50)}, ("headcount",)),
        ("impulsion-export", {"legal_category": "association"}, ("legal_category",)),
        ("kit-numerique", {"headcount": Decimal(50)}, ("headcount",)),
        ("kit-numerique", {"firm_applications_this_year": 1}, ("once_a_year",)),
        ("cheque-transformation", {"naf": "62.02A"}, ("sector",)),
        ("cheque-transformation", {"naf": "61.90Z"}, ()),
        ("forfait-numerique", {"headcount": Decimal(11)}, ("headcount",)),
        ("forfait-numerique", {"turnover": Decimal("2000000.00"), "works_start_on": date(2026, 1, 1)}, ()),
    ],
)  # fmt: skip
def test_each_scheme_s_own_conditions_and_edges(code: str, change: dict[str, Any], codes: tuple[str, ...]) -> None:
    rules = _rules(code)
    verdict = eligibility.assess(rules, _facts(rules, **change))
    assert verdict.codes() == codes
    assert all(reason.fr and reason.en for reason in verdict.reasons)


def test_a_list_of_steps_may_be_asked_to_include_one() -> None:
    rules = _rules("cheque-vente-en-ligne")
    assert eligibility.assess(rules, FACTS | {"prior_steps": ["seminar"]}).ok
    assert eligibility.assess(rules, FACTS | {"prior_steps": ["visit"]}).codes() == ("seminar",)
    (missing,) = eligibility.assess(rules, FACTS).reasons
    assert missing.code == "fact_missing"
    assert missing.fr == "Une information manque pour vérifier cette condition : les étapes déjà suivies."
    assert missing.en == "A fact is missing to check this condition: the steps already taken."


def test_a_day_may_be_asked_to_come_before_another() -> None:
    rules = {
        "who": {"conditions": [{"fact": "created_on", "op": "before", "value": "2020-10-30", "reason": "late"}]},
        "reasons": {"late": {"fr": "Créée le {found}, trop tard.", "en": "Created on {found}, too late."}},
    }
    assert eligibility.assess(rules, {"created_on": date(2020, 10, 29)}).ok
    assert eligibility.assess(rules, {"created_on": date(2020, 10, 30)}).codes() == ("late",)


@pytest.mark.parametrize(
    ("op", "level", "holds"), [("eq", 1, True), ("eq", 2, False), ("ne", 2, True), ("ne", 1, False)]
)
def test_a_number_is_compared_by_its_value(op: str, level: int, holds: bool) -> None:
    rules = {"who": {"conditions": [{"fact": "level", "op": op, "value": "1.0", "reason": "level_unknown"}]}}
    assert eligibility.assess(rules, {"level": level}).ok == holds
    assert eligibility.assess(rules, {"level": Decimal(level)}).ok == holds


@pytest.mark.parametrize(
    ("created", "applied", "months"),
    [
        (date(2025, 9, 3), date(2026, 3, 3), 6), (date(2025, 9, 4), date(2026, 3, 3), 5),
        (date(2025, 8, 31), date(2026, 2, 28), 6), (date(2025, 8, 31), date(2026, 2, 27), 5),
        (date(2026, 3, 3), date(2026, 3, 3), 0),
    ],
)  # fmt: skip
def test_the_age_of_a_firm_in_whole_months(created: date, applied: date, months: int) -> None:
    assert eligibility.derived({"created_on": created, "applied_on": applied})["age_months"] == months
    assert eligibility.derived({"created_on": created, "applied_on": applied, "age_months": 99})["age_months"] == 99


def test_a_marketplace_commission_is_refused_by_the_law_itself() -> None:
    rules = _rules("groupement-export")
    verdict = compute(rules, _lines(("marketplace_commission", "5000.00"), ("joint_manager", "9000.00")), _facts(rules))
    (reason,) = verdict.details["lines"][0]["reasons"]
    assert (verdict.amount, verdict.details["lines"][0]["eligible"]) == (Decimal("4500.00"), 0)
    assert (reason["code"], reason["article"]) == ("export_quantity", "Règl. (UE) 2023/2831, art. 1(1)(e)")


def test_a_mixed_expense_stays_in_and_waits_for_a_person() -> None:
    rules = _rules("impulsion-export")
    verdict = compute(rules, _lines(("marketplace_listing", "1000.00"), ("export_site", "9000.00")), _facts(rules))
    assert (verdict.ok, verdict.amount) == (True, Decimal("3000.00"))
    (flag,) = verdict.details["review"]
    assert (flag["key"], flag["category"], flag["code"]) == ("1", "marketplace_listing", "export_mixed")
    assert "export_mixed" in verdict.codes()
    assert not any(reason.blocking for reason in verdict.reasons)


@pytest.mark.parametrize(("answer", "aid", "flags"), [("allowed", "3000.00", 0), ("excluded", "2700.00", 0)])
def test_the_authority_s_answer_settles_a_mixed_expense(answer: str, aid: str, flags: int) -> None:
    rules = _rules("impulsion-export")
    rules["what"]["export_settled"] = {"mixed_subscription": answer}
    verdict = compute(rules, _lines(("marketplace_listing", "1000.00"), ("export_site", "9000.00")), _facts(rules))
    assert (verdict.amount, len(verdict.details["review"])) == (Decimal(aid), flags)


def test_an_expense_that_the_scheme_wants_looked_at_is_flagged_in_its_words() -> None:
    rules = _rules("kit-numerique")
    verdict = compute(rules, _lines(("replacement", "900.00")), _facts(rules))
    (flag,) = verdict.details["review"]
    assert (verdict.ok, verdict.amount, flag["code"]) == (True, Decimal("900.00"), "replacement")
    assert "fonctions nouvelles" in flag["fr"]


def test_under_another_legal_basis_the_export_list_does_not_apply() -> None:
    rules = _rules("groupement-export") | {"legal_basis": "gber_19"}
    verdict = compute(rules, _lines(("marketplace_commission", "5000.00")), _facts(rules))
    assert verdict.details["lines"][0]["eligible"] == 5000


def test_an_excluded_category_gives_the_reason_it_names() -> None:
    rules = _rules("conseil-digital")
    verdict = compute(rules, _lines(("development", "5000.00")), _facts(rules))
    (reason,) = verdict.details["lines"][0]["reasons"]
    assert (verdict.ok, reason["code"]) == (False, "development")
    assert verdict.codes() == ("nothing_eligible",)


def test_the_second_level_of_support_by_the_day() -> None:
    rules = _rules("accompagnement-numerique")
    facts = _facts(rules, level=2, prior_level_settled=True, recommended=["cybersecurity"])
    verdict = compute(rules, _lines(("cybersecurity", "39000.00", "30"), ("online_marketing", "500.00", "1")), facts)
    assert verdict.amount == Decimal("16500.00")


def test_the_mix_hands_out_four_instruments() -> None:
    rules = _rules("impulsion-export")
    verdict = compute(rules, QUOTES["impulsion-export"][0], _facts(rules))
    amounts = {c["instrument"]: c["amount"] for c in verdict.details["components"]}
    assert amounts == {"grant": 6000, "advance": 6000, "loan": 6000, "guarantee": 4200}
    assert verdict.details["gross_grant_equivalent"] > verdict.amount
