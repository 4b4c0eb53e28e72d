"""Whatever the quote: caps hold, the lines add up, more cost never gives less, the order of lines is nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.amounts import Line, allocate, at_payment, compute
from applications.rules.amounts.functions import FUNCTIONS
from tests.applications.rules.amounts.rulebook import CATEGORIES, rules
from tests.applications.rules.amounts.test_composite import DAYS, GROUP, LEVELS, WALLET, WINDOW
from tests.applications.rules.amounts.test_mix import MIX
from tests.applications.rules.amounts.test_simple import BPI, FLAT, KIT, SLICES, STEPS, STRAND_A

BY_CATEGORY = {
    "function": "percent_by_category",
    "bands": [
        {"headcount_below": "10", "rate": "0.80", "aid_ceiling": "3200.00"},
        {"headcount_below": "20", "rate": "0.50", "aid_ceiling": "2000.00"},
    ],
}
HOWS: dict[str, dict[str, Any]] = {
    "percent_by_category": BY_CATEGORY, "percent": BPI, "flat": FLAT, "steps": STEPS, "piecewise": SLICES,
    "days": DAYS, "group": GROUP, "levels": LEVELS, "wallet": WALLET, "pro_rata": WINDOW, "mix": MIX,
}  # fmt: skip
# function → (the highest aid, the highest share of the cost); a flat sum follows no rate.
CAPS: dict[str, tuple[str, str]] = {
    "percent_by_category": ("3200", "0.80"), "percent": ("5000", "0.50"), "flat": ("500", "9"),
    "steps": ("1500", "0.50"),
    "piecewise": ("1500", "1"), "days": ("16500", "0.50"), "group": ("75000", "0.50"), "levels": ("16500", "0.50"),
    "wallet": ("60000", "0.75"), "pro_rata": ("3300", "0.165"), "mix": ("9000", "0.30"),
}  # fmt: skip
FACTS: dict[str, Any] = {
    "headcount": Decimal("4"), "members": 5, "level": 1, "wallet_used_rolling": Decimal(140000),
    "wallet_used_year": Decimal(20000), "window_coefficient": Decimal("0.33"),
}  # fmt: skip
LISTED = (
    {"code": "study", "cost_ceiling": "40000.00"}, {"code": "site"}, {"code": "advice", "max_units": 20},
    {"code": "devices", "max_units": 2, "unit_cost_ceiling": "800.00"},
)  # fmt: skip
CENTS = st.integers(1, 6_000_000).map(lambda cents: Decimal(cents) / 100)
QUANTITY = st.none() | st.integers(1, 80).map(lambda halves: Decimal(halves) / 2)
LINE = st.tuples(st.sampled_from([*CATEGORIES, "gift"]), CENTS, QUANTITY, st.booleans())
QUOTE = st.lists(LINE, min_size=1, max_size=6).map(
    lambda rows: [
        Line(str(n), category, "", amount, hardware and n % 3 == 0, quantity)
        for n, (category, amount, quantity, hardware) in enumerate(rows, 1)
    ]
)
FUNCTION = st.sampled_from(sorted(HOWS))
each_function = pytest.mark.parametrize("name", sorted(HOWS))


def _rules(name: str) -> Any:
    listed = [category | {"aid_ceiling": "1700.00"} for category in LISTED] if name == "percent_by_category" else LISTED
    return rules(HOWS[name], *listed)


def test_every_function_is_under_test() -> None:
    assert set(HOWS) == set(CAPS) == set(FUNCTIONS)


@given(FUNCTION, QUOTE)
def test_the_caps_hold_and_the_lines_add_up_to_the_cent(name: str, quote: list[Line]) -> None:
    verdict = compute(_rules(name), quote, FACTS)
    aid, shown = verdict.amount or Decimal(0), verdict.details["lines"]
    ceiling, rate = CAPS[name]
    cost = sum(line["eligible"] for line in shown)
    assert 0 <= aid <= min(Decimal(ceiling), cost * Decimal(rate))
    assert aid == sum(line["aid"] for line in shown) == aid.quantize(Decimal("0.01"))
    assert all(0 <= line["eligible"] <= line["quoted"] for line in shown)
    assert name == "flat" or all(0 <= line["aid"] <= line["eligible"] for line in shown)
    assert verdict.ok == (not any(reason.blocking for reason in verdict.reasons))
    assert all(line["eligible"] == line["quoted"] or line["reasons"] for line in shown)
    money = sum(c["amount"] for c in verdict.details["components"] if c["instrument"] != "guarantee")
    assert money <= cost
    steps = verdict.details["steps"]
    assert steps[0]["name"] == "excluded_lines"


@given(FUNCTION, QUOTE, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(name: str, quote: list[Line], random: Any) -> None:
    other = random.sample(quote, len(quote))
    first, second = (compute(_rules(name), lines, FACTS) for lines in (quote, other))
    assert (first.amount, first.ok) == (second.amount, second.ok)
    assert first.details["gross_grant_equivalent"] == second.details["gross_grant_equivalent"]


@given(FUNCTION, QUOTE, st.integers(0, 5), CENTS)
def test_more_cost_never_gives_less_aid(name: str, quote: list[Line], at: int, more: Decimal) -> None:
    dearer = list(quote)
    line = quote[at % len(quote)]
    dearer[at % len(quote)] = replace(line, amount=line.amount + more)
    before, after = (compute(_rules(name), lines, FACTS).amount or Decimal(0) for lines in (quote, dearer))
    assert before <= after


@given(FUNCTION, QUOTE, CENTS, CENTS)
def test_other_aid_and_a_floor_only_take_away(name: str, quote: list[Line], other: Decimal, floor: Decimal) -> None:
    free = compute(_rules(name), quote, FACTS)
    bound = rules(
        _rules(name)["how"] | {"public_aid_max_share": "0.60", "aid_floor": str(floor)},
        *_rules(name)["what"]["categories"],
    )
    held = compute(bound, quote, FACTS, other_aid=other)
    cost = sum(line["eligible"] for line in held.details["lines"])
    aid = held.amount or Decimal(0)
    assert aid <= (free.amount or Decimal(0))
    assert aid == 0 or (aid >= floor and aid + other <= cost * Decimal("0.60"))
    assert aid == sum(line["aid"] for line in held.details["lines"])


@given(QUOTE, st.dictionaries(st.sampled_from(["grant", "advance", "loan", "guarantee"]), CENTS))
def test_no_instrument_passes_what_the_firm_asks_for(quote: list[Line], asked: dict[str, Decimal]) -> None:
    verdict = compute(_rules("mix"), quote, FACTS | {"asked_components": asked})
    given_out = {component["instrument"]: component for component in verdict.details["components"]}
    assert all(component["amount"] <= asked.get(name, component["amount"]) for name, component in given_out.items())
    assert all(c["gross_grant_equivalent"] <= c["amount"] for c in given_out.values())
    assert verdict.amount == sum(line["aid"] for line in verdict.details["lines"])
    total = sum(c["gross_grant_equivalent"] for c in given_out.values())
    assert verdict.details["gross_grant_equivalent"] == total or not verdict.ok


@given(FUNCTION, QUOTE, st.lists(st.integers(0, 120), min_size=6, max_size=6))
def test_at_payment_never_more_than_the_grant_and_all_of_it_when_all_is_accepted(
    name: str, quote: list[Line], percents: list[int]
) -> None:
    verdict = compute(_rules(name), quote, FACTS)
    grant = verdict.amount or Decimal(0)
    kept = {line["key"]: line["eligible"] for line in verdict.details["lines"]}
    granted = [replace(line, amount=kept[line.key]) for line in quote]
    accepted = [
        replace(line, amount=(line.amount * percent / 100).quantize(Decimal("0.01")))
        for line, percent in zip(granted, percents, strict=False)
    ]
    due = at_payment(_rules(name), granted, accepted, grant, FACTS)
    assert 0 <= due <= grant
    assert at_payment(_rules(name), granted, granted, grant, FACTS) == grant


@given(st.dictionaries(st.text(min_size=1, max_size=3), CENTS, max_size=40), CENTS)
def test_a_window_never_passes_its_budget(requests: dict[str, Decimal], budget: Decimal) -> None:
    found = allocate(requests, budget)
    assert sum(found.amounts.values()) <= budget
    assert all(found.amounts[key] <= requests[key] for key in requests)
    assert 0 <= found.coefficient <= 1


@each_function
def test_unknown_facts_do_no_harm(name: str) -> None:
    """Without any fact a function still answers: an aid, or a refusal with its reason."""
    verdict = compute(_rules(name), [Line("1", "study", "", Decimal(5000))], {})
    assert verdict.ok or verdict.reasons
    assert verdict.ok == (name not in {"percent_by_category", "days"})


@pytest.mark.parametrize("how", [STRAND_A, KIT])
def test_the_smallest_aid_and_the_segments_hold_for_big_and_small(how: dict[str, Any]) -> None:
    verdict = compute(rules(how), [Line("1", "study", "", Decimal("999999999.99"))], FACTS)
    assert verdict.amount in {Decimal("500000.00"), Decimal("6000.00")}
