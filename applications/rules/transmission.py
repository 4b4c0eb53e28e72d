"""Transmission of data to the Commission: when, as at which day, with what (CPR art. 42, annex VII).

Financial data five times a year; indicators, financial instruments and forecasts (art. 69(10)) only
on 31 January and 31 July. Figures are cumulative, as at the end of the month before the submission.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from applications.rules.cost_eligibility import Programme

DAYS = ((1, 31), (4, 30), (7, 31), (9, 30), (11, 30))
FULL_MONTHS = (1, 7)
FIRST = date(2022, 1, 31)
FINANCIAL = ("financial", "intervention")
HALF_YEARLY = ("outputs", "results", "financial_instruments", "forecasts")


@dataclass(frozen=True, slots=True)
class Transmission:
    """One transmission: the day it is due, the day its figures describe, the tables it holds."""

    due_on: date
    state_on: date
    tables: tuple[str, ...]

    @property
    def with_indicators(self) -> bool:
        """Whether output and result indicators go with it."""
        return "outputs" in self.tables


def last_day(programme: Programme) -> date:
    """31 January after the end of eligibility: 2030, or 2031 with the mid-term extension."""
    return date(programme.end().year + 1, 1, 31)


def calendar(programme: Programme) -> Iterator[date]:
    """Every day a transmission is due, in order, from 31 January 2022."""
    last = last_day(programme)
    for year in range(FIRST.year, last.year + 1):
        yield from (day for day in (date(year, *each) for each in DAYS) if day <= last)


def transmission(due_on: date) -> Transmission:
    """The content of a transmission: due 31 January 2027, state at 31 December 2026, with indicators."""
    state_on = due_on.replace(day=1) - timedelta(days=1)
    tables = FINANCIAL + HALF_YEARLY if due_on.month in FULL_MONTHS else FINANCIAL
    return Transmission(due_on, state_on, tables)


def next_transmission(day: date, programme: Programme | None = None) -> Transmission | None:
    """The transmission due on a day or next after it; None when the last one is past."""
    due = next((each for each in calendar(programme or Programme()) if each >= day), None)
    return transmission(due) if due else None
