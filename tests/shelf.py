"""What many tests begin with, built once by each process and laid out again by copying its rows.

The rows are those that the real acts wrote; only their repetition is saved. A test that commits (no
transaction around it) builds its own, since what runs after a commit must then run.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, transaction

from regions import clock

Built = TypeVar("Built")

KEPT = {"auth_permission", "django_content_type"}  # filled by `migrate` and the same for ever


@dataclass(frozen=True, slots=True)
class Copy:
    """Every row of what was built, by table, the objects that name them, and the time it took the clock to."""

    rows: dict[str, bytes]
    built: bytes
    moment: datetime


_copies: dict[str, Copy] = {}


def lay_out(name: str, build: Callable[[], Built]) -> Built:
    """What has that name: copied in the place of all rows where it was built before, else built upon them."""
    if not _copies_rows():
        return build()
    if name not in _copies:
        built = build()
        _copies[name] = Copy(_read(), pickle.dumps(built), clock.now())
        return built
    _write(_copies[name].rows)
    clock.simulate(_copies[name].moment)
    copied: Built = pickle.loads(_copies[name].built)
    return copied


def _copies_rows() -> bool:
    """PostgreSQL, inside a test's transaction, with the right to lay rows past the guards."""
    if connection.vendor != "postgresql" or not connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def _tables() -> list[str]:
    return sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT)


def _read() -> dict[str, bytes]:
    with connection.cursor() as cursor:
        return {table: rows for table in _tables() if (rows := _rows(cursor, table))}


def _rows(cursor: Any, table: str) -> bytes:
    with cursor.copy(f'COPY "{table}" TO STDOUT') as copied:
        return b"".join(bytes(part) for part in copied)


def _laid() -> set[str]:
    return {table for copy in _copies.values() for table in copy.rows}


def _write(rows: dict[str, bytes]) -> None:
    """Lay the rows out with the triggers at rest: each was checked and counted when it was written."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _laid():
            cursor.execute(f'DELETE FROM "{table}"')
        for table, lines in rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copying:
                copying.write(lines)
        cursor.execute("SET LOCAL session_replication_role = origin")
