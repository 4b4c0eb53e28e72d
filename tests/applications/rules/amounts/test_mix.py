"""A mix of instruments: the grant is the amount, the rest counts by its grant equivalent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from applications.rules.amounts import at_payment, compute
from tests.applications.rules.amounts.rulebook import lines, rules, run

GRANT: dict[str, Any] = {
    "instrument": "grant", "how": {"function": "percent", "rate": "0.30", "aid_ceiling": "9000.00"},
}  # fmt: skip
ADVANCE: dict[str, Any] = {
    "instrument": "advance", "share_of_cost": "0.30", "amount_floor": "3000.00", "amount_ceiling": "15000.00",
    "months": 48, "grace_months": 12, "every_months": 3, "annual_rate_percent": "0.00",
}  # fmt: skip
LOAN: dict[str, Any] = {
    "instrument": "loan", "share_of_cost": "0.40", "amount_ceiling": "30000.00", "months": 60, "grace_months": 12,
    "every_months": 12, "annual_rate_percent": "2.00", "collateral_percent": "50",
}  # fmt: skip
GUARANTEE: dict[str, Any] = {
    "instrument": "guarantee", "share_of_loan": "0.70", "months": 60, "premium_percent": "1.00",
}  # fmt: skip
MIX: dict[str, Any] = {
    "function": "mix", "components": [GRANT, ADVANCE, LOAN, GUARANTEE],
    "reference": {"base_rate_percent": "2.50", "valid_from": "2025-01-01"},
}  # fmt: skip


def _components(verdict: Any) -> dict[str, dict[str, Any]]:
    return {component["instrument"]: component for component in verdict.details["components"]}


def test_the_verdict_s_amount_is_the_grant_alone() -> None:
    verdict = run(MIX, "20000.00")
    found = _components(verdict)
    assert (verdict.ok, verdict.amount) == (True, Decimal("6000.00"))
    amounts = {name: component["amount"] for name, component in found.items()}
    assert amounts == {"grant": 6000, "advance": 6000, "loan": 8000, "guarantee": 5600}
    total = sum(component["gross_grant_equivalent"] for component in found.values())
    assert verdict.details["gross_grant_equivalent"] == total
    assert [s["name"] for s in verdict.details["steps"]] == [
        "excluded_lines", "rate", "aid_ceiling", "advance", "loan", "guarantee",
    ]  # fmt: skip


def test_the_grant_equivalents_by_hand() -> None:
    """Loan with half collateral: 300,000 × 8,000 / 1,500,000; guarantee: 300,000 × 5,600 / 2,250,000.
    Both last five years, so the proportion of duration is 1.

    Advance without collateral, reference rate 2.50 + 4.00 against 0, discounted at 3.50: 6,000 owed in
    the first two years' starts, then 4,000 and 2,000.
    """
    found = _components(run(MIX, "20000.00"))
    assert (found["loan"]["gross_grant_equivalent"], found["loan"]["method"]) == (Decimal("1600.00"), "safe_harbour")
    assert found["guarantee"]["gross_grant_equivalent"] == Decimal("746.67")
    owed, rate, discount = (6000, 6000, 4000, 2000), Decimal("0.065"), Decimal("1.035")
    by_hand = sum(balance * rate / discount**year for year, balance in enumerate(owed, 1))
    assert found["advance"]["gross_grant_equivalent"] == round(by_hand, 2)
    assert found["advance"]["method"] == "reference_rate"
    assert found["advance"]["every_months"] == 3


@pytest.mark.parametrize(
    ("asked", "amounts"),
    [
        ({"loan": Decimal(0)}, {"grant": 6000, "advance": 6000}),
        ({"advance": Decimal(4000), "guarantee": Decimal(0)}, {"grant": 6000, "advance": 4000, "loan": 8000}),
        ({"grant": Decimal(0), "advance": Decimal(0)}, {"grant": 0, "loan": 8000, "guarantee": 5600}),
        ({"grant": Decimal(1000), "advance": Decimal(2999)}, {"grant": 1000, "loan": 8000, "guarantee": 5600}),
        ({"loan": Decimal(99999)}, {"grant": 6000, "advance": 6000, "loan": 8000, "guarantee": 5600}),
    ],
)
def test_the_firm_may_ask_for_less(asked: dict[str, Decimal], amounts: dict[str, int]) -> None:
    verdict = run(MIX, "20000.00", asked_components=asked)
    assert {name: c["amount"] for name, c in _components(verdict).items()} == amounts
    assert verdict.ok
    assert verdict.amount == amounts["grant"]


def test_the_instruments_never_pass_the_cost() -> None:
    greedy = MIX | {"components": [GRANT, ADVANCE | {"share_of_cost": "0.60"}, LOAN, GUARANTEE]}
    found = _components(run(greedy, "10000.00"))
    assert {name: c["amount"] for name, c in found.items()} == {
        "grant": 3000, "advance": 6000, "loan": 1000, "guarantee": 700,
    }  # fmt: skip


def test_beyond_the_safe_harbour_the_reference_rate_is_used() -> None:
    big = LOAN | {"share_of_cost": "0.60", "amount_ceiling": "2000000.00"}
    found = _components(run(MIX | {"components": [big]}, "3000000.00"))
    assert (found["loan"]["amount"], found["loan"]["method"]) == (1800000, "reference_rate")


def test_an_insolvent_firm_gets_no_loan_and_is_told_why() -> None:
    verdict = run(MIX, "20000.00", insolvent=True)
    assert list(_components(verdict)) == ["grant"]
    assert "insolvency" in verdict.codes()
    assert verdict.ok


def test_ceilings_and_floors_of_a_component_are_told() -> None:
    assert "component_ceiling" in run(MIX, "60000.00").codes()
    small = run(MIX, "9000.00")
    assert "advance" not in _components(small)
    assert "component_floor" in small.codes()


def test_other_public_aid_counts_the_equivalents_too() -> None:
    full = run(MIX | {"public_aid_max_share": "0.50"}, "20000.00")
    beyond = full.details["gross_grant_equivalent"] - (full.amount or 0)
    assert full.amount == 6000
    tight = run(MIX | {"public_aid_max_share": "0.50"}, "20000.00", other="2000.00")
    assert tight.amount == 10000 - 2000 - beyond
    assert _components(tight)["grant"]["amount"] == tight.amount


def test_a_refused_mix_has_no_component() -> None:
    refused = run(MIX, ("gift", "20000.00"))
    assert (refused.ok, refused.details["components"], refused.details["gross_grant_equivalent"]) == (False, [], 0)


def test_at_payment_the_grant_alone_is_due() -> None:
    project = lines("20000.00")
    grant = compute(rules(MIX), project, {}).amount
    assert grant is not None
    assert at_payment(rules(MIX), project, lines("10000.00"), grant, {}) == Decimal("3000.00")
    assert at_payment(rules(MIX), project, project, Decimal(1000), {}) == Decimal("1000.00")


def test_for_a_plain_grant_the_equivalent_is_the_aid() -> None:
    verdict = run({"function": "percent", "rate": "0.50"}, "999.99")
    assert verdict.details["gross_grant_equivalent"] == verdict.amount == Decimal("499.99")
    assert verdict.details["components"] == []
