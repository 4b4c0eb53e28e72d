"""How a loan or a repayable advance comes back: equal principals after a grace period. Euro."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.rules.base import InputError
from regions.calendars import add_months
from regions.money import ZERO, floor_cent


@dataclass(frozen=True, slots=True)
class Instalment:
    """What the firm pays on a day: part of the principal, and the interest since the one before. Euro."""

    due_on: date
    principal: Decimal
    interest: Decimal

    @property
    def amount(self) -> Decimal:
        return self.principal + self.interest


def repayment_schedule(
    amount: Decimal, start: date, months: int, grace_months: int, every_months: int, annual_rate_percent: Decimal
) -> list[Instalment]:
    """The instalments of a loan paid out on `start` and repaid within `months`, grace included.

    Principals are equal, rounded down to the cent; the last one takes the remainder, so they add up to
    the amount. Simple interest on what is outstanding, rate × months / 12, rounded down to the cent;
    during the grace period only interest is due. Raises InputError when the periods do not fit.
    """
    _check(amount, months, grace_months, every_months, annual_rate_percent)
    count = (months - grace_months) // every_months
    part, left = floor_cent(amount / count), amount
    made: list[Instalment] = []
    for month in range(every_months, months + 1, every_months):
        interest = floor_cent(left * annual_rate_percent * every_months / 1200)
        principal = ZERO if month <= grace_months else left if month == months else part
        made.append(Instalment(add_months(start, month), principal, interest))
        left -= principal
    return [one for one in made if one.amount]


def outstanding_by_year(amount: Decimal, months: int, grace_months: int, every_months: int) -> list[Decimal]:
    """What is still owed at the start of each year of the loan, in euro."""
    start = date(2001, 1, 1)
    paid = repayment_schedule(amount, start, months, grace_months, every_months, ZERO)
    return [
        amount - sum((one.principal for one in paid if one.due_on <= add_months(start, year * 12)), ZERO)
        for year in range(-(-months // 12))
    ]


def _check(amount: Decimal, months: int, grace_months: int, every_months: int, rate: Decimal) -> None:
    if amount <= 0 or rate < 0:
        raise InputError("amount", "give an amount above zero and a rate of zero or more")
    if every_months <= 0 or grace_months < 0 or months <= grace_months:
        raise InputError("months", "give a duration longer than the grace period, and a periodicity of a month or more")
    if months % every_months or grace_months % every_months:
        raise InputError("every_months", "give a duration and a grace period made of whole periods")
