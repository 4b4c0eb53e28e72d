"""Carry the demonstration's files from application to ERDF workbook, on a simulated calendar."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from applications.enums import DocumentKind
from applications.models import Document, Operation, PaymentRun
from applications.services import store
from backoffice.demo import afterwards, audited, corrected, stories, summary, sworn, world
from backoffice.demo.actors import Case, days
from backoffice.demo.places import ELSEWHERE, REUNION
from backoffice.demo.timetable import TIMETABLE
from regions import clock
from reporting import runs
from reporting.models import ReportRun
from reporting.reports import annex_17_export, erdf, operations
from reporting.writers import ooxml_check
from workflows import delivery, jobs, run_files
from workflows.ledger_check import check_ledger
from workflows.seal import seal
from workflows.verify import Tally, verify

FIRST_MORNING = datetime(2025, 1, 6, 6, 0, tzinfo=UTC)
BUDGET = Decimal("12000.00")
FIRMS_ARE_BENEFICIARIES = "forfait-numerique"
RESULTS_MONTHS = 6  # the demonstration lasts a year: a firm asked after twelve months would answer when it is over
Told = list[tuple[str, str]]
OUTPUTS = ("letters", "erdf", "payments", "documents", "seals", "mail", "broker")


class Command(BaseCommand):
    help = "Make the demonstration anew under var/demo: files, letters, payments, ERDF workbook, summary."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, help="where to write (the database's own folder by default)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.GUICHET_SIMULATED_CLOCK:
            raise CommandError("The demonstration lives on a simulated calendar, which this place refuses.")
        folder = options["folder"] or Path(settings.HOME)
        started = time.monotonic()
        self._begin_anew(folder)
        clock.simulate(FIRST_MORNING)
        try:
            with jobs.quiet():
                facts = self._live(folder)
            _keep_the_day(folder)
        finally:
            clock.simulate(None)
        self.stdout.write("\n".join(summary.table(facts)))
        self.stdout.write(f"\nWritten under {folder} in {time.monotonic() - started:.0f} s.")

    def _begin_anew(self, folder: Path) -> None:
        """An empty database and empty folders: the demonstration can always be repeated."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in OUTPUTS:
            shutil.rmtree(folder / name, ignore_errors=True)
        _drop_database()
        self.stdout.write("Creating the database…")
        call_command("migrate", interactive=False, verbosity=0)

    def _live(self, folder: Path) -> dict[str, Any]:
        self.stdout.write("Opening the regions, their schemes, envelopes, providers and firms…")
        first = world.build(BUDGET, results_months=RESULTS_MONTHS)
        worlds = {place.scheme: world.settle(place) for place in ELSEWHERE} | {REUNION.scheme: first}
        told = self._tell(worlds)
        afterwards.tell(first)
        self.stdout.write("Declaring to the Union, drawing a sample, following a finding…")
        application = audited.declare(first)
        audited.declare_firms(worlds[FIRMS_ARE_BENEFICIARIES])
        audited.audit(first, application)
        audited.cost(first)
        audited.complain(first)
        told.append(("irregularity, corrected in part", corrected.irregularity(first, application).file.reference))
        sworn.declare(worlds.values())
        delivery.deliver()
        tally = _verified()
        made = {code: _report(one) for code, one in sorted(worlds.items())}
        facts = summary.summary(told, made, tally)
        _write_files(folder, made, facts)
        return facts

    def _tell(self, worlds: Mapping[str, world.World]) -> Told:
        """The first region's stories in turn, the others' beside them, the chains sealed after each."""
        told: Told = []
        TIMETABLE.clear()
        for beside in stories.BESIDE:
            begins = clock.today() + timedelta(days=beside.after)
            TIMETABLE.add(beside.live(worlds[beside.scheme]), begins, partial(self._ended, told, beside.outcome))
        for story in stories.STORIES:
            self._ended(told, story.outcome, story.live(worlds[REUNION.scheme]))
        while TIMETABLE.busy:
            days(1)
        return told

    def _ended(self, told: Told, outcome: str, case: Case) -> None:
        file, count = case.file, len(stories.STORIES) + len(stories.BESIDE)
        told.append((outcome, file.reference))
        seal(clock.today())
        self.stdout.write(
            f"  {len(told):>2}/{count}  {clock.today():%d/%m/%Y}  {file.reference}  {outcome} → {file.state}"
        )


def _keep_the_day(folder: Path) -> None:
    """How far the demonstration's calendar is behind the real one: `serve` goes on from there."""
    (folder / "clock").write_text(f"{int(clock.lag().total_seconds())}\n", encoding="ascii")


def _drop_database() -> None:
    """Remove the SQLite file; on a server the tables are emptied by the caller's own means."""
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite" and not str(name).startswith("file:"):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)


def _verified() -> Tally:
    """Every chain, seal and position, or the demonstration fails and says which."""
    tally = verify()
    problems = [str(fault) for fault in tally.faults] + [str(d) for d in check_ledger()]
    if problems:
        raise CommandError("\n".join(problems))
    return tally


def _report(made: world.World) -> ReportRun:
    """The workbook of the region's operation, or the one of all its firms' where each has its own."""
    grouped = made.scheme.operations.grouped().first()
    key = erdf.REPORT.key if grouped else annex_17_export.OF_PROGRAMME.key
    run = runs.make(runs.begin(runs.Asked(key, made.region, clock.now(), grouped), made.staff["auditor"]))
    if run.state != ReportRun.State.RELEASED:
        raise CommandError(f"The workbook of {made.scheme} does not tie to the ledger: {'; '.join(run.differences)}")
    return run


def _write_files(folder: Path, made: Mapping[str, ReportRun], facts: dict[str, Any]) -> None:
    (folder / "erdf").mkdir(exist_ok=True)
    for code, run in made.items():
        path = folder / "erdf-report.xlsx" if code == REUNION.scheme else folder / "erdf" / f"{code}.xlsx"
        path.write_bytes(_sound(store.get(run.file_sha256), code))
    listing = operations.publication_csv(Operation.objects.all(), day=clock.today())
    (folder / "operations.csv").write_bytes(listing)
    _copy(folder / "letters", Document.objects.filter(kind=DocumentKind.LETTER))
    _copy(folder / "payments", Document.objects.filter(kind=DocumentKind.BORDEREAU))
    _payment_files(folder / "payments")
    _first_bordereau(folder)
    (folder / "summary.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _sound(workbook: bytes, code: str) -> bytes:
    faults = ooxml_check.check(workbook)
    if faults:
        raise CommandError(f"The workbook of {code} would not open cleanly: {'; '.join(faults)}")
    return workbook


def _copy(folder: Path, documents: Any) -> None:
    """Copies under readable names; the store keeps the originals by their hash."""
    folder.mkdir(exist_ok=True)
    for rank, document in enumerate(documents.order_by("pk"), start=1):
        name = document.name.replace("/", "-")
        (folder / f"{rank:03d} {name}").write_bytes(store.get(document.sha256))


def _payment_files(folder: Path) -> None:
    """Each batch as the accountant or the bank got it."""
    for run in PaymentRun.objects.filter(kept__isnull=False).select_related("region", "kept", "bordereau"):
        with (folder / run_files.name_of(run)).open("w+b") as out:
            run_files.write(run, out)


def _first_bordereau(folder: Path) -> None:
    run = PaymentRun.objects.order_by("pk").first()
    if run is None or run.bordereau is None or run.listing is None:
        raise CommandError("No batch was sent to the accountant.")
    (folder / "bordereau.pdf").write_bytes(store.get(run.bordereau.sha256))
    (folder / "bordereau.csv").write_bytes(store.get(run.listing.sha256))
