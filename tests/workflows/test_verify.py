"""The verifier names the file and the event: altered, removed, inserted, reordered, and a tail cut off."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock, guards
from workflows.canonical import sha256
from workflows.models import Event, Seal
from workflows.seal import seal
from workflows.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def file(world: World) -> Case:
    """A file with a few events, sealed; the guards lifted, as a thief with the database's keys would."""
    case = Case(world, "F01").fill(SITE).file_it().examine()
    seal(clock.today())
    with connection.cursor() as cursor:
        for trigger in guards.expected(connection):
            if trigger.table.startswith("workflows_"):
                on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {trigger.name}{on}")
    return case


def _events(case: Case) -> list[Event]:
    return list(Event.objects.filter(subject=f"application:{case.pk}").order_by("number"))


def _sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _alter_bytes(case: Case) -> int:
    event = _events(case)[2]
    payload = bytes(event.payload).replace(b'"v":1', b'"v":2')
    _sql("UPDATE workflows_event SET payload = %s WHERE id = %s", payload, event.pk)
    return 3


def _alter_column(case: Case) -> int:
    _sql("UPDATE workflows_event SET actor_id = %s WHERE id = %s", case.provider.pk, _events(case)[1].pk)
    return 2


def _remove(case: Case) -> int:
    _sql("DELETE FROM workflows_event WHERE id = %s", _events(case)[2].pk)
    return 3


def _insert(case: Case) -> int:
    """A forged event in the middle, its own hash right, the others pushed back."""
    events = _events(case)
    for event in reversed(events[2:]):
        _sql("UPDATE workflows_event SET number = number + 1 WHERE id = %s", event.pk)
    forged = events[1]
    forged.pk, forged.number, forged.previous = None, 3, events[1].hash
    forged.hash = sha256(forged.previous.encode(), bytes(forged.payload))
    forged._state.adding = True
    forged.save(force_insert=True)
    return 3


def _reorder(case: Case) -> int:
    one, two = _events(case)[1:3]
    _sql("UPDATE workflows_event SET number = 999 WHERE id = %s", one.pk)
    _sql("UPDATE workflows_event SET number = 2 WHERE id = %s", two.pk)
    _sql("UPDATE workflows_event SET number = 3 WHERE id = %s", one.pk)
    return 2


def _cut_tail(case: Case) -> int:
    last = _events(case)[-1]
    _sql("DELETE FROM workflows_event WHERE id = %s", last.pk)
    return last.number


@pytest.mark.parametrize("tamper", [_alter_bytes, _alter_column, _remove, _insert, _reorder, _cut_tail])
def test_a_tampered_chain_is_named(file: Case, tamper: Callable[[Case], int]) -> None:
    assert verify().faults == []
    number = tamper(file)
    faults = [str(fault) for fault in verify().faults]
    assert any(fault.startswith(f"file {file.file.reference}, event {number}:") for fault in faults), faults


def test_a_chain_rebuilt_from_a_cut_is_found_by_the_seal(file: Case) -> None:
    """An administrator cuts the tail and repairs the file's own row: the seal still knows."""
    events = _events(file)
    _cut_tail(file)
    _sql(
        "UPDATE applications_application SET chain_length = %s, chain_head = %s WHERE id = %s",
        len(events) - 1,
        events[-2].hash,
        file.pk,
    )
    faults = [str(fault) for fault in verify().faults]
    assert faults == [
        f"file {file.file.reference}, event {len(events)}: sealed on {clock.today()} and now missing or different"
    ]


def test_an_altered_seal_is_named(file: Case) -> None:
    made = Seal.objects.get()
    _sql("UPDATE workflows_seal SET content = %s", bytes(made.content) + b" ")
    assert any("its bytes do not give its root" in str(fault) for fault in verify().faults)


def test_the_command_fails_and_says_which(file: Case) -> None:
    _alter_bytes(file)
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_events", stderr=errors, stdout=StringIO())
    assert f"file {file.file.reference}, event 3: altered" in errors.getvalue()


def test_the_seal_leaves_the_house_once(file: Case, settings: object) -> None:
    made = seal(clock.today())
    assert seal(clock.today()).pk == made.pk
    clock.advance(days=1)
    second = seal(clock.today())
    assert second.previous == made.root
    assert verify().faults == []
