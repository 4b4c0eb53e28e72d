"""The terms of the questionnaire after a project, and what its answers tell beside the application's own figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from applications.rules.follow_up import QUESTIONS, GrowthRule, grew, growth_rule, jobs_created, terms
from applications.rules.indicators import Support, count_objective


def test_twelve_months_and_thirty_days_unless_the_rules_say_otherwise() -> None:
    plain = terms({})
    assert (plain.asked_on(date(2025, 3, 31)), plain.answer_by(date(2025, 3, 31))) == (
        date(2026, 3, 31), date(2026, 4, 30),
    )  # fmt: skip
    assert (plain.reminders, plain.questions) == (2, QUESTIONS)
    own = terms({"when": {"results_months": 6, "results_answer_days": 15, "results_questions": ["headcount"]}})
    assert (own.asked_on(date(2025, 8, 31)), own.answer_by(date(2025, 8, 31))) == (date(2026, 2, 28), date(2026, 3, 15))
    assert own.questions == ("headcount",)


@pytest.mark.parametrize(
    ("before", "after", "jobs"),
    [("3.00", "4.50", "1.50"), ("4.00", "3.00", "0"), ("2.00", "2.00", "0")],
)
def test_jobs_created_are_never_negative(before: str, after: str, jobs: str) -> None:
    assert jobs_created(Decimal(before), Decimal(after)) == Decimal(jobs)


def test_one_number_alone_tells_nothing() -> None:
    assert jobs_created(None, Decimal(3)) is None
    assert grew(Decimal(3), None) is None
    assert (grew(Decimal(3), Decimal(4)), grew(Decimal(4), Decimal(4))) == (True, False)


def test_how_much_growth_counts_has_a_date_and_is_to_be_confirmed() -> None:
    """100 000.00 before: 102 000.00 after is more, but not more than 2 % more; 102 000.01 is."""
    two = GrowthRule(date(2027, 1, 1), Decimal(2), confirmed=True)
    first = growth_rule(date(2026, 11, 26))
    rules = (first, two)
    assert not first.confirmed
    assert [growth_rule(date(*day), rules) for day in ((2020, 1, 1), (2026, 12, 31), (2027, 1, 1))] == [
        first, first, two,
    ]  # fmt: skip
    before, after = Decimal("100000.00"), Decimal("102000.00")
    assert (grew(before, after, first), grew(before, after, two)) == (True, False)
    assert grew(before, after + Decimal("0.01"), two)
    assert (grew(Decimal(0), Decimal(0)), grew(Decimal(0), Decimal("0.01"))) == (False, True)


def test_a_firm_with_two_files_counts_once_and_no_answer_gives_no_value() -> None:
    """E1 tells 1.50 jobs on one file and 2.00 on the other, E2 tells 0.50: 2.50; nobody tells of RCR04."""
    told = [
        Support("E1", "grant", jobs=Decimal("1.50"), new_offer=True), Support("E1", "grant", jobs=Decimal("2.00")),
        Support("E2", "grant", jobs=Decimal("0.50"), new_offer=False, grew=True), Support("E3", "grant"),
    ]  # fmt: skip
    counts = count_objective(told)
    assert (counts["RCR01"], counts["RCR03"], counts["RCR19"]) == (Decimal("2.50"), 1, 1)
    assert "RCR04" not in counts
