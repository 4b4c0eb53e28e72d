"""The only source of the present moment: real, or simulated in the demo and the tests.

Everything that stamps a time calls `now()`, so a year of a file's life can be lived in seconds and
a test never depends on the day it runs. Production refuses a simulated clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


class _Simulated:
    """The simulated moment of this process, or None: shared by its threads on purpose."""

    moment: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC; a demonstration goes on from the day where it was left."""
    return _Simulated.moment or timezone.now() - timedelta(seconds=_behind())


def lag() -> timedelta:
    """How far the simulated calendar is behind the real one."""
    return timezone.now() - now()


def _behind() -> int:
    """In seconds; a place with a real clock never lives in the past."""
    return settings.GUICHET_CLOCK_BEHIND if settings.GUICHET_SIMULATED_CLOCK else 0


def today(zone: str = "Europe/Paris") -> date:
    """The present day in a region's time zone: Saint-Denis is already tomorrow at 22:00 in Paris."""
    return now().astimezone(ZoneInfo(zone)).date()


def simulate(moment: datetime | None) -> None:
    """Set the simulated moment (aware), or None for the real one; refused where not allowed."""
    if moment is not None and not settings.GUICHET_SIMULATED_CLOCK:
        raise RuntimeError("The clock may not be simulated here: GUICHET_SIMULATED_CLOCK is off.")
    if moment is not None and timezone.is_naive(moment):
        raise ValueError("The simulated moment needs a time zone.")
    _Simulated.moment = moment


def advance(**delta: int) -> datetime:
    """Move the simulated clock forward by a timedelta's keywords (days=3) and return the moment."""
    moment = now() + timedelta(**delta)
    simulate(moment)
    return moment


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Live a block at a simulated moment, then restore the clock."""
    before = _Simulated.moment
    simulate(moment)
    try:
        yield
    finally:
        _Simulated.moment = before
