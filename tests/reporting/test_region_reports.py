"""Every report of a region as of a day: released with nothing and with something, sound, the same in each format."""

from __future__ import annotations

import io

import openpyxl
import pytest

from applications.services import store
from backoffice.demo.world import World
from regions import clock
from reporting import catalogue, runs
from reporting.models import ReportRun
from reporting.reconcile import released_reports
from reporting.registry import REGION
from reporting.runs import Asked
from reporting.writers.ooxml_check import check
from tests.cases import paid_case

pytestmark = pytest.mark.django_db
KEYS = sorted(r.key for r in catalogue.REPORTS.values() if r.scope == REGION and r.as_of and r.offered)


def made(world: World, key: str, form: str = "xlsx", language: str = "fr") -> ReportRun:
    clock.advance(minutes=2)
    asked = Asked(key, world.region, clock.now(), language=language, form=form)
    run = runs.make(runs.begin(asked, world.staff["auditor"]))
    assert (run.state, run.problem, run.differences, run.set_apart) == (ReportRun.State.RELEASED, "", [], 0)
    return run


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_workbook_opens_with_its_sheets_before_and_after_a_payment(world: World, key: str, language: str) -> None:
    names = [sheet.name(language) for sheet in catalogue.REPORTS[key].sheets]
    for paid in (False, True):
        if paid:
            paid_case(world)
        content = store.get(made(world, key, language=language).file_sha256)
        assert check(content) == []
        assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames[: len(names)] == names


@pytest.mark.parametrize("key", KEYS)
def test_the_rows_are_those_of_the_workbook_in_a_flat_format(world: World, key: str) -> None:
    paid_case(world)
    clock.advance(minutes=2)
    now = clock.now()
    hashes = {
        runs.make(runs.begin(Asked(key, world.region, now, form=form), world.staff["auditor"])).content_sha256
        for form in ("xlsx", "jsonl", "parquet")
    }
    assert len(hashes) == 1
    assert list(released_reports()) == []
