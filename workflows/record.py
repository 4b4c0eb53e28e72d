"""What a record is: an event without a move, with the states, the right and the conditions it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from workflows.acts import Act, Effects, Predicate


@dataclass(frozen=True, slots=True)
class Record:
    """A kind of record: on which machine, from which states, by whom, under what conditions."""

    label: str | Promise
    machine: str
    states: tuple[str, ...]
    right: Predicate
    run: Callable[[Any, Act], Effects]
    conditions: tuple[Predicate, ...] = ()


def on(
    right: Predicate,
    run: Callable[[Any, Act], Effects],
    label: Any,
    states: tuple[str, ...],
    *only: Predicate,
) -> Record:
    """A record on a file."""
    return Record(label, "application", states, right, run, only)
