from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.cost_eligibility import Programme
from applications.rules.payment_application import (
    Advance,
    VerifiedExpenditure,
    accounting_year,
    check_cofinancing,
    cofinancing_maximum,
    declarable,
    declarable_advance,
    interim_payment,
    submission_window,
)

D = Decimal
EXTENDED = Programme(extension_approved_on=date(2026, 3, 15))
ADVANCE = Advance(D(10000), D(4000), date(2026, 5, 4), guaranteed=True)


@pytest.mark.parametrize(
    ("day", "label", "start", "end"),
    [
        (date(2026, 6, 30), "2025-26", date(2025, 7, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), "2026-27", date(2026, 7, 1), date(2027, 6, 30)),
        (date(2021, 3, 1), "2021-22", date(2021, 1, 1), date(2022, 6, 30)),
        (date(2030, 6, 30), "2029-30", date(2029, 7, 1), date(2030, 6, 30)),
    ],
)
def test_accounting_years(day, label, start, end):
    year = accounting_year(day)
    assert (year.label, year.start, year.end) == (label, start, end)


def test_accounts_are_due_on_15_february():
    assert accounting_year(date(2026, 7, 1)).accounts_due == date(2028, 2, 15)


def test_the_last_accounting_year_depends_on_the_programme():
    assert accounting_year(date(2030, 7, 1), EXTENDED).label == "2030-31"
    for day in (date(2030, 7, 1), date(2020, 12, 31)):
        with pytest.raises(ValueError, match="outside"):
            accounting_year(day)


@pytest.mark.parametrize(
    ("day", "start", "end", "final"),
    [
        (date(2027, 1, 1), date(2027, 1, 1), date(2027, 2, 28), False),
        (date(2028, 2, 29), date(2028, 2, 29), date(2028, 5, 31), False),
        (date(2027, 6, 1), date(2027, 6, 1), date(2027, 7, 31), True),
        (date(2027, 10, 31), date(2027, 8, 1), date(2027, 10, 31), False),
        (date(2027, 11, 5), date(2027, 11, 1), date(2027, 11, 30), False),
        (date(2027, 12, 31), date(2027, 12, 1), date(2027, 12, 31), False),
    ],
)
def test_one_application_in_each_period(day, start, end, final):
    window = submission_window(day)
    assert (window.start, window.end, window.final) == (start, end, final)


@given(st.dates(date(2022, 1, 1), date(2030, 12, 31)))
def test_every_day_belongs_to_one_period(day):
    window = submission_window(day)
    assert window.start <= day <= window.end
    assert submission_window(window.start) == window == submission_window(window.end)


def test_the_commission_pays_95_per_cent():
    verdict = interim_payment(D(1000000), D(60))
    assert verdict.amount == D("570000.00")
    assert verdict.details["left_for_accounts"] == D("30000.00")


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 100, places=2))
def test_payment_and_remainder_make_the_contribution(declared, rate):
    verdict = interim_payment(declared, rate)
    assert verdict.amount + verdict.details["left_for_accounts"] == verdict.details["contribution"]
    assert verdict.amount <= declared * rate * 95 / 10000


@pytest.mark.parametrize(
    ("claim", "amount", "contribution", "ok"),
    [
        (VerifiedExpenditure(D(10000), D(8000), D(0), aid_regime="state_aid"), "0", "0", False),
        (VerifiedExpenditure(D(10000), D(8000), D(8000), aid_regime="state_aid"), "10000", "8000", True),
        (VerifiedExpenditure(D(10000), D(8000), D(2000), aid_regime="state_aid"), "2500", "2000", True),
        (VerifiedExpenditure(D(10000), D(8000), D(0), aid_regime="de_minimis"), "10000", "8000", True),
        (VerifiedExpenditure(D(10000), D(8000), D(0), "granting_body", "de_minimis"), "0", "0", False),
        (
            VerifiedExpenditure(D(10000), D(8000), D(8000), "granting_body", "de_minimis"),
            "8000",
            "8000",
            True,
        ),
        (VerifiedExpenditure(D(10000), D(0), D(0), aid_regime="state_aid"), "10000", "0", True),
    ],
)
def test_what_may_be_declared(claim, amount, contribution, ok):
    verdict = declarable(claim)
    assert verdict.amount == D(amount)
    assert verdict.details["public_contribution"] == D(contribution)
    assert verdict.ok is ok


@pytest.mark.parametrize(
    ("changes", "as_of", "declared", "codes"),
    [
        ({}, date(2027, 1, 1), "4000", ()),
        ({"paid": D(5000)}, date(2027, 1, 1), "4000", ("advance_above_ceiling",)),
        ({"guaranteed": False}, date(2027, 1, 1), "0", ("guarantee_missing",)),
        ({"covered": D(1500)}, date(2029, 12, 31), "4000", ()),
        ({"covered": D(1500)}, date(2030, 1, 1), "1500", ("advance_not_covered",)),
        ({"covered": D(9000)}, date(2030, 1, 1), "4000", ()),
    ],
)
def test_a_state_aid_advance(changes, as_of, declared, codes):
    verdict = declarable_advance(replace(ADVANCE, **changes), as_of)
    assert verdict.amount == D(declared)
    assert verdict.codes() == codes
    assert verdict.ok is (codes != ("guarantee_missing",))


def test_the_lines_of_the_advance_add_up():
    verdict = declarable_advance(replace(ADVANCE, covered=D(1500)), date(2027, 1, 1))
    assert (verdict.details["covered"], verdict.details["running"]) == (D(1500), D(2500))


@pytest.mark.parametrize(
    ("paid_on", "programme", "cover_by"),
    [
        (date(2024, 5, 4), Programme(), date(2027, 12, 31)),
        (date(2027, 5, 4), Programme(), date(2029, 12, 31)),
        (date(2027, 5, 4), EXTENDED, date(2030, 12, 31)),
    ],
)
def test_when_an_advance_must_be_covered(paid_on, programme, cover_by):
    assert replace(ADVANCE, paid_on=paid_on).cover_by(programme) == cover_by


@pytest.mark.parametrize(
    ("category", "clld", "maximum"),
    [("outermost", False, 85), ("more_developed", False, 40), ("transition", True, 70)],
)
def test_cofinancing_maxima(category, clld, maximum):
    assert cofinancing_maximum(category, clld) == maximum
    assert check_cofinancing(D(maximum), category, clld).ok
    assert check_cofinancing(D(maximum) + 1, category, clld).codes() == ("cofinancing_above_maximum",)
