"""The parts of an aid paid to two payees, on figures worked out by hand and on any amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.payment_models import MODELS, outlay, parts
from regions.money import ZERO


def _rules(share: str) -> dict[str, Any]:
    return {"payment": {"model": "split", "split": {"provider_share": share}}}


@pytest.mark.parametrize(
    ("share", "aid", "provider", "firm"),
    [
        ("0.60", "1000.01", "600.00", "400.01"),
        ("0.333333", "3000.00", "999.99", "2000.01"),
        ("0.50", "0.01", "0.00", "0.01"),
        ("0.999999", "100.00", "99.99", "0.01"),
    ],
)
def test_the_provider_is_rounded_down_and_the_firm_takes_the_remainder(
    share: str, aid: str, provider: str, firm: str
) -> None:
    assert parts(_rules(share), Decimal(aid)) == {"provider": Decimal(provider), "firm": Decimal(firm)}


@given(cents=st.integers(0, 10**12), share=st.integers(1, 999_999))
def test_the_parts_add_up_to_the_aid(cents: int, share: int) -> None:
    aid, rules = Decimal(cents) / 100, _rules(f"0.{share:06d}")
    found = parts(rules, aid)
    assert sum(found.values()) == aid
    assert all(part >= 0 and part * 100 == int(part * 100) for part in found.values())
    assert found["provider"] <= aid * share / 1_000_000 < found["provider"] + Decimal("0.01")


@pytest.mark.parametrize("code", sorted(set(MODELS) - {"split"}))
def test_any_other_model_pays_the_whole_to_one(code: str) -> None:
    rules = {"payment": {"model": code}}
    assert list(parts(rules, Decimal("10.00")).values()) == [Decimal("10.00")]
    assert outlay(rules, Decimal("20.00"), Decimal("10.00")).advance == ZERO
