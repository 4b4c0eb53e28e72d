"""The clock: real, simulated, or behind for a demonstration that goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from regions import clock

WEEK = 7 * 24 * 3600


@pytest.fixture(autouse=True)
def unsimulated(simulated_clock: None) -> None:
    clock.simulate(None)


def test_a_demonstration_goes_on_from_where_it_was_left(settings: Any) -> None:
    settings.GUICHET_CLOCK_BEHIND = WEEK
    assert abs(clock.lag() - timedelta(seconds=WEEK)) < timedelta(minutes=1)


def test_a_place_with_a_real_clock_never_lives_in_the_past(settings: Any) -> None:
    settings.GUICHET_CLOCK_BEHIND, settings.GUICHET_SIMULATED_CLOCK = WEEK, False
    assert clock.lag() < timedelta(minutes=1)


def test_a_simulated_moment_needs_a_zone_and_a_place_that_allows_it(settings: Any) -> None:
    moment = clock.now()
    with pytest.raises(ValueError, match="time zone"):
        clock.simulate(moment.replace(tzinfo=None))
    settings.GUICHET_SIMULATED_CLOCK = False
    with pytest.raises(RuntimeError, match="may not be simulated"):
        clock.simulate(moment)
