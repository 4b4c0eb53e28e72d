"""How many verdicts a second: the full assessment of a file against the parsing of its facts as JSON.

Both are done in turn, block by block, so that whatever else the machine does weighs on both. CPU seconds of this
process; pure functions, no query.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows import assessment

VERDICTS = 3  # eligibility, amount, de minimis ceiling
BLOCKS = 10


@dataclass(frozen=True, slots=True)
class Pace:
    """CPU seconds of so many assessments, and of as many parsings of the same facts."""

    files: int
    assessing: float
    parsing: float

    @property
    def verdicts(self) -> float:
        """Verdicts a second."""
        return VERDICTS * self.files / self.assessing if self.assessing else 0

    @property
    def ratio(self) -> float:
        """How many parsings one assessment costs."""
        return self.assessing / self.parsing if self.parsing else 0

    def __str__(self) -> str:
        return (
            f"verdicts per second for the full assessment of a file: {self.verdicts:,.0f}; "
            f"an assessment costs {self.ratio:.1f} times json.loads of its facts"
        )


def pace(inputs: Mapping[str, Any], files: int) -> Pace:
    """Assess the gathered inputs of a file so many times, and parse them as often."""
    facts = {name: value for name, value in inputs.items() if name != "rules"}
    text, each = json.dumps(facts, default=str), max(files // BLOCKS, 1)
    assessing = parsing = 0.0
    for _block in range(BLOCKS):
        parsing += _seconds(lambda: json.loads(text), each)
        assessing += _seconds(lambda: assessment.run(inputs), each)
    return Pace(each * BLOCKS, assessing, parsing)


def _seconds(act: Callable[[], Any], times: int) -> float:
    start = time.process_time()
    for _time in range(times):
        act()
    return time.process_time() - start
