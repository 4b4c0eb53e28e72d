"""The measure of verification runs on few events: real chains, copied, that hold and would be seen not to."""

from __future__ import annotations

import pytest
from django.db import connection

from applications.models import Application
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from reporting import proof_pace
from workflows.models import Event


def _file(world: World) -> Application:
    return Case(world, "F01").fill(SITE).file_it().examine().file


def test_the_copies_are_chains_that_hold_and_are_told_apart(world: World) -> None:
    file = _file(world)
    before = Event.objects.count()
    found = proof_pace.proof(file, 25, rounds=1)
    length = Event.objects.filter(subject=f"application:{file.pk}").count()
    assert found.events == Event.objects.count() == before + -(-25 // length) * length
    assert Event.objects.filter(subject=f"application:{proof_pace.OTHER}").count() == length
    assert found.reading > 0
    assert found.verifying > 0
    assert f"ratio {found.ratio:.2f}" in str(found)


def test_a_chain_that_does_not_hold_is_no_measure(world: World) -> None:
    file = _file(world)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE workflows_event SET act = 'other' WHERE number = 2")
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(ValueError, match="do not hold"):
        proof_pace.proof(file, 25, rounds=1)


def test_a_file_without_acts_cannot_be_measured(world: World) -> None:
    with pytest.raises(ValueError, match="nothing to verify"):
        list(proof_pace.copies(Application(pk=1, reference="X"), 5))
