"""The ceiling over any three years, to the day, for the whole single undertaking."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from applications.rules.de_minimis import Award, assess, register_by, single_undertaking

DAY = date(2026, 3, 2)


def _verdict(prior: str, granted_on: date, new: str = "1000.00") -> bool:
    awards = [Award("1", granted_on, Decimal(prior))]
    return assess(undertaking=frozenset({"1"}), awards=awards, new_amount=Decimal(new), granted_on=DAY).ok


@pytest.mark.parametrize(
    ("prior", "granted_on", "ok"),
    [
        ("299000.00", date(2026, 3, 1), True),
        ("299000.01", date(2026, 3, 1), False),
        ("300000.00", date(2023, 3, 2), False),
        ("300000.00", date(2023, 3, 1), True),
    ],
)
def test_the_window_and_the_cent(prior: str, granted_on: date, ok: bool) -> None:
    assert _verdict(prior, granted_on) == ok


def test_a_sister_firm_counts_and_a_stranger_does_not() -> None:
    undertaking = single_undertaking("1", [("1", "2"), ("2", "3"), ("8", "9")])
    assert undertaking == {"1", "2", "3"}
    awards = [Award("3", DAY, Decimal("299999.00")), Award("9", DAY, Decimal("299999.00"))]
    verdict = assess(undertaking=undertaking, awards=awards, new_amount=Decimal("2.00"), granted_on=DAY)
    assert (verdict.ok, verdict.codes(), verdict.details["available"]) == (
        False,
        ("de_minimis_ceiling",),
        Decimal("1.00"),
    )


def test_the_register_is_told_within_twenty_working_days() -> None:
    assert register_by(date(2026, 11, 12)) == date(2026, 12, 10)
