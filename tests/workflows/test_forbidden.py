"""Every (role, state, move) that the machines do not allow is refused, one by one and in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from applications.models import BankChange, Document, PaymentOrder
from backoffice.demo.actors import Case
from backoffice.demo.stories import paid
from backoffice.demo.world import World
from regions.enums import RoleKind
from regions.models import Accreditation, Region, User
from tests.roles import hold
from workflows import gate
from workflows.acts import Refused
from workflows.gate import MACHINES
from workflows.models import Event
from workflows.records import RECORDS

pytestmark = pytest.mark.django_db


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
            "another manager": (world.managers["F05"], ""),
            "provider": (case.provider, "provider"),
            "another provider": (world.provider_users["P02"], ""),
            "system": (User.objects.system(), "system"),
        }
    )


def _targets(case: Case) -> dict[str, Any]:
    order = PaymentOrder.objects.get(application=case.pk)
    accreditation = Accreditation.objects.get(provider=case.file.provider)
    return {
        "application": case.file, "claim": order.claim, "order": order, "accreditation": accreditation,
        "bank": _bank_change(case),
    }  # fmt: skip


def _bank_change(case: Case) -> BankChange:
    paper = Document.objects.filter(application=case.pk, kind="bank_details").latest("pk")
    company = case.file.company_id
    gate.ask_bank_change(case.manager, company, holder="Exemple", iban="FR7612345987650123456789014", document=paper)
    return BankChange.objects.get(company=company)


def _forbidden(machine: Any, actors: dict[str, tuple[User, str]]) -> Iterator[tuple[str, str, str]]:
    """Each (state, move, actor) that must be refused."""
    for state, _label in machine._meta.get_field("state").choices:
        for name, spec in machine.moves().items():
            for actor, (_user, right) in actors.items():
                if state not in spec.sources or spec.right.name != right:
                    yield state, name, actor


@pytest.mark.parametrize("name", sorted(MACHINES))
def test_what_is_not_allowed_is_refused(world: World, name: str) -> None:
    case = paid(world)
    actors, machine, target = _actors(world, case), MACHINES[name], _targets(case)[name]
    rows = type(target).objects.filter(pk=target.pk)
    before, tried, held = Event.objects.count(), 0, ""
    for state, move, actor in _forbidden(machine, actors):
        if state != held:
            rows.update(state=state)
            held = state
        user = actors[actor][0]
        with pytest.raises(Refused):
            gate.move(user, name, target.pk, move, reason="essai")
        batch = gate.move_many(user, name, [target.pk], move, reason="essai")
        assert (len(batch.done), len(batch.refused)) == (0, 1), (state, move, actor)
        tried += 1
    assert rows.get().state == held
    assert Event.objects.count() == before
    assert tried > len(machine.moves()) * len(actors)


def test_every_record_is_refused_to_whoever_may_not_make_it(world: World) -> None:
    case = paid(world)
    actors, targets, before = _actors(world, case), _targets(case), Event.objects.count()
    for kind, record in RECORDS.items():
        target = targets[record.machine]
        type(target).objects.filter(pk=target.pk).update(state=record.states[0])
        for user, right in actors.values():
            if record.right.name != right:
                with pytest.raises(Refused):
                    gate.record(user, record.machine, target.pk, kind, reason="essai")
    assert Event.objects.count() == before


def test_every_move_declares_a_right_and_a_sentence_for_its_no() -> None:
    for machine in MACHINES.values():
        for spec in machine.moves().values():
            for predicate in (spec.right, *spec.conditions):
                assert predicate.doc, (machine.machine, spec.name, predicate.name)
                assert str(predicate.sentence)
            assert spec.label
