"""What a programme's report and a sample's packs cost: seconds, and the most memory held while they are made.

Seconds as they pass, for the database works too. A report made again must give the same rows and the same bytes.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from applications.models import Operation
from regions import clock
from regions.models import Region, User
from reporting import runs
from reporting.models import ReportRun
from reporting.pack.sets import KIND

SAMPLE, COPIES = 100, 10_000


@dataclass(frozen=True, slots=True)
class Made:
    """A report and the time it took; `again` is the time that the same run took once more."""

    what: str
    files: int
    seconds: float
    again: float = 0

    def __str__(self) -> str:
        told = (
            f"{self.what}, {self.files:,} files: {self.seconds:.1f} s, {self.files / self.seconds:,.0f} files a second"
        )
        return f"{told}, made again in {self.again:.1f} s" if self.again else told


def packs(region: Region, author: User, references: Sequence[str]) -> Made:
    """The packs of a sample, in one archive. Raises when a file was set apart."""
    asked = runs.Asked(KIND, region, clock.now(), filters={"references": list(references)})
    run, seconds = _timed(lambda: _released(runs.make(runs.begin(asked, author))))
    return Made("packs of a sample", run.rows_done, seconds)


def report(operation: Operation, author: User) -> Made:
    """The ERDF workbook of an operation, made and made again. Raises when it differs or does not tie."""
    run, seconds = _timed(lambda: _released(runs.erdf_workbook(operation, author, clock.now())))
    twice, again = _timed(lambda: runs.rebuild(run))
    if (twice.content_sha256, twice.file_sha256) != (run.content_sha256, run.file_sha256):
        raise ValueError("the report made again is not the same")
    return Made("ERDF workbook", run.rows["vouchers"], seconds, again)


def peak(operation: Operation, author: User) -> int:
    """The most bytes held at once while the workbook is made."""
    tracemalloc.start()
    try:
        _released(runs.erdf_workbook(operation, author, clock.now()))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _released(run: ReportRun) -> ReportRun:
    if run.state != ReportRun.State.RELEASED or run.set_apart:
        raise ValueError(f"the report is no measure: {run.state} {run.problem} {run.differences} {run.apart[:3]}")
    return run


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    found = act()
    return found, time.perf_counter() - start
