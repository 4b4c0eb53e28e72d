"""The measures run on few rows: what they compare is written whole, and the figures are figures."""

from __future__ import annotations

import io

import openpyxl
import pytest

from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from reporting import measure
from reporting.columns import KINDS
from tests.reporting.test_writers import sheet_of


def test_the_rows_of_the_measure_have_every_kind_and_some_gaps() -> None:
    rows = list(measure.sample(measure.COLUMNS, 50))
    assert (len(rows), len(measure.COLUMNS)) == (50, 40)
    assert {column.kind for column in measure.COLUMNS} == set(KINDS)
    assert any(value is None for row in rows for value in row.values())
    sheet = openpyxl.load_workbook(io.BytesIO(sheet_of(measure.COLUMNS, *rows))).active
    assert (sheet.max_row, sheet.max_column) == (51, 40)


def test_each_way_is_compared_with_the_first() -> None:
    found = list(measure.costs(rows=60, rounds=1))
    assert [cost.rows for cost in found] == [60] * 4
    assert [found[0].ratio, found[2].ratio] == [1, 1]
    assert all(cost.seconds > 0 for cost in found)
    assert "csv.writer" in str(found[0])


def test_the_ledger_is_read_until_there_are_enough_rows(world: World) -> None:
    Case(world, "F01").fill(SITE).file_it().grant()
    rows = list(measure.ledger(25))
    assert len(rows) == 25
    assert rows[0] in rows[1:]
    assert len(measure.LEDGER_COLUMNS) == 40
    assert [cost.rows for cost in measure.ledger_costs(25)] == [25, 25]


@pytest.mark.django_db
def test_an_empty_ledger_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="nothing to measure"):
        list(measure.ledger(1))


def test_memory_is_that_of_a_batch() -> None:
    few, many = measure.memory(1_000, 5_000)
    assert 0 < many < 1.5 * few
