"""Shapes of codes, ceilings of rates and the most that the Fund gives, worked by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from applications.rules import programme_sheet as rules


@pytest.mark.parametrize(
    ("rate", "category", "raised", "clld", "ok"),
    [
        ("85", "less", False, False, True), ("85.01", "less", False, False, False),
        ("85", "outermost", True, False, True), ("85.01", "outermost", True, False, False),
        ("60", "transition", False, False, True), ("60.01", "transition", False, False, False),
        ("70", "transition", True, False, True), ("70.01", "transition", True, False, False),
        ("40", "more", False, False, True), ("40.01", "more", False, False, False),
        ("50", "more", True, False, True), ("50", "more", False, True, True), ("60.01", "more", True, True, False),
    ],
)  # fmt: skip
def test_a_rate_stays_within_its_category(rate: str, category: str, raised: bool, clld: bool, ok: bool) -> None:
    assert rules.check_rate(Decimal(rate), category, raised, clld).ok is ok


def test_the_most_that_the_fund_gives_is_rounded_down() -> None:
    """100 000.01 at 85 %: 85 000.0085, so 85 000.00; 33.33 at 60 %: 19.998, so 19.99."""
    assert rules.most_support(Decimal("100000.01"), Decimal(85)) == Decimal("85000.00")
    assert rules.most_support(Decimal("33.33"), Decimal(60)) == Decimal("19.99")


@pytest.mark.parametrize(
    ("shape", "right", "wrong"),
    [
        (rules.CCI, ("2021FR16RFPR001", "2021FR05FFPR002"), ("2021FR16RFPR01", "1921FR16RFPR001", "2021FR16RFPR0011")),
        (rules.PRIORITY, ("1", "2.A", "P-1"), ("", "p1", "12345678901", "1 2")),
        (rules.OBJECTIVE, ("RSO1.2", "RSO5.10"), ("RSO6.1", "rso1.2", "RSO1", "OS1.2")),
        (rules.OPERATION, ("RE-KAP-2025", "R26"), ("RE", "RÉ-1", "-RE1", "R" * 31)),
        *(
            (rules.DIMENSIONS[name][0], (rules.DIMENSIONS[name][1], *right), wrong)
            for name, right, wrong in (
                ("intervention_field", ("182",), ("000", "13", "299")), ("form_of_support", ("06",), ("00", "07", "1")),
                ("territorial_delivery", ("01",), ("00", "40")), ("economic_activity", ("01",), ("00", "30")),
                ("location", ("FR1", "FRY4"), ("FR", "FRY401", "fry40")), ("gender", ("01",), ("04", "3")),
            )
        ),
    ],
)  # fmt: skip
def test_a_code_is_known_by_its_shape(shape: Any, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    assert all(shape.fullmatch(code) for code in right)
    assert not any(shape.fullmatch(code) for code in wrong)
