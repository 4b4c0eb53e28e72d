"""Many clients on one envelope: how fast it is booked beside a bare UPDATE of the same row, and never a cent over.

Each client is a process with a connection of its own and commits for good. The two ways take turns, round by
round, so that whatever else the machine does weighs on both. Then the last euros are fought for.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from django.db import connection, connections

from applications import booking
from applications.booking import Booking, Cause, NoRoom
from applications.enums import Bucket
from applications.models import Application, EnvelopePosition
from regions import clock
from regions.enums import Funder
from regions.models import Envelope, EnvelopeLine
from regions.models.envelope import HUNDRED
from regions.money import ZERO
from workflows.ledger_check import check_lines

CLIENTS, ROUNDS = 16, 3
STEP, LAST = Decimal("1.00"), 40  # what a client books at a time, and how many of these the last room holds
PATIENCE = 120.0  # seconds at most for the last room
Way = Callable[[int], bool | None]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Acts a second of each way, how many rows of the table a booking moves, and what became of the last room."""

    funders: int
    plain: float
    booked: float
    granted: int
    refused: int
    over: Decimal
    faults: int

    @property
    def ratio(self) -> float:
        return self.booked / self.plain if self.plain else 0

    def __str__(self) -> str:
        return (
            f"{CLIENTS} clients on one envelope, a row for each of {self.funders} funder(s): "
            f"{self.booked:,.0f} bookings a second, "
            f"{self.plain:,.0f} plain updates, ratio {self.ratio:.2f}\n"
            f"for room for {LAST}, {CLIENTS * LAST} asked: {self.granted} booked, {self.refused} refused, "
            f"{self.over} € over, "
            f"{self.faults} differences"
        )


def crowd(files: Sequence[Application], envelope: Envelope, seconds: float) -> Crowd:
    """Measure both ways on an envelope, one file per client; `seconds` for all rounds of a way."""
    line = envelope.lines.order_by("pk").last()
    assert line is not None
    keys, each = [file.pk for file in files], seconds / ROUNDS
    plain, booked = [], []
    for _round in range(ROUNDS):
        plain.append(_together(keys, _touch, line.pk, each)[0] / each)
        booked.append(_together(keys, _reserve, line.pk, each)[0] / each)
    granted, refused = _last_room(envelope, files[0], keys, line.pk)
    held = list(EnvelopePosition.objects.filter(line__envelope=envelope))
    over = sum((max(row.committed - row.ceiling - row.overbooking, ZERO) for row in held), ZERO)
    faults = len(check_lines(envelope.lines.all()))
    return Crowd(envelope.lines.count(), median(plain), median(booked), granted, refused, over, faults)


def alone(beside: Envelope, amount: Decimal, cause: Cause) -> Envelope:
    """The next year's envelope with one funder, so that a booking moves one row as a bare UPDATE does. Euro."""
    made = Envelope.objects.create(scheme=beside.scheme, year=beside.year + 1, name=f"{beside.name} +1")
    EnvelopeLine.objects.create(envelope=made, funder=Funder.REGION, share_percent=HUNDRED, is_lead=True)
    booking.open_budget(made, Bucket.CEILING, amount, cause)
    return made


def _together(keys: Sequence[int], way: Any, line: int, seconds: float) -> tuple[int, int]:
    """One process per file, from one starting line; how many acts were done and how many refused, all together."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, counts = context.Barrier(len(keys)), context.Array("l", 2 * len(keys))
    clients = [
        context.Process(target=_client, args=(rank, way, (key, line), seconds, start, counts))
        for rank, key in enumerate(keys)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
        if client.exitcode:
            raise RuntimeError(f"a client ended with status {client.exitcode}: its acts were not counted")
    found = [int(count) for count in counts[:]]
    return sum(found[::2]), sum(found[1::2])


def _client(rank: int, way: Any, on: tuple[int, int], seconds: float, start: Any, counts: Any) -> None:
    """Act until the time is over, or until there is nothing more to ask for."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    act = way(*on)
    start.wait()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done = act(counts[2 * rank])
        if done is None:
            break
        counts[2 * rank + (not done)] += 1
    connections.close_all()


def _touch(key: int, line: int) -> Way:
    """The limit: one UPDATE of the envelope's row, and its commit."""

    def act(_count: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE applications_envelopeposition SET reserved = reserved WHERE line_id = %s", [line])
        return True

    return act


def _reserve(key: int, line: int) -> Way:
    """The house's own booking, given and taken back in turn, so that there is always room."""
    book = _booker(key, line, Bucket.RESERVED)

    def act(count: int) -> bool:
        book(-STEP if count % 2 else STEP)
        return True

    return act


def _booker(key: int, line: int, bucket: str) -> Callable[[Decimal], None]:
    file = Application.objects.select_related("representative").get(pk=key)
    file.envelope = Envelope.objects.get(lines=line)
    cause = Cause("bench", "bench:1", file.representative, clock.today(), clock.now())
    held = booking.holdings(file)

    def book(amount: Decimal) -> None:
        booking.book(file, [Booking(bucket, amount)], cause, held)
        held["grant"][bucket] += amount

    return book


def _last_room(envelope: Envelope, file: Application, keys: Sequence[int], line: int) -> tuple[int, int]:
    """Close the envelope down to a little room, and let every client ask for all of it."""
    cause = Cause("bench", "bench:2", file.representative, clock.today(), clock.now())
    rows = EnvelopePosition.objects.filter(line__envelope=envelope)
    free = sum((row.ceiling + row.overbooking - row.committed for row in rows), ZERO)
    booking.open_budget(envelope, Bucket.CEILING, STEP * LAST - free, cause)
    return _together(keys, _commit, line, PATIENCE)


def _commit(key: int, line: int) -> Way:
    book, asked = _booker(key, line, Bucket.COMMITTED), iter(range(LAST))

    def act(_count: int) -> bool | None:
        if next(asked, None) is None:
            return None
        try:
            book(STEP)
        except NoRoom:
            return False
        return True

    return act
