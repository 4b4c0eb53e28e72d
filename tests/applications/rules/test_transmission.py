from datetime import date

import pytest

from applications.rules.cost_eligibility import Programme
from applications.rules.transmission import calendar, next_transmission, transmission


def test_the_transmission_of_january_holds_everything():
    sent = transmission(date(2027, 1, 31))
    assert sent.state_on == date(2026, 12, 31)
    assert sent.with_indicators
    assert {"financial", "outputs", "results", "financial_instruments"} <= set(sent.tables)


@pytest.mark.parametrize(
    ("due", "state", "indicators"),
    [
        (date(2028, 4, 30), date(2028, 3, 31), False),
        (date(2027, 7, 31), date(2027, 6, 30), True),
        (date(2027, 9, 30), date(2027, 8, 31), False),
        (date(2027, 11, 30), date(2027, 10, 31), False),
    ],
)
def test_five_transmissions_a_year(due, state, indicators):
    assert next_transmission(due).due_on == due
    assert transmission(due).state_on == state
    assert transmission(due).with_indicators is indicators


def test_the_next_one_is_on_the_day_or_after():
    assert next_transmission(date(2027, 2, 1)).due_on == date(2027, 4, 30)
    assert next_transmission(date(2027, 12, 1)).due_on == date(2028, 1, 31)


def test_the_first_and_the_last():
    days = list(calendar(Programme()))
    assert (days[0], days[-1]) == (date(2022, 1, 31), date(2030, 1, 31))
    assert len(days) == 41
    assert next_transmission(date(2030, 2, 1)) is None
    extended = Programme(extension_approved_on=date(2026, 3, 15))
    assert list(calendar(extended))[-1] == date(2031, 1, 31)
