"""How fast the chains are verified, beside only reading the same events in the same order.

Both are done in turn, so that whatever else the machine does weighs on both. Seconds as they pass, for the
database's part is in both.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from applications.models import Application
from workflows import verify
from workflows.canonical import encode, sha256
from workflows.models import Event

EVENTS, ROUNDS, BATCH = 100_000, 3, 5_000
OTHER = 10**9  # where the numbers of the copies begin, far from any file


@dataclass(frozen=True, slots=True)
class Proof:
    """Seconds to read so many events, and to verify them."""

    events: int
    reading: float
    verifying: float

    @property
    def ratio(self) -> float:
        """The speed of verifying, as a part of that of only reading."""
        return self.reading / self.verifying if self.verifying else 0

    def __str__(self) -> str:
        return (
            f"{self.events:,} events: {self.events / self.verifying:,.0f} verified a second, "
            f"{self.events / self.reading:,.0f} only read, ratio {self.ratio:.2f}"
        )


def proof(file: Application, events: int = EVENTS, rounds: int = ROUNDS) -> Proof:
    """Read and verify so many events in turn; medians. Raises when a copied chain does not hold."""
    batch: list[Event] = []
    for copy in copies(file, events):
        batch.append(copy)
        if len(batch) == BATCH:
            Event.objects.bulk_create(batch)
            batch = []
    Event.objects.bulk_create(batch)
    known = Event.objects.filter(number__gt=0)
    reading, verifying = [], []
    for _round in range(rounds):
        reading.append(_seconds(lambda: sum(1 for _row in verify.rows(known.order_by("subject", "number")))))
        verifying.append(_seconds(lambda: _hold(verify.walk(known))))
    return Proof(known.count(), median(reading), median(verifying))


def copies(file: Application, events: int) -> Iterator[Event]:
    """The chain of a file again and again under other subjects, each copy hashed from its own bytes."""
    chain = list(Event.objects.filter(subject=f"application:{file.pk}").order_by("number"))
    if not chain:
        raise ValueError(f"{file}: no act was made, there is nothing to verify")
    for rank in range(-(-events // len(chain))):
        yield from _copied(chain, f"application:{OTHER + rank}")


def _copied(chain: list[Event], subject: str) -> Iterator[Event]:
    previous = ""
    for event in chain:
        payload = encode(json.loads(bytes(event.payload)) | {"subject": subject})
        digest = sha256(previous.encode(), payload)
        named = {"subject": subject, "payload": payload, "previous": previous, "hash": digest}
        kept = {f.attname: getattr(event, f.attname) for f in Event._meta.concrete_fields if not f.primary_key}
        yield Event(**kept | named)
        previous = digest


def _hold(done: verify.Walk) -> None:
    if done.faults:
        raise ValueError(f"the copied chains do not hold: {done.faults[0]}")


def _seconds(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
