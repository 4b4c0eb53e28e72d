"""Interest on an order paid late: the worked example, its edges, and what never changes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.base import InputError
from applications.rules.late_interest import Paid, Rate, late_interest

DUE = date(2026, 3, 31)
RATES = (Rate(date(2026, 1, 1), Decimal("3.65")), Rate(date(2026, 6, 1), Decimal("7.30")))
PAID = (Paid(date(2026, 4, 30), Decimal(4000)), Paid(date(2026, 6, 30), Decimal(6000)))


def test_the_worked_example() -> None:
    assert late_interest(Decimal(10_000), DUE, date(2026, 6, 30), PAID, RATES) == Decimal("84.60")
    assert late_interest(Decimal(10_000), DUE, date(2027, 6, 30), PAID, RATES) == Decimal("84.60")


def test_nothing_runs_on_the_day_it_is_due_and_one_day_the_day_after() -> None:
    amount = Decimal(3650)
    assert late_interest(amount, DUE, DUE, (), RATES) == 0
    assert late_interest(amount, DUE, DUE - timedelta(days=9), (), RATES) == 0
    assert late_interest(amount, DUE, DUE + timedelta(days=1), (), RATES) == Decimal("0.36")  # 0.365 rounded down


def test_what_was_paid_before_it_was_due_bears_none() -> None:
    early = (Paid(date(2026, 3, 1), Decimal(100)),)
    assert late_interest(Decimal(100), DUE, date(2026, 12, 31), early, RATES) == 0


def test_a_day_without_a_known_rate_is_told() -> None:
    with pytest.raises(InputError):
        late_interest(Decimal(100), date(2025, 1, 1), DUE, (), RATES)


@given(st.decimals(1, 100_000, places=2), st.integers(0, 400), st.integers(0, 400))
def test_it_never_falls_as_days_pass(amount: Decimal, first: int, more: int) -> None:
    sooner, later = (DUE + timedelta(days=count) for count in (first, first + more))
    assert late_interest(amount, DUE, sooner, (), RATES) <= late_interest(amount, DUE, later, (), RATES)
