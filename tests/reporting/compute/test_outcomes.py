"""The figures that public reports print of their schemes, through the registry."""

from __future__ import annotations

from typing import Any

import pytest

from .helpers import computed, worked


def _rows(*rows: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"name": str(rank), "count": count, "amount": amount} for rank, (count, amount) in enumerate(rows, 1)]


@pytest.mark.parametrize(
    ("rows", "count", "amount", "means"),
    [
        (_rows((22, 80500), (2, 33000)), 24, "113500.00", ["3659.09", "16500.00"]),
        (_rows((86, 605000), (29, 396300)), 115, "1001300.00", ["7034.88", "13665.51"]),
        (
            _rows((87, 4000000), (284, 10400000), (695, 18000000)), 1066, "32400000.00",
            ["45977.01", "36619.71", "25899.28"],
        ),
    ],
)  # fmt: skip
@worked("FR-go-digital-2015", "FR-go-digital-2016", "FR-mentoring")
def test_totals_and_means(rows: list[dict[str, Any]], count: int, amount: str, means: list[str]) -> None:
    answer = computed("scheme-results", rows=rows)
    found = answer["details"]
    assert (found["count"], found["amount"], answer["amount"]) == (count, amount, amount)
    assert [row["mean"] for row in found["rows"]] == means


def test_a_mean_is_cut_and_rounded_side_by_side() -> None:
    found = computed("scheme-results", rows=_rows((87, 4000000), (284, 10400000), (695, 18000000)))["details"]
    assert (found["mean"], found["rounded_mean"]) == ("30393.99", "30394.00")
    assert [row["rounded_mean"] for row in found["rows"]] == ["45977.01", "36619.72", "25899.28"]
    assert computed("scheme-results", rows=_rows((0, 0)))["details"]["mean"] is None


@pytest.mark.parametrize(
    ("programmed", "overbooking", "rate", "ok", "codes"),
    [
        (140000, 0, "14.00", True, []),
        (1000000, 0, "100.00", True, []),
        (1050000, 50000, "105.00", True, ["overbooked"]),
        (1050001, 50000, "105.00", False, ["envelope_exceeded"]),
    ],
)
@worked("FR-programming")
def test_the_programming_rate(programmed: int, overbooking: int, rate: str, ok: bool, codes: list[str]) -> None:
    answer = computed("programming-rate", programmed=programmed, envelope=1000000, overbooking=overbooking)
    assert (answer["details"]["rate_percent"], answer["ok"]) == (rate, ok)
    assert [reason["code"] for reason in answer["reasons"]] == codes
