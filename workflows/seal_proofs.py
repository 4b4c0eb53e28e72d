"""The proofs of a daily seal that come from elsewhere: a time stamp, an electronic seal; each where it is set.

A job asks for each after commit; a service that does not answer is asked again every hour, by the
same job. What is stamped and signed is the root as it is written: 64 hexadecimal letters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from regions import clock
from workflows import jobs, seal_key, timestamps
from workflows.models import Job, Seal, SealProof

Kind = SealProof.Kind
JOB = "seal_proof"
REST = timedelta(hours=1)
RETRIED = 31
"""How many days back a seal is still given the proof that it lacks."""


def wanted() -> list[str]:
    """The kinds that this installation is set to give."""
    asked = {Kind.TIMESTAMP: settings.GUICHET_TIMESTAMP_URL, Kind.SIGNATURE: settings.GUICHET_SEAL_KEY}
    return [kind.value for kind, setting in asked.items() if setting]


def covered(seal: Seal) -> bytes:
    """What a proof is made over: the seal's root, in letters."""
    return seal.root.encode("ascii")


def ask_for(seal: Seal) -> None:
    """Ask for the proofs of a seal once; the worker is woken after commit."""
    for kind in wanted():
        jobs.enqueue(JOB, key_of(seal, kind), seal=seal.pk, kind=kind)


def key_of(seal: Seal, kind: str) -> str:
    return f"{JOB}:{kind}:{seal.day}"


def ask_again() -> int:
    """Ask for what recent seals lack, and give failed jobs their attempts back after a rest; returns how many lack."""
    late = list(lacking())
    for seal, kind in late:
        jobs.enqueue(JOB, key_of(seal, kind), seal=seal.pk, kind=kind)
    if late:
        jobs.again(JOB, clock.now() - REST)
    return len(late)


def lacking() -> Iterator[tuple[Seal, str]]:
    """The recent seals without a proof that is wanted, the latest first."""
    for kind in wanted():
        proved = SealProof.objects.filter(kind=kind).values("seal")
        for seal in recent().exclude(pk__in=proved):
            yield seal, kind


def recent() -> QuerySet[Seal]:
    """The seals of the last month, without their long content."""
    first = clock.today() - timedelta(days=RETRIED)
    return Seal.objects.filter(day__gte=first).defer("content").order_by("-day")


def last_error(seal: Seal, kind: str) -> str:
    """What the last attempt met, when it failed."""
    return Job.objects.filter(key=key_of(seal, kind)).values_list("error", flat=True).first() or ""


@jobs.handler(JOB)
def prove(seal: int, kind: str) -> dict[str, Any]:
    """Get one proof of one seal and keep it; done again, it keeps the first."""
    row = Seal.objects.defer("content").get(pk=seal)
    if not row.proofs.filter(kind=kind).exists():
        SealProof(seal=row, kind=kind, made_at=clock.now(), **MAKERS[kind](covered(row))).save(force_insert=True)
    return {"day": str(row.day)}


def _stamped(data: bytes) -> dict[str, Any]:
    return asdict(timestamps.stamp(data))


def _signed(data: bytes) -> dict[str, Any]:
    return asdict(seal_key.sign(data)) | {"at": clock.now()}


MAKERS: dict[str, Callable[[bytes], dict[str, Any]]] = {Kind.TIMESTAMP: _stamped, Kind.SIGNATURE: _signed}
