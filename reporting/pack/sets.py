"""Audit packs as a run: of one file, of a list of references, of an operation or a programme.

One file gives its own pack. Several give one archive: each file's pack, a list with its hashes, an
index with the missing elements first, and `verify_all.py`, which checks list and packs offline.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings

from applications.enums import ApplicationState
from applications.models import Application
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.pack.build import INDEX, MANIFEST, VERIFIER, build, pretty, unsealed
from reporting.pack.collect import collect
from reporting.pack.elements import ELEMENTS
from reporting.pack.model import Pack
from reporting.pack.proofs import verifier
from reporting.registry import REGION, Report
from reporting.sheets import Sheet, Source
from reporting.writers.xlsx import XlsxWriter
from workflows.canonical import encode, sha256

KIND = "pack"
VERIFIER_ALL, README, PACKS = "verify_all.py", "LISEZMOI--README.txt", "packs"
_HERE = Path(__file__).parent
_ALWAYS = (1980, 1, 1, 0, 0, 0)

SHEET = Sheet("packs", "Dossiers d’audit", "Audit packs", (
    Column("reference", "Dossier", "File"),
    Column("missing", "Éléments de l’annexe XIII sans pièce", "Elements of Annex XIII without a document", "integer"),
    Column("elements", "Lesquels", "Which"),
    Column("files", "Pièces", "Documents", "integer"),
    Column("deleted", "Pièces effacées", "Deleted documents", "integer"),
    Column("acts", "Actes", "Acts", "integer"),
    Column("unsealed", "Actes non encore scellés", "Acts not sealed yet", "integer"),
    Column("root", "Dernier sceau", "Last seal"),
    Column("manifest_sha256", "Empreinte du manifeste", "Hash of the manifest"),
), ("reference",))  # fmt: skip


class Unknown(LookupError):
    """A number that is no file of the region."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A file of the set, as its manifest lists it; the reference is empty for what is no pack."""

    path: str
    size: int
    sha256: str
    reference: str = ""
    manifest_sha256: str = ""
    root: str = ""


def lacking(pack: Pack) -> list[int]:
    """The elements without a document, a row or a stated reason."""
    held = {piece.element for piece in pack.pieces} | {gone.element for gone in pack.tombstones}
    held |= {table.element for table in pack.tables if table.rows} | set(pack.empty)
    held |= ({3} if pack.ledger else set()) | ({1} if pack.decisions else set())
    return [element.number for element in ELEMENTS if element.number not in held]


def references(run: ReportRun) -> Sequence[str]:
    """The files asked for: those named, or every file of an operation or of a programme."""
    asked = run.filters
    if "references" in asked:
        return list(asked["references"])
    files = Application.objects.filter(region=run.region).exclude(state=ApplicationState.DRAFT)
    if "programme" in asked:
        files = files.filter(operation__specific_objective__priority__programme=asked["programme"])
    else:
        files = files.filter(operation=asked["whole"])
    return list(files.order_by("reference").values_list("reference", flat=True))


def place_of(run: ReportRun) -> Path:
    """Where the packs of a run are written."""
    place = Path(settings.GUICHET_WORK_DIR) / f"run-{run.pk}" / PACKS
    place.mkdir(parents=True, exist_ok=True)
    return place


def _read(run: ReportRun) -> dict[str, Source]:
    return {SHEET.key: Source(references(run), lambda reference: _pack(run, reference))}


def _pack(run: ReportRun, reference: str) -> dict[str, Any]:
    """Write a file's pack and say what it holds; an unknown number or an altered document sets it apart."""
    found = Application.objects.filter(region=run.region, reference=reference).exclude(state=ApplicationState.DRAFT)
    file = found.select_related("company", "region", "scheme_version__scheme").first()
    if file is None:
        raise Unknown(reference)
    pack = collect(file, run.author, run.language)
    path = place_of(run) / f"{reference}.zip"
    try:
        with path.open("wb") as stream:
            manifest = build(stream, pack)
    except Exception:
        path.unlink()  # half a pack is none
        raise
    return _told(pack, manifest, reference)


def _told(pack: Pack, manifest: Any, reference: str) -> dict[str, Any]:
    missing = lacking(pack)
    return {
        "reference": reference, "missing": len(missing), "elements": ", ".join(map(str, missing)),
        "files": len(list(pack.pieces)), "deleted": len(pack.tombstones), "acts": len(pack.events),
        "unsealed": unsealed(pack), "root": manifest["chain"]["root"],
        "manifest_sha256": hashlib.sha256(pretty(manifest)).hexdigest(),
    }  # fmt: skip


def bind(run: ReportRun, place: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """One file's pack as it is, or the archive of several; the manifest's hash is kept on the run."""
    if len(references(run)) == 1 and rows:
        run.manifest_sha256 = rows[0]["manifest_sha256"]
        return place / PACKS / f"{rows[0]['reference']}.zip"
    path = place / "set.zip"
    with ZipFile(path, "w", ZIP_STORED) as archive:
        listed = [_added(archive, place, row) for row in rows]
        listed += [_written(archive, name, content) for name, content in _beside(run, rows)]
        manifest = _manifest(run, sorted(listed, key=lambda line: line.path))
        archive.writestr(_info(MANIFEST), pretty(manifest))
    run.manifest_sha256 = hashlib.sha256(pretty(manifest)).hexdigest()
    return path


def _added(archive: ZipFile, place: Path, row: Mapping[str, Any]) -> _Line:
    name = f"{PACKS}/{row['reference']}.zip"
    digest, size = hashlib.sha256(), 0
    with (place / name).open("rb") as file, archive.open(_info(name), "w", force_zip64=True) as member:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
            size += len(piece)
            member.write(piece)
    return _Line(name, size, digest.hexdigest(), row["reference"], row["manifest_sha256"], row["root"])


def _written(archive: ZipFile, name: str, content: bytes) -> _Line:
    archive.writestr(_info(name), content)
    return _Line(name, len(content), sha256(content))


def _beside(run: ReportRun, rows: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, bytes]]:
    yield INDEX, _index(run, rows)
    yield README, _readme().encode("utf-8")
    yield VERIFIER, verifier()
    yield VERIFIER_ALL, (_HERE / VERIFIER_ALL).read_bytes()


def _index(run: ReportRun, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A workbook of the packs, those that lack something first."""
    stream, lines_of = io.BytesIO(), sorted(rows, key=lambda row: (-row["missing"], row["reference"]))
    with XlsxWriter(
        stream, title="Guichet", author=run.author_name, created=run.created_at, language=run.language,
        zone=run.region.time_zone,
    ) as book:  # fmt: skip
        headings = [column.label(run.language) for column in SHEET.columns]
        lines = [[row[column.key] for column in SHEET.columns] for row in lines_of]
        book.table(SHEET.name(run.language), headings, lines, [f"{PACKS}/{row['reference']}.zip" for row in lines_of])
    return stream.getvalue()


def _readme() -> str:
    return (
        "Chaque dossier d’audit est une archive du dossier « packs ».\n"
        "Vérifier tout hors ligne, avec Python 3.9 ou plus : décompresser, puis python verify_all.py\n\n"
        "Each audit pack is an archive of the folder “packs”.\n"
        "Verify everything offline with Python 3.9 or later: unpack, then python verify_all.py --language en\n"
    )


def _manifest(run: ReportRun, listed: Sequence[_Line]) -> dict[str, Any]:
    held = {line.reference for line in listed}
    told: dict[str, Any] = {
        "format": 1, "product": "Guichet", "run": run.pk, "made_at": run.created_at.isoformat(),
        "files": [
            {"path": line.path, "size": line.size, "sha256": line.sha256, "reference": line.reference,
             "manifest_sha256": line.manifest_sha256, "root": line.root}
            for line in listed
        ],
        "absent": [reference for reference in references(run) if reference not in held],
    }  # fmt: skip
    return told | {"digest": sha256(encode(told))}


def _info(path: str) -> ZipInfo:
    info = ZipInfo(path, _ALWAYS)
    info.external_attr = 0o644 << 16
    return info


REPORT = Report(
    key=KIND, name_fr="Dossiers d’audit", name_en="Audit packs", sheets=(SHEET,), read=_read, scope=REGION,
    as_of=False, kept_days=365, bind=bind, offered=False,
)  # fmt: skip
