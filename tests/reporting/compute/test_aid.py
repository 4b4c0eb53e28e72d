"""Worked examples of aid amounts and of scheme conditions through the registry: shipped scheme and given rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.rules.amounts.functions import FUNCTIONS
from applications.rules.base import InputError
from regions.schemes.loader import parse, shipped

from .fuzz import LEGAL, VALUES, changed, leaves
from .helpers import at, case, computed, worked

DEFINITION = parse(shipped()["kap-numerik"].read_text(encoding="utf-8"), "kap-numerik.yaml")


def _kap(headcount: float, *lines: tuple[str, float]) -> dict[str, Any]:
    quoted = [{"category": category, "amount": amount} for category, amount in lines]
    return computed("aid-amount", scheme="kap-numerik", facts={"headcount": headcount}, lines=quoted)


PROJECT = (("merchant_site", 2000), ("mobile_application", 1000), ("digital_content", 1000))


@pytest.mark.parametrize(
    ("headcount", "lines", "amount"),
    [
        case("VOU-01", 5, [("showcase_site", 1500)], "1200.00"),
        case("VOU-02", 5, [("showcase_site", 2000)], "1200.00"),
        case("VOU-03", 5, [("merchant_site", 3000), ("social_media", 1500)], "3000.00"),
        case("VOU-06", 5, PROJECT, "3200.00"),
        case("VOU-06b", 12, PROJECT, "2000.00"),
        (5, [("showcase_site", 1333.33)], "1066.66"),
    ],
)
def test_the_published_examples_of_the_voucher(headcount: float, lines: Any, amount: str) -> None:
    assert _kap(headcount, *lines)["amount"] == amount


def test_the_funders_share_the_aid_to_the_cent() -> None:
    assert _kap(5, ("showcase_site", 1333.33))["details"]["shares"] == {"erdf": "906.66", "region": "160.00"}


def _percent(rate: float, ceiling: float = 999999999, floor: float | None = None) -> dict[str, Any]:
    how = {
        "function": "percent_by_category",
        "bands": [{"headcount_below": 250, "rate": rate, "aid_ceiling": ceiling}],
    }
    return {"how": how if floor is None else how | {"aid_floor": floor}}


@pytest.mark.parametrize(
    ("rules", "cost", "amount", "ok"),
    [
        # Half of a digital-strategy service: « 10 000 euros » read as a cap on the cost, then on the aid.
        (_percent(0.5, 5000), 10000, "5000.00", True),
        (_percent(0.5, 5000), 8000, "4000.00", True),
        (_percent(0.5, 5000), 14000, "5000.00", True),
        (_percent(0.5, 10000), 14000, "7000.00", True),
        (_percent(0.75), 20000, "15000.00", True),
        # A voucher between a floor and a ceiling, in the currency of the scheme.
        (_percent(0.5, 500000, 50000), 80000, "0.00", False),
        (_percent(0.5, 250000), 600000, "250000.00", True),
    ],
)
@worked("FR-floor-and-cap")
def test_rules_given_in_the_input(rules: dict[str, Any], cost: float, amount: str, ok: bool) -> None:
    answer = computed("aid-amount", rules=rules, headcount=5, lines=[{"category": "advice", "amount": cost}])
    assert (answer["amount"], answer["ok"]) == (amount, ok)


# The functions of aid that this release knows, with the figures that public schemes print.
CATALOGUE: list[tuple[dict[str, Any], dict[str, Any], dict[str, str]]] = [
    (_percent(0.75)["how"], {"headcount": 5}, {"20000": "15000.00"}),
    # A service whose total cost is capped at 10 000, half of it aided.
    (
        {"function": "percent", "rate": 0.5, "cost_ceiling": 10000}, {},
        {"10000": "5000.00", "8000": "4000.00", "14000": "5000.00"},
    ),
    # Four firms or more hire an export manager together: half of the project, 15 000 per firm at most.
    (
        {"function": "group", "rate": 0.5, "min_members": 4, "aid_ceiling_per_member": 15000, "on_loss": "revoke"},
        {"members": 4}, {"200000": "60000.00", "100000": "50000.00"},
    ),
    (
        {"function": "group", "rate": 0.5, "min_members": 4, "aid_ceiling_per_member": 15000, "on_loss": "revoke"},
        {"members": 3}, {"200000": "0.00"},
    ),
    # 150 for each full 300, up to a cost of 3 000; the whole up to 500, then half up to an aid of 1 500.
    (
        {"function": "steps", "step_cost": 300, "step_aid": 150, "cost_ceiling": 3000}, {},
        {"900": "450.00", "1000": "450.00", "1190": "450.00", "3000": "1500.00"},
    ),
    (
        {"function": "piecewise", "segments": [{"up_to": 500, "rate": 1}, {"rate": 0.5}], "aid_ceiling": 1500}, {},
        {"400": "400.00", "500": "500.00", "1000": "750.00", "2500": "1500.00", "3000": "1500.00"},
    ),
    ({"function": "flat", "amount": 500, "cost_floor": 450}, {}, {"450": "500.00", "449.99": "0.00"}),
]  # fmt: skip


@pytest.mark.parametrize(("how", "facts", "aids"), [case for case in CATALOGUE if case[0]["function"] in FUNCTIONS])
@worked("FR-four-exporters", "FR-bpi-conseil", "FR-go-digital")
def test_the_functions_of_real_schemes(how: dict[str, Any], facts: dict[str, Any], aids: dict[str, str]) -> None:
    found = {
        cost: computed("aid-amount", rules={"how": how}, facts=facts, lines=[{"category": "advice", "amount": cost}])
        for cost in aids
    }
    assert {cost: answer["amount"] for cost, answer in found.items()} == aids


@worked("FR-laptop")
def test_a_laptop_in_a_quote_is_left_out() -> None:
    lines = [{"category": "advice", "amount": 3800}, {"category": "advice", "amount": 1200, "hardware": True}]
    answer = computed("aid-amount", rules=_percent(0.5), headcount=5, lines=lines)
    assert [line["eligible"] for line in answer["details"]["lines"]] == ["3800.00", "0.00"]
    assert [reason["code"] for reason in answer["details"]["lines"][1]["reasons"]] == ["hardware"]
    assert answer["amount"] == "1900.00"


def _between(*tests: tuple[str, Any]) -> dict[str, Any]:
    return {"who": {"conditions": [{"fact": "headcount", "op": op, "value": value} for op, value in tests]}}


@pytest.mark.parametrize(
    ("rules", "headcount", "ok"),
    [
        (_between(("ge", 2), ("le", 49)), 1, False),
        (_between(("ge", 2), ("le", 49)), 2, True),
        (_between(("ge", 2), ("le", 49)), 49, True),
        (_between(("ge", 2), ("le", 49)), 50, False),
        (_between(("lt", "100")), 99, True),
        (_between(("lt", "100")), 100, False),
    ],
)
@worked("FR-staff-1-2-49-50", "FR-staff-99-100")
def test_conditions_given_in_the_input(rules: dict[str, Any], headcount: int, ok: bool) -> None:
    assert computed("scheme-eligibility", rules=rules, facts={"headcount": headcount})["ok"] is ok


KAP = {
    "headcount": 5, "turnover": 300000, "naf": "47.78C", "legal_category": "company", "seat_region": "04",
    "applied_on": "2025-03-03", "person_applications_this_year": 0, "firm_applications_this_year": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"headcount": 20}, ["headcount"]),
        ({"turnover": "500000.00"}, ["turnover_small"]),
        ({"naf": "62.01Z"}, ["sector"]),
        ({"works_start_on": "2025-03-03"}, ["early_start"]),
        ({"firm_applications_this_year": 1}, ["once_a_year"]),
        ({"turnover": None}, ["fact_missing", "fact_missing", "fact_missing"]),
    ],
)
def test_the_conditions_of_the_shipped_scheme(change: dict[str, Any], codes: list[str]) -> None:
    answer = computed("scheme-eligibility", scheme="kap-numerik", facts=KAP | change)
    assert (at(answer, "reasons"), answer["ok"]) == (codes, not codes)


LINES = [{"category": "advice", "amount": 1}]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"scheme": "nowhere", "lines": LINES}, "$.scheme"),
        ({"lines": LINES}, "$"),
        ({"rules": {}, "lines": LINES}, "$.rules"),
        ({"rules": {"how": {"function": "gift"}}, "lines": LINES}, "$.rules.how.function"),
        ({"rules": _percent(2), "lines": LINES}, "$.rules.how.bands[0].rate"),
        ({"rules": _percent(0.5) | {"when": 3}, "lines": LINES}, "$.rules.when"),
        ({"scheme": "kap-numerik", "lines": LINES, "facts": {"size of boots": 44}}, '$.facts["size of boots"]'),
        ({"scheme": "kap-numerik", "lines": LINES, "facts": {"turnover": -1}}, "$.facts.turnover"),
        ({"scheme": "kap-numerik", "lines": []}, "$.lines"),
        (
            {
                "rules": _percent(0.5) | {"funding": {"lead": "region", "funders": [{"code": "state", "share": 1}]}},
                "lines": LINES, "headcount": 5,
            },
            "$.rules.funding",
        ),
    ],
)  # fmt: skip
def test_a_wrong_rule_or_fact_is_named(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as fault:
        computed("aid-amount", **asked)
    assert fault.value.field == field
    assert fault.value.fr != fault.value.sentence


PARTS = {name: part for name, part in DEFINITION.items() if name in ("who", "what", "how", "funding", "reasons")}


@settings(max_examples=120, deadline=None)
@given(data=st.data(), rule=st.sampled_from(["aid-amount", "scheme-eligibility"]))
def test_a_definition_with_another_value_gets_a_verdict_or_a_named_field(data: st.DataObject, rule: str) -> None:
    path = data.draw(st.sampled_from(leaves(PARTS)))
    given_in = {"rules": changed(PARTS, path, data.draw(LEGAL | VALUES)), "facts": KAP}
    if rule == "aid-amount":
        given_in["lines"] = [{"category": "merchant_site", "amount": 3000}]
    try:
        answer: Any = computed(rule, **given_in)
    except InputError as fault:
        answer = fault
    assert answer.field.startswith("$") if isinstance(answer, InputError) else answer["rule"] == rule
