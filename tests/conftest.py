"""Shared fixtures. Only the flush of a transactional test lifts the guards; nothing else may."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db import connections, transaction
from django.utils import translation
from hypothesis import HealthCheck, settings

from backoffice.demo import stories
from backoffice.demo.actors import Case
from backoffice.demo.firms import FIRMS
from backoffice.demo.world import World, build
from regions import clock, guards
from tests import shelf
from tests.shelf import KEPT, lay_out

# A loaded machine is no fault of the code: neither a deadline nor slow examples fail a property.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def _drop_guards(using: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        for trigger in guards.expected(connection):
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


def empty_tables(using: str = "default") -> None:
    """Delete every row in one transaction: foreign keys are asked at its end, and hold since nothing is left."""
    connection = connections[using]
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    with transaction.atomic(using=using), connection.cursor() as cursor:
        _drop_guards(using)
        for table in sorted(tables - KEPT):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        guards.install(using)


@pytest.fixture(autouse=True, scope="session")
def guards_lifted_for_flush() -> Iterator[None]:
    """A transactional test ends with a flush, which the guards would refuse.

    That flush, told apart by the sequences it leaves alone, empties the tables without rebuilding each file
    and each permission; a flush that a test or a command asks for is the genuine one.
    """
    genuine = flush.Command.handle

    def handle(self: Any, **options: Any) -> None:
        using = options["database"]
        if options.get("reset_sequences") is False:
            empty_tables(using)
            return
        _drop_guards(using)
        try:
            genuine(self, **options)
        finally:
            guards.install(using)

    flush.Command.handle = handle
    yield
    flush.Command.handle = genuine


@pytest.fixture(autouse=True)
def simulated_clock() -> Iterator[None]:
    """Every test begins on the same Monday morning and may live as long as it wishes."""
    clock.simulate(MONDAY)
    yield
    clock.simulate(None)


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    """Every test begins in French, whatever language a page of the one before was read in."""
    with translation.override("fr"):
        yield


CARRIED = (
    "__init__", "fill", "attach", "file_it", "act", "answer", "withdraw", "examine", "refuse", "grant", "notify",
    "claim", "control", "certify", "order", "results",
)  # fmt: skip


@pytest.fixture(autouse=True, scope="session")
def acts_are_carried_once() -> Iterator[None]:
    """What a file went through in one test is laid out where another takes it the same way."""
    done = {(Case, name): getattr(Case, name) for name in CARRIED} | {(stories, "_pay"): stories._pay}
    for (holder, name), act in done.items():
        setattr(holder, name, shelf.kept(act))
    yield
    for (holder, name), act in done.items():
        setattr(holder, name, act)


@pytest.fixture(autouse=True)
def acts_are_done_where_a_part_is_replaced(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that replaces a part of the house, or waits for what follows a commit, sees every act done."""
    shelf.begin(may_copy=not {"monkeypatch", "django_capture_on_commit_callbacks"} & _asked(request.node._fixtureinfo))
    yield
    shelf.close()


def _asked(fixtures: Any) -> set[str]:
    """What the test itself asks for, and what our own fixtures ask for it; not what the plugins do."""
    ours = (
        one
        for several in fixtures.name2fixturedefs.values()
        for one in several
        if one.func.__module__.startswith("tests")
    )
    return {*fixtures.argnames, *(name for one in ours for name in one.argnames)}


OPENING = datetime(2025, 3, 3, 6, 0, tzinfo=UTC)
AT_OPENING = ("F01", "F02", "F05", "F15", "F17", "F18")


def opening() -> World:
    """La Réunion with its people, one scheme, two providers, six firms and 100,000 €, on 3 March 2025."""
    clock.simulate(OPENING)
    return lay_out("opening", lambda: build(Decimal("100000.00"), [FIRMS[key] for key in AT_OPENING]))


@pytest.fixture
def world(db: None) -> World:
    """The opening, for a test."""
    return opening()


@pytest.fixture
def own_documents(settings: Any, tmp_path: Path) -> None:
    """A store of the test's own, with all that is stored so far: what it alters there, no other test meets."""
    copy = tmp_path / "documents"
    if Path(settings.GUICHET_DOCUMENTS_DIR).exists():
        shutil.copytree(settings.GUICHET_DOCUMENTS_DIR, copy)
    settings.GUICHET_DOCUMENTS_DIR = copy
