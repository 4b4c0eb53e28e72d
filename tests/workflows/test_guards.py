"""Evidence stays: the triggers stand on both databases, after a migration too, and are missed when gone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from applications.enums import Bucket
from applications.models import EnvelopePosition, LedgerEntry
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock, guards
from regions.models import EnvelopeLine
from workflows.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TABLES = sorted({t.table for t in guards._registry.values() if t.name.startswith("guard_")})


def _refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def _write_one_of_each(world: World) -> None:
    Case(world, "F01").fill(SITE).file_it().grant()


def test_events_and_ledger_refuse_to_be_rewritten(world: World) -> None:
    _write_one_of_each(world)
    for table in ("workflows_event", "applications_ledgerentry", "applications_caseversion"):
        _refused(f"UPDATE {table} SET id = id")
        _refused(f"DELETE FROM {table}")
        if connection.vendor == "postgresql":
            _check_deferred_keys()
            _refused(f"TRUNCATE {table} CASCADE")


def _check_deferred_keys() -> None:
    """PostgreSQL truncates no table whose foreign keys wait to be checked."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_queryset_says_it_before_the_trigger(world: World) -> None:
    _write_one_of_each(world)
    event = Event.objects.first()
    assert event is not None
    for act in (Event.objects.all().delete, event.delete, event.save, lambda: Event.objects.update(act="x")):
        with pytest.raises(TypeError, match="append-only"):
            act()


def test_every_append_only_table_has_its_guards() -> None:
    assert "applications_decision" in TABLES
    assert "workflows_seal" in TABLES
    assert guards.missing() == []
    assert guards.check_guards(None, databases=["default"]) == []


def test_a_missing_trigger_fails_the_system_check(world: World) -> None:
    on = " ON workflows_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER guard_workflows_event_update{on}")
    errors = guards.check_guards(None, databases=["default"])
    assert [error.id for error in errors] == ["guichet.E001"]
    assert "guard_workflows_event_update" in errors[0].msg
    guards.install()
    assert guards.check_guards(None, databases=["default"]) == []


def test_an_envelope_is_never_overdrawn_whoever_writes(world: World) -> None:
    """Not even by a row inserted past every Python check."""
    case = Case(world, "F01").fill(SITE).file_it()
    line = EnvelopeLine.objects.get(funder="region")
    entry = LedgerEntry(
        line=line, bucket=Bucket.COMMITTED, amount=Decimal("15000.01"), application=case.file, act="x", cause="x",
        made_by=case.manager, effective_on=clock.today(), recorded_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="envelope_never_overdrawn"), transaction.atomic():
        entry.save(force_insert=True)
    position = EnvelopePosition.objects.get(line=line)
    assert (position.ceiling, position.committed) == (Decimal("15000.00"), Decimal("0.00"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Event, LedgerEntry])
def test_a_migration_that_alters_the_table_keeps_the_guards(
    transactional_db: None, model: Any, simulated_clock: None
) -> None:
    """On SQLite an altered column rebuilds the table and drops its triggers without a word."""
    old = model._meta.get_field("act")
    new = models.CharField(max_length=old.max_length + 10)
    new.set_attributes_from_name("act")
    _alter(model, old, new)
    dropped = guards.missing()
    assert bool(dropped) == (connection.vendor == "sqlite")
    call_command("migrate", verbosity=0)
    assert guards.missing() == []
    _alter(model, new, old)
    guards.install()


def _alter(model: Any, old: models.Field, new: models.Field) -> None:
    """As a migration does: the guards are lifted before, and installed again after."""
    new.model = old.model = model
    guards.lift(plan=[model])
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)
