"""What is published of the firms' answers some months after their projects: sums, counts and means that hide each firm.

A number is published when three firms at least answered its question, and none has more than 85 % of a sum (see
`secrecy`, whose thresholds these are). A count of yes is published only when neither the yes nor the no are all of
them: a share of 0 or 100 % would tell what each firm answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from regions.money import ZERO
from reporting.figures.secrecy import FEWEST_FIRMS, LARGEST_SHARE
from reporting.follow_up import Answers, Change

YES = ("in_use", "new_offer", "new_methods")
MEANS = ("online_share", "export_share", "satisfaction")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sum before and after, of the firms that gave both: full-time equivalents, or euro."""

    files: int
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Told:
    """How many answered of those asked, and each number that may be published; empty when they are too few."""

    asked: int = 0
    answered: int = 0
    headcount: Pair | None = None
    turnover: Pair | None = None
    yes: dict[str, tuple[int, int]] = field(default_factory=dict)
    means: dict[str, tuple[Decimal, int]] = field(default_factory=dict)

    @property
    def shown(self) -> bool:
        return self.answered > 0


def told(found: Answers) -> Told:
    """What may be published of the answers."""
    if len(found.firms["answered"]) < FEWEST_FIRMS:
        return Told()
    return Told(
        found.asked, found.answered, _pair(found.headcount), _pair(found.turnover),
        {name: (found.sums[name], found.counts[name]) for name in YES if _hides(found, name)},
        {name: (mean, found.counts[name]) for name, mean in _means(found) if mean is not None},
    )  # fmt: skip


def _pair(change: Change) -> Pair | None:
    held: Any = change.firms.values()
    if len(change.firms) < FEWEST_FIRMS or max(held, default=ZERO) > LARGEST_SHARE * sum(held, ZERO):
        return None
    return Pair(change.files, change.before, change.after)


def _enough(found: Answers, name: str) -> bool:
    return len(found.firms[name]) >= FEWEST_FIRMS


def _means(found: Answers) -> Iterator[tuple[str, Decimal | None]]:
    yield from ((name, found.mean(name)) for name in MEANS if _enough(found, name))


def _hides(found: Answers, name: str) -> bool:
    return _enough(found, name) and 0 < found.sums[name] < found.counts[name]
