from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.retention import KeptFile, Proceedings, retention

PAID = date(2026, 11, 30)


def test_five_years_from_the_end_of_the_year_of_the_last_payment():
    kept = retention(KeptFile(PAID))
    assert kept.until == date(2031, 12, 31)
    assert not kept.may_delete(date(2031, 12, 31))
    assert kept.may_delete(date(2032, 1, 1))


def test_a_grouped_voucher_waits_for_its_operation():
    grouped = KeptFile(PAID, grouped=True, operation_last_payment_on=date(2029, 3, 1))
    assert retention(grouped).until == date(2034, 12, 31)
    waiting = retention(KeptFile(PAID, grouped=True))
    assert waiting.until is None
    assert [reason.code for reason in waiting.reasons] == ["erdf_not_begun"]


@pytest.mark.parametrize(
    ("granted", "until"),
    [(date(2026, 2, 1), date(2036, 2, 1)), (date(2020, 2, 29), date(2031, 12, 31))],
)
def test_the_longest_period_wins(granted, until):
    assert retention(KeptFile(PAID, aid_regime="de_minimis", granted_on=granted)).until == until


def test_a_state_aid_scheme_counts_from_its_last_aid():
    file = KeptFile(PAID, aid_regime="state_aid", granted_on=date(2026, 2, 1), scheme_last_aid_on=date(2028, 6, 1))
    assert retention(file).until == date(2038, 6, 1)


def test_a_hold_or_open_proceedings_keep_the_file_without_end():
    for file in (KeptFile(PAID, legal_hold=True), KeptFile(PAID, proceedings=(Proceedings(PAID),))):
        kept = retention(file)
        assert kept.until is None
        assert not kept.may_delete(date(2099, 1, 1))


def test_ended_proceedings_add_their_days_or_start_the_period_again():
    ended = (Proceedings(date(2028, 1, 1), date(2028, 1, 31)),)
    assert retention(KeptFile(PAID, proceedings=ended)).until == date(2032, 1, 30)
    restarted = KeptFile(PAID, proceedings=ended, interruption_restarts=True)
    assert retention(restarted).until == date(2033, 1, 31)


def test_proceedings_after_the_period_revive_nothing():
    late = (Proceedings(date(2032, 1, 1), date(2033, 1, 1)),)
    assert retention(KeptFile(PAID, proceedings=late)).until == date(2031, 12, 31)


def test_a_national_scheme_without_a_regime_has_no_period_of_its_own():
    assert retention(KeptFile(PAID, erdf=False)).until is None


def test_an_identity_copy_goes_once_checked_unless_held():
    copy = KeptFile(PAID, identity_copy=True, checked_on=date(2026, 4, 1))
    assert retention(copy).until == date(2026, 4, 1)
    held = KeptFile(PAID, identity_copy=True, checked_on=date(2026, 4, 1), legal_hold=True)
    assert retention(held).until is None


@given(st.dates(date(2021, 1, 1), date(2035, 1, 1)), st.dates(date(2021, 1, 1), date(2035, 1, 1)))
def test_no_period_is_ever_shorter_than_the_erdf_one(paid, granted):
    alone = retention(KeptFile(paid)).until
    both = retention(KeptFile(paid, aid_regime="de_minimis", granted_on=granted)).until
    assert alone == date(paid.year + 5, 12, 31)
    assert both == max(alone, both)
