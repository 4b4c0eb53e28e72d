"""Stories that go side by side: each says in how many days it goes on, and time passes for all of them at once.

A story is a generator that yields days and returns its file. Whoever lets a day pass asks the timetable
to go on with what is due that day.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Tale = Generator[int, None, Any]


@dataclass(order=True, slots=True)
class _Next:
    day: date
    rank: int
    tale: Tale = field(compare=False)
    told: Callable[[Any], None] = field(compare=False)


class Timetable:
    """What goes on and when, the earliest first."""

    def __init__(self) -> None:
        self._waiting: list[_Next] = []
        self._rank = 0

    def clear(self) -> None:
        self._waiting.clear()

    @property
    def busy(self) -> bool:
        """Whether a story has not ended."""
        return bool(self._waiting)

    def add(self, tale: Tale, first: date, told: Callable[[Any], None]) -> None:
        """Begin a story on a day; `told` is called with its file when it ends."""
        self._rank += 1
        heapq.heappush(self._waiting, _Next(first, self._rank, tale, told))

    def go_on(self, today: date) -> None:
        """Every story that is due goes on until it waits for another day, or ends."""
        while self._waiting and self._waiting[0].day <= today:
            self._resume(heapq.heappop(self._waiting), today)

    def _resume(self, due: _Next, today: date) -> None:
        try:
            wait = next(due.tale)
        except StopIteration as end:
            due.told(end.value)
            return
        due.day = today + timedelta(days=wait)
        heapq.heappush(self._waiting, due)


TIMETABLE = Timetable()
