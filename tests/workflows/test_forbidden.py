"""Every (role, state, move) that the machines do not allow is refused, one by one and in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from applications.models import ApplicationMember
from backoffice.demo.actors import Case
from backoffice.demo.firms import FIRMS
from backoffice.demo.stories import paid
from backoffice.demo.world import World, build
from regions import clock
from regions.enums import RoleKind
from regions.models import Region, User
from tests.conftest import OPENING
from tests.roles import hold
from tests.targets import targets
from workflows import gate
from workflows.acts import NotFound, Refused
from workflows.gate import MACHINES
from workflows.models import Event
from workflows.records import RECORDS

pytestmark = pytest.mark.django_db
# A right that several capacities give: its name → the names of the simple rights that satisfy it.
SHARED: dict[str, frozenset[str]] = {
    "liquidator_or_authorising": frozenset({"liquidator_of_the_region", "authorising_of_the_region"}),
    "answers_the_audit": frozenset({"officer_of_the_region", "certifier_of_the_region", "decider_of_the_region"}),
    "officer_or_certifier": frozenset({"officer_of_the_region", "certifier_of_the_region"}),
    "group_or_officer": frozenset({"representative", "member", "officer_of_the_region"}),
    "payee": frozenset({"representative"}),
    "complainant": frozenset({"representative"}),
    "provider_complains": frozenset({"provider"}),
}


@dataclass(frozen=True)
class Scene:
    """A paid file, an object for each machine, and everybody who may try something on them."""

    actors: dict[str, tuple[User, str]]
    targets: dict[str, Any]
    left_at: datetime


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Built once, in a transaction around those of the tests; each test's own is undone inside it."""
    with django_db_blocker.unblock(), transaction.atomic():
        clock.simulate(OPENING)
        world = build(Decimal("100000.00"), [FIRMS[key] for key in ("F01", "F02", "F05")])
        case = paid(world)
        ApplicationMember.objects.create(application=case.file, company=world.companies["F02"])
        yield Scene(_actors(world, case), targets(case), clock.now())
        clock.simulate(None)
        transaction.set_rollback(True)


@pytest.fixture
def scene(lived: Scene, db: None) -> Scene:
    """The scene, on the day it was left."""
    clock.simulate(lived.left_at)
    return lived


def _elsewhere(kind: RoleKind) -> User:
    user = User.objects.create_user(f"{kind}.ailleurs@demo.example", f"{kind} d’ailleurs")
    hold(user, kind, Region.objects.get(code="11"))
    return user


def _actors(world: World, case: Case) -> dict[str, tuple[User, str]]:
    """Name → (account, name of the only right it holds on the file)."""
    staff = {key: (user, f"{key}_of_the_region") for key, user in world.staff.items() if key in RoleKind.values}
    strangers = {f"{kind} elsewhere": (_elsewhere(kind), "") for kind in RoleKind}
    return (
        staff
        | strangers
        | {
            "manager": (case.manager, "representative"),
            "member": (world.managers["F02"], "member"),
            "another manager": (world.managers["F05"], ""),
            "provider": (case.provider, "provider"),
            "another provider": (world.provider_users["P02"], ""),
            "system": (User.objects.system(), "system"),
        }
    )


def _gives(held: str, right: str) -> bool:
    """Whether the only right that a person holds satisfies the right asked."""
    return held in SHARED.get(right, {right})


def _triples(machine: Any, actors: dict[str, tuple[User, str]]) -> Iterator[tuple[str, str, str]]:
    """Each (state, move, actor) that must be refused, state by state.

    To a stranger the file does not exist, which is asked before its state and before the act: each state
    and each act is tried by each stranger, not every pair of them.
    """
    states = [state for state, _label in machine._meta.get_field("state").choices]
    for rank, state in enumerate(states):
        for turn, (name, spec) in enumerate(machine.moves().items()):
            for actor, (_user, held) in actors.items():
                theirs = held or turn % len(states) == rank or rank % len(machine.moves()) == turn
                if theirs and (state not in spec.sources or not _gives(held, spec.right.name)):
                    yield state, name, actor


class Doorkeeper:
    """Listens at the gate: what the mass act asked of it, and the refusal that it gave."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.genuine, self.refusals = gate.move, list[Refused]()
        monkeypatch.setattr(gate, "move", self.move)

    def move(self, *args: Any, **given: Any) -> Any:
        try:
            return self.genuine(*args, **given)
        except Refused as refusal:
            self.refusals.append(refusal)
            raise


@pytest.mark.parametrize("name", sorted(MACHINES))
def test_what_is_not_allowed_is_refused(scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mass act asks the single act, which refuses: one call proves both doors, and the listener sees it."""
    machine, target, door = MACHINES[name], scene.targets[name], Doorkeeper(monkeypatch)
    rows, before = machine.objects.filter(pk=target.pk), Event.objects.count()
    tried, written = 0, ""
    for state, move, actor in _triples(machine, scene.actors):
        if state != written:
            rows.update(state=state)
            written = state
        batch = gate.move_many(scene.actors[actor][0], name, [target.pk], move, reason="essai")
        tried += 1
        assert (len(batch.done), len(batch.refused), len(door.refusals)) == (0, 1, tried), (state, move, actor)
        if not scene.actors[actor][1]:
            assert isinstance(door.refusals[-1], NotFound), (state, move, actor)
    assert rows.get().state == written
    assert Event.objects.count() == before
    assert tried > len(machine.moves()) * len(scene.actors)


def test_every_record_is_refused_to_whoever_may_not_make_it(scene: Scene) -> None:
    before = Event.objects.count()
    for kind, record in RECORDS.items():
        target = scene.targets[record.machine]
        type(target).objects.filter(pk=target.pk).update(state=record.states[0])
        for user, held in scene.actors.values():
            if not _gives(held, record.right.name):
                with pytest.raises(Refused):
                    gate.record(user, record.machine, target.pk, kind, reason="essai")
    assert Event.objects.count() == before


def test_every_right_is_held_by_somebody_of_the_scene(scene: Scene) -> None:
    """A right that nobody here holds, and that the table does not explain, would prove nothing."""
    moves = (spec for machine in MACHINES.values() for spec in machine.moves().values())
    asked = {spec.right.name for spec in (*moves, *RECORDS.values())}
    held = {right for _user, right in scene.actors.values()}
    assert {right for right in asked if not any(_gives(one, right) for one in held)} == set()
    assert set(SHARED) <= asked
    assert all(simple <= held for simple in SHARED.values())


def test_every_move_declares_a_right_and_a_sentence_for_its_no() -> None:
    for machine in MACHINES.values():
        for spec in machine.moves().values():
            for predicate in (spec.right, *spec.conditions):
                assert predicate.doc, (machine.machine, spec.name, predicate.name)
                assert str(predicate.sentence)
            assert spec.label
