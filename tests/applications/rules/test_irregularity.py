from datetime import date
from decimal import Decimal

import pytest

from applications.rules.irregularity import (
    Irregularity,
    flat_rate,
    flat_rate_correction,
    publicity_cancellation,
    report_by,
    reporting,
)

D = Decimal
DETECTED = date(2026, 5, 14)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"contribution": D("9999.99")}, ("below_threshold",)),
        ({"contribution": D("10000.00")}, ("to_report",)),
        ({"contribution": D(6000), "interlinked_total": D("10000.01")}, ("to_report",)),
        ({"contribution": D(6000), "interlinked_total": D(10000)}, ("below_threshold",)),
        ({"contribution": D("9999.99"), "suspected_fraud": True}, ("below_threshold",)),
        ({"contribution": D(20000), "bankruptcy_only": True}, ("bankruptcy",)),
        ({"contribution": D(20000), "disclosed_voluntarily": True}, ("voluntary_disclosure",)),
        (
            {"contribution": D(20000), "disclosed_voluntarily": True, "suspected_fraud": True},
            ("to_report",),
        ),
        ({"contribution": D(20000), "corrected_before_declaration": True}, ("corrected_in_time",)),
        (
            {"contribution": D(20000), "corrected_before_declaration": True, "suspected_fraud": True},
            ("to_report",),
        ),
    ],
)
def test_what_is_reported(facts, codes):
    verdict = reporting(Irregularity(DETECTED, **facts))
    assert verdict.codes() == codes
    assert verdict.details["to_report"] is (codes == ("to_report",))


@pytest.mark.parametrize(
    ("detected", "due"),
    [
        (DETECTED, date(2026, 8, 31)),
        (date(2026, 3, 31), date(2026, 5, 31)),
        (date(2026, 7, 1), date(2026, 11, 30)),
        (date(2026, 10, 1), date(2027, 2, 28)),
        (date(2027, 12, 31), date(2028, 2, 29)),
    ],
)
def test_two_months_after_the_quarter(detected, due):
    assert report_by(detected) == due


@pytest.mark.parametrize(
    ("level", "persistent", "reduced", "rate"),
    [
        (5, False, None, 5),
        (10, True, None, 25),
        (100, True, None, 100),
        (25, True, D(30), 30),
        (5, False, D(2), 2),
    ],
)
def test_flat_rates_of_annex_25(level, persistent, reduced, rate):
    assert flat_rate(D(level), persistent, reduced) == rate


@pytest.mark.parametrize(("level", "reduced"), [(15, None), (10, 10), (5, 25)])
def test_other_flat_rates_are_refused(level, reduced):
    with pytest.raises(ValueError, match="%"):
        flat_rate(D(level), reduced_to=None if reduced is None else D(reduced))


def test_a_correction_is_rounded_down():
    assert flat_rate_correction(D("1000.39"), D(5)) == D("50.01")


def test_failed_publicity_costs_three_per_cent_at_most():
    assert publicity_cancellation(D(20000), remedied=False) == D("600.00")
    assert publicity_cancellation(D(20000), remedied=False, rate=D("1.5")) == D("300.00")
    assert publicity_cancellation(D(20000), remedied=True) == 0
    with pytest.raises(ValueError, match="3 %"):
        publicity_cancellation(D(20000), remedied=False, rate=D("3.01"))
