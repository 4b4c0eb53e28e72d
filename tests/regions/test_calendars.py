from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions import calendars

DAYS = st.dates(date(2021, 1, 1), date(2035, 12, 31))
REGIONS = st.sampled_from([None, "01", "02", "03", "04", "06", "11", "44"])


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 2), 2, date(2026, 5, 2)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 17), -36, date(2023, 11, 17)),
        (date(2028, 2, 29), -36, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_add_months_clamps_to_the_end_of_the_month(day, months, expected):
    assert calendars.add_months(day, months) == expected


@given(DAYS, st.integers(-60, 60))
def test_add_months_lands_in_the_month_counted(day, months):
    later = calendars.add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("grant", "register_by"),
    [(date(2026, 11, 12), date(2026, 12, 10)), (date(2026, 11, 17), date(2026, 12, 15))],
)
def test_twenty_working_days_of_the_register(grant, register_by):
    assert calendars.add_working_days(grant, 20) == register_by
    assert calendars.add_working_days(grant, 20, "04") == register_by


@pytest.mark.parametrize(
    ("region", "day"),
    [
        ("01", date(2026, 5, 27)),
        ("02", date(2026, 5, 22)),
        ("03", date(2026, 6, 10)),
        ("04", date(2027, 12, 20)),
        ("06", date(2026, 4, 27)),
    ],
)
def test_each_overseas_region_keeps_its_abolition_day(region, day):
    assert calendars.is_working_day(day)
    assert calendars.is_working_day(day, "11")
    assert not calendars.is_working_day(day, region)


def test_the_twentieth_of_december_moves_a_reunion_deadline():
    friday = date(2027, 12, 17)
    assert calendars.add_working_days(friday, 1) == date(2027, 12, 20)
    assert calendars.add_working_days(friday, 1, "04") == date(2027, 12, 21)


def test_the_easter_bridge_is_not_worked():
    assert calendars.next_working_day(date(2026, 4, 4)) == date(2026, 4, 7)
    assert calendars.next_working_day(date(2026, 4, 7)) == date(2026, 4, 7)


def test_alsatian_days_do_not_bind_the_whole_of_grand_est():
    assert calendars.is_working_day(date(2026, 4, 3), "44")


def test_a_negative_delay_is_refused():
    with pytest.raises(ValueError, match="negative"):
        calendars.add_working_days(date(2026, 1, 5), -1)


@given(DAYS, st.integers(0, 40), REGIONS)
def test_working_days_counted_one_by_one(day, count, region):
    end = calendars.add_working_days(day, count, region)
    between = (day + timedelta(days=step) for step in range(1, (end - day).days + 1))
    assert sum(calendars.is_working_day(each, region) for each in between) == count
    assert count == 0 or calendars.is_working_day(end, region)


def test_the_day_ends_later_in_paris_than_in_saint_denis():
    day = date(2026, 6, 30)
    reunion = calendars.end_of_day(day, "Indian/Reunion")
    assert reunion.astimezone(UTC).isoformat() == "2026-06-30T19:59:59.999999+00:00"
    assert calendars.end_of_day(day, ZoneInfo("Europe/Paris")) > reunion


def test_local_date_follows_the_zone():
    evening = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
    assert calendars.local_date(evening, "Europe/Paris") == date(2026, 3, 2)
    assert calendars.local_date(evening, "Indian/Reunion") == date(2026, 3, 3)


def test_local_date_refuses_a_naive_moment():
    with pytest.raises(ValueError, match="time zone"):
        calendars.local_date(datetime(2026, 3, 2), "Europe/Paris")
