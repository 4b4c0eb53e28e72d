"""The archive of an audit pack: thirteen folders, an index with links, a manifest, and what verifies them.

Pure: it reads no database. The same pack gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from reporting.pack import proofs
from reporting.pack.elements import BY_NUMBER, CHAIN, ELEMENTS
from reporting.pack.index import index
from reporting.pack.model import Entry, Pack, Piece
from reporting.writers.jsonl import jsonl_chunks
from reporting.writers.streams import ByteStream
from workflows.canonical import encode, sha256

FORMAT = 1
MANIFEST, INDEX, VERIFIER, README = "manifest.json", "index.xlsx", "verify.py", "LISEZMOI--README.txt"
_ALWAYS = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
_LONGEST = 80
_PACKED = (".zip", ".pdf", ".png", ".jpg", ".jpeg", ".xlsx", ".ods")
_NO_DOCUMENT = (
    "Aucune pièce au jour de ce dossier d’audit.",
    "No document on the day of this audit pack.",
)

DATA = {
    "events": (CHAIN.number, "actes--acts.jsonl", "Actes, octets scellés", "Acts, as they were hashed"),
    "notes": (CHAIN.number, "motifs--notes.jsonl", "Motifs des actes", "Notes of the acts"),
    "seals": (CHAIN.number, "sceaux--seals.jsonl", "Sceaux quotidiens", "Daily seals"),
    "ledger": (3, "grand-livre--ledger.jsonl", "Grand livre", "Ledger"),
    "decisions": (1, "decisions--decisions.jsonl", "Décisions et faits figés", "Decisions and frozen facts"),
    "interests": (
        1,
        "declarations-interets--interests.jsonl",
        "Déclarations d’intérêts et leurs empreintes",
        "Declarations of interests and their hashes",
    ),
}
"""What the verifier reads beside the manifest: key → element, file name, French and English title."""


class Altered(ValueError):
    """A document whose bytes no longer give the hash that the house knows: no pack is made of it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the pack, as the manifest lists it."""

    path: str
    element: int
    french: str
    english: str
    size: int
    sha256: str
    rows: int | None = None


@dataclass(slots=True)
class _Archive:
    """The zip being written, and what it holds so far."""

    zip: ZipFile
    listed: list[Listed] = field(default_factory=list)

    def add(
        self, path: str, element: int, titles: tuple[str, str], pieces: Iterable[bytes], rows: int | None = None
    ) -> Listed:  # fmt: skip
        digest, size = hashlib.sha256(), 0
        with self.zip.open(_info(path), "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                member.write(piece)
        made = Listed(path, element, titles[0], titles[1], size, digest.hexdigest(), rows)
        self.listed.append(made)
        return made


def build(stream: ByteStream, pack: Pack) -> dict[str, Any]:
    """Write the pack to a stream and return its manifest; raises Altered when a document is not what it was."""
    with ZipFile(cast(IO[bytes], stream), "w") as archive:
        out = _Archive(archive)
        _documents(out, pack)
        _tables(out, pack)
        data = _data(out, pack)
        _empty_elements(out, pack)
        for path, titles, content in proofs.files(pack):
            out.add(path, CHAIN.number, titles, [content])
        out.add(README, CHAIN.number, ("Mode d’emploi", "How to use it"), [_readme(pack).encode("utf-8")])
        out.add(VERIFIER, CHAIN.number, ("Vérification hors ligne", "Offline verification"), [proofs.verifier()])
        out.add(INDEX, CHAIN.number, ("Index", "Index"), [index(pack, [asdict(line) for line in out.listed])])
        manifest = _manifest(pack, out.listed, data)
        archive.writestr(_info(MANIFEST), pretty(manifest))
    return manifest


def _documents(out: _Archive, pack: Pack) -> None:
    counted: dict[int, int] = {}
    for piece in pack.pieces:
        rank = counted[piece.element] = counted.get(piece.element, 0) + 1
        path = f"{BY_NUMBER[piece.element].folder}/{rank:03}_{safe(piece.name)}"
        titles = (piece.french or piece.name, piece.english or piece.name)
        made = out.add(path, piece.element, titles, _bytes(piece))
        if piece.sha256 and made.sha256 != piece.sha256:
            raise Altered(f"{piece.name}: its bytes give {made.sha256}, the house knows {piece.sha256}")


def _bytes(piece: Piece) -> Iterator[bytes]:
    if isinstance(piece.content, bytes):
        yield piece.content
        return
    with piece.content.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


def safe(name: str) -> str:
    """A file name that every system reads: no accent, no space, not too long, its ending kept."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    stem, dot, ending = _UNSAFE.sub("_", plain).strip("._").rpartition(".")
    return f"{stem[:_LONGEST]}{dot}{ending[:10]}" if stem else ending[:_LONGEST] or "piece"


def _tables(out: _Archive, pack: Pack) -> None:
    for table in pack.tables:
        path = f"{BY_NUMBER[table.element].folder}/{safe(table.key)}.jsonl"
        pieces = jsonl_chunks(table.columns, table.rows)
        out.add(path, table.element, (table.french, table.english), pieces, len(table.rows))


def _data(out: _Archive, pack: Pack) -> dict[str, str]:
    """The lines that the verifier reads, as canonical JSON; returns where each kind lies."""
    lines: dict[str, list[Any]] = {
        "events": [asdict(event) | {"payload": event.payload.decode("utf-8")} for event in pack.events],
        "notes": [asdict(note) for note in pack.notes],
        "seals": [asdict(seal) | {"content": seal.content.decode("utf-8")} for seal in pack.seals],
        "ledger": [asdict(entry) for entry in pack.ledger],
        "decisions": [
            asdict(made) | {"inputs": made.inputs.decode("utf-8"), "outcome": made.outcome.decode("utf-8")}
            for made in pack.decisions
        ],
        "interests": [asdict(one) | {"said": one.said.decode("utf-8")} for one in pack.interests],
    }
    paths: dict[str, str] = {}
    for key, (number, name, french, english) in DATA.items():
        paths[key] = f"{BY_NUMBER[number].folder}/{name}"
        out.add(paths[key], number, (french, english), (encode(line) + b"\n" for line in lines[key]), len(lines[key]))
    return paths


def _empty_elements(out: _Archive, pack: Pack) -> None:
    """An element without a document says so and why: a missing folder would look forgotten."""
    held = {line.element for line in out.listed} | {gone.element for gone in pack.tombstones}
    for element in ELEMENTS:
        if element.number not in held:
            french, english = pack.empty.get(element.number, _NO_DOCUMENT)
            text = f"{element.french}\n{french}\n\n{element.english}\n{english}\n".encode()
            out.add(f"{element.folder}/SANS_PIECE--NO_DOCUMENT.txt", element.number, (french, english), [text])


def _readme(pack: Pack) -> str:
    return (
        f"Dossier d’audit {pack.reference}\n\n"
        "Ouvrir index.xlsx pour la liste des pièces, rangées selon l’annexe XIII du règlement (UE) 2021/1060.\n"
        "Vérifier hors ligne, avec Python 3.9 ou plus : python verify.py\n"
        "Comparer le dernier sceau et l’empreinte du manifeste avec ceux que la région vous a transmis.\n\n"
        f"Audit pack {pack.reference}\n\n"
        "Open index.xlsx for the list of documents, filed as in Annex XIII to Regulation (EU) 2021/1060.\n"
        "Verify offline with Python 3.9 or later: python verify.py --language en\n"
        "Compare the last seal and the hash of the manifest with those that the region sent you.\n"
        f"{proofs.how(pack)}"
    )


def _manifest(pack: Pack, listed: Iterable[Listed], data: Mapping[str, str]) -> dict[str, Any]:
    heads: dict[str, list[Any]] = {event.subject: [event.number, event.hash] for event in pack.events}
    told: dict[str, Any] = {
        "format": FORMAT, "product": "Guichet", "reference": pack.reference, "subject": pack.subject,
        "made_at": pack.made_at.isoformat(), "data": dict(data),
        "elements": [asdict(element) for element in (CHAIN, *ELEMENTS)],
        "files": [asdict(line) for line in listed],
        "tombstones": [asdict(gone) | {"deleted_on": gone.deleted_on.isoformat()} for gone in pack.tombstones],
        "chain": {
            "events": len(pack.events), "heads": heads, "seals": len(pack.seals),
            "root": pack.seals[-1].root if pack.seals else "", "unsealed": unsealed(pack),
        },
        "proofs": proofs.listed(pack), "totals": totals(pack.ledger),
    }  # fmt: skip
    return told | {"digest": sha256(encode(told))}


def unsealed(pack: Pack) -> int:
    """How many events of the pack's subject no seal covers yet."""
    last = pack.seals[-1].content.decode("utf-8") if pack.seals else ""
    sealed = re.search(rf'\["{re.escape(pack.subject)}",(\d+),', last)
    known = max((event.number for event in pack.events if event.subject == pack.subject), default=0)
    return known - (int(sealed[1]) if sealed else 0)


def totals(ledger: Iterable[Entry]) -> dict[str, dict[str, str]]:
    """Bucket → funder → euro, as text."""
    found: dict[str, dict[str, Decimal]] = {}
    for entry in ledger:
        parts = found.setdefault(entry.bucket, {})
        parts[entry.funder] = parts.get(entry.funder, Decimal(0)) + entry.amount
    return {bucket: {funder: f"{total:.2f}" for funder, total in parts.items()} for bucket, parts in found.items()}


def pretty(manifest: Mapping[str, Any]) -> bytes:
    """One line for each entry, so that a difference is read at a glance."""
    lines = [f" {encode(key).decode('utf-8')}: {_value(value)}" for key, value in manifest.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8")


def _value(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n  " + ",\n  ".join(encode(item).decode("utf-8") for item in value) + "\n ]"
    return encode(value).decode("utf-8")


def _info(path: str) -> ZipInfo:
    info = ZipInfo(path, _ALWAYS)
    info.compress_type = ZIP_STORED if path.endswith(_PACKED) else ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
