"""What an audit pack is made from: plain values, so that the pack can be built and tested without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from reporting.columns import Column


@dataclass(frozen=True, slots=True)
class Piece:
    """A document of an element: its bytes, or where they lie; `sha256` when the house already knows it."""

    element: int
    name: str
    content: bytes | Path
    french: str = ""
    english: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A document that was deleted under a rule of retention: its hash remains, and is accepted."""

    element: int
    name: str
    kind: str
    size: int
    sha256: str
    rule: str
    deleted_on: date


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of facts of an element, written as JSON Lines and shown in the index."""

    element: int
    key: str
    french: str
    english: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]

    def name(self, language: str) -> str:
        return self.english if language.startswith("en") else self.french


@dataclass(frozen=True, slots=True)
class Link:
    """An event as it was hashed: hash = SHA-256(previous hash ‖ payload)."""

    subject: str
    number: int
    previous: str
    hash: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """The free text of an event, whose salted hash the event holds."""

    subject: str
    number: int
    salt: str
    text: str


@dataclass(frozen=True, slots=True)
class SealLink:
    """A daily seal as it was hashed: root = SHA-256(previous root ‖ content)."""

    day: date
    previous: str
    root: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """A time stamp or an electronic seal of a day's seal, in DER, with the certificate (PEM) of who signed."""

    day: date
    kind: str
    root: str
    content: bytes
    certificate: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger. Signed, in euro; `cause` names the event."""

    id: int
    funder: str
    bucket: str
    amount: Decimal
    claim: int | None
    order: str
    act: str
    cause: str
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Frozen:
    """A decision with the facts that it relied on: sha256 covers inputs ‖ outcome."""

    act: str
    made_at: datetime
    scheme_fingerprint: str
    law_version: str
    engine_version: str
    inputs: bytes
    outcome: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration of interests of somebody who acted: sha256 = SHA-256(salt ‖ said), `said` being the rest."""

    person: int
    name: str
    declared_on: date
    wording: str
    sirens: Sequence[str]
    salt: str
    said: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A file's audit trail on a day. `empty` gives, for an element without a document, the reason in both languages."""

    reference: str
    subject: str
    title: str
    made_at: datetime
    author: str
    language: str
    zone: str
    pieces: Iterable[Piece]
    tables: Sequence[Table]
    events: Sequence[Link]
    notes: Sequence[Note]
    seals: Sequence[SealLink]
    ledger: Sequence[Entry]
    decisions: Sequence[Frozen]
    tombstones: Sequence[Tombstone] = ()
    empty: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    proofs: Sequence[Proof] = ()
    interests: Sequence[Declared] = ()
