"""Ratios measured side by side in one run: a grant against a bare lock, save and event; the rules against the
parsing of their facts; a workbook against csv.

The first two are timed in turn, file by file, so that whatever else the machine does weighs on both. CPU
seconds of this process, and queries. The human-task part is measured apart. Nothing is kept: the run
works in a database of its own, which it destroys.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from statistics import median
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from applications import booking
from applications.booking import Booking, Cause
from applications.enums import ApplicationState, Bucket
from applications.models import Application, Company, Operation
from backoffice.crowd import CLIENTS, alone, crowd
from backoffice.demo import stories, world
from backoffice.demo.actors import Case
from backoffice.demo.firms import Profile
from backoffice.demo.stories import SITE
from backoffice.many import multiply
from regions import clock
from regions.models import User
from reporting import measure, proof_pace, set_pace
from reporting.pace import pace
from workflows import assessment, follow, gate, jobs
from workflows.models import Event

BOOKINGS = 500
BUDGET = Decimal("10000000.00")
PARTS = {
    "gate": "_gate", "verdicts": "_verdicts", "crowd": "_crowd", "exports": "_exports", "memory": "_memory",
    "proof": "_proof", "packs": "_packs", "report": "_programme",
}  # fmt: skip
MORNING = datetime(2025, 1, 6, 6, 0, tzinfo=UTC)


@dataclass(slots=True)
class Measure:
    """CPU seconds and queries of one thing, over its repetitions."""

    seconds: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)

    @contextmanager
    def once(self) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            start = time.process_time()
            yield
            self.seconds.append(time.process_time() - start)
        self.queries.append(len(captured))


class Command(BaseCommand):
    help = "Print the cost of a grant through the gate against the least an ORM could do, and of its parts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--files", type=int, default=40)
        parser.add_argument("--rows", type=int, default=measure.ROWS, help="rows of a workbook")
        parser.add_argument("--assessments", type=int, default=2000, help="assessments of a file")
        parser.add_argument("--seconds", type=float, default=30, help="of each way that many clients take")
        parser.add_argument("--events", type=int, default=proof_pace.EVENTS, help="events that are verified")
        parser.add_argument("--sample", type=int, default=set_pace.SAMPLE, help="files whose packs are made at once")
        parser.add_argument("--copies", type=int, default=set_pace.COPIES, help="files of a programme's report")
        parser.add_argument("--only", choices=list(PARTS))

    def handle(self, *args: Any, **options: Any) -> None:
        held = setup_databases(verbosity=0, interactive=False)
        try:
            clock.simulate(MORNING)
            with jobs.quiet():
                for part in [options["only"]] if options["only"] else PARTS:
                    getattr(self, PARTS[part])(options)
        finally:
            clock.simulate(None)
            teardown_databases(held, verbosity=0)

    def _gate(self, options: dict[str, Any]) -> None:
        self._report(_measure(options["files"]))

    def _verdicts(self, options: dict[str, Any]) -> None:
        """The rules alone, on a file's gathered facts, against the parsing of these facts."""
        file = _any_file()
        self.stdout.write(str(pace(assessment.assess(file, clock.today()).inputs, options["assessments"])))

    def _crowd(self, options: dict[str, Any]) -> None:
        """Many clients on one envelope, against a bare UPDATE of a row of it: one funder, then the voucher's two."""
        files = _files(CLIENTS)
        shared = files[0].envelope
        assert shared is not None
        cause = Cause("bench", "bench:0", files[0].representative, clock.today(), clock.now())
        for envelope in (alone(shared, BUDGET, cause), shared):
            self.stdout.write(str(crowd(files, envelope, options["seconds"])))

    def _exports(self, options: dict[str, Any]) -> None:
        """CPU against csv.writer from a generator and from the ledger."""
        rows = options["rows"]
        self.stdout.write(f"{'':<44}{'rows':>10}{'CPU s':>9}{'ratio':>8}")
        for cost in measure.costs(rows):
            self.stdout.write(str(cost))
        _booked(BOOKINGS)
        for cost in measure.ledger_costs(rows):
            self.stdout.write(str(cost))

    def _memory(self, options: dict[str, Any]) -> None:
        """The peak for a tenth of the rows and for ten times as many."""
        rows = options["rows"]
        few, many = measure.memory(rows // 10, rows * 10)
        self.stdout.write(
            f"peak memory, {rows // 10:,} rows and {rows * 10:,}: "
            f"{few / 1e6:.1f} and {many / 1e6:.1f} MB, ratio {many / few:.2f}"
        )

    def _proof(self, options: dict[str, Any]) -> None:
        """The chains verified from their bytes, against only reading them."""
        self.stdout.write(str(proof_pace.proof(_any_file(), options["events"])))

    def _packs(self, options: dict[str, Any]) -> None:
        """The audit packs of a sample, in one archive."""
        files = _files(options["sample"])
        references = [file.reference for file in files]
        self.stdout.write(str(set_pace.packs(files[0].region, _author(), references)))

    def _programme(self, options: dict[str, Any]) -> None:
        """The ERDF workbook of many files: its time, and its memory beside that of a tenth of them."""
        operation, few, many = _paid(), options["copies"] // 10, options["copies"]
        file = operation.applications.filter(completed_on__isnull=False).get()
        multiply(file, few)
        small = set_pace.peak(operation, _author())
        multiply(file, many - few, few + 1)
        self.stdout.write(str(set_pace.report(operation, _author())))
        large = set_pace.peak(operation, _author())
        self.stdout.write(
            f"peak memory, {few:,} files and {many:,}: {small / 1e6:.1f} and {large / 1e6:.1f} MB, "
            f"ratio {large / small:.2f}"
        )

    def _report(self, measures: dict[str, Measure]) -> None:
        base = measures["ORM lock + save + event row"]
        self.stdout.write(f"{'':<32}{'queries':>9}{'CPU ms':>9}{'ratio':>8}")
        for name, taken in measures.items():
            cost, least = median(taken.seconds), median(base.seconds)
            self.stdout.write(
                f"{name:<32}{median(taken.queries):>9.0f}{cost * 1000:>9.1f}{cost / least if least else 0:>8.1f}"
            )


def _measure(files: int) -> dict[str, Measure]:
    whole, least, tasks = Measure(), Measure(), Measure()
    cases = list(_proposed(files))
    for case in cases:
        bare = Application.objects.get(pk=case.pk)
        with least.once():
            _least(bare)
        with tasks.once(), transaction.atomic():
            follow.rebuild(case.file)
        decider = case.by("decider")
        with whole.once():
            gate.move(decider, "application", case.pk, "grant")
    return {"grant through the gate": whole, "ORM lock + save + event row": least, "tasks of a file, made anew": tasks}


def _booked(count: int) -> None:
    """A file with so many bookings that reserve and free a euro in turn."""
    file = _any_file()
    cause = booking.Cause("bench", "bench:1", file.representative, clock.today(), clock.now())
    for number in range(count):
        move = Booking(Bucket.RESERVED, Decimal(-1 if number % 2 else 1))
        booking.book(file, [move], cause, booking.holdings(file))


def _any_file() -> Application:
    """A file, one of the gate's when they are there."""
    return Application.objects.exclude(envelope=None).order_by("pk").first() or next(_proposed(1)).file


def _author() -> User:
    return User.objects.get(email="auditor@demo.example")


def _paid() -> Operation:
    """An operation with one file, paid whole."""
    file = stories.paid(_world()).file
    if file.operation is None:
        raise ValueError(f"{file}: it stands in no operation")
    return file.operation


def _files(count: int) -> list[Application]:
    """So many files on one envelope: the gate's when they are there."""
    found = list(Application.objects.exclude(envelope=None).order_by("pk")[:count])
    return found if len(found) == count else [case.file for case in _proposed(count)]


def _proposed(files: int) -> Iterator[Case]:
    """So many new firms, each with a file that waits for its decision."""
    made, first = _world(), 100 + Company.objects.count()
    for n in range(first, first + files):
        profile = Profile(f"B{n}", f"Exemple {n}", "Essai", "47.78C", Decimal("3.00"), Decimal("100000.00"))
        clock.simulate(MORNING)  # each file takes days: so many of them one after the other would outlive the year
        world.enrol(made, profile)
        yield Case(made, profile.key).fill(SITE).file_it().examine().act("officer", "propose")


@cache
def _world() -> world.World:
    """The scratch database's one region, with money enough."""
    return world.build(BUDGET)


def _least(file: Application) -> None:
    """The least that any code would do: lock the row, save it, add one row of history. Rolled back."""
    _in_a_transaction(lambda: _lock_save_note(file))


def _in_a_transaction(act: Callable[[], None]) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def _lock_save_note(file: Application) -> None:
    locked = Application.objects.select_for_update(of=("self",)).get(pk=file.pk)
    locked.decided_on = clock.today()
    locked.save()
    Event(
        subject=f"bench:{file.pk}",
        number=1,
        act="grant",
        object=f"bench:{file.pk}",
        from_state=ApplicationState.PROPOSED,
        to_state=ApplicationState.GRANTED,
        actor_id=file.representative_id,
        person_id_value=1,
        at=clock.now(),
        payload=b"{}",
        hash="0" * 64,
    ).save(force_insert=True)
