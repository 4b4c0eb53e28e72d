"""Several records in one gesture: all on one object, or the same on many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from regions.models import User
from workflows import gate
from workflows.acts import Refused
from workflows.models import Event


def record_all(user: User, machine: str, pk: int, records: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Event]:
    """Several records on one object, all or none: one refused, and nothing is written."""
    with transaction.atomic():
        return [gate.record(user, machine, pk, kind, **given) for kind, given in records]


def record_many(user: User, machine: str, pks: Iterable[int], kind: str, **given: Any) -> gate.Batch:
    """The same record on many objects: each passes every question alone, in its own transaction."""
    batch = gate.Batch()
    for pk in sorted(pks):
        try:
            batch.done.append(gate.record(user, machine, pk, kind, **given))
        except Refused as refusal:
            batch.refused.append((pk, str(refusal)))
    return batch
