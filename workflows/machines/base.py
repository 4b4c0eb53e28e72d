"""How a machine is written: moves as methods, each declaring sources, target, right and eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django_fsm import transition

from workflows.acts import Act, Effects, Predicate

Method = Callable[..., Effects]


@dataclass(frozen=True, slots=True)
class Move:
    """A move as the gate and the screens see it.

    `four_eyes` names acts whose author must be another natural person; `reason` says whether the
    person must give a reason in words. Without a target, the object stays where it is.
    """

    name: str
    label: str | Promise
    sources: tuple[str, ...]
    target: str | None
    right: Predicate
    four_eyes: tuple[str, ...]
    conditions: tuple[Predicate, ...]
    reason: bool


def move(
    label: str | Promise,
    sources: Iterable[str],
    target: str | None,
    right: Predicate,
    *,
    four_eyes: tuple[str, ...] = (),
    conditions: tuple[Predicate, ...] = (),
    reason: bool = False,
) -> Callable[[Method], Method]:
    """Declare a move: a django-fsm transition that carries its right, eyes and conditions."""

    def declare(method: Method) -> Method:
        spec = Move(method.__name__, label, tuple(sources), target, right, four_eyes, conditions, reason)
        return transition(field="state", source=list(spec.sources), target=target, custom={"move": spec})(method)

    return declare


class Machine:
    """What a proxy model adds to become a machine: its name, its moves, its chain's subject."""

    machine: str

    def subject(self) -> Model:
        """The row whose chain of events this object writes in."""
        raise NotImplementedError

    def related(self) -> tuple[Model, ...]:
        """The objects whose earlier acts count for four eyes."""
        return (self,)  # type: ignore[return-value]

    @classmethod
    def moves(cls) -> dict[str, Move]:
        """Name → move, as declared on the class."""
        found: dict[str, Move] = {}
        for name in dir(cls):
            meta = getattr(getattr(cls, name, None), "_django_fsm", None)
            if meta is not None:
                found[name] = next(iter(meta.transitions.values())).custom["move"]
        return found

    def perform(self, name: str, act: Act) -> Effects:
        """Run a move's body and set the state; only the gate calls this."""
        method: Any = getattr(self, name)
        return method(act=act)
