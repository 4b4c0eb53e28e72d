"""What a screen may offer a person: each move and record, and why not. It asks the gate’s own questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from regions.models import User
from workflows import gate, impartiality
from workflows.acts import Act
from workflows.machines.base import Move
from workflows.permissions import CAPACITIES
from workflows.records import RECORDS, Record


@dataclass(frozen=True, slots=True)
class Offer:
    """A move or a record: `why` is "" when the person may, else the sentence that says why not.

    `right` says whether his role allows it at all, `eyes` whether only an earlier act of his own, or his declaration of
    interests, forbids it.
    """

    name: str
    label: Any
    right: bool
    eyes: bool
    why: str


def moves(user: User, target: Any, supposing: Mapping[str, Mapping[str, Any]] | None = None) -> list[Offer]:
    """Each move legal from the state; `supposing` gives the facts that a form will bring, by move."""
    machine = gate._as_machine(target)
    given, held = supposing or {}, dict[str, frozenset[Any]]()
    return [
        _offer(name, spec, machine, replace(gate._act(user, machine, "", given.get(name, {})), held=held))
        for name, spec in type(machine).moves().items()
        if machine.state in spec.sources
    ]


def records(user: User, target: Any) -> list[Offer]:
    """Each kind of record legal from the state."""
    machine = gate._as_machine(target)
    act = replace(gate._act(user, machine, "", {}), held={})
    specs = {kind: spec for kind, spec in RECORDS.items() if spec.machine == machine.machine}
    return [_offer(kind, spec, machine, act) for kind, spec in specs.items() if machine.state in spec.states]


def _offer(name: str, spec: Move | Record, target: Any, act: Act) -> Offer:
    if not spec.right(target, act):
        return Offer(name, spec.label, False, False, str(spec.right.sentence))
    partial = impartiality.failing(spec.right, _stored(name, spec, target), target, act)
    if partial is not None:
        return Offer(name, spec.label, True, True, str(partial.sentence))
    earlier = gate._same_person(spec, target, act) if isinstance(spec, Move) else None
    if earlier is not None:
        return Offer(name, spec.label, True, True, str(gate.four_eyes_sentence(earlier)))
    failed = next((c for c in spec.conditions if not c(target, act)), None)
    return Offer(name, spec.label, True, False, str(failed.refusal(target, act)) if failed else "")


def _stored(name: str, spec: Move | Record, target: Any) -> str:
    return f"{target.machine if isinstance(spec, Move) else 'record'}.{name}"


def capacity_of(act_name: str) -> Any:
    """In what capacity an act is made, in words: « Instructeur », « L’entreprise », « Le système »."""
    machine, _dot, short = act_name.partition(".")
    spec: Any = RECORDS[short] if machine == "record" else gate.MACHINES[machine].moves()[short]
    return CAPACITIES.get(spec.right.name, "")
