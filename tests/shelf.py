"""What many tests begin with, built once by each process and laid out again by copying its rows.

The rows are those that the real acts wrote; only their repetition is saved. A test that commits (no
transaction around it) builds its own, since what runs after a commit must then run; unless it says that
the rows are its beginning only, and that nobody else writes before it closes the shelf.

Every way to a point has a name: the world that was laid out, then each act since. While no other statement
was written, the clock and the settings are as they were and nothing is watched or replaced, the next act
of that way may be laid out too.
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings
from django.core import mail
from django.db import connection, models, transaction
from django.utils import translation

from backoffice.demo.actors import Case
from backoffice.demo.world import World
from regions import clock

Built = TypeVar("Built")
Rows = dict[str, bytes]

KEPT = {"auth_permission", "django_content_type"}  # filled by `migrate` and the same for ever


@dataclass(frozen=True, slots=True)
class Copy:
    """Every row of what was built, by table, what was answered, the time it took the clock to, the mails sent."""

    rows: Rows
    built: bytes
    moment: datetime
    mails: list[Any]


class Unsayable(Exception):
    """An argument that a name cannot tell from another."""


class Writes:
    """Counts the statements of this connection that may have changed a row, a rollback among them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += not sql.startswith("SELECT")
        return execute(sql, params, many, context)


@dataclass(slots=True)
class Now:
    """Where a test stands: the name of its rows with the mark they had, and what it may do."""

    standing: tuple[str, Any] | None = None
    open: bool = False
    commits: bool = False


_copies: dict[str, Copy] = {}
_seen: set[str] = set()
_writes = Writes()
_now = Now()


def begin(*, may_copy: bool) -> None:
    """A test begins; one that replaces a part of the house sees each of its acts done."""
    _now.standing, _now.open, _now.commits = None, may_copy, False


def commit() -> None:
    """The rows laid out from here are committed; whoever lets another connection write closes the shelf first."""
    _now.commits = True


def close() -> None:
    _now.open = False


def lay_out(name: str, build: Callable[[], Built]) -> Built:
    """What has that name: copied in the place of all rows where it was built before, else built upon them."""
    if not _copies_rows():
        return build()
    return _laid_out(name) if name in _copies else _keep(name, build)


def kept(build: Callable[..., Any]) -> Callable[..., Any]:
    """The same act, laid out where this process has done it twice in the same state of all rows."""

    @functools.wraps(build)
    def carried(first: Any, *given: Any, **named: Any) -> Any:
        name = _name(build, first, given, named)
        if name is None:
            return build(first, *given, **named)
        if name in _copies:
            return _given_back(first, given, *_laid_out(name))
        return _given_back(first, given, *_build(name, lambda: _told(first, build(first, *given, **named))))

    return carried


def _build(name: str, build: Callable[[], Built]) -> Built:
    """Built, and kept the second time: what is done once would be copied for nothing."""
    if name in _seen:
        return _keep(name, build)
    _seen.add(name)
    built = build()
    _now.standing = (name, _mark())
    return built


def _told(first: Any, answer: Any) -> tuple[Any, dict[str, Any]]:
    """What an act answered (nothing when it is its own subject), and what its subject holds since."""
    holds = {} if isinstance(first, World) else {key: value for key, value in vars(first).items() if key != "world"}
    return (None, holds) if answer is first else ((answer,), holds)


def _given_back(first: Any, given: Any, answer: Any, holds: dict[str, Any]) -> Any:
    if not isinstance(first, World):
        worlds = [value for value in given if isinstance(value, World)]
        vars(first).update(holds | ({"world": worlds[0]} if worlds else {}))
    return first if answer is None else answer[0]


def _name(build: Any, first: Any, given: Any, named: Any) -> str | None:
    """The way to here and this act; nothing where something else happened, or an argument has no name."""
    if not _now.open or not _copies_rows():
        return None
    if _now.standing is None or _now.standing[1] != _mark():
        return None
    try:
        said = _said([first, *given, named])
    except Unsayable:
        return None
    return f"{_now.standing[0]} · {build.__module__}.{build.__qualname__}{said}"


def _said(value: Any) -> str:
    if isinstance(value, str | int | Decimal | date | bytes | None):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_said, value))})"
    if isinstance(value, dict):
        return _said([(key, value[key]) for key in sorted(value)])
    if isinstance(value, models.Model):
        return f"{value._meta.label} {value.pk}"
    if isinstance(value, World):
        return _said([value.region, value.scheme])
    if isinstance(value, Case):
        return _said([type(value).__name__, getattr(value, "world", None), getattr(value, "pk", None)])
    raise Unsayable(value)


def _mark() -> Any:
    """What is the same as long as nothing happened: the count of writes, and what surrounds an act."""
    if _writes not in connection.execute_wrappers:
        connection.execute_wrappers.append(_writes)
    around = (id(settings._wrapped), translation.get_language(), len(connection.execute_wrappers))
    return _writes.count, tuple(connection.savepoint_ids), clock.now(), around


def _copies_rows() -> bool:
    """PostgreSQL, where a test's transaction or its word allows, with the right to lay rows past the guards."""
    if connection.vendor != "postgresql" or not (connection.in_atomic_block or _now.commits):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def _keep(name: str, build: Callable[[], Built]) -> Built:
    sent = len(mail.outbox)
    built = build()
    _copies[name] = Copy(_read(), pickle.dumps(built), clock.now(), mail.outbox[sent:])
    _now.standing = (name, _mark())
    return built


def _laid_out(name: str) -> Any:
    copy = _copies[name]
    _write(copy.rows, _rows_here())
    clock.simulate(copy.moment)
    mail.outbox.extend(copy.mails)
    _now.standing = (name, _mark())
    return pickle.loads(copy.built)


def _rows_here() -> Rows | None:
    """The rows that stand now, where this process knows them to the last one."""
    if _now.standing is None or _now.standing[0] not in _copies or _now.standing[1] != _mark():
        return None
    return _copies[_now.standing[0]].rows


def _tables() -> list[str]:
    return sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT)


def _read() -> Rows:
    with connection.cursor() as cursor:
        return {table: rows for table in _tables() if (rows := _rows(cursor, table))}


def _rows(cursor: Any, table: str) -> bytes:
    with cursor.copy(f'COPY "{table}" TO STDOUT') as copied:
        return b"".join(bytes(part) for part in copied)


def _laid() -> set[str]:
    return {table for copy in _copies.values() for table in copy.rows}


def _write(rows: Rows, here: Rows | None) -> None:
    """Lay the rows out with the triggers at rest: each was checked and counted when it was written.

    Where the rows that stand are known, only the tables that differ are touched.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _laid() if here is None else here:
            if here is None or not rows.get(table, b"").startswith(here[table]):
                cursor.execute(f'DELETE FROM "{table}"')
        for table, lines in rows.items():
            missing = _missing(lines, (here or {}).get(table, b""))
            if missing:
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copying:
                    copying.write(missing)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _missing(lines: bytes, here: bytes) -> bytes:
    """What is to be added to the lines that stand: the end of them, or all where they were deleted."""
    return lines[len(here) :] if lines.startswith(here) else lines
