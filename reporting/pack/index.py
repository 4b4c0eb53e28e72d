"""The index of an audit pack: each element with its documents, and links that open them where they lie."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from reporting.pack.elements import BY_NUMBER, ELEMENTS
from reporting.pack.model import Link, Pack
from reporting.writers.xlsx import XlsxWriter

_FILES = {
    "fr": ["Fichier", "Élément", "Pièce", "Lignes", "Taille (octets)", "Empreinte (SHA-256)"],
    "en": ["File", "Element", "Document", "Rows", "Size (bytes)", "Hash (SHA-256)"],
}
_ELEMENTS = {
    "fr": ["Élément", "Intitulé (annexe XIII)", "Fichiers", "Pièces effacées"],
    "en": ["Element", "Title (Annex XIII)", "Files", "Deleted documents"],
}
_ACTS = {
    "fr": ["Rang", "Acte", "Sur", "De", "Vers", "Quand", "Empreinte"],
    "en": ["Rank", "Act", "On", "From", "To", "When", "Hash"],
}
_LEDGER = {
    "fr": ["N°", "Financeur", "Poste", "Montant", "Acte", "Cause", "Effet le", "Connu le"],
    "en": ["No", "Funder", "Bucket", "Amount", "Act", "Cause", "Effective", "Recorded"],
}
_GONE = {
    "fr": ["Pièce", "Élément", "Effacée le", "Règle", "Taille (octets)", "Empreinte (SHA-256)"],
    "en": ["Document", "Element", "Deleted on", "Rule", "Size (bytes)", "Hash (SHA-256)"],
}
_NAMES = {
    "fr": ("Éléments", "Pièces", "Actes", "Grand livre", "Pièces effacées"),
    "en": ("Elements", "Documents", "Acts", "Ledger", "Deleted documents"),
}


def index(pack: Pack, files: Sequence[Mapping[str, Any]]) -> bytes:
    """The workbook, from the files listed so far; the same pack gives the same bytes."""
    tongue = "en" if pack.language.startswith("en") else "fr"
    elements, documents, acts, ledger, gone = _NAMES[tongue]
    stream = io.BytesIO()
    with XlsxWriter(
        stream, title=pack.title, author=pack.author, created=pack.made_at, language=pack.language, zone=pack.zone
    ) as book:
        book.table(elements, _ELEMENTS[tongue], _counted(pack, files))
        book.table(documents, _FILES[tongue], [_file(line, pack) for line in files], [line["path"] for line in files])
        book.table(acts, _ACTS[tongue], [_act(event) for event in pack.events])
        book.table(ledger, _LEDGER[tongue], [_entry(entry) for entry in pack.ledger])
        for table in pack.tables:
            book.sheet(table.name(pack.language), table.columns, table.rows)
        book.table(gone, _GONE[tongue], _tombstones(pack))
    return stream.getvalue()


def _counted(pack: Pack, files: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    held = [line["element"] for line in files]
    deleted = [stone.element for stone in pack.tombstones]
    return [
        [element.number, element.said(pack.language), held.count(element.number), deleted.count(element.number)]
        for element in ELEMENTS
    ]


def _file(line: Mapping[str, Any], pack: Pack) -> list[Any]:
    title = line["english"] if pack.language.startswith("en") else line["french"]
    element = BY_NUMBER[line["element"]].said(pack.language)
    return [line["path"], element, title, line["rows"], line["size"], line["sha256"]]


def _act(event: Link) -> list[Any]:
    said = json.loads(event.payload)
    at = datetime.fromisoformat(said["at"])
    return [event.number, said["act"], said["object"], said["from"], said["to"], at, event.hash]


def _entry(entry: Any) -> list[Any]:
    return [
        entry.id, entry.funder, entry.bucket, entry.amount, entry.act, entry.cause, entry.effective_on,
        entry.recorded_at,
    ]  # fmt: skip


def _tombstones(pack: Pack) -> list[list[Any]]:
    return [
        [s.name, BY_NUMBER[s.element].said(pack.language), s.deleted_on, s.rule, s.size, s.sha256]
        for s in pack.tombstones
    ]
