from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.cost_forms import FormUse, Funding, combination, obligation
from applications.rules.simplified_costs import (
    FLAT_RATES,
    ChosenRate,
    DirectCosts,
    LumpSum,
    UnitCost,
    fixed_share,
    flat_rate_costs,
    hourly_costs,
    hourly_rate,
    lump_sums,
    unit_costs,
)

D = Decimal
COSTS = DirectCosts(D(40000), D(25000))
MONEY = st.decimals(0, 10_000_000, places=2)


@pytest.mark.parametrize(
    ("costs", "article", "line", "amount", "total"),
    [
        (COSTS, "54(a)", "indirect", "4550.00", "69550.00"),
        (COSTS, "54(b)", "indirect", "6000.00", "71000.00"),
        (DirectCosts(other_direct=D(25000)), "55(1)", "direct_staff", "5000.00", "30000.00"),
        (DirectCosts(D(40000)), "56", "all_other", "16000.00", "56000.00"),
        (DirectCosts(D(40000), allowances=D(1000)), "56", "all_other", "16000.00", "57000.00"),
        (COSTS, "56", "all_other", "16000.00", "56000.00"),
        (COSTS, "55(1)", "direct_staff", "5000.00", "30000.00"),
    ],
)
def test_flat_rates_of_the_regulation(costs, article, line, amount, total):
    verdict = flat_rate_costs(costs, [ChosenRate(article)])
    assert verdict.details["lines"][line] == D(amount)
    assert verdict.amount == D(total)


def test_staff_by_flat_rate_is_a_base_for_indirect_costs():
    chosen = [ChosenRate("54(b)"), ChosenRate("55(1)")]
    verdict = flat_rate_costs(DirectCosts(other_direct=D(25000)), chosen)
    assert verdict.details["lines"]["indirect"] == D("750.00")
    assert verdict.amount == D("30750.00")


@pytest.mark.parametrize("article", ["55(1)", "56"])
def test_a_real_cost_that_the_rate_covers_is_left_out_and_said(article):
    verdict = flat_rate_costs(COSTS, [ChosenRate(article)])
    assert (verdict.ok, verdict.codes()) == (True, ("covered_by_flat_rate",))


@pytest.mark.parametrize(
    ("costs", "chosen", "code"),
    [
        (COSTS, [ChosenRate("54(a)", D("7.01"))], "rate_above_maximum"),
        (COSTS, [ChosenRate("54(c)")], "method_required"),
        (DirectCosts(other_direct=D(1), large_contracts=True), [ChosenRate("55(1)")], "large_contracts"),
        (COSTS, [ChosenRate("54(a)"), ChosenRate("54(b)")], "cost_covered_twice"),
        (DirectCosts(D(1)), [ChosenRate("54(a)"), ChosenRate("56")], "cost_covered_twice"),
        (DirectCosts(), [ChosenRate("55(1)"), ChosenRate("56")], "rate_on_flat_staff"),
    ],
)
def test_forbidden_rates_and_combinations(costs, chosen, code):
    verdict = flat_rate_costs(costs, chosen)
    assert not verdict.ok
    assert verdict.amount is None
    assert verdict.codes() == (code,)


def test_a_calculated_method_opens_the_rate_of_25():
    verdict = flat_rate_costs(COSTS, [ChosenRate("54(c)", D("18.5"), method_calculated=True)])
    assert verdict.details["lines"]["indirect"] == D("12025.00")


@given(MONEY, MONEY, st.sampled_from(["54(a)", "54(b)"]))
def test_a_flat_rate_never_exceeds_its_exact_share(staff, other, article):
    verdict = flat_rate_costs(DirectCosts(staff, other), [ChosenRate(article)])
    base = staff + (other if article == "54(a)" else 0)
    exact = base * FLAT_RATES[article].maximum / 100
    assert exact - D("0.01") < verdict.details["lines"]["indirect"] <= exact


def test_hourly_rate_and_cost_of_the_reference_case():
    verdict = hourly_costs(D(51600), D(412))
    assert verdict.details["hourly_rate"] == D("30.00")
    assert verdict.amount == D("12360.00")


@pytest.mark.parametrize(
    ("gross", "options", "rate"),
    [
        (D(25800), {"part_time": D("0.5")}, "30.00"),
        (D(25800), {"months": 6}, "30.00"),
        (D(4300), {"hours_of_period": D("143.33")}, "30.00"),
        (D("36128.60"), {}, "21.01"),
        (D("36128.59"), {}, "21.00"),
    ],
)
def test_hourly_rates(gross, options, rate):
    assert hourly_rate(gross, **options) == D(rate)


def test_hours_above_the_base_of_the_rate_are_cut():
    verdict = hourly_costs(D(51600), D(1800))
    assert verdict.amount == D("51600.00")
    assert verdict.codes() == ("hours_above_rate_base",)
    assert hourly_costs(D(25800), D(861), part_time=D("0.5")).details["hours_accepted"] == D(860)


def test_a_fixed_share_needs_no_time_sheet():
    assert fixed_share(D(4321), D("33.3")).amount == D("1438.89")


def test_a_lump_sum_is_all_or_nothing():
    verdict = lump_sums([LumpSum("Étude", D(3000), True), LumpSum("Site", D(5000), False)])
    assert verdict.amount == D("3000.00")
    assert verdict.codes() == ("not_delivered",)


def test_unit_costs_stop_at_the_plan():
    verdict = unit_costs([UnitCost("jour", D("12.5"), D("401.11"), D(10)), UnitCost("visite", D(3), D("33.333"))])
    assert verdict.amount == D("4111.09")
    assert verdict.codes() == ("units_above_plan",)


@pytest.mark.parametrize(
    ("funding", "ok", "compulsory"),
    [
        (Funding(D(200000), frozenset({"real_costs"}), "de_minimis"), False, True),
        (Funding(D("200000.01"), frozenset({"real_costs"}), "de_minimis"), True, False),
        (Funding(D(50000), frozenset({"real_costs"}), "state_aid"), True, False),
        (Funding(D(50000), frozenset({"real_costs"}), research_exempt=True), True, False),
        (Funding(D(50000), frozenset({"lump_sums"}), "de_minimis"), True, True),
        (Funding(D(50000), frozenset({"real_costs", "unit_costs"})), False, True),
        (Funding(D(50000), frozenset({"real_costs", "flat_rates"})), False, True),
        (Funding(D(50000), frozenset({"real_costs", "flat_rates"}), real_costs_are_base=True), True, True),
        (Funding(D(200001), frozenset({"lump_sums"}), draft_budget=True), False, False),
        (Funding(D(200000), frozenset({"lump_sums"}), draft_budget=True), True, True),
    ],
)
def test_simplified_costs_are_compulsory_up_to_200000(funding, ok, compulsory):
    verdict = obligation(funding)
    assert verdict.ok is ok
    assert verdict.details["simplified_costs_compulsory"] is compulsory


def test_two_forms_may_not_pay_for_the_same_category():
    assert not combination([FormUse("unit_costs", "staff"), FormUse("real_costs", "staff")]).ok
    assert combination([FormUse("unit_costs", "staff"), FormUse("flat_rates", "indirect")]).ok
    assert combination([FormUse("lump_sums", "staff", phase="1"), FormUse("unit_costs", "staff", phase="2")]).ok
