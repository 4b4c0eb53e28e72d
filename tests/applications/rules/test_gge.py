"""Gross grant equivalents: the safe harbours, reference rates, instalments, capital."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules import gge
from applications.rules.base import InputError
from applications.rules.de_minimis_regimes import FORMER, regime

D = Decimal
HALF = D(50)


@pytest.mark.parametrize(
    ("amount", "years", "equivalent"),
    [
        (D(500_000), D(5), D("100000.00")),
        (D(200_000), D(7), D("56000.00")),
        (D(50_000), D("2.5"), D("5000.00")),
        (D(1_500_000), D(5), D("300000.00")),
        (D(750_000), D(10), D("300000.00")),
    ],
)
def test_loans(amount: Decimal, years: Decimal, equivalent: Decimal) -> None:
    assert gge.loan(amount, years, collateral=HALF).amount == equivalent


@pytest.mark.parametrize(
    ("guaranteed", "years", "equivalent"),
    [
        (D(400_000), D(5), D("53333.33")),
        (D(2_250_000), D(5), D("300000.00")),
        (D(1_125_000), D(10), D("300000.00")),
    ],
)
def test_guarantees(guaranteed: Decimal, years: Decimal, equivalent: Decimal) -> None:
    assert gge.guarantee(guaranteed, years, underlying=guaranteed / D("0.8")).amount == equivalent


def test_a_grant_in_instalments_is_discounted_to_the_grant() -> None:
    verdict = gge.instalments([(D(0), D(30_000)), (D(1), D(30_000)), (D(2), D(30_000))], D("3.5"))
    assert verdict.details["lines"] == [D("30000.00"), D("28985.51"), D("28005.32")]
    assert verdict.amount == D("86990.83")


@pytest.mark.parametrize(
    ("amount", "years"), [(D("1500000.01"), D(5)), (D(1_500_000), D("5.1")), (D(750_001), D(10)), (D(1), D("10.1"))]
)
def test_beyond_the_safe_harbour_nothing_is_computed(amount: Decimal, years: Decimal) -> None:
    verdict = gge.loan(amount, years, collateral=HALF)
    assert (verdict.ok, verdict.codes(), verdict.amount) == (False, ("safe_harbour_limits",), None)


def test_the_terms_of_the_safe_harbours() -> None:
    thin = gge.loan(D(1000), D(1), collateral=D("49.99"))
    broad = gge.guarantee(D("80.01"), D(1), underlying=D(100))
    first_loss = gge.guarantee(D(80), D(1), underlying=D(100), proportional=False)
    assert [v.codes() for v in (thin, broad, first_loss)] == [
        ("collateral",),
        ("guarantee_terms",),
        ("guarantee_terms",),
    ]


@pytest.mark.parametrize(
    ("borrower", "codes"),
    [
        (gge.Borrower(insolvent=True), ("insolvency",)),
        (gge.Borrower(large=True), ("rating",)),
        (gge.Borrower(large=True, rated_b_minus=True), ()),
    ],
)
def test_who_may_borrow(borrower: gge.Borrower, codes: tuple[str, ...]) -> None:
    assert gge.loan(D(1000), D(1), collateral=HALF, borrower=borrower).codes() == codes
    rate = {"market": D(5), "contract": D(3), "discount": D(4)}
    assert gge.by_market_rate([D(1000)], borrower=borrower, **rate).codes() == codes


def test_a_loan_under_the_former_regulation() -> None:
    former = regime(FORMER)
    assert gge.loan(D(1_000_000), D(5), collateral=HALF, law=former).amount == D("200000.00")
    assert not gge.loan(D(1_000_001), D(5), collateral=HALF, law=former).ok


def test_a_loan_by_the_reference_rate() -> None:
    rate = gge.reference_rate(D("2.5"), "BB", "normal")
    verdict = gge.by_market_rate(
        [D(100_000), D(50_000)], market=rate, contract=D("1.7"), discount=gge.discount_rate(D("2.5"))
    )
    assert (rate, verdict.amount) == (D("4.70"), D("4298.82"))


def test_a_rate_above_the_market_gives_no_aid() -> None:
    assert gge.by_market_rate([D(100_000)], market=D(4), contract=D(5), discount=D(3)).amount == D("0.00")


def test_the_base_rate_is_the_one_in_force() -> None:
    rates = [gge.BaseRate(date(2026, 1, 1), D("2.5")), gge.BaseRate(date(2026, 7, 1), D("2.7"))]
    assert [gge.base_rate(rates, day) for day in (date(2026, 6, 30), date(2026, 7, 1))] == [D("2.5"), D("2.7")]
    assert gge.reference_rate(D("2.5")) == D("6.5")
    with pytest.raises(InputError, match="base_rate"):
        gge.base_rate(rates, date(2025, 12, 31))


def test_capital_and_capped_instruments_stay_within_the_ceiling() -> None:
    assert gge.capital(D(300_000)).amount == D("300000.00")
    assert gge.capital(D(200_000), injected_before=D("100000.01")).codes() == ("not_transparent",)
    assert gge.capped(D("300000.01")).codes() == ("not_transparent",)


def test_wrong_inputs_are_refused() -> None:
    for act in (
        lambda: gge.grant(D(-1)),
        lambda: gge.loan(D(0), D(5), collateral=HALF),
        lambda: gge.present_value(D(1), D(-1), D(3)),
        lambda: gge.reference_rate(D(1), "Z"),
    ):
        with pytest.raises(InputError):
            act()


@given(st.decimals(1, 750_000, places=2), st.decimals("0.1", 10, places=1))
def test_a_loan_is_four_percent_of_itself_a_year_and_within_the_ceiling(amount: Decimal, years: Decimal) -> None:
    equivalent = gge.loan(amount, years, collateral=HALF).amount
    assert equivalent is not None
    assert abs(equivalent - amount * years * D("0.04")) <= D("0.005")
    assert equivalent <= 300_000


@given(
    st.lists(st.tuples(st.integers(0, 10).map(Decimal), st.decimals(0, 100_000, places=2)), max_size=6),
    st.decimals(0, 15, places=2),
)
def test_discounted_parts_add_up_and_never_exceed_what_is_paid(
    payments: list[tuple[Decimal, Decimal]], rate: Decimal
) -> None:
    verdict = gge.instalments(payments, rate)
    assert verdict.amount == sum(verdict.details["lines"], D(0))
    assert verdict.amount <= sum((amount for _, amount in payments), D(0))
