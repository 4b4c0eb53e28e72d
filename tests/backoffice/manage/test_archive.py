"""Backup and restore: every row, document and seal comes back, and what does not verify is refused."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from applications.enums import Bucket
from applications.models import Application, Document, LedgerEntry
from applications.services import store
from backoffice import archive
from backoffice.demo.firms import FIRMS
from backoffice.demo.stories import paid
from backoffice.demo.world import World, build
from regions import clock, guards
from regions.models import Region, User
from tests.conftest import OPENING, empty_tables
from workflows import administration, follow
from workflows.ledger_check import check_ledger
from workflows.models import Event
from workflows.seal import seal
from workflows.verify import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


@pytest.fixture
def lived(transactional_db: None, settings: Any, tmp_path: Path) -> World:
    """An installation where one file went from filing to payment, with a seal."""
    settings.GUICHET_DOCUMENTS_DIR, settings.GUICHET_SEALS_DIR = tmp_path / "documents", tmp_path / "seals"
    return _live()


def _live() -> World:
    clock.simulate(OPENING)
    world = build(Decimal("100000.00"), [FIRMS["F01"], FIRMS["F02"]])
    paid(world)
    seal(clock.today())
    return world


@pytest.fixture(scope="module")
def saved(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backup of such an installation, made once; nothing of it is left in the database."""
    home = tmp_path_factory.mktemp("saved")
    folders = {"GUICHET_DOCUMENTS_DIR": home / "documents", "GUICHET_SEALS_DIR": home / "seals"}
    with django_db_blocker.unblock(), override_settings(**folders):
        try:
            _live()
            call_command("backup", str(home / "backup"))
        finally:
            empty_tables()
            clock.simulate(None)
    return home / "backup"


@pytest.fixture
def folder(saved: Path, transactional_db: None, settings: Any, tmp_path: Path) -> Path:
    """A copy of that backup to spoil, on another machine."""
    settings.GUICHET_DOCUMENTS_DIR, settings.GUICHET_SEALS_DIR = tmp_path / "d2", tmp_path / "s2"
    return Path(shutil.copytree(saved, tmp_path / "backup"))


def rows() -> dict[str, list[str]]:
    """Every table as text, value by value."""
    found = {}
    for model in archive.tables():
        if model._meta.label_lower not in archive.FRAMEWORK:
            fields = model._meta.local_concrete_fields
            found[model._meta.label_lower] = [
                repr([archive._written(field, row) for field in fields]) for row in model._base_manager.order_by("pk")
            ]
    return found


def emptied(settings: Any, tmp_path: Path) -> None:
    """Another machine: no row, no document, no seal."""
    call_command("flush", interactive=False, verbosity=0)
    settings.GUICHET_DOCUMENTS_DIR, settings.GUICHET_SEALS_DIR = tmp_path / "d2", tmp_path / "s2"


def test_everything_comes_back_and_life_goes_on(lived: World, settings: Any, tmp_path: Path, capsys: Any) -> None:
    before, folder = rows(), tmp_path / "backup"
    call_command("backup", str(folder))
    assert folder.stat().st_mode & 0o077 == 0
    digests = list(Document.objects.values_list("sha256", flat=True))
    emptied(settings, tmp_path)
    assert sum(len(found) for found in rows().values()) == 0
    call_command("restore", str(folder))
    assert rows() == before
    assert all(store.get(digest) for digest in digests)
    assert len(list((tmp_path / "s2").iterdir())) == 1
    assert (verify().faults, check_ledger(), guards.missing()) == ([], [], [])
    assert "verify" in capsys.readouterr().out


def test_the_restored_house_writes_where_the_old_one_stopped(lived: World, settings: Any, tmp_path: Path) -> None:
    """Sequences, triggers and tasks: a new act after a restore is as sound as one before."""
    folder, last = tmp_path / "backup", Event.objects.latest("pk").pk
    call_command("backup", str(folder))
    emptied(settings, tmp_path)
    call_command("restore", str(folder))
    admin = User.objects.get(email="admin@demo.example")
    scheme = Application.objects.get().scheme_version.scheme
    administration.open_envelope(admin, scheme, 2025, Bucket.CEILING, Decimal("10.00"))
    assert Event.objects.latest("pk").pk > last
    assert LedgerEntry.objects.filter(bucket=Bucket.CEILING, recorded_at=Event.objects.latest("pk").at).count() == 2
    assert follow.live_tasks(Application.objects.get()) == {}
    assert (verify().faults, check_ledger()) == ([], [])


def test_only_an_empty_database_is_restored_into(lived: World, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    call_command("backup", str(folder))
    before = rows()
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(folder))
    assert rows() == before
    with pytest.raises(CommandError, match="not empty"):
        call_command("backup", str(folder))


def _reseal(folder: Path) -> None:
    """Make the manifest agree with the files again, as a forger would."""
    path = folder / archive.MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] = dict(archive._hashes(folder))
    path.write_text(json.dumps(manifest), encoding="utf-8")


def _alter(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "tables" / f"{name}.jsonl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("workflows.event", '"act": "role.give"', '"act": "role.take"', "its columns differ"),
        ("applications.caseposition", '"paid": "', '"paid": "1', "refuses a row"),
        ("applications.envelopeposition", '"ceiling": "', '"ceiling": "1', "the position says"),
        ("regions.role", '"chain_length": 2', '"chain_length": 3', "the tail is cut"),
    ],
)
def test_a_backup_altered_with_its_manifest_is_refused_by_the_chains(
    folder: Path, name: str, old: str, new: str, said: str
) -> None:
    _alter(folder, name, old, new)
    _reseal(folder)
    with pytest.raises(CommandError, match=said):
        call_command("restore", str(folder))
    assert sum(len(found) for found in rows().values()) == 0
    assert guards.missing() == []


def test_a_backup_that_is_not_whole_is_refused(folder: Path) -> None:
    document = next(path for path in (folder / "documents").rglob("*") if path.is_file())
    content = document.read_bytes()
    document.write_bytes(content + b" ")
    with pytest.raises(CommandError, match="its SHA-256 differs"):
        call_command("restore", str(folder))
    document.unlink()
    with pytest.raises(CommandError, match="is missing from the backup"):
        call_command("restore", str(folder))
    _reseal(folder)
    with pytest.raises(CommandError, match="is not in the backup"):
        call_command("restore", str(folder))
    document.write_bytes(content)
    with pytest.raises(CommandError, match="the manifest does not name it"):
        call_command("restore", str(folder))
    (folder / archive.MANIFEST).unlink()
    with pytest.raises(CommandError, match="no readable manifest"):
        call_command("restore", str(folder))
    assert not Region.objects.exists()


def test_a_cut_table_and_another_versions_backup_are_refused(folder: Path) -> None:
    path = folder / archive.MANIFEST
    whole = path.read_text(encoding="utf-8")
    manifest = json.loads(whole)
    for change, said in (
        ({"format": 99}, "format 99"),
        ({"migrations": [["regions", "0001_initial"]]}, "other migrations"),
        ({"rows": manifest["rows"] | {"regions.user": 1}}, "where the manifest says 1"),
        ({"rows": {}}, "not those of this version"),
    ):
        path.write_text(json.dumps(manifest | change), encoding="utf-8")
        with pytest.raises(CommandError, match=said):
            call_command("restore", str(folder))
    assert not Region.objects.exists()
    path.write_text(whole, encoding="utf-8")
    call_command("restore", str(folder))


def test_a_document_already_lost_is_told_and_the_rest_saved(
    lived: World, settings: Any, tmp_path: Path, capsys: Any
) -> None:
    digest = Document.objects.values_list("sha256", flat=True).earliest("pk")
    store.path_of(digest).write_bytes(b"autre chose")
    folder = tmp_path / "backup"
    with pytest.raises(CommandError, match=digest):
        call_command("backup", str(folder))
    emptied(settings, tmp_path)
    call_command("restore", str(folder))
    assert digest in capsys.readouterr().err
    assert Document.objects.filter(sha256=digest).exists()
    assert not store.path_of(digest).exists()


def test_both_databases_write_the_same_values() -> None:
    """What PostgreSQL writes, SQLite reads: no value depends on the vendor."""
    assert connection.vendor in ("postgresql", "sqlite")
    kinds = {type(field).__name__ for model in archive.tables() for field in model._meta.local_concrete_fields}
    known = {
        "AutoField", "BigAutoField", "BigIntegerField", "BinaryField", "BooleanField", "CentsField", "CharField",
        "DateField", "DateTimeField", "EmailField", "FlowReferenceField", "ForeignKey", "IntegerField",
        "JSONField", "OneToOneField", "PositiveBigIntegerField", "PositiveIntegerField",
        "PositiveSmallIntegerField", "SlugField", "StateField", "TaskReferenceField", "TextField", "TokenField",
        "GenericIPAddressField", "URLField",
    }  # fmt: skip
    assert kinds <= known
