"""Verdicts a second: the whole assessment of a file beside the parsing of its facts; figures, never limits."""

from __future__ import annotations

from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from reporting.pace import VERDICTS, Pace, pace
from workflows import assessment


def test_an_assessment_is_measured_beside_the_parsing_of_its_facts(world: World) -> None:
    file = Case(world, "F01").fill(SITE).file_it().file
    inputs = assessment.assess(file, clock.today()).inputs
    found = pace(inputs, 20)
    assert found.files == 20
    assert found.verdicts > 0
    assert "verdicts per second for the full assessment of a file" in str(found)
    assert assessment.run(inputs).ok


def test_the_figures_by_hand() -> None:
    """Ten files in two seconds are fifteen verdicts a second; half a second of parsing is a quarter of it."""
    found = Pace(10, 2.0, 0.5)
    assert (found.verdicts, found.ratio, VERDICTS) == (15, 4, 3)
    assert (Pace(10, 0.0, 0.0).verdicts, Pace(10, 0.0, 0.0).ratio) == (0, 0)
