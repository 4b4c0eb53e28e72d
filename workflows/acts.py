"""The vocabulary between the gate and the machines: an act, its effects, and its refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from applications.booking import Booking
from applications.escrow import EscrowMove
from regions.models import User

if TYPE_CHECKING:
    from django.db.models import Model


class Refused(Exception):
    """The gate's no, with a sentence for the user and the HTTP status that tells it."""

    status = 400

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class NotFound(Refused):
    """Nothing there for this person: a stranger learns nothing."""

    status = 404


class TooLate(Refused):
    """The move is not legal from the present state: somebody was faster, or the file went on."""

    status = 409


class Forbidden(Refused):
    """This person may not do it: no right, or four eyes."""

    status = 403


class Denied(Refused):
    """A condition of the law or of the scheme does not hold; the sentence says which."""

    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who acts, when, why, and the facts given. `day` is the date in the file's time zone.

    `held` keeps what the actor was found to hold, for a screen that asks of many acts at once; an act that is really
    made keeps nothing, and asks the database each time.
    """

    actor: User
    at: datetime
    day: date
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    held: dict[str, frozenset[Any]] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that an act opens: its kind and its day (it ends at the last second, local time)."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Reliance:
    """What an act relied on, to be frozen as a Decision."""

    law_version: str
    inputs: Mapping[str, Any]
    outcome: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Then:
    """A move of another object of the same file that follows at once, in the system's name."""

    target: Model
    move: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Effects:
    """What a move asks the gate to write: facts, money, letters, background work, deadlines, what follows."""

    facts: dict[str, Any] = field(default_factory=dict)
    bookings: list[Booking] = field(default_factory=list)
    escrow: list[EscrowMove] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)
    closes: tuple[str, ...] = ()
    reliance: Reliance | None = None
    then: list[Then] = field(default_factory=list)
    effective_on: date | None = None


@dataclass(frozen=True, slots=True)
class Predicate:
    """A named question with the sentence shown when its answer is no; `why` says more of the case at hand."""

    name: str
    doc: str
    sentence: str | Promise
    ask: Callable[[Any, Act], bool]
    why: Callable[[Any, Act], str] | None = None

    def __call__(self, target: Any, act: Act) -> bool:
        return self.ask(target, act)

    def refusal(self, target: Any, act: Act) -> str | Promise:
        """The sentence for a no, with the figures of the case where the question has them."""
        return self.why(target, act) if self.why else self.sentence


def predicate(
    sentence: str | Promise, why: Callable[[Any, Act], str] | None = None
) -> Callable[[Callable[[Any, Act], bool]], Predicate]:
    """Name a question: the function's name and docstring, and the sentence for a no."""

    def name(ask: Callable[[Any, Act], bool]) -> Predicate:
        return Predicate(ask.__name__, (ask.__doc__ or "").strip(), sentence, ask, why)

    return name
