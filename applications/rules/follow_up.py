"""What a firm is asked some months after its project ended, and what its answers tell beside the file's own figures.

Every number here is the scheme's own (`when.results_…`), twelve months by default: RCR01, RCR03, RCR04 and RCR19 of
Reg. (EU) 2021/1058, annex I, are measured about a year after the support. How each is counted is to be confirmed with
the managing authority. Headcount in full-time equivalents, euro excluding VAT, shares in percent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from regions.calendars import add_months
from regions.money import ZERO

MONTHS = 12
ANSWER_DAYS = 30
REMINDERS = 2
QUESTIONS = (
    "headcount", "turnover", "online_share", "export_share", "in_use", "new_offer", "new_methods",
    "digital_intensity", "satisfaction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GrowthRule:
    """From a day on, RCR19 counts a firm whose turnover grew by more than a percentage; `confirmed` once it was."""

    since: date
    least_growth: Decimal = ZERO
    confirmed: bool = False


# The regulation says « higher turnover » and no more: any growth counts, to be confirmed with the managing authority.
GROWTH_RULES = (GrowthRule(date(2021, 7, 1)),)


@dataclass(frozen=True, slots=True)
class Terms:
    """When the firm is asked, how long she has, how often she is reminded, and the questions in their order."""

    months: int = MONTHS
    answer_days: int = ANSWER_DAYS
    reminders: int = REMINDERS
    questions: tuple[str, ...] = QUESTIONS

    def asked_on(self, completed_on: date) -> date:
        """The day from which the firm is asked: « 31 August » and 6 months give the last day of February."""
        return add_months(completed_on, self.months)

    def answer_by(self, completed_on: date) -> date:
        """The last day to answer: after it the answer is late, and still taken."""
        return self.asked_on(completed_on) + timedelta(days=self.answer_days)


def terms(rules: Mapping[str, Any]) -> Terms:
    """The terms of a scheme's rules; what they do not say is the default."""
    when = rules.get("when", {})
    return Terms(
        int(when.get("results_months", MONTHS)), int(when.get("results_answer_days", ANSWER_DAYS)),
        int(when.get("results_reminders", REMINDERS)), tuple(when.get("results_questions", QUESTIONS)),
    )  # fmt: skip


def jobs_created(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """RCR01: 3.00 before and 4.50 after make 1.50; a firm that lost jobs created none. None without both numbers."""
    return None if before is None or after is None else max(after - before, ZERO)


def growth_rule(day: date, rules: Sequence[GrowthRule] = GROWTH_RULES) -> GrowthRule:
    """The rule in force on a day: the latest that began, the first one before them all."""
    return max((one for one in rules if one.since <= day), key=lambda one: one.since, default=rules[0])


def grew(before: Decimal | None, after: Decimal | None, rule: GrowthRule = GROWTH_RULES[0]) -> bool | None:
    """RCR19: the turnover is higher than that of the application. None without both numbers.

    With no least growth one cent is enough; with 2 %, 100,000 before asks for more than 102,000 after.
    """
    return None if before is None or after is None else after * 100 > before * (100 + rule.least_growth)
