"""The risk method of a claim: points by hand, and a draw that anybody can repeat."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.base import InputError
from applications.rules.control_risk import FACTS, Item, chosen, score

METHOD: dict[str, Any] = {
    "version": "2025-1", "valid_from": "2025-01-01", "on_the_spot_from": 4,
    "criteria": [
        {"fact": "declared", "op": "ge", "value": "8000.00", "points": 2, "label": {"fr": "Élevé", "en": "High"}},
        {"fact": "suppliers", "op": "ge", "value": "3", "points": 1, "label": {"fr": "Trois", "en": "Three"}},
        {"fact": "rejected_percent_before", "op": "gt", "value": "5", "points": 3, "label": {"fr": "É", "en": "R"}},
    ],
}  # fmt: skip
CALM = {"declared": Decimal("7999.99"), "suppliers": 2, "rejected_percent_before": Decimal("5.00")}


@pytest.mark.parametrize(
    ("facts", "points", "on_the_spot"),
    [({}, 0, False), ({"declared": Decimal("8000.00")}, 2, False), ({"suppliers": 3}, 1, False),
     ({"declared": Decimal("8000.00"), "suppliers": 3}, 3, False),
     ({"suppliers": 3, "rejected_percent_before": Decimal("5.01")}, 4, True)],
)  # fmt: skip
def test_points_by_hand(facts: dict[str, Any], points: int, on_the_spot: bool) -> None:
    risk = score(METHOD, CALM | facts)
    assert (risk.points, risk.on_the_spot) == (points, on_the_spot)
    assert sum(one.points for one in risk.met) == points


def test_without_a_threshold_nobody_is_visited() -> None:
    method = {key: value for key, value in METHOD.items() if key != "on_the_spot_from"}
    assert not score(method, {"declared": Decimal(10**6), "suppliers": 9, "rejected_percent_before": 100}).on_the_spot


def test_a_fact_that_is_missing_is_named() -> None:
    with pytest.raises(InputError, match="suppliers"):
        score(METHOD, {"declared": Decimal(1), "rejected_percent_before": Decimal(0)})
    assert {criterion["fact"] for criterion in METHOD["criteria"]} <= set(FACTS)


LINES = [Item(f"L{rank}", Decimal(rank * 100)) for rank in range(1, 11)]


def test_a_draw_is_repeated_from_its_seed_and_takes_the_big_ones() -> None:
    method = METHOD | {"sample": {"share": "0.25", "fewest": 1, "always_from": "900.00"}}
    drawn = chosen(method, LINES, "abc")
    assert drawn == chosen(method, list(LINES), "abc")
    assert {"L9", "L10"} <= set(drawn)
    assert len(drawn) == 2 + 2  # a quarter of the eight others
    assert any(chosen(method, LINES, f"seed {rank}") != drawn for rank in range(20))


def test_without_a_sample_every_line_is_checked() -> None:
    assert chosen(METHOD, LINES, "abc") == [item.key for item in LINES]


@given(st.integers(1, 60), st.text(max_size=8), st.sampled_from(["0.05", "0.5", "1"]), st.integers(1, 5))
def test_never_fewer_than_said_never_more_than_there_are(count: int, seed: str, share: str, fewest: int) -> None:
    lines = [Item(f"L{rank}", Decimal(1)) for rank in range(count)]
    drawn = chosen(METHOD | {"sample": {"share": share, "fewest": fewest}}, lines, seed)
    assert min(fewest, count) <= len(drawn) <= count
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= {line.key for line in lines}
