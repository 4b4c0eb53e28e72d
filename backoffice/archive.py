"""A whole installation in one folder: tables, documents, seals, and a manifest with every file's SHA-256.

The tables are written as JSON lines, one file per table, in values that both databases read alike: a
backup made on PostgreSQL is restored on SQLite and the reverse. What a restore verifies is not only
its own files: every chain of events, every seal and every position must hold before it is kept.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from applications.models import Document
from applications.services import store
from applications.triggers import LEDGER_TRIGGER
from regions import clock, guards
from regions.models import AccreditationDocument
from workflows.ledger_check import check_ledger
from workflows.verify import verify

FORMAT = 1
MANIFEST = "manifest.json"
# People sign in again after a restore.
LEFT_OUT = {"sessions.session"}
# Filled by `migrate`, and loaded again: the numbers that rows refer to are those of the backup.
FRAMEWORK = ("auth.permission", "contenttypes.contenttype")
CHUNK = 1 << 20


class Unfit(Exception):
    """Why a backup cannot be made or restored, in a sentence."""


def tables() -> list[type[models.Model]]:
    """Every table that is kept, those of many-to-many links included, in a stable order."""
    found = apps.get_models(include_auto_created=True)
    kept = [m for m in found if m._meta.managed and not m._meta.proxy and m._meta.label_lower not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.label_lower)


def migrations() -> list[list[str]]:
    """The migrations applied: a backup is restored by the version of the product that made it."""
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


# --- backup


def backup(folder: Path) -> dict[str, Any]:
    """Write everything into a new folder; the manifest comes last, so that a half backup has none."""
    _make(folder)
    rows = _dump(folder / "tables")
    _copy_tree(Path(settings.GUICHET_DOCUMENTS_DIR), folder / "documents")
    _copy_tree(Path(settings.GUICHET_SEALS_DIR), folder / "seals")
    files = dict(_hashes(folder))
    manifest = {
        "format": FORMAT, "version": settings.GUICHET_VERSION, "made_at": clock.now().isoformat(),
        "database": connection.vendor, "migrations": migrations(), "rows": rows, "files": files,
        "lost": _lost(files),
    }  # fmt: skip
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def _make(folder: Path) -> None:
    """A folder that only its owner may read: it holds personal data."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Unfit(f"{folder} is not empty: give each backup a folder of its own.")
    folder.chmod(0o700)


def _dump(folder: Path) -> dict[str, int]:
    """Every table as of one and the same moment: name → rows. SQLite's writers wait meanwhile."""
    folder.mkdir()
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return {model._meta.label_lower: _dump_table(model, folder) for model in tables()}


def _dump_table(model: type[models.Model], folder: Path) -> int:
    count = 0
    with _path(folder, model).open("w", encoding="utf-8") as file:
        for row in model._base_manager.order_by("pk").iterator(chunk_size=2000):
            values = {field.attname: _written(field, row) for field in model._meta.local_concrete_fields}
            file.write(json.dumps(values, ensure_ascii=False) + "\n")
            count += 1
    return count


def _path(folder: Path, model: type[models.Model]) -> Path:
    return folder / f"{model._meta.label_lower}.jsonl"


def _written(field: models.Field, row: models.Model) -> Any:
    """A value as JSON holds it, to the microsecond and to the cent."""
    value = getattr(row, field.attname)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    plain = value is None or isinstance(value, bool | int | float | str | list | dict)
    return value if plain else field.value_to_string(row)


def _copy_tree(source: Path, target: Path) -> None:
    """Every file of a folder; a store that nothing was put in yet is an empty folder."""
    target.mkdir()
    if source.exists():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("tmp*"))


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    """Path and SHA-256 of every file of a backup but its manifest."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST:
            yield name, _sha256(path)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _sound_documents(files: dict[str, str]) -> set[str]:
    """The documents of a backup whose bytes give the hash that names them."""
    return {digest for name, digest in files.items() if name.startswith("documents/") and name.endswith(digest)}


def _referenced() -> set[str]:
    """The hashes of the documents that the database says are kept."""
    held = Document.objects.filter(deleted_at__isnull=True).values_list("sha256", flat=True)
    return {*held, *AccreditationDocument.objects.values_list("sha256", flat=True)}


def _lost(files: dict[str, str]) -> list[str]:
    """The documents that were already missing or altered when the backup was made."""
    return sorted(_referenced() - _sound_documents(files))


# --- restore


def restore(folder: Path) -> dict[str, Any]:
    """Load a backup into an empty database, or leave everything as it was and say why."""
    manifest = read_manifest(folder)
    if manifest["migrations"] != migrations():
        raise Unfit(
            f"This backup was made by version {manifest['version']} with other migrations: restore it with that "
            "version, then upgrade."
        )
    try:
        with transaction.atomic():
            _only_empty()
            _load(folder / "tables", manifest["rows"])
            _restore_files(folder, manifest["files"])
            _hold(manifest)
    except (DatabaseError, ValueError, KeyError, FieldError) as error:
        raise Unfit(f"Nothing was restored, because the database refuses a row of the backup: {error}") from error
    finally:
        ContentType.objects.clear_cache()
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a backup, once every file of the folder has the hash that it says."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unfit(f"{folder} has no readable manifest: it is no backup, or one that was not finished.") from error
    if manifest.get("format") != FORMAT:
        raise Unfit(f"This backup has the format {manifest.get('format')}; this version reads {FORMAT}.")
    _compare(manifest["files"], dict(_hashes(folder)))
    return manifest


def _compare(said: dict[str, str], found: dict[str, str]) -> None:
    for name in sorted(said.keys() | found.keys()):
        if name not in found:
            raise Unfit(f"{name} is missing from the backup.")
        if name not in said:
            raise Unfit(f"{name} is not part of the backup: the manifest does not name it.")
        if said[name] != found[name]:
            raise Unfit(f"{name} is not what was backed up: its SHA-256 differs.")


def _only_empty() -> None:
    for model in tables():
        if model._meta.label_lower not in FRAMEWORK and model._base_manager.exists():
            raise Unfit(f"The database is not empty ({model._meta.label_lower} has rows): restore into a new one.")


def _load(folder: Path, rows: dict[str, int]) -> None:
    """Every table as it was; the ledger's trigger rests, since the positions come with the backup."""
    if set(rows) != {model._meta.label_lower for model in tables()}:
        raise Unfit("The tables of the backup are not those of this version.")
    with connection.cursor() as cursor:
        on = f" ON {LEDGER_TRIGGER.table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS {LEDGER_TRIGGER.name}{on}")
        for label in FRAMEWORK:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(apps.get_model(label)._meta.db_table)}")
    for model in tables():
        _load_table(model, _path(folder, model), rows[model._meta.label_lower])
    connection.check_constraints()
    _reset_sequences()
    guards.install()


def _load_table(model: type[models.Model], path: Path, expected: int) -> None:
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    count = 0
    with path.open(encoding="utf-8") as file:
        for line in file:
            values = json.loads(line)
            read = [_read(fields[name], value) for name, value in values.items()]
            model.from_db("default", list(values), read).save_base(raw=True, force_insert=True)
            count += 1
    if count != expected:
        raise Unfit(f"{path.name} holds {count} rows where the manifest says {expected}.")


def _read(field: models.Field, value: Any) -> Any:
    """A value as its column takes it."""
    if value is None or isinstance(field, models.JSONField):
        return value
    return base64.b64decode(value) if isinstance(field, models.BinaryField) else field.to_python(value)


def _reset_sequences() -> None:
    """The next number of each table follows the last one restored."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


def _restore_files(folder: Path, files: dict[str, str]) -> None:
    """The documents by their content, the seals as they left the house."""
    for name, digest in files.items():
        if name.startswith("documents/") and name.endswith(digest):
            store.put((folder / name).read_bytes())
    seals = Path(settings.GUICHET_SEALS_DIR)
    seals.mkdir(parents=True, exist_ok=True)
    for path in (folder / "seals").glob("*"):
        if not (seals / path.name).exists():
            shutil.copyfile(path, seals / path.name)


def _hold(manifest: dict[str, Any]) -> None:
    """What was restored must prove itself: triggers, chains, seals, positions, documents."""
    faults = [f"the trigger {name} is missing" for name in guards.missing()]
    faults += [str(fault) for fault in verify().faults] + [str(d) for d in check_ledger()]
    gone = _referenced() - _sound_documents(manifest["files"]) - set(manifest["lost"])
    faults += [f"the document {digest} is not in the backup" for digest in sorted(gone)]
    if faults:
        raise Unfit("Nothing was restored, because what it holds does not verify:\n" + "\n".join(faults[:20]))
