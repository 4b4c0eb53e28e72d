"""The cash forecast, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from applications.rules.cash import Flow, forecast

MONDAY = date(2026, 3, 2)
KINDS = ("order", "claim")


def test_the_example_of_the_docstring() -> None:
    flows = [Flow(date(2026, 3, 3), Decimal(60), "order"), Flow(date(2026, 3, 9), Decimal(60), "claim")]
    found = forecast(Decimal(100), flows, MONDAY, KINDS, weeks=2)
    assert [(week.begins, week.total, week.left) for week in found.weeks] == [
        (MONDAY, Decimal(60), Decimal(40)), (date(2026, 3, 9), Decimal(60), Decimal(-20)),
    ]  # fmt: skip
    assert (found.runs_out_on, found.short, found.later) == (date(2026, 3, 9), Decimal(20), Decimal(0))


def test_what_is_late_is_paid_today_and_what_is_far_comes_later() -> None:
    flows = [Flow(date(2026, 1, 5), Decimal(10), "claim"), Flow(date(2026, 12, 1), Decimal(30), "claim")]
    found = forecast(Decimal(35), flows, date(2026, 3, 4), KINDS, weeks=4)
    assert found.weeks[0].out == {"order": Decimal(0), "claim": Decimal(10)}
    assert (found.later, found.runs_out_on, found.short) == (Decimal(30), date(2026, 12, 1), Decimal(5))


def test_exactly_enough_never_runs_out() -> None:
    found = forecast(Decimal(10), [Flow(MONDAY, Decimal(10), "order")], MONDAY, KINDS)
    assert (found.runs_out_on, found.short, len(found.weeks)) == (None, Decimal(0), 13)


@given(st.lists(st.tuples(st.integers(-50, 400), st.integers(1, 900))), st.integers(0, 5000))
def test_nothing_is_lost(flows: list[tuple[int, int]], available: int) -> None:
    dated = [Flow(date.fromordinal(MONDAY.toordinal() + day), Decimal(euro), "order") for day, euro in flows]
    found = forecast(Decimal(available), dated, MONDAY, KINDS)
    total = sum((flow.amount for flow in dated), Decimal(0))
    assert sum((week.total for week in found.weeks), found.later) == total
    assert (found.runs_out_on is None) == (total <= available)
