"""The float that pays providers, by hand and against a naive walk of its days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from applications.rules.cash import Flow
from applications.rules.cash_float import Pot, cash_float

MONDAY = date(2026, 3, 2)
KINDS = ("order", "claim")
NO_SHARE = Pot("shares", Decimal(0), ())


def pot(name: str, at_hand: int, *flows: tuple[date, int, str]) -> Pot:
    return Pot(name, Decimal(at_hand), [Flow(on, Decimal(amount), kind) for on, amount, kind in flows])


def test_the_example_of_the_docstring() -> None:
    tuesday = date(2026, 3, 3)
    pots = [pot("a", 100), pot("b", 50, (tuesday, 60, "order"))]
    found = cash_float(pots, pot("shares", 40, (tuesday, 40, "order")), MONDAY, KINDS)
    assert (found.at_hand, found.aid, found.shares) == (190, 150, 40)
    assert (found.runs_out_on, found.first_out, found.short, found.until) == (tuesday, "b", 10, tuesday)
    (span,) = found.spans
    assert (span.begins, span.monthly, span.out, span.shares) == (MONDAY, False, {"order": 60, "claim": 0}, 40)
    assert (span.total, span.left, span.left_shares) == (100, 90, 0)


def test_months_follow_the_weeks_and_the_first_pot_to_end_is_named() -> None:
    late, first = date(2026, 6, 1), date(2026, 5, 31)
    pots = [pot("a", 10, (late, 11, "claim")), pot("b", 10, (first, 11, "claim"), (date(2026, 7, 9), 1, "order"))]
    found = cash_float(pots, NO_SHARE, MONDAY, KINDS)
    assert [(span.begins, span.monthly, span.total) for span in found.spans] == [
        (date(2026, 5, 25), False, 11), (late, True, 11), (date(2026, 7, 1), True, 1),
    ]  # fmt: skip
    assert (found.runs_out_on, found.first_out, found.short, found.until) == (first, "b", 3, date(2026, 7, 9))


def test_a_float_that_pays_nothing_has_no_end() -> None:
    found = cash_float([pot("a", 10)], NO_SHARE, MONDAY, KINDS)
    assert (found.spans, found.until, found.runs_out_on, found.first_out, found.short) == ([], None, None, "", 0)


DAYS = st.integers(-40, 500).map(lambda days: MONDAY + timedelta(days=days))
FLOWS = st.lists(st.tuples(DAYS, st.integers(1, 400), st.sampled_from(KINDS)), max_size=8)


@given(st.lists(st.tuples(st.integers(0, 900), FLOWS), min_size=1, max_size=3), FLOWS)
def test_nothing_is_lost_and_the_day_is_that_of_a_walk_of_days(
    given_pots: list[tuple[int, list[tuple[date, int, str]]]], own: list[tuple[date, int, str]]
) -> None:
    pots = [pot(str(rank), at_hand, *flows) for rank, (at_hand, flows) in enumerate(given_pots)]
    held = sum(amount for _on, amount, _kind in own)
    found = cash_float(pots, pot("shares", held, *own), MONDAY, KINDS)
    left, ends = [at_hand for at_hand, _flows in given_pots], None
    for day in (MONDAY + timedelta(days=rank) for rank in range(502)):
        for rank, (_at_hand, flows) in enumerate(given_pots):
            left[rank] -= sum(amount for on, amount, _kind in flows if max(on, MONDAY) == day)
        ends = ends or (day if min(left) < 0 else None)
    assert found.runs_out_on == ends
    assert found.short == sum(max(-one, 0) for one in left)
    assert sum(span.total for span in found.spans) == found.at_hand - sum(left)
    if found.spans:
        assert (found.spans[-1].left, found.spans[-1].left_shares) == (sum(left), 0)
