"""The budget of a scheme: worked by hand, its parts add up, and more applications never cost less."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.base import InputError
from applications.rules.budget_estimate import Size, estimate
from applications.rules.compute.catalogue import RULES
from regions.schemes.loader import parse, shipped

SMALL = Size("0-9", Decimal("0.90"), Decimal(3), Decimal(200000), Decimal(4000))
MIDDLE = Size("10-19", Decimal("0.08"), Decimal(12), Decimal(900000), Decimal(3000))
LARGE = Size("20-49", Decimal("0.02"), Decimal(30), Decimal(5000000), Decimal(10000))
TAKE_UP = Decimal("0.02")


def rules() -> dict[str, Any]:
    return parse(shipped()["kap-numerik"].read_text(encoding="utf-8"), "kap-numerik")


def test_by_hand() -> None:
    """10,000 firms, 2 % apply. 180 files × 2,000 € (80 % of 4,000, capped) + 16 × 1,500 € (50 % of 3,000) = 384,000 €.

    Firms of 20 and more are refused: they file nothing. 384,000 / 196 = 1,959.18 € on average.
    """
    found = estimate(rules(), 10000, TAKE_UP, [SMALL, MIDDLE, LARGE], Decimal("400000.00"))
    assert (found.ok, found.amount) == (True, Decimal("384000.00"))
    assert (found.details["files"], found.details["average_aid"]) == (196, Decimal("1959.18"))
    assert found.details["left"] == Decimal("16000.00")
    assert [row["aid"] for row in found.details["sizes"]] == [2000, 1500, 0]
    assert "headcount" in [one["code"] for one in found.details["sizes"][2]["refused"]]


def test_an_envelope_too_small_says_what_is_missing() -> None:
    found = estimate(rules(), 10000, TAKE_UP, [SMALL, MIDDLE, LARGE], Decimal("300000.00"))
    assert (found.ok, found.codes()) == (False, ("envelope_short",))
    assert "84000.00" in found.reasons[0].fr
    assert found.details["files_affordable"] == 153


def test_shares_have_to_make_the_whole() -> None:
    with pytest.raises(InputError, match="100 %"):
        estimate(rules(), 10000, TAKE_UP, [SMALL], Decimal(0))


def test_nobody_aided_costs_nothing() -> None:
    found = estimate(rules(), 10000, TAKE_UP, [Size("x", Decimal(1), Decimal(90), Decimal(1), Decimal(1))], Decimal(0))
    assert (found.ok, found.amount, found.details["average_aid"], found.details["files_affordable"]) == (True, 0, 0, 0)


@given(firms=st.integers(1, 100000), take_up=st.decimals(0, 1, places=4), more=st.integers(0, 1000))
def test_more_firms_never_cost_less_and_parts_add_up(firms: int, take_up: Decimal, more: int) -> None:
    few, many = (
        estimate(rules(), number, take_up, [SMALL, MIDDLE, LARGE], Decimal(0)) for number in (firms, firms + more)
    )
    assert (few.amount or 0) <= (many.amount or 0)
    assert abs(sum(row["need"] for row in few.details["sizes"]) - (few.amount or 0)) < Decimal("0.01")


def test_the_command_offers_it() -> None:
    rule = next(one for one in RULES if one.name == "budget-estimate")
    assert rule.run(rule.example)["amount"] == "400000.00"
