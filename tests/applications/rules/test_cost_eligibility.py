from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from applications.rules.cost_eligibility import (
    Expense,
    Programme,
    Vat,
    check_expense,
    eligible_with_vat,
    in_kind_ceiling,
    land_ceiling,
    vat_eligible,
)

D = Decimal
PROGRAMME = Programme()
EXTENDED = Programme(extension_approved_on=date(2026, 3, 15))
INVOICE = Expense(date(2026, 2, 1), date(2026, 3, 1), applied_on=date(2026, 1, 15))


def codes(expense: Expense, programme: Programme = PROGRAMME, as_of: date | None = None) -> tuple[str, ...]:
    return check_expense(expense, programme, as_of).codes()


def test_an_expense_of_the_period_is_eligible():
    assert check_expense(INVOICE, PROGRAMME).ok


@pytest.mark.parametrize(
    ("incurred", "paid", "programme", "expected"),
    [
        (date(2029, 12, 20), date(2030, 1, 5), PROGRAMME, ("out_of_period",)),
        (date(2029, 12, 20), date(2030, 1, 5), EXTENDED, ()),
        (date(2030, 12, 20), date(2031, 1, 5), EXTENDED, ("out_of_period",)),
        (date(2029, 12, 20), date(2029, 12, 31), PROGRAMME, ()),
        (date(2020, 12, 31), date(2021, 1, 1), PROGRAMME, ("out_of_period",)),
        (date(2020, 12, 31), date(2021, 1, 1), Programme(submitted_on=date(2020, 12, 1)), ()),
        (date(2020, 12, 31), date(2021, 1, 1), Programme(submitted_on=date(2022, 12, 1)), ("out_of_period",)),
        (date(2026, 1, 1), None, PROGRAMME, ("not_paid",)),
    ],
)
def test_incurred_and_paid_within_the_period(incurred, paid, programme, expected):
    assert codes(Expense(incurred, paid), programme) == expected


def test_an_extension_counts_from_its_approval():
    late = Expense(date(2029, 12, 20), date(2030, 1, 5))
    assert codes(late, EXTENDED, date(2026, 3, 14)) == ("out_of_period",)
    assert codes(late, EXTENDED, date(2026, 3, 15)) == ()


def test_a_simplified_cost_needs_no_payment_but_an_action_in_the_period():
    assert codes(Expense(date(2026, 1, 1), simplified=True)) == ()
    assert codes(Expense(date(2030, 1, 1), simplified=True)) == ("out_of_period",)


def test_a_new_intervention_opens_with_the_request_to_amend():
    assert codes(replace(INVOICE, new_intervention_from=date(2026, 2, 2))) == ("out_of_period",)
    assert codes(replace(INVOICE, new_intervention_from=date(2026, 2, 1))) == ()


def test_an_operation_completed_before_the_application_is_refused():
    assert codes(replace(INVOICE, completed_on=date(2026, 1, 14))) == ("completed_before_application",)
    assert codes(replace(INVOICE, completed_on=date(2026, 1, 15))) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"nature": "interest_on_debt"}, ("interest_on_debt",)),
        ({"nature": "interest_on_debt", "interest_subsidy": True}, ()),
        ({"nature": "relocation"}, ("relocation",)),
    ],
)
def test_excluded_natures(changes, expected):
    assert codes(replace(INVOICE, **changes)) == expected


@pytest.mark.parametrize(
    ("amount", "here", "elsewhere", "expected"),
    [
        (D(1000), D(600), D(400), ()),
        (D(1000), D(600), D("400.01"), ("double_funding",)),
        (D(1000), None, D(1), ("double_funding",)),
        (None, None, D(1), ("double_funding",)),
        (None, None, D(0), ()),
    ],
)
def test_the_same_euro_is_declared_once(amount, here, elsewhere, expected):
    expense = replace(INVOICE, amount=amount, declared_here=here, declared_elsewhere=elsewhere)
    assert codes(expense) == expected


@pytest.mark.parametrize(
    ("vat", "expected"),
    [
        (Vat(D("4999999.99")), ()),
        (Vat(D(5000000)), ("vat_recoverable",)),
        (Vat(D(5000000), recoverable=False), ()),
        (Vat(D(1085), aid_regime="gber"), ("gber_refundable_vat",)),
        (Vat(D(1085), recoverable=False, aid_regime="gber"), ()),
        (Vat(D(1085), aid_regime="de_minimis"), ()),
        (Vat(D(1085), scheme_excludes=True), ("scheme_excludes_vat",)),
    ],
)
def test_when_vat_counts(vat, expected):
    assert vat_eligible(vat).codes() == expected


def test_the_gber_leaves_refundable_vat_out():
    verdict = eligible_with_vat(D(1000), D(85), Vat(D(1085), aid_regime="gber"))
    assert verdict.ok
    assert verdict.amount == D("1000.00")
    assert eligible_with_vat(D(1000), D(85), Vat(D(1085))).amount == D("1085.00")


@pytest.mark.parametrize(
    ("land", "derelict", "eligible", "expected"),
    [
        (D(10000), False, "10000.00", ()),
        (D("10000.01"), False, "10000.00", ("land_above_ceiling",)),
        (D(15000), True, "15000.00", ()),
        (D(15001), True, "15000.00", ("land_above_ceiling",)),
    ],
)
def test_land_is_capped(land, derelict, eligible, expected):
    verdict = land_ceiling(land, D(100000), derelict)
    assert verdict.amount == D(eligible)
    assert verdict.codes() == expected


def test_public_support_stays_below_cost_without_contributions_in_kind():
    assert in_kind_ceiling(D(8000), D(10000), D(2000)).ok
    assert in_kind_ceiling(D("8000.01"), D(10000), D(2000)).codes() == ("in_kind_ceiling",)
