from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules import deadlines
from applications.rules.deadlines import Suspension

RECEIVED = date(2026, 3, 2)
DUE = date(2026, 5, 2)
OFFSETS = st.integers(0, 90)


@st.composite
def suspensions(draw):
    asked = RECEIVED + timedelta(days=draw(OFFSETS))
    deadline = asked + timedelta(days=draw(st.integers(0, 30)))
    answered = draw(st.none() | st.integers(0, 40).map(lambda days: asked + timedelta(days=days)))
    return Suspension(asked, answered, deadline)


@pytest.mark.parametrize(
    ("received", "options", "due"),
    [
        (RECEIVED, {}, DUE),
        (date(2026, 12, 31), {}, date(2027, 2, 28)),
        (RECEIVED, {"starts_next_day": True}, date(2026, 5, 3)),
        (RECEIVED, {"months": 8}, date(2026, 11, 2)),
    ],
)
def test_the_decision_is_due_two_months_from_receipt(received, options, due):
    assert deadlines.decision_due(received, **options) == due


def test_an_answer_before_the_deadline_ends_the_suspension():
    asked = Suspension(date(2026, 3, 12), date(2026, 3, 20), date(2026, 4, 12))
    assert deadlines.decision_due(RECEIVED, [asked]) == DUE + timedelta(days=8)


def test_the_deadline_ends_the_suspension_when_the_answer_is_late_or_missing():
    late = Suspension(date(2026, 3, 12), date(2026, 4, 30), date(2026, 4, 12))
    missing = Suspension(date(2026, 3, 12), None, date(2026, 4, 12))
    assert deadlines.decision_due(RECEIVED, [late]) == DUE + timedelta(days=31)
    assert deadlines.decision_due(RECEIVED, [missing]) == DUE + timedelta(days=31)


def test_a_request_announces_the_latest_date_until_the_answer_is_known():
    asked = Suspension(date(2026, 3, 12), date(2026, 3, 20), date(2026, 4, 12))
    assert deadlines.decision_due(RECEIVED, [asked], date(2026, 3, 11)) == DUE
    assert deadlines.decision_due(RECEIVED, [asked], date(2026, 3, 15)) == DUE + timedelta(days=31)
    assert deadlines.decision_due(RECEIVED, [asked], date(2026, 3, 20)) == DUE + timedelta(days=8)


def test_overlapping_requests_count_once():
    first = Suspension(date(2026, 3, 10), date(2026, 3, 20), date(2026, 4, 10))
    second = Suspension(date(2026, 3, 15), date(2026, 3, 25), date(2026, 4, 15))
    assert deadlines.decision_due(RECEIVED, [second, first]) == DUE + timedelta(days=15)


def test_a_request_after_silence_revives_nothing():
    late = Suspension(DUE + timedelta(days=1), None, DUE + timedelta(days=30))
    last_day = Suspension(DUE, DUE + timedelta(days=5), DUE + timedelta(days=30))
    assert deadlines.decision_due(RECEIVED, [late]) == DUE
    assert deadlines.decision_due(RECEIVED, [last_day]) == DUE + timedelta(days=5)


@given(st.lists(suspensions(), max_size=4), suspensions())
def test_one_more_request_never_brings_the_decision_nearer(known, more):
    before = deadlines.decision_due(RECEIVED, known)
    after = deadlines.decision_due(RECEIVED, [*known, more])
    length = (more.ends_on(date.max) - more.asked_on).days
    assert before <= after
    assert deadlines.decision_due(RECEIVED, [more]) <= DUE + timedelta(days=length)


@given(st.lists(suspensions(), max_size=4))
def test_the_order_of_the_requests_does_not_matter(known):
    assert deadlines.decision_due(RECEIVED, known) == deadlines.decision_due(RECEIVED, known[::-1])


def test_the_warning_of_day_45_moves_with_the_clock():
    asked = Suspension(date(2026, 3, 12), date(2026, 3, 20), date(2026, 4, 12))
    assert deadlines.warning_on(RECEIVED) == date(2026, 4, 16)
    assert deadlines.warning_on(RECEIVED, [asked]) == date(2026, 4, 24)


@pytest.mark.parametrize(
    ("interruptions", "due"),
    [([], date(2026, 8, 20)), ([Suspension(date(2026, 6, 20), date(2026, 7, 10))], date(2026, 9, 9))],
)
def test_a_claim_is_paid_within_eighty_days(interruptions, due):
    assert deadlines.payment_due(date(2026, 6, 1), interruptions) == due


def test_an_open_interruption_is_counted_up_to_the_day_asked():
    open_ended = [Suspension(date(2026, 6, 20))]
    assert deadlines.payment_due(date(2026, 6, 1), open_ended, date(2026, 6, 25)) == date(2026, 8, 25)
    with pytest.raises(ValueError, match="no end"):
        deadlines.payment_due(date(2026, 6, 1), open_ended)


def test_a_suspension_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="precedes"):
        Suspension(date(2026, 3, 12), date(2026, 3, 11))


@pytest.mark.parametrize(
    ("day", "standing_still"),
    [(date(2026, 3, 11), False), (date(2026, 3, 12), True), (date(2026, 4, 12), False)],
)
def test_whether_the_clock_stands_still(day, standing_still):
    assert Suspension(date(2026, 3, 12), None, date(2026, 4, 12)).is_open(day) is standing_still


def test_an_answer_sets_the_clock_going():
    assert not Suspension(date(2026, 3, 12), date(2026, 3, 20), date(2026, 4, 12)).is_open(date(2026, 3, 20))


@pytest.mark.parametrize(
    ("options", "last"),
    [
        ({}, date(2026, 7, 1)),
        ({"overseas_month": True}, date(2026, 8, 1)),
        ({"clear_days": True}, date(2026, 7, 2)),
        ({"clear_days": True, "overseas_month": True}, date(2026, 8, 3)),
    ],
)
def test_an_appeal_lasts_two_months(options, last):
    assert deadlines.appeal_until(date(2026, 5, 1), **options) == last


def test_a_claim_window_closes_at_the_earlier_end_unless_extended():
    window = deadlines.claim_window(date(2026, 5, 4), 12, date(2026, 9, 30))
    assert window == deadlines.Window(date(2026, 5, 4), date(2026, 9, 30))
    assert window.contains(date(2026, 9, 30))
    assert not window.contains(date(2026, 10, 1))
    assert not window.contains(date(2026, 5, 3))
    extended = deadlines.claim_window(date(2026, 5, 4), 12, date(2026, 9, 30), date(2026, 12, 31))
    assert extended.closes_on == date(2026, 12, 31)


def test_a_claim_window_may_have_no_end():
    assert deadlines.claim_window(date(2026, 5, 4)).contains(date(2035, 1, 1))
