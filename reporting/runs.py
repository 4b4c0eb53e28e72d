"""Making a report: read at a watermark, check against the ledger, write, hash, keep, release."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from applications.models import Document, Operation
from applications.services import store
from regions import clock
from regions.models import Region, User
from reporting import canonical_rows, catalogue, files
from reporting.models import ReportRun, RunSeries
from reporting.registry import Report
from reporting.writers.formats import FORMATS
from reporting.writers.streams import CannotWrite
from workflows import jobs
from workflows.release import ENGINE_VERSION

State = ReportRun.State
READ, WRITE, DONE = 1, 2, 3
ARCHIVE = "zip"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a report of an operation or a region, as of a moment, in a format, narrowed."""

    report: str
    region: Region
    as_of: datetime
    operation: Operation | None = None
    language: str = "fr"
    form: str = "xlsx"
    columns: Sequence[str] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)
    template_name: str = ""
    audit: bool = True


def erdf_workbook(operation: Operation, author: User, as_of: datetime, language: str = "fr") -> ReportRun:
    """Make the ERDF workbook of an operation as of a moment; withheld when its totals do not tie."""
    return make(begin(Asked("erdf", operation.region, as_of, operation, language), author))


def begin(asked: Asked, author: User) -> ReportRun:
    """Note that a report is asked for: what, as of when, by whom; `make` does the work."""
    report = catalogue.REPORTS[asked.report]
    operation = {"operation": asked.operation.code} if asked.operation else {}
    with transaction.atomic():
        return ReportRun.objects.create(
            pk=RunSeries.following(asked.audit), report=report.key, region=asked.region, operation=asked.operation,
            as_of=asked.as_of, language=asked.language, form=ARCHIVE if report.bind else asked.form,
            columns=list(asked.columns), template_name=asked.template_name, audit=asked.audit, author=author,
            author_name=author.name, created_at=clock.now(),
            filters=operation | dict(asked.filters), versions=_versions(asked.operation),
            kept_until=clock.today(asked.region.time_zone) + timedelta(days=report.kept_days),
        )  # fmt: skip


def _versions(operation: Operation | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "guichet": settings.GUICHET_VERSION, "engine": ENGINE_VERSION, "python": platform.python_version(),
    }  # fmt: skip
    if operation is not None:
        schemes = operation.scheme.versions.order_by("number").values_list("number", "fingerprint")
        told["scheme"] = {str(number): fingerprint for number, fingerprint in schemes}
    return told


def make(run: ReportRun) -> ReportRun:
    """Read, check, write, hash, keep, release or withhold; done again after a crash, it gives one report."""
    report = catalogue.of(run)
    _step(run, READ, report)
    with files.folder(run) as place:
        try:
            made = files.write(run, report, place, lambda rows: _beat(run, rows))
        except CannotWrite as error:
            return _cannot(run, error)
        return _finish(run, report, made)


def _step(run: ReportRun, step: int, report: Report) -> None:
    """Tell how far the work is, at once, to whoever looks at the page; a list is that of this moment."""
    run.state, run.step = State.RUNNING, step
    if not report.as_of and step == READ:
        run.as_of = clock.now()
    run.save(update_fields=["state", "step", "as_of"])


def _beat(run: ReportRun, rows: int) -> None:
    """A sign of life, for the page and for those who look for lost work."""
    ReportRun.objects.filter(pk=run.pk).update(step=WRITE, rows_done=rows)
    jobs.alive(job_key(run))


def job_key(run: ReportRun) -> str:
    """The name of the job that makes a run."""
    return f"report:{run.pk}"


def _cannot(run: ReportRun, error: CannotWrite) -> ReportRun:
    """The format refuses these rows, and says what to do."""
    run.state, run.step, run.problem = State.FAILED, DONE, error.said(run.language)[:300]
    run.finished_at = clock.now()
    run.save()
    return run


def _finish(run: ReportRun, report: Report, made: files.Made) -> ReportRun:
    passed = made.passed
    run.content_sha256 = passed.digest.hexdigest()
    run.rows, run.rows_done = passed.rows, sum(passed.rows.values())
    run.apart, run.set_apart = passed.apart, passed.set_apart
    run.totals = {tie.key: f"{tie.report:.2f}" for tie in made.ties}
    run.differences = [f"{tie.key}: {tie.report} / {tie.ledger}" for tie in made.ties if not tie.holds]
    run.size, run.file_name = made.path.stat().st_size, _file_name(run, made.path)
    _keep(run, made)
    run.state = State.WITHHELD if run.differences else State.RELEASED
    run.finished_at, run.step = clock.now(), DONE
    run.save()
    return run


def _keep(run: ReportRun, made: files.Made) -> None:
    """Write the hash down before the file enters the store: a crash between the two leaves no unknown file."""
    digest = store.digest_of(made.path)
    if run.file_sha256 and run.file_sha256 != digest:
        _forget(run, run.file_sha256)
    run.file_sha256 = digest
    run.save(update_fields=["file_sha256"])
    store.adopt(made.path)
    store.adopt(made.rows)


def _file_name(run: ReportRun, path: Path) -> str:
    stem = f"{run.report}-{run.operation.code if run.operation else run.region.code}"
    ending = ARCHIVE if path.suffix == f".{ARCHIVE}" else FORMATS[run.form].extension
    return f"{stem}-{run.as_of:%Y%m%d}.{ending}"


@dataclass(frozen=True, slots=True)
class Again:
    """A run made again: the hash of its rows, and of its file where the release is the same."""

    content_sha256: str
    file_sha256: str


def rebuild(run: ReportRun) -> Again:
    """A report made again at its own watermark; rows that no watermark gives back are those that were kept."""
    report = catalogue.of(run)
    if not report.as_of:
        return Again(store.digest_of(store.path_of(run.content_sha256)), "")
    with files.folder(run) as place:
        made = files.write(run, report, place, lambda rows: None)
        return Again(made.passed.digest.hexdigest(), store.digest_of(made.path))


def same_release(run: ReportRun) -> bool:
    """Was a run made by this very release? Only then are its bytes bound to be the same."""
    return bool(run.versions == _versions(run.operation))


def purge(limit: int = 500) -> int:
    """Delete the files whose time is over; the record of each run stays, with its totals and hashes."""
    over = ReportRun.objects.filter(kept_until__lt=clock.today(), purged_at=None).exclude(
        state__in=[State.WAITING, State.RUNNING]
    )
    found = list(over.order_by("kept_until")[:limit])
    for run in found:
        run.purged_at, run.author_name = clock.now(), ""
        run.save(update_fields=["purged_at", "author_name"])
        for digest in {run.file_sha256, run.content_sha256} - {""}:
            _forget(run, digest)
    return len(found)


def _forget(run: ReportRun, digest: str) -> None:
    """Delete a file of the store that nobody else names."""
    others = ReportRun.objects.exclude(pk=run.pk).filter(purged_at=None)
    named = others.filter(file_sha256=digest).exists() or others.filter(content_sha256=digest).exists()
    if not named and not Document.objects.filter(sha256=digest).exists():
        store.path_of(digest).unlink(missing_ok=True)


def comparable(run: ReportRun, other: ReportRun) -> bool:
    """Two runs of one report on one thing, whose rows are still kept."""
    same = (run.report, run.region_id, run.operation_id) == (other.report, other.region_id, other.operation_id)
    return same and run.pk != other.pk and canonical_rows.kept(run) and canonical_rows.kept(other)
