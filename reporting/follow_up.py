"""What firms said of their projects some months later, added up: from case versions, as of a day. Euro, percent.

A change is told of those alone that gave both numbers: the one of the application and the one of the answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Application, CaseVersion
from applications.models.follow_up import FollowUp
from applications.rules.follow_up import MONTHS, grew, growth_rule, jobs_created
from regions.calendars import add_months
from regions.money import ZERO

TENTH = Decimal("0.1")
USED = (FollowUp.InUse.YES, FollowUp.InUse.PARTLY)
MEANS = ("online_share", "export_share", "satisfaction")


def asked_on(file: CaseVersion | Application) -> date | None:
    """The day from which the firm is asked; twelve months for a file completed before the house asked."""
    return file.results_on or (add_months(file.completed_on, MONTHS) if file.completed_on else None)


def is_late(file: CaseVersion, day: date) -> bool:
    """The last day to answer is past, and no answer counts."""
    return file.follow_up is None and file.results_by is not None and file.results_by < day


def indicators(file: CaseVersion) -> dict[str, Any]:
    """What the answer tells of a file's result indicators; nothing without an answer."""
    told = file.follow_up
    if told is None:
        return {}
    return {
        "jobs": jobs_created(file.headcount, told.headcount),
        "grew": grew(file.turnover, told.turnover, growth_rule(told.answered_on)),
        "new_offer": told.new_offer, "new_methods": told.new_methods,
    }  # fmt: skip


@dataclass(slots=True)
class Change:
    """A number before and after, of the firms that gave both, with what each firm gave for secrecy."""

    files: int = 0
    before: Decimal = ZERO
    after: Decimal = ZERO
    firms: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    def add(self, siren: str, before: Decimal | None, after: Decimal | None) -> None:
        if before is not None and after is not None:
            self.files, self.before, self.after = self.files + 1, self.before + before, self.after + after
            self.firms[siren] += max(before, after)


@dataclass(slots=True)
class Answers:
    """Of completed files: how many are asked, late and answered, and what the answers add up to."""

    asked: int = 0
    late: int = 0
    answered: int = 0
    jobs: Decimal = ZERO
    grew: int = 0
    headcount: Change = field(default_factory=Change)
    turnover: Change = field(default_factory=Change)
    counts: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    firms: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, file: CaseVersion, day: date) -> None:
        """A completed file as it stood on a day."""
        asked, told = asked_on(file), file.follow_up
        self.asked += asked is not None and asked <= day
        if told is not None:
            self._tell(file, told)
        self.late += is_late(file, day)

    def _tell(self, file: CaseVersion, told: FollowUp) -> None:
        self.answered += 1
        self.firms["answered"].add(file.siren)
        self.headcount.add(file.siren, file.headcount, told.headcount)
        self.turnover.add(file.siren, file.turnover, told.turnover)
        found = indicators(file)
        self.jobs, self.grew = self.jobs + (found["jobs"] or ZERO), self.grew + bool(found["grew"])
        for name in ("new_offer", "new_methods"):
            self._count(file, name, getattr(told, name))
        for name in MEANS:
            self._sum(file, name, getattr(told, name))
        concerned = told.in_use not in ("", FollowUp.InUse.NOT_CONCERNED)
        self._count(file, "in_use", told.in_use in USED if concerned else None)

    def _count(self, file: CaseVersion, name: str, said: bool | None) -> None:
        if said is not None:
            self.counts[name] += 1
            self.sums[name] += said
            self.firms[name].add(file.siren)

    def _sum(self, file: CaseVersion, name: str, value: int | None) -> None:
        if value is not None:
            self.counts[name] += 1
            self.sums[name] += value
            self.firms[name].add(file.siren)

    def mean(self, name: str) -> Decimal | None:
        """The mean of those that answered, to one decimal; None without an answer."""
        return (Decimal(self.sums[name]) / self.counts[name]).quantize(TENTH) if self.counts[name] else None


def of(files: Iterable[CaseVersion], day: date) -> Answers:
    """The answers of completed files."""
    found = Answers()
    for file in files:
        found.add(file, day)
    return found
