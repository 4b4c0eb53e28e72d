"""Days: months, working days and the end of a day where the file lives. No clock, no Django.

Working days are Monday to Friday without the public holidays of metropolitan France, and without
those of the overseas region when one is named. A delay in working days does not count its first
day (the general rule of Regulation 1182/71, art. 3; to be confirmed for national delays).
"""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import holidays

# INSEE region → subdivision of the holidays library. Alsace and Moselle have days of their own, but
# Grand Est (44) is wider than they are: no single answer is true there, so it follows France.
SUBDIVISIONS = {"01": "971", "02": "972", "03": "973", "04": "974", "06": "976"}
SATURDAY = 5


@cache
def _holidays(region: str | None) -> holidays.HolidayBase:
    return holidays.country_holidays("FR", subdiv=SUBDIVISIONS.get(region or ""))


def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier when negative), the last of the month when it is shorter.

    31 December + 2 months = 28 or 29 February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another; negative when `end` comes first, and 31 January to 28 February is none."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day else months


def is_working_day(day: date, region: str | None = None) -> bool:
    """Monday to Friday and no public holiday; `region` is an INSEE region code ("04")."""
    return day.weekday() < SATURDAY and day not in _holidays(region)


def next_working_day(day: date, region: str | None = None) -> date:
    """The day itself when it is a working day, otherwise the first one after it."""
    while not is_working_day(day, region):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, region: str | None = None) -> date:
    """The `count`-th working day after `day`, which itself does not count.

    20 working days after 12 November 2026 is 10 December 2026. Raises ValueError when negative.
    """
    if count < 0:
        raise ValueError(f"a delay of {count} working days cannot be negative")
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1), region)
    return day


def end_of_day(day: date, zone: str | tzinfo) -> datetime:
    """The last moment of a day in a time zone, aware: a deadline is met until then."""
    return datetime.combine(day, time.max, ZoneInfo(zone) if isinstance(zone, str) else zone)


def local_date(moment: datetime, zone: str) -> date:
    """The day an aware moment falls on in a time zone; raises ValueError on a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone before it has a day")
    return moment.astimezone(ZoneInfo(zone)).date()
