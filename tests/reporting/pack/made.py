"""A small audit pack made by hand, and the ways of tampering with one."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from reporting.columns import Column
from reporting.pack.build import build
from reporting.pack.model import Entry, Frozen, Link, Note, Pack, Piece, SealLink, Table, Tombstone
from workflows.canonical import encode, sha256

AT = datetime(2025, 3, 3, 6, 0, tzinfo=UTC)
SUBJECT = "application:1"
LETTER = b"%PDF-1.4 letter"
ACTS: list[tuple[str, str, dict[str, Any]]] = [
    ("application.submit", SUBJECT, {"requested": "2200.00"}),
    ("record.letter", SUBJECT, {"sha256": hashlib.sha256(LETTER).hexdigest(), "template": "acknowledgement"}),
    ("application.grant", SUBJECT, {"amount": "2200.00"}),
    ("claim.verify", "claim:1", {"aid_due": "2000.00", "note": sha256(b"sel", "Vérifié sur pièces.".encode())}),
    ("order.prepare", "paymentorder:1", {"amount": "2000.00"}),
    ("order.pay", "paymentorder:1", {"value_date": "2025-04-06"}),
]
BOOKED = [(3, "committed", "2200.00"), (4, "verified", "2000.00"), (5, "ordered", "2000.00"), (6, "paid", "2000.00")]


def chain() -> list[Link]:
    links: list[Link] = []
    for number, (act, target, facts) in enumerate(ACTS, start=1):
        payload = encode({
            "v": 1, "subject": SUBJECT, "number": number, "object": target, "act": act, "from": "", "to": "",
            "actor": 1, "person": 1, "at": AT, "facts": facts,
        })  # fmt: skip
        previous = links[-1].hash if links else ""
        links.append(Link(SUBJECT, number, previous, sha256(previous.encode(), payload), payload))
    return links


def seals(links: list[Link]) -> list[SealLink]:
    """A seal after the third act, one after the fifth; the sixth is not sealed yet."""
    made: list[SealLink] = []
    for day, number in ((date(2025, 3, 12), 3), (date(2025, 3, 30), 5)):
        previous = made[-1].root if made else "ab" * 32
        subjects = [["envelope:9", 4, "cd" * 32], [SUBJECT, number, links[number - 1].hash]]
        content = encode({"day": day, "previous": previous, "subjects": subjects})
        made.append(SealLink(day, previous, sha256(previous.encode(), content), content))
    return made


def ledger() -> list[Entry]:
    rows = [
        (cause, bucket, funder, (Decimal(total) * share).quantize(Decimal("0.01")))
        for cause, bucket, total in BOOKED
        for funder, share in (("erdf", Decimal("0.85")), ("region", Decimal("0.15")))
    ]
    return [
        Entry(
            10 + rank, funder, bucket, amount, None, "", ACTS[cause - 1][0], f"{SUBJECT}#{cause}", AT.date(), AT
        )
        for rank, (cause, bucket, funder, amount) in enumerate(rows)
    ]  # fmt: skip


def pack(**changes: Any) -> Pack:
    links = chain()
    inputs, outcome = encode({"asked": "2200.00"}), encode({"aid": "2200.00", "raison": "Éligible"})
    columns = (Column("number", "N°", "No", "integer"), Column("due", "Aide due", "Aid due", "money"))
    given: dict[str, Any] = {
        "reference": "KAP-2025-00001", "subject": SUBJECT, "title": "Dossier d’audit", "made_at": AT,
        "author": "Ada", "language": "fr", "zone": "Indian/Reunion",
        "pieces": [
            Piece(1, "Devis détaillé.pdf", b"%PDF-1.4 quote", "Devis", "Quote"),
            Piece(1, "Devis détaillé.pdf", b"%PDF-1.4 other quote"),
            Piece(2, "Accusé de réception.pdf", LETTER, "Courrier", "Letter", hashlib.sha256(LETTER).hexdigest()),
            Piece(12, "=Facture <1>.pdf", b"%PDF-1.4 invoice", "Facture", "Invoice"),
        ],
        "tables": [Table(3, "demandes--claims", "Demandes", "Claims", columns,
                         [{"number": 1, "due": Decimal("2000.00")}])],
        "events": links, "notes": [Note(SUBJECT, 4, "sel", "Vérifié sur pièces.")], "seals": seals(links),
        "ledger": ledger(),
        "decisions": [Frozen("grant", AT, "ef" * 32, "EU 2023/2831", "1", inputs, outcome, sha256(inputs, outcome))],
        "tombstones": [Tombstone(1, "identite.pdf", "identity", 12, "12" * 32, "identity_checked", date(2025, 4, 1))],
        "empty": {7: ("Aucun audit à ce jour.", "No audit so far.")},
    }  # fmt: skip
    return Pack(**given | changes)


def packed(made: Pack | None = None) -> bytes:
    stream = io.BytesIO()
    build(stream, made or pack())
    return stream.getvalue()


def files_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def unpacked(folder: Path, content: bytes) -> Path:
    with ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def verified(folder: Path, *more: str) -> tuple[int, str]:
    """Run the pack's own verifier, alone: no site packages, no environment, no network."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *more]
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder.parent)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode("utf-8")


def path_of(folder: Path, key: str) -> Path:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    return folder / manifest["data"][key]


def rewrite(folder: Path, key: str, change: Callable[[list[Any]], list[Any]]) -> None:
    """Change the lines of a kind of evidence, without caring for the manifest."""
    path = path_of(folder, key)
    lines = change([json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]])
    path.write_bytes(b"".join(encode(line) + b"\n" for line in lines))


def cover(folder: Path, change: Callable[[Any], Any] = lambda manifest: manifest) -> None:
    """Make the manifest agree with the files again, as a careful forger would, and sign its lines anew."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for line in manifest["files"]:
        if (folder / line["path"]).exists():
            content = (folder / line["path"]).read_bytes()
            rows = content.count(b"\n") if line["rows"] is not None else None
            line |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "rows": rows}
    manifest = change(manifest)
    kept = {key: value for key, value in manifest.items() if key != "digest"}
    (folder / "manifest.json").write_bytes(encode(kept | {"digest": sha256(encode(kept))}))
