"""How long things took: the median and the delay that nine in ten did not exceed, from counts of days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HALF, NINE_TENTHS = 50, 90


@dataclass(frozen=True, slots=True)
class Delay:
    """Of so many cases: days that half of them, then nine in ten, did not exceed."""

    cases: int
    median: int
    nine_in_ten: int


def delay(counts: Iterable[tuple[int, int]]) -> Delay | None:
    """From (days, cases) pairs in any order; None when there is no case. Nearest rank: a delay that occurred."""
    ordered = sorted(counts)
    cases = sum(count for _days, count in ordered)
    return Delay(cases, _rank(ordered, cases, HALF), _rank(ordered, cases, NINE_TENTHS)) if cases else None


def _rank(ordered: list[tuple[int, int]], cases: int, percent: int) -> int:
    """The smallest delay that this percentage of the cases did not exceed."""
    needed, reached = -(-cases * percent // 100), 0
    for days, count in ordered:
        reached += count
        if reached >= needed:
            return days
    raise ValueError(f"{percent} % of {cases} cases is more than there are")
