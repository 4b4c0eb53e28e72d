"""Days, groups, levels, wallets and windows: the published figures, the unknown facts, the payment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from applications.rules.amounts import allocate, at_payment, compute
from applications.rules.base import InputError
from tests.applications.rules.amounts.rulebook import aid, lines, rules, run

DAYS = {
    "function": "days", "rate": "0.50", "day_rate_ceiling": "1100.00", "days_max": "30", "aid_ceiling": "16500.00",
}  # fmt: skip
GROUP = {
    "function": "group", "rate": "0.50", "min_members": 4, "aid_ceiling_per_member": "15000.00", "on_loss": "reduce",
}  # fmt: skip
HALF = {"function": "percent", "rate": "0.50"}
LEVELS = {
    "function": "levels",
    "levels": [
        {"level": 1, "categories": ["study"], "how": HALF | {"aid_ceiling": "5500.00"}},
        {"level": 2, "categories": ["site", "advice"], "how": DAYS},
    ],
}  # fmt: skip
WALLET = {
    "function": "wallet", "how": {"function": "percent", "rate": "0.75", "aid_ceiling": "150000.00"},
    "rolling": {"years": 3, "ceiling": "200000.00"}, "calendar_year_ceiling": "100000.00",
}  # fmt: skip
WINDOW = {"function": "pro_rata", "how": HALF | {"aid_ceiling": "10000.00"}}


# --- days


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ([("site", "33000.00", "30")], "16500.00"),
        ([("site", "39000.00", "30")], "16500.00"),
        ([("site", "1300.00", "1")], "550.00"),
        ([("site", "900.00", "1")], "450.00"),
        ([("site", "44000.00", "40")], "16500.00"),
        ([("site", "1000.00", "3")], "500.00"),
        ([("site", "24000.00", "20"), ("advice", "10000.00", "20")], "13500.00"),
    ],
)
def test_days_count_up_to_their_price_and_their_number(quote: list[Any], expected: str) -> None:
    assert aid(DAYS, *quote) == Decimal(expected)


def test_the_cut_of_days_has_its_reasons() -> None:
    shown = run(DAYS, ("site", "26000.00", "20"), ("advice", "10000.00", "20"), ("study", "500.00")).details["lines"]
    assert [line["eligible"] for line in shown] == [22000, 5000, 0]
    codes = [[r["code"] for r in line["reasons"]] for line in shown]
    assert codes == [["day_rate"], ["days_max"], ["days_missing"]]


def test_days_at_payment_are_the_days_accepted() -> None:
    granted = lines(("site", "11000.00", "10"))
    pay = lambda *one: at_payment(rules(DAYS), granted, lines(one), Decimal("5500.00"), {})  # noqa: E731
    assert pay("site", "6500.00", "5") == Decimal("2750.00")
    assert pay("site", "13000.00", "12") == Decimal("5500.00")
    assert pay("site", "8000.00") == Decimal("4000.00")
    nothing_known = at_payment(rules(DAYS), lines(("site", "11000.00")), lines(("site", "4000.00")), Decimal(5500), {})
    assert nothing_known == Decimal("2000.00")


def test_days_beyond_the_limit_are_not_cut_twice() -> None:
    verdict = run(DAYS, ("site", "40000.00", "40"))
    assert (verdict.amount, verdict.details["lines"][0]["eligible"]) == (15000, 30000)
    granted = lines(("site", "30000.00", "40"))
    for accepted in ("40000.00", "30000.00"):
        due = at_payment(rules(DAYS), granted, lines(("site", accepted, "40")), Decimal(15000), {})
        assert due == Decimal("15000.00")


# --- group


@pytest.mark.parametrize(
    ("members", "cost", "expected"),
    [
        (4, "200000.00", "60000.00"),
        (4, "100000.00", "50000.00"),
        (6, "200000.00", "90000.00"),
        (3, "100000.00", "0.00"),
    ],
)
def test_a_group_has_a_ceiling_for_each_of_its_firms(members: int, cost: str, expected: str) -> None:
    assert aid(GROUP, cost, members=members) == Decimal(expected)


def test_three_firms_are_not_a_group() -> None:
    verdict = run(GROUP, "100000.00", members=3)
    assert (verdict.ok, verdict.codes(), verdict.reasons[0].params["found"]) == (False, ("fewer_members",), 3)


def test_unknown_members_are_taken_as_the_minimum_and_said() -> None:
    verdict = run(GROUP, "200000.00")
    assert (verdict.ok, verdict.amount, verdict.codes()) == (True, 60000, ("members_assumed",))


@pytest.mark.parametrize(
    ("loss", "members", "due"),
    [("reduce", 3, "45000.00"), ("revoke", 3, "0.00"), ("revoke", 4, "60000.00"), ("reduce", None, "60000.00")],
)
def test_a_member_lost_after_the_grant(loss: str, members: int | None, due: str) -> None:
    how, project = GROUP | {"on_loss": loss}, lines("200000.00")
    assert at_payment(rules(how), project, project, Decimal(60000), {"members": members}) == Decimal(due)


# --- levels


def test_level_one_is_the_default_and_keeps_to_its_categories() -> None:
    verdict = run(LEVELS, ("study", "9000.00"), ("site", "5000.00", "5"))
    assert verdict.amount == Decimal("4500.00")
    assert [r["code"] for r in verdict.details["lines"][1]["reasons"]] == ["other_level"]
    assert verdict.details["steps"][1] == {"name": "level_lines", "before": 14000, "after": 9000}


def test_level_two_needs_the_first_and_follows_its_analysis() -> None:
    quote = [("site", "13000.00", "10"), ("advice", "4000.00", "4"), ("study", "900.00", "1")]
    early = run(LEVELS, *quote, level=2, recommended=["site"])
    assert (early.ok, early.codes()) == (False, ("prior_level",))
    verdict = run(LEVELS, *quote, level=2, recommended=["site"], prior_level_settled=True)
    assert verdict.amount == Decimal("5500.00")
    codes = [[r["code"] for r in line["reasons"]] for line in verdict.details["lines"]]
    assert codes == [["day_rate"], ["not_recommended"], ["other_level"]]


def test_a_level_that_does_not_exist_refuses() -> None:
    assert run(LEVELS, "100.00", level=3).codes() == ("level_unknown",)


def test_at_payment_the_level_is_that_of_the_granted_lines() -> None:
    granted = lines(("site", "11000.00", "10"))
    accepted = lines(("site", "5500.00", "5"))
    assert at_payment(rules(LEVELS), granted, accepted, Decimal(5500), {}) == Decimal("2750.00")


# --- wallet


@pytest.mark.parametrize(
    ("rolling", "year", "expected", "codes"),
    [
        (None, None, "75000.00", ()),
        ("0", "50000.00", "50000.00", ("wallet_year",)),
        ("160000.00", "0", "40000.00", ("wallet_rolling",)),
        ("160000.00", "90000.00", "10000.00", ("wallet_rolling", "wallet_year")),
        ("200000.00", "0", "0.00", ("wallet_rolling",)),
        ("125000.00", "25000.00", "75000.00", ()),
        ("0", "120000.00", "0.00", ("wallet_year",)),
    ],
)
def test_a_wallet_gives_what_is_left_of_it(
    rolling: str | None, year: str | None, expected: str, codes: tuple[str, ...]
) -> None:
    used = {"wallet_used_rolling": rolling and Decimal(rolling), "wallet_used_year": year and Decimal(year)}
    verdict = run(WALLET, "100000.00", **used)
    assert (verdict.amount, verdict.codes(), verdict.ok) == (Decimal(expected), codes, expected != "0.00")
    assert sum(line["aid"] for line in verdict.details["lines"]) == verdict.amount


def test_a_payment_does_not_spend_the_wallet_again() -> None:
    full = {"wallet_used_rolling": Decimal(200000), "wallet_used_year": Decimal(100000)}
    project = lines("100000.00")
    assert at_payment(rules(WALLET), project, project, Decimal(75000), full) == Decimal(75000)


# --- window


def test_a_window_serves_all_in_proportion() -> None:
    found = allocate({"a": Decimal(10000), "b": Decimal(5000), "c": Decimal("0.01")}, Decimal(1000))
    assert found.coefficient == Decimal("0.0666666222")
    assert found.amounts == {"a": Decimal("666.66"), "b": Decimal("333.33"), "c": Decimal(0)}
    enough = allocate({"a": Decimal(100)}, Decimal(100))
    assert (enough.coefficient, enough.amounts["a"]) == (1, Decimal(100))
    assert allocate({}, Decimal(0)).coefficient == 1


def test_a_window_refuses_a_negative_budget() -> None:
    with pytest.raises(InputError):
        allocate({"a": Decimal(1)}, Decimal(-1))


def test_the_coefficient_applies_to_the_base_aid_and_again_at_payment() -> None:
    served = run(WINDOW, "20000.00", window_coefficient=Decimal("0.25"))
    assert (served.ok, served.amount) == (True, Decimal("2500.00"))
    assert aid(WINDOW, "20000.00") == Decimal("10000.00")
    granted, half = lines("20000.00"), lines("10000.00")
    assert at_payment(rules(WINDOW), granted, half, Decimal(2500), {}) == Decimal("1250.00")
    known = {"window_coefficient": Decimal("0.25")}
    assert at_payment(rules(WINDOW), granted, half, Decimal(2500), known) == Decimal("1250.00")


def test_a_nested_aid_keeps_its_own_floor() -> None:
    how: dict[str, Any] = {"function": "pro_rata", "how": HALF | {"aid_floor": "1000.00"}}
    verdict = compute(rules(how), lines("500.00"), {})
    assert (verdict.ok, verdict.codes()) == (False, ("aid_floor",))
