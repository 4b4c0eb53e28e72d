from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from applications.rules.accounts import AccountsRow, AuditedYear, reconcile, residual_error, residual_verdict

D = Decimal
ROW = AccountsRow("1/outermost", D(1200000), D(900000), D(1188500), D(891375), "Correction de la DAF.")
EQUAL = AccountsRow("2/outermost", D(10), D(8), D(10), D(8))


def test_differences_of_the_reference_case():
    verdict = reconcile([ROW, EQUAL])
    assert verdict.ok
    assert verdict.details == {
        "expenditure_difference": D(11500),
        "contribution_difference": D(8625),
        "comment_required": True,
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"comment": "  "}, "comment_missing"),
        ({"comment": "x" * 501}, "comment_too_long"),
        ({"accounts_expenditure": D("1200000.01")}, "accounts_above_applications"),
    ],
)
def test_what_a_row_may_not_be(changes, code):
    assert reconcile([replace(ROW, **changes)]).codes() == (code,)


def test_equal_rows_need_no_comment():
    verdict = reconcile([EQUAL])
    assert verdict.ok
    assert verdict.details["comment_required"] is False


def test_residual_error_below_materiality():
    result = residual_error(AuditedYear(D(1000), D("2.2"), corrections=D("2.1")))
    assert (result.certifiable, result.residual_risk) == (D("997.9"), D("19.9"))
    assert result.rounded_rate == D("0.0199")
    assert result.extra_correction == 0


def test_residual_error_above_materiality():
    year = AuditedYear(D(1000), D("2.2"), ongoing_assessment=D(50), corrections=D("0.5"))
    result, verdict = residual_verdict(year)
    assert (result.certifiable, result.residual_risk) == (D("949.5"), D("20.4"))
    assert result.rounded_rate == D("0.0215")
    assert round(result.extra_correction, 6) == D("1.438776")
    assert verdict.codes() == ("residual_error_above_materiality",)


def test_the_rate_is_judged_once_rounded():
    assert not residual_error(AuditedYear(D(10000), D("2.004"))).material
    assert residual_error(AuditedYear(D(10000), D("2.005"))).material


def test_nothing_to_certify_is_an_error():
    with pytest.raises(ValueError, match="nothing"):
        residual_error(AuditedYear(D(100), D(2), ongoing_assessment=D(100)))


@given(st.decimals(1000, 10**9, places=2), st.decimals(0, 50, places=2), st.decimals(0, 500, places=2))
def test_the_extra_correction_brings_the_rate_to_two_per_cent(declared, rate, corrections):
    year = AuditedYear(declared, rate, corrections=corrections)
    result = residual_error(year)
    assume(result.material)
    corrected = residual_error(replace(year, corrections=corrections + result.extra_correction))
    assert abs(corrected.rate - D("0.02")) < D("1e-15")
