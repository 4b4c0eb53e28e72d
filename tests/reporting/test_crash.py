"""A worker killed in the middle of a large export: the report is made again, once, with the right totals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from applications.models import LedgerEntry, Operation
from applications.services import store
from backoffice.demo.stories import paid
from backoffice.demo.world import World
from regions import clock
from reporting import canonical_rows, jobs, runs
from reporting.models import ReportRun
from reporting.runs import Asked
from tests.cases import paid_case
from workflows import jobs as work
from workflows.models import Event, Job

ROOT = Path(__file__).resolve().parents[2]
ROWS = 100_000
WORKER = """
import django
django.setup()
from datetime import datetime
from pathlib import Path
from django.conf import settings
from django.db import connection
connection.settings_dict.update(NAME={name!r})
settings.GUICHET_DOCUMENTS_DIR, settings.GUICHET_WORK_DIR = Path({documents!r}), Path({work!r})
from regions import clock
clock.simulate(datetime.fromisoformat({now!r}))
from workflows import jobs
print(jobs.drain(), flush=True)
"""


@pytest.fixture(autouse=True)
def asleep() -> Iterator[None]:
    """No wake-up: an eager queue would do the work here, in place of the worker that is to die."""
    with work.quiet():
        yield


def _worker() -> subprocess.Popen[bytes]:
    """A worker of its own process on the tests' database and folders."""
    code = WORKER.format(
        name=str(connection.settings_dict["NAME"]), now=clock.now().isoformat(),
        documents=str(settings.GUICHET_DOCUMENTS_DIR), work=str(settings.GUICHET_WORK_DIR),
    )  # fmt: skip
    told = os.environ | {"DJANGO_SETTINGS_MODULE": "backoffice.settings.test"}
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=told, stdout=subprocess.DEVNULL)


def _many_acts() -> None:
    """As many rows as a large export has, of the kind that is only ever added; copied by the database."""
    known = Event.objects.filter(subject__startswith="application:").latest("id")
    copied = [field.column for field in Event._meta.concrete_fields if field.name not in ("id", "number", "hash")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO workflows_event (number, hash, {', '.join(copied)}) "
            f"SELECT number + rank, lpad(to_hex(rank), 64, '0'), {', '.join(copied)} "
            "FROM workflows_event, generate_series(1, %s) AS rank WHERE id = %s",
            [ROWS, known.pk],
        )


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_during_a_large_export_leaves_one_file_and_no_orphan(world: World) -> None:
    paid(world)
    work.drain()
    _many_acts()
    expected = Event.objects.count()
    run = jobs.ask(Asked("actes", world.region, clock.now(), form="xlsx"), world.staff["auditor"])
    before = _stored()
    worker = _worker()
    _wait_for_rows(run, worker)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(timeout=30)
    job = Job.objects.get(key=runs.job_key(run))
    assert job.state == Job.State.RUNNING
    assert work.recover() == 0
    clock.advance(minutes=16)
    assert work.recover() == 1
    assert work.drain() >= 1
    run.refresh_from_db()
    assert run.state == ReportRun.State.RELEASED
    assert run.rows == {"actes": sum(1 for _row in canonical_rows.of(run))}
    assert run.rows["actes"] >= ROWS
    assert run.rows["actes"] <= expected
    assert _stored() - before == {run.file_sha256, run.content_sha256}
    assert list(Path(settings.GUICHET_WORK_DIR).iterdir()) == []
    assert ReportRun.objects.count() == 1


def _stored() -> set[str]:
    return {path.name for path in Path(settings.GUICHET_DOCUMENTS_DIR).rglob("*") if path.is_file()}


def _wait_for_rows(run: ReportRun, worker: subprocess.Popen[bytes]) -> None:
    """Until the export is well under way."""
    for _turn in range(1_200):
        run.refresh_from_db()
        if run.rows_done:
            return
        assert worker.poll() is None, "the worker ended before its export was seen"
        time.sleep(0.05)
    raise AssertionError("no row was written")


def _a_report(world: World) -> ReportRun:
    operation = Operation.objects.get(region=world.region)
    return runs.begin(Asked("erdf", world.region, clock.now(), operation), world.staff["auditor"])


@pytest.mark.django_db
def test_a_crash_between_the_hash_and_the_store_leaves_one_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    paid(world)
    run, before = _a_report(world), _stored()

    def die(path: Path) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("applications.services.store.adopt", die)
        with pytest.raises(KeyboardInterrupt):
            runs.make(run)
    assert ReportRun.objects.get(pk=run.pk).file_sha256
    assert runs.make(run).state == ReportRun.State.RELEASED
    assert _stored() - before <= {run.file_sha256, run.content_sha256}
    assert LedgerEntry.objects.exists()
    assert store.get(run.file_sha256)


@pytest.mark.django_db
def test_a_list_made_again_after_a_crash_forgets_its_first_file(world: World) -> None:
    paid_case(world)
    run = runs.begin(Asked("dossiers", world.region, clock.now()), world.staff["auditor"])
    before = _stored()
    first = runs.make(run).file_sha256
    clock.advance(days=1)
    assert runs.make(run).file_sha256 != first
    assert _stored() - before <= {run.file_sha256, run.content_sha256}


@pytest.mark.django_db
def test_a_long_export_says_that_it_lives(world: World) -> None:
    run = _a_report(world)
    job = Job.objects.create(name="report", key=runs.job_key(run), state=Job.State.RUNNING, created_at=clock.now())
    Job.objects.filter(pk=job.pk).update(started_at=clock.now())
    clock.advance(minutes=20)
    runs._beat(run, 2_000)
    assert work.recover() == 0
    assert ReportRun.objects.get(pk=run.pk).rows_done == 2_000
