from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.durability import Breach, Investment, durability

PAID = date(2027, 1, 1)
INVESTMENT = Investment(Decimal(10000), PAID)


def test_repayment_is_proportional_to_the_days_lost():
    verdict = durability(INVESTMENT, Breach("cessation", date(2029, 1, 1)))
    assert verdict.details["until"] == date(2032, 1, 1)
    assert (verdict.details["days_of_breach"], verdict.details["days_of_commitment"]) == (1095, 1826)
    assert verdict.amount == Decimal("5996.71")
    assert verdict.codes() == ("durability",)


@pytest.mark.parametrize(
    ("investment", "breach", "repay"),
    [
        (INVESTMENT, Breach("cessation", date(2032, 1, 1)), "0"),
        (INVESTMENT, Breach("cessation", date(2026, 6, 1)), "10000"),
        (INVESTMENT, Breach("bankruptcy", date(2028, 1, 1)), "0"),
        (INVESTMENT, Breach("ownership_change", date(2028, 1, 1), date(2028, 1, 1)), "0"),
        (Investment(Decimal(10000), PAID, lasting=False), Breach("cessation", date(2028, 1, 1)), "0"),
        (Investment(Decimal(10000), PAID, years=3), Breach("cessation", date(2030, 1, 1)), "0"),
        (Investment(Decimal(1095), PAID, years=3), Breach("cessation", date(2029, 12, 31)), "0.99"),
    ],
)
def test_when_something_is_repaid(investment, breach, repay):
    verdict = durability(investment, breach)
    assert verdict.amount == Decimal(repay)
    assert verdict.ok is (Decimal(repay) == 0)


def test_a_fraudulent_bankruptcy_is_repaid():
    assert durability(INVESTMENT, Breach("bankruptcy", date(2028, 1, 1), fraudulent=True)).amount > 0


@given(st.decimals("0.01", 1_000_000, places=2), st.dates(date(2026, 1, 1), date(2034, 1, 1)))
def test_never_more_than_the_aid_is_repaid(aid, day):
    verdict = durability(Investment(aid, PAID), Breach("transfer_outside_nuts2", day))
    assert 0 <= verdict.amount <= aid
