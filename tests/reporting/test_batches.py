"""A column written at once says, byte for byte, what it says written cell by cell."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.writers import batches, cells
from reporting.writers.batches import ColumnCells, Memo, lines

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(st.sampled_from("aé’ &<>_x0041\n\t\u00a0\u2028\ud800\x00=-"), max_size=12),
    "integer": st.integers(-(10**17), 10**17),
    "money": st.one_of(
        st.integers(-(10**16), 10**16).map(lambda cents: Decimal(cents).scaleb(-2)),
        st.sampled_from([Decimal("-0.00"), Decimal("1.5"), Decimal("3"), Decimal("0E+1"), Decimal("12.340")]),
    ),
    "decimal": st.decimals(-(10**6), 10**6, allow_nan=False, allow_infinity=False),
    "percent": st.decimals(0, 1, allow_nan=False, places=6),
    "date": st.dates(date(1890, 1, 1), date(2100, 1, 1)),
    "moment": st.datetimes(datetime(1890, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(tzinfo=UTC)
    )
    | st.datetimes(datetime(1980, 1, 1), datetime(2050, 1, 1), timezones=st.just(ZoneInfo("Europe/Paris"))),
    "boolean": st.booleans(),
}
ZONE = "Europe/London"


def column(kind: str) -> ColumnCells:
    return ColumnCells(kind, ZONE, cells.kinds("fr", ZONE)[kind], None)


def one_by_one(kind: str, values: list[Any], first: int) -> str:
    cell = cells.kinds("fr", ZONE)[kind]
    found = [cells.EMPTY if value is None else cell(value) for value in values]
    return "".join(f'<row r="{row}">{body}</row>' for row, body in enumerate(found, first))


@pytest.mark.parametrize("kind", VALUES)
@settings(deadline=None)
@given(data=st.data())
def test_both_ways_give_the_same_bytes(kind: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.one_of(VALUES[kind], st.none()) | VALUES[kind], min_size=1, max_size=8))
    first = data.draw(st.integers(1, 1_000_000))
    assert lines([column(kind)], [(value,) for value in values], first) == one_by_one(kind, values, first)


def test_a_long_text_is_cut_in_a_batch_too() -> None:
    values = ["court", "x" * 40_000]
    assert lines([column("text")], [(value,) for value in values], 2) == one_by_one("text", values, 2)


@pytest.mark.parametrize(
    ("kind", "value", "error"),
    [
        ("integer", True, TypeError),
        ("money", 1.5, TypeError),
        ("money", Decimal("NaN"), ValueError),
        ("money", Decimal("0.001"), ValueError),
        ("percent", 0.5, TypeError),
        ("date", datetime(2026, 3, 2, tzinfo=UTC), TypeError),
        ("moment", datetime(2026, 3, 2), ValueError),  # noqa: DTZ001
        ("boolean", 1, TypeError),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: str, value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        lines([column(kind)], [(value,)], 2)


def test_a_memo_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_MEMO", 3)
    memo = Memo(str)
    assert [memo[number] for number in range(10)] == [str(number) for number in range(10)]
    assert len(memo) <= 3
