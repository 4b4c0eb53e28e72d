"""The measures of a programme's report and of a sample's packs run on few files: real rows, copied, that tie."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application, Operation
from backoffice.demo import stories
from backoffice.demo.world import World
from backoffice.many import multiply
from regions import clock
from reporting import runs, set_pace
from tests.cases import paid_case


def _operation(world: World, copies: int) -> Operation:
    file = stories.paid(world).file
    multiply(file, copies)
    assert file.operation is not None
    return file.operation


def test_copies_are_files_of_their_own_that_tie_to_the_ledger(world: World) -> None:
    run = runs.erdf_workbook(_operation(world, 3), world.staff["auditor"], clock.now())
    assert (run.state, run.differences, run.set_apart) == ("released", [], 0)
    assert run.rows["vouchers"] == run.rows["payments"] == Application.objects.count() == 4
    alone = Decimal(run.totals["paid_orders"]) / 4
    assert Decimal(run.totals["paid_vouchers"]) == 4 * alone > 0
    assert Application.objects.values("company__siren").distinct().count() == 4


def test_the_report_asks_as_many_queries_for_forty_files_as_for_four(world: World) -> None:
    operation = _operation(world, 3)
    _queries(operation, world)  # the first run of a series opens its counter
    few = _queries(operation, world)
    multiply(operation.applications.order_by("pk")[0], 36, 4)
    assert _queries(operation, world) == few


def _queries(operation: Operation, world: World) -> int:
    with CaptureQueriesContext(connection) as captured:
        operation = Operation.objects.get(pk=operation.pk)  # nothing of it read before
        assert runs.erdf_workbook(operation, world.staff["auditor"], clock.now()).state == "released"
    return len(captured)


def test_the_report_is_made_again_the_same_and_its_memory_is_measured(world: World) -> None:
    operation = _operation(world, 3)
    found = set_pace.report(operation, world.staff["auditor"])
    assert found.files == 4
    assert "4 files" in str(found)
    assert "made again in" in str(found)
    assert set_pace.peak(operation, world.staff["auditor"]) > 0


def test_a_report_that_does_not_tie_is_no_measure(world: World) -> None:
    operation = _operation(world, 1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE applications_caseversion SET paid = paid - 1 WHERE paid > 0")
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(ValueError, match="paid_vouchers"):
        set_pace.report(operation, world.staff["auditor"])


def test_the_packs_of_a_sample_are_counted_and_an_unknown_number_is_no_measure(world: World) -> None:
    file = paid_case(world).file
    made = set_pace.packs(world.region, world.staff["auditor"], [file.reference])
    assert made.files == 1
    with pytest.raises(ValueError, match="Unknown"):
        set_pace.packs(world.region, world.staff["auditor"], [file.reference, "KAP-0000-00000"])
