"""Triggers that keep evidence evidence: on both databases, installed again after every migration.

A table registers here; `post_migrate` installs its triggers idempotently, because an `AlterField`
on SQLite rebuilds the table and silently drops them. A system check names each missing one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = "append_only"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger of a table: its name and the statements that create it, per vendor."""

    table: str
    name: str
    postgresql: tuple[str, ...]
    sqlite: tuple[str, ...]

    def statements(self, vendor: str) -> tuple[str, ...]:
        return self.postgresql if vendor == "postgresql" else self.sqlite


_registry: dict[str, Trigger] = {}

REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION guichet_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def register(trigger: Trigger) -> None:
    """Add a trigger to those that must stand on every database."""
    _registry[trigger.name] = trigger


def protect(table: str) -> None:
    """Register the triggers that refuse UPDATE, DELETE and TRUNCATE on an append-only table."""
    for operation in ("update", "delete"):
        register(_row_guard(table, operation))
    register(_truncate_guard(table))


def _row_guard(table: str, operation: str) -> Trigger:
    name = f"guard_{table}_{operation}"
    return Trigger(
        table,
        name,
        (
            REFUSE_FUNCTION,
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} BEFORE {operation.upper()} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION guichet_refuse()",
        ),
        (
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {operation.upper()} ON {table} BEGIN "
            f"SELECT RAISE(ABORT, 'append-only: {operation} on {table} is refused'); END",
        ),
    )


def _truncate_guard(table: str) -> Trigger:
    """SQLite has no TRUNCATE: its trigger list for this guard is empty."""
    name = f"guard_{table}_truncate"
    return Trigger(
        table,
        name,
        (
            REFUSE_FUNCTION,
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION guichet_refuse()",
        ),
        (),
    )


def install(using: str = "default", **kwargs: Any) -> None:
    """Install every registered trigger whose table exists; safe to repeat."""
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for trigger in _registry.values():
            if trigger.table in present:
                for statement in trigger.statements(connection.vendor):
                    cursor.execute(statement)


def lift(using: str = "default", plan: Sequence[Any] = (), **kwargs: Any) -> None:
    """Before a migration on SQLite: a rebuilt table may not be named by a trigger of another; `install` follows."""
    connection = connections[using]
    if connection.vendor == "sqlite" and plan:
        with connection.cursor() as cursor:
            for trigger in expected(connection):
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}")


def expected(connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    """The triggers that must stand on this database: those with statements for its vendor."""
    return (trigger for trigger in _registry.values() if trigger.statements(connection.vendor))


def installed(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that stand and are enabled."""
    query = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def missing(using: str = "default") -> list[str]:
    """The names of the guards that should stand and do not, on tables that exist."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    standing = installed(connection)
    return sorted(t.name for t in expected(connection) if t.table in tables and t.name not in standing)


def check_guards(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """System check (databases only): an append-only table without its trigger is an error."""
    return [
        Error(
            f"The trigger {name} is missing on database {using!r}.",
            hint="Run `manage.py migrate`: it installs the triggers again.",
            id="guichet.E001",
        )
        for using in databases or []
        for name in missing(using)
    ]
