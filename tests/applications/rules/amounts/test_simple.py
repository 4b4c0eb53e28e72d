"""The functions of one formula, each on the published figures and at its edges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from applications.rules.amounts import Line, at_payment, compute
from applications.rules.base import InputError
from tests.applications.rules.amounts.rulebook import aid, lines, rules, run

BPI = {"function": "percent", "rate": "0.50", "cost_ceiling": "10000.00"}
BPI_ON_AID = {"function": "percent", "rate": "0.50", "aid_ceiling": "10000.00"}
STEPS = {"function": "steps", "step_cost": "300.00", "step_aid": "150.00", "cost_ceiling": "3000.00"}
SLICES = {
    "function": "piecewise", "segments": [{"up_to": "500.00", "rate": "1.00"}, {"rate": "0.50"}],
    "aid_ceiling": "1500.00",
}  # fmt: skip
FLAT = {"function": "flat", "amount": "500.00", "cost_floor": "450.00"}
KIT = {
    "function": "percent", "rate": "1.00",
    "bands": [
        {"headcount_below": "3", "aid_ceiling": "2000.00"}, {"headcount_below": "10", "aid_ceiling": "6000.00"},
        {"headcount_below": "50", "aid_ceiling": "12000.00"},
    ],
}  # fmt: skip
STRAND_A = {"function": "percent", "rate": "0.50", "aid_floor": "50000.00", "aid_ceiling": "500000.00"}
STRAND_B = {"function": "percent", "rate": "0.50", "aid_ceiling": "250000.00"}


@pytest.mark.parametrize(
    ("how", "cost", "expected"),
    [
        (BPI, "10000.00", "5000.00"), (BPI, "8000.00", "4000.00"), (BPI, "14000.00", "5000.00"),
        (BPI_ON_AID, "10000.00", "5000.00"), (BPI_ON_AID, "8000.00", "4000.00"), (BPI_ON_AID, "14000.00", "7000.00"),
        ({"function": "percent", "rate": "0.75"}, "20000.00", "15000.00"),
        (STEPS, "299.99", "0.00"), (STEPS, "300.00", "150.00"), (STEPS, "900.00", "450.00"),
        (STEPS, "1000.00", "450.00"), (STEPS, "1190.00", "450.00"), (STEPS, "3000.00", "1500.00"),
        (STEPS, "9000.00", "1500.00"),
        (SLICES, "400.00", "400.00"), (SLICES, "500.00", "500.00"), (SLICES, "1000.00", "750.00"),
        (SLICES, "2500.00", "1500.00"), (SLICES, "3000.00", "1500.00"),
        (FLAT, "449.99", "0.00"), (FLAT, "450.00", "500.00"), (FLAT, "5000.00", "500.00"),
        (STRAND_A, "80000.00", "0.00"), (STRAND_A, "100000.00", "50000.00"), (STRAND_B, "600000.00", "250000.00"),
    ],
)  # fmt: skip
def test_the_published_figures(how: dict[str, Any], cost: str, expected: str) -> None:
    assert aid(how, cost) == Decimal(expected)


@pytest.mark.parametrize(
    ("headcount", "cost", "expected"),
    [
        ("0", "2500.00", "2000.00"), ("2.99", "1500.00", "1500.00"), ("3", "9000.00", "6000.00"),
        ("9.99", "5000.00", "5000.00"), ("10", "20000.00", "12000.00"), ("49.99", "12000.00", "12000.00"),
    ],
)  # fmt: skip
def test_the_ceiling_follows_the_segment(headcount: str, cost: str, expected: str) -> None:
    assert aid(KIT, cost, headcount=Decimal(headcount)) == Decimal(expected)


@pytest.mark.parametrize(
    ("how", "cost", "facts", "code"),
    [
        (KIT, "1000.00", {"headcount": Decimal(50)}, "no_band"), (KIT, "1000.00", {}, "no_band"),
        (STEPS, "299.99", {}, "cost_floor"), (FLAT, "449.99", {}, "cost_floor"),
        (BPI | {"cost_floor": "2000.00"}, "1999.99", {}, "cost_floor"), (STRAND_A, "80000.00", {}, "aid_floor"),
        (BPI, "0.01", {}, "nothing_eligible"),
    ],
)  # fmt: skip
def test_a_refusal_names_its_reason_and_leaves_nothing_on_the_lines(
    how: dict[str, Any], cost: str, facts: dict[str, Any], code: str
) -> None:
    verdict = run(how, cost, **facts)
    assert (verdict.ok, verdict.amount, verdict.codes()) == (False, 0, (code,))
    assert verdict.details["lines"][0]["aid"] == 0
    assert verdict.details["gross_grant_equivalent"] == 0


def test_a_laptop_in_the_quote_is_left_out_with_its_reason() -> None:
    quote = [*lines("3800.00"), Line("2", "study", "Ordinateur portable", Decimal("1200.00"), hardware=True)]
    verdict = compute(rules({"function": "percent", "rate": "0.50"}), quote, {})
    laptop = verdict.details["lines"][1]
    assert (verdict.amount, laptop["eligible"], laptop["reasons"][0]["code"]) == (Decimal("1900.00"), 0, "hardware")
    assert "Équipement matériel" in laptop["reasons"][0]["fr"]


def test_the_order_of_operations_is_shown() -> None:
    how = {"function": "percent", "rate": "0.50", "cost_ceiling": "10000.00", "aid_ceiling": "4500.00"}
    verdict = run(how | {"public_aid_max_share": "0.60"}, "9000.00", "5000.00", ("gift", "100.00"), other="2000.00")
    assert [(s["name"], s["before"], s["after"]) for s in verdict.details["steps"]] == [
        ("excluded_lines", 14100, 14000), ("cost_ceiling", 14000, 10000), ("rate", 10000, 5000),
        ("aid_ceiling", 5000, 4500), ("other_aid", 4500, 4000),
    ]  # fmt: skip
    assert verdict.codes() == ("other_aid",)
    assert sum(line["aid"] for line in verdict.details["lines"]) == 4000


def test_the_cost_above_the_ceiling_is_cut_from_the_smallest_line_with_a_reason() -> None:
    shown = run(BPI, "9000.00", "5000.00").details["lines"]
    assert [line["eligible"] for line in shown] == [9000, 1000]
    assert [r["code"] for r in shown[1]["reasons"]] == ["cost_ceiling"]


def test_no_cent_is_lost_between_lines() -> None:
    verdict = run(BPI, "4666.67", "4666.67", "4666.66")
    assert verdict.amount == Decimal("5000.00")
    assert sum(line["aid"] for line in verdict.details["lines"]) == Decimal("5000.00")


def test_category_ceilings_come_on_the_cost_before_the_rate() -> None:
    limited = [
        {"code": "study", "cost_ceiling": "1000.00"},
        {"code": "devices", "max_units": 2, "unit_cost_ceiling": "800.00"},
    ]
    quote = lines("700.00", "600.00", ("devices", "900.00"), ("devices", "500.00"), ("devices", "300.00"))
    verdict = compute(rules({"function": "percent", "rate": "0.50"}, *limited), quote, {})
    assert [line["eligible"] for line in verdict.details["lines"]] == [700, 300, 800, 500, 0]
    assert verdict.amount == Decimal("1150.00")
    codes = [[r["code"] for r in line["reasons"]] for line in verdict.details["lines"]]
    assert codes == [[], ["category_cost_ceiling"], ["unit_cost_ceiling"], [], ["max_units"]]
    assert verdict.details["steps"][1] == {"name": "category_costs", "before": 3000, "after": 2300}


def test_a_subscription_counts_for_twelve_months() -> None:
    limited = {"code": "study", "max_units": 12}
    verdict = compute(rules({"function": "percent", "rate": "0.40"}, limited), lines(("study", "3600.00", "36")), {})
    assert (verdict.details["lines"][0]["eligible"], verdict.amount) == (1200, 480)


@pytest.mark.parametrize("wrong", ["-0.01", ("study", "10.00", "-1")])
def test_a_negative_line_is_refused(wrong: Any) -> None:
    with pytest.raises(InputError, match="zero or more"):
        run(BPI, wrong)


@pytest.mark.parametrize(
    ("how", "accepted", "due"),
    [
        (BPI, ["9000.00", "3000.00"], "5000.00"), (BPI, ["4000.00", "0.00"], "2000.00"),
        (STEPS, ["800.00", "0.00"], "300.00"), (STEPS, ["200.00", "0.00"], "0.00"),
        (SLICES, ["300.00", "400.00"], "600.00"), (FLAT, ["449.99", "0.00"], "0.00"),
        (FLAT, ["450.00", "0.00"], "500.00"),
        (KIT, ["1500.00", "100.00"], "1600.00"),
    ],
)  # fmt: skip
def test_at_payment_the_same_function_on_what_is_accepted(how: dict[str, Any], accepted: list[str], due: str) -> None:
    granted, facts = lines("9000.00", "5000.00"), {"headcount": Decimal(2)}
    grant = compute(rules(how), granted, facts).amount
    assert grant is not None
    assert at_payment(rules(how), granted, lines(*accepted), grant, facts) == Decimal(due)
    assert at_payment(rules(how), granted, granted, grant, facts) == grant


def test_at_payment_a_line_that_was_not_granted_counts_for_nothing() -> None:
    granted, claimed = lines("4000.00"), lines("4000.00", "9000.00")
    assert at_payment(rules(BPI), granted, claimed, Decimal("5000.00"), {}) == Decimal("2000.00")


def test_the_scheme_s_own_words_win_over_the_shared_ones() -> None:
    own = rules(FLAT) | {"reasons": {"cost_floor": {"fr": "Trop peu.", "en": "Too little.", "clause": "Article 4"}}}
    (reason,) = compute(own, lines("1.00"), {}).reasons
    assert (reason.fr, reason.en, reason.article) == ("Trop peu.", "Too little.", "Article 4")
    (shared,) = run(FLAT, "1.00").reasons
    assert shared.params["found"] == "450.00"
    assert shared.fr.startswith("Les dépenses aidées doivent atteindre")
    assert shared.en.startswith("The expenses aided must reach")
