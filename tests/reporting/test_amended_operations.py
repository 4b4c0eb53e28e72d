"""Reports of a moment read the figures and the rate known at that moment: rebuilt later, they are the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from applications.models import Operation, ProgrammeProposal
from backoffice.demo.world import World
from regions import clock
from regions.models import Priority
from reporting import declared, runs, transmission
from reporting.models import ReportRun
from reporting.reports import operations
from reporting.runs import Asked
from tests.cases import paid_case
from tests.workflows.test_declaring import prepared, sent, verified
from tests.workflows.test_programmes import AMENDMENT, by_two, operation_facts

pytestmark = pytest.mark.django_db
Kind = ProgrammeProposal.Kind
OF_REGION = ("transmission", "declarations", operations.KEY, "annexe-xvii-programme", "selection", "indicateurs")
CHANGED = ("transmission", operations.KEY, "annexe-xvii-programme", "selection", "erdf")


def _made(world: World, report: str) -> ReportRun:
    of = Operation.objects.get(code="RE-KAP-2025") if report == "erdf" else None
    run = runs.make(runs.begin(Asked(report, world.region, clock.now(), of), world.staff["auditor"]))
    assert (run.state, run.differences) == (ReportRun.State.RELEASED, []), report
    return run


def _change_everything(world: World) -> None:
    """Another rate since the opening, other figures of the operation, and another operation decided before today."""
    by_two(world, Kind.RATE, Priority.objects.get(), percent=Decimal(80), valid_from=date(2025, 1, 1))
    figures = {"eligible_cost": Decimal(40000), "erdf_support": Decimal(32000)}
    by_two(world, Kind.AMENDMENT, Operation.objects.get(), **AMENDMENT | figures | {"ends_on": date(2026, 11, 30)})
    by_two(world, Kind.OPERATION, world.region, **operation_facts(world, erdf_support=Decimal(32000)))


def test_a_report_of_before_rebuilt_later_is_the_same_and_a_new_one_tells_the_change(world: World) -> None:
    paid_case(world)
    verified(world)
    sent(world)
    before = {report: _made(world, report) for report in (*OF_REGION, "erdf")}
    clock.advance(minutes=2)
    _change_everything(world)
    clock.advance(minutes=2)
    for report, run in before.items():
        assert runs.rebuild(run).content_sha256 == run.content_sha256, report
    for report in CHANGED:
        assert _made(world, report).content_sha256 != before[report].content_sha256, report


def test_the_figures_of_the_day_are_those_of_the_last_amendment(world: World) -> None:
    paid_case(world)
    clock.advance(minutes=2)
    _change_everything(world)
    (shown, _other) = operations.rows(Operation.objects.all(), clock.today())
    assert (shown["total_cost"], shown["ends_on"]) == (50000, date(2026, 11, 30))
    assert shown["cofinancing"] == Decimal("0.8")
    known = [each.at(clock.now()) for each in transmission.selected(world.region, clock.now())]
    (row,) = transmission.financial(known, {}, {}, {}, clock.now())
    assert (row["eligible"], row["support"], row["rate"], row["operations"]) == (80000, 64000, Decimal("0.8"), 2)


def test_what_was_declared_keeps_the_rate_known_when_it_was_prepared(world: World) -> None:
    """2 200.00 at 85 %: 1 870.00 for ever, though the rate is 80 % from the day before the application."""
    paid_case(world)
    verified(world)
    application = prepared(world)
    clock.advance(minutes=2)
    by_two(world, Kind.RATE, Priority.objects.get(), percent=Decimal(80), valid_from=date(2025, 1, 1))
    (row,) = declared.annex_23(application)
    assert (row["rate"], row["contribution"]) == (Decimal("0.85"), Decimal("1870.00"))


def test_what_is_prepared_after_a_new_rate_is_declared_at_it(world: World) -> None:
    paid_case(world)
    by_two(world, Kind.RATE, Priority.objects.get(), percent=Decimal(80), valid_from=clock.today())
    verified(world)
    (row,) = declared.annex_23(prepared(world))
    assert (row["rate"], row["contribution"]) == (Decimal("0.8"), Decimal("1760.00"))
