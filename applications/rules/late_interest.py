"""Interest on a recovery order paid late: simple, on actual days of a year of 365, at rates that are dated data.

It runs from the day after the order falls due to the day of each receipt, on what has still to come in; a rate
applies from its own day. The whole is rounded down to the cent once, at the end. Which rate applies to an order
of a region, and from when, has to be confirmed with its public accountant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from applications.rules.base import InputError
from regions.money import ZERO, floor_cent

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly rate in percent, from a day on."""

    since: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Paid:
    """What came in on a day, in euro."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """Days with one balance and one rate, both ends included; interest in euro: the steps add up to the whole."""

    since: date
    until: date
    principal: Decimal
    percent: Decimal
    interest: Decimal

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def late_interest(amount: Decimal, due_on: date, until: date, paid: Sequence[Paid], rates: Sequence[Rate]) -> Decimal:
    """The interest run up to `until`, in euro.

    10 000 due on 31 March, 4 000 paid on 30 April, the rest on 30 June, at 3.65 % then 7.30 % from 1 June:
    10 000 × 30 days and 6 000 × 31 days at 3.65 %, 6 000 × 30 days at 7.30 %: 30.00 + 18.60 + 36.00 = 84.60.
    """
    return sum((step.interest for step in schedule(amount, due_on, until, paid, rates)), ZERO)


def schedule(
    amount: Decimal, due_on: date, until: date, paid: Sequence[Paid], rates: Sequence[Rate]
) -> tuple[Step, ...]:
    """The interest step by step: each takes what its days add to the whole rounded down so far, in euro."""
    exact, told, steps = ZERO, ZERO, []
    for start, end in _periods(due_on, until, paid, rates):
        owed = amount - sum((one.amount for one in paid if one.on <= start), ZERO)
        percent = _rate_on(start + timedelta(days=1), rates)
        exact += max(owed, ZERO) * percent * (end - start).days
        whole = floor_cent(exact / 100 / YEAR_DAYS)
        if owed > ZERO:
            steps.append(Step(start + timedelta(days=1), end, owed, percent, whole - told))
        told = whole
    return tuple(steps)


def _periods(due_on: date, until: date, paid: Sequence[Paid], rates: Sequence[Rate]) -> list[tuple[date, date]]:
    """The stretches of days with one balance and one rate: each leaves its first day out and takes its last."""
    turns = {one.on for one in paid} | {rate.since - timedelta(days=1) for rate in rates}
    days = [due_on, *sorted(day for day in turns if due_on < day < until), until]
    return [(start, end) for start, end in zip(days, days[1:], strict=False) if start < end]


def _rate_on(day: date, rates: Sequence[Rate]) -> Decimal:
    known = [rate for rate in rates if rate.since <= day]
    if not known:
        raise InputError("rates", f"no late-payment rate is known on {day}.", f"aucun taux n’est connu au {day}.")
    return max(known, key=lambda rate: rate.since).percent
