"""Repayment of a loan: by hand, and for whatever loan the principals add up to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.base import InputError
from applications.rules.repayment import (
    Step,
    SuccessTerms,
    outstanding_by_year,
    owed_by_success,
    repayment_schedule,
    success_repayment,
)

START = date(2026, 1, 31)


def test_a_loan_by_hand() -> None:
    """1,000 € over two years, one of grace, half-yearly at 2 %: interest 10, 10, 10 then 5."""
    made = repayment_schedule(Decimal(1000), START, 24, 12, 6, Decimal(2))
    assert [(i.due_on, i.principal, i.interest) for i in made] == [
        (date(2026, 7, 31), 0, 10), (date(2027, 1, 31), 0, 10), (date(2027, 7, 31), 500, 10),
        (date(2028, 1, 31), 500, 5),
    ]  # fmt: skip
    assert made[-1].amount == 505


def test_an_advance_without_interest_has_nothing_due_in_its_grace_period() -> None:
    made = repayment_schedule(Decimal("100.00"), START, 6, 3, 1, Decimal(0))
    assert [(i.due_on, i.principal) for i in made] == [
        (date(2026, 5, 31), Decimal("33.33")), (date(2026, 6, 30), Decimal("33.33")),
        (date(2026, 7, 31), Decimal("33.34")),
    ]  # fmt: skip


def test_what_is_owed_at_the_start_of_each_year() -> None:
    assert outstanding_by_year(Decimal(6000), 48, 12, 3) == [6000, 6000, 4000, 2000]


@given(
    st.integers(1, 10**9).map(lambda cents: Decimal(cents) / 100),
    st.integers(0, 8), st.integers(1, 40), st.sampled_from([1, 3, 6, 12]),
    st.integers(0, 1500).map(lambda bp: Decimal(bp) / 100),
)  # fmt: skip
def test_the_principals_add_up_to_the_loan(amount: Decimal, grace: int, count: int, every: int, rate: Decimal) -> None:
    made = repayment_schedule(amount, START, (grace + count) * every, grace * every, every, rate)
    assert sum(i.principal for i in made) == amount
    assert all(i.principal >= 0 and i.interest >= 0 for i in made)
    assert [i.due_on for i in made] == sorted(i.due_on for i in made)


@pytest.mark.parametrize(
    ("months", "grace", "every"), [(12, 12, 3), (13, 0, 3), (12, 2, 3), (12, 0, 0), (12, -3, 3), (0, 0, 1)]
)
def test_periods_that_do_not_fit_are_refused(months: int, grace: int, every: int) -> None:
    with pytest.raises(InputError):
        repayment_schedule(Decimal(100), START, months, grace, every, Decimal(0))


def test_a_loan_of_nothing_is_refused() -> None:
    with pytest.raises(InputError):
        repayment_schedule(Decimal(0), START, 12, 0, 3, Decimal(0))


# --- an advance repaid by its success

PAID = Decimal(60000)
TABLE = SuccessTerms(steps=(Step(Decimal(3), Decimal("0.5")), Step(Decimal(6), Decimal("0.75"))))


@pytest.mark.parametrize(
    ("turnover", "due"),
    [("0", "18000.00"), ("150000", "18000.00"), ("179999.99", "18000.00"), ("600000", "60000.00"),
     ("9000000", "60000.00")],
)  # fmt: skip
def test_known_figures_of_a_success_repayment(turnover: str, due: str) -> None:
    """60,000 paid: 30 % below three times, all from ten times on."""
    assert success_repayment(PAID, Decimal(turnover)).amount == Decimal(due)


@pytest.mark.parametrize("turnover", ["180000", "300000", "599999.99"])
def test_between_the_two_the_gap_is_named_and_nothing_is_guessed(turnover: str) -> None:
    verdict = success_repayment(PAID, Decimal(turnover))
    assert (verdict.ok, verdict.amount, verdict.codes()) == (False, None, ("formula_unpublished",))
    assert (verdict.details["least"], verdict.details["most"]) == (Decimal(18000), PAID)


@pytest.mark.parametrize(
    ("turnover", "repaid", "due"),
    [("180000", "0", "30000.00"), ("359999.99", "0", "30000.00"), ("360000", "0", "45000.00"),
     ("360000", "18000", "27000.00"), ("150000", "30000", "0.00"), ("600000", "45000", "15000.00")],
)  # fmt: skip
def test_a_regions_table_settles_it_and_what_was_repaid_counts(turnover: str, repaid: str, due: str) -> None:
    assert success_repayment(PAID, Decimal(turnover), Decimal(repaid), TABLE).amount == Decimal(due)


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_more_turnover_never_owes_less_and_never_more_than_was_paid(one: int, two: int) -> None:
    low, high = sorted((Decimal(one) / 100, Decimal(two) / 100))
    owed = [success_repayment(PAID, turnover, terms=TABLE).amount or Decimal(0) for turnover in (low, high)]
    assert Decimal(18000) <= owed[0] <= owed[1] <= PAID


@pytest.mark.parametrize(
    ("terms", "field"),
    [(SuccessTerms(steps=(Step(Decimal(2), Decimal("0.5")),)), "steps"),
     (SuccessTerms(steps=(Step(Decimal(4), Decimal("0.5")),)), "steps"),
     (SuccessTerms(steps=(Step(Decimal(3), Decimal("0.2")),)), "steps"),
     (SuccessTerms(low=Decimal(10)), "terms"), (SuccessTerms(least_share=Decimal(2)), "terms")],
)  # fmt: skip
def test_terms_that_make_no_sense_are_refused(terms: SuccessTerms, field: str) -> None:
    with pytest.raises(InputError, match=field):
        success_repayment(PAID, Decimal(1), terms=terms)


@pytest.mark.parametrize(
    ("turnover", "owed"),
    [("0", "18000.00"), ("150000", "18000.00"), ("180000", "18000.00"), ("180000.19", "18000.01"),
     ("300000", "30000.00"), ("599999.99", "59999.99"), ("600000", "60000.00"), ("9000000", "60000.00")],
)  # fmt: skip
def test_a_share_of_the_turnover_meets_both_published_ends(turnover: str, owed: str) -> None:
    assert owed_by_success(PAID, Decimal(turnover), Decimal("0.30"), Decimal("0.10")) == Decimal(owed)


@given(st.integers(1, 10**9), st.integers(0, 10**10), st.integers(0, 10**10), st.integers(1, 99), st.integers(1, 99))
def test_what_is_owed_grows_with_sales_between_its_two_bounds(
    cents: int, one: int, two: int, least: int, share: int
) -> None:
    paid, low, high = Decimal(cents) / 100, *sorted((Decimal(one) / 100, Decimal(two) / 100))
    owed = [owed_by_success(paid, turnover, Decimal(least) / 100, Decimal(share) / 100) for turnover in (low, high)]
    assert paid * least / 100 - Decimal("0.01") < owed[0] <= owed[1] <= paid


@pytest.mark.parametrize(("paid", "turnover", "least"), [(0, 1, "0.3"), (1, -1, "0.3"), (1, 1, "0"), (1, 1, "1.1")])
def test_an_advance_that_makes_no_sense_owes_nothing(paid: int, turnover: int, least: str) -> None:
    with pytest.raises(InputError):
        owed_by_success(Decimal(paid), Decimal(turnover), Decimal(least), Decimal("0.1"))
