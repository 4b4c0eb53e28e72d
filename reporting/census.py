"""The firms that a specific objective supports, each counted once whatever its files (Reg. (EU) 2021/1058, annex I).

Selected: files granted that still hold money. Achieved: those of them that were paid. As of a watermark, from case
versions; the age of a firm is that of the company register. Loans and guarantees are not declared, so not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from applications.models import CaseVersion, Company, Operation
from applications.rules import indicators
from applications.rules.indicators import Support
from regions.calendars import local_date
from regions.models import Region, SpecificObjective
from regions.money import ZERO
from reporting import facts, follow_up
from reporting.sheets import Streamed

Counts = Mapping[str, Decimal | int]


@dataclass(slots=True)
class Firm:
    """A firm as it counts: its files and operations, the size and the day of its first support. Euro."""

    size: str
    first: date | None
    files: int = 0
    operations: set[str] = field(default_factory=set)
    granted: Decimal = ZERO
    paid: Decimal = ZERO
    new: bool = False
    digital: bool = False
    jobs: Decimal | None = None
    turnover_before: Decimal | None = None
    turnover_after: Decimal | None = None
    grew: bool | None = None


@dataclass(slots=True)
class Census:
    """What an objective counts: its indicators as selected and as achieved, its firms, the measures it lacks."""

    objective: SpecificObjective
    operations: Sequence[Operation]
    selected: Counts = field(default_factory=dict)
    achieved: Counts = field(default_factory=dict)
    firms: dict[str, Firm] = field(default_factory=dict)
    unmeasured: int = 0
    unanswered: int = 0


def of_region(region: Region, watermark: datetime) -> Iterator[Census]:
    """Each specific objective of a region's operations decided by a moment, in the order of codes."""
    known = Operation.objects.of_region(region, watermark)
    rows = known.select_related("specific_objective__priority__programme", "region").prefetch_related("targets")
    by_objective: dict[SpecificObjective, list[Operation]] = {}
    for operation in rows.order_by("specific_objective__priority__code", "specific_objective__code", "code"):
        by_objective.setdefault(operation.specific_objective, []).append(operation)
    for objective, operations in by_objective.items():
        yield take(objective, operations, watermark)


def take(objective: SpecificObjective, operations: Sequence[Operation], watermark: datetime) -> Census:
    """Count the firms of an objective's operations as of a moment."""
    census, born = Census(objective, operations), _born(operations)
    census.selected = indicators.count_objective(_noted(census, watermark, born))
    paid = (version for _op, version in _versions(operations, watermark) if version.paid)
    census.achieved = indicators.count_objective(s for version in paid for s in supports(version, born))
    return census


def _born(operations: Sequence[Operation]) -> dict[str, date]:
    """SIREN → the day the firm was created."""
    mine = Q(applications__operation__in=operations) | Q(memberships__application__operation__in=operations)
    return dict(Company.objects.filter(mine).values_list("siren", "created_on"))


def _versions(operations: Sequence[Operation], watermark: datetime) -> Iterator[tuple[Operation, CaseVersion]]:
    for operation in operations:
        live = facts.granted_as_of(operation, watermark).filter(granted__gt=ZERO, committed__gt=ZERO)
        live = live.select_related("follow_up")
        yield from ((operation, version) for version in Streamed(live))


def _noted(census: Census, watermark: datetime, born: Mapping[str, date]) -> Iterator[Support]:
    """The supports of an objective, each firm being noted as its files pass."""
    for operation, version in _versions(census.operations, watermark):
        census.unmeasured += None in (version.digital_intensity_before, version.digital_intensity_after)
        census.unanswered += follow_up.is_late(version, local_date(watermark, operation.region.time_zone))
        for rank, support in enumerate(supports(version, born)):
            _note(census.firms, support, operation.code, version if rank == 0 else None)
            yield support


def _note(firms: dict[str, Firm], support: Support, operation: str, lead: CaseVersion | None) -> None:
    """The money of a file stands with its lead, so that it adds up."""
    firm = firms.setdefault(support.enterprise, Firm(support.size, support.supported_on))
    if support.supported_on and (firm.first is None or support.supported_on < firm.first):
        firm.size, firm.first = support.size, support.supported_on
    firm.files += 1
    firm.operations.add(operation)
    firm.new = firm.new or indicators.supports_new(support)
    firm.digital = firm.digital or indicators.reaches(support)
    if support.jobs is not None:
        firm.jobs = max(firm.jobs or ZERO, support.jobs)
    if lead is not None:
        firm.granted += lead.committed
        firm.paid += lead.paid
        _note_turnover(firm, support.grew, lead)


def _note_turnover(firm: Firm, grew: bool | None, file: CaseVersion) -> None:
    """Of several files, the one that makes the firm count tells its turnover; else the last that has both numbers."""
    if file.follow_up is not None and grew is not None and not firm.grew:
        firm.grew, firm.turnover_before, firm.turnover_after = grew, file.turnover, file.follow_up.turnover


def supports(version: CaseVersion, born: Mapping[str, date]) -> Iterator[Support]:
    """A file as the indicators count it: the lead with the project's figures, then each other firm of the group."""
    yield Support(
        enterprise=version.siren, form="grant", operation=version.reference, size=version.size,
        supported_on=version.decided_on, created_on=born.get(version.siren), project_total=version.cost_quoted,
        public_support=version.granted or ZERO, digital_value=version.cost_eligible or ZERO,
        digital_before=version.digital_intensity_before, digital_after=version.digital_intensity_after,
        **follow_up.indicators(version),
    )  # fmt: skip
    yield from _members(version.member_sirens, version, born)


def _members(sirens: Iterable[str], version: CaseVersion, born: Mapping[str, date]) -> Iterator[Support]:
    for siren in sirens:
        yield Support(
            enterprise=siren, form="grant", operation=version.reference, size=version.size,
            supported_on=version.decided_on, created_on=born.get(siren),
        )  # fmt: skip
