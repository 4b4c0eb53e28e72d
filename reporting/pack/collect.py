"""A file's audit trail as it stands: documents, events, versions, ledger, decisions. It reads, and writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet

from applications.enums import DocumentKind
from applications.models import Application, Decision, Document, LedgerEntry
from applications.services import store
from regions import clock
from regions.calendars import local_date
from regions.models import User
from reporting.pack import interests
from reporting.pack.model import Entry, Frozen, Link, Note, Pack, Piece, Proof, SealLink, Tombstone
from reporting.pack.tables import tables
from reporting.words import words
from workflows.canonical import encode
from workflows.chain import key
from workflows.models import Event, EventNote, Seal, SealProof

K = DocumentKind
ELEMENT_OF = {
    K.IDENTITY: 1, K.BANK_DETAILS: 5, K.QUOTE: 1, K.PROVIDER_COMMITMENT: 1, K.LOCATION: 1, K.REGISTER_EXTRACT: 1,
    K.AID_STATEMENT: 9, K.INVOICE: 12, K.PAYMENT_PROOF: 12, K.PROVIDER_REPORT: 6, K.DELIVERABLE: 6, K.MANDATE: 1,
    K.EXPORT_PLAN: 1, K.GROUP_AGREEMENT: 1, K.CLAIM_ASSIGNMENT: 5, K.ADVANCE_REQUEST: 5, K.SCHEDULE: 5,
    K.ADVANCE_GUARANTEE: 5, K.CONTROL_REPORT: 6, K.CERTIFICATE: 6, K.LETTER: 1, K.BORDEREAU: 5,
    K.PAYMENT_FILE: 5, K.OTHER: 1,
}  # fmt: skip
"""Where each kind of document is filed in the thirteen elements of Annex XIII."""

LETTERS = {
    "grant": 2, "payment": 5, "lapse": 11, "request_for_items": 6, "recovery_hearing": 11, "recovery_order": 11,
    "recovery_interest": 11,
}  # fmt: skip
"""Letters that belong elsewhere than with the selection, by their template."""

EMPTY = {
    4: (
        "Aucune vérification de non-délocalisation ou de pérennité n’est enregistrée pour ce dossier.",
        "No verification of non-relocation or durability is recorded for this file.",
    ),
    7: (
        "Aucun constat d’audit n’a été transmis sur ce dossier.",
        "No audit finding was sent on this file.",
    ),
    8: ("Aucun constat à suivre : rien n’a été écarté.", "No finding to follow up: nothing was rejected."),
    11: (
        "Aucune correction : rien n’est repris de ce qui fut certifié, mandaté, payé ou déclaré.",
        "No correction: nothing is taken back of what was verified, ordered, paid or declared.",
    ),
}

REAL_COSTS = {
    13: (
        "Aucune option de coûts simplifiés : le règlement du dispositif rembourse les coûts réels.",
        "No simplified cost option: the scheme rules reimburse real costs.",
    ),
}


class Missing(LookupError):
    """A document that should be in the store and is not: a pack that hid it would lie."""


def collect(file: Application, author: User, language: str = "fr") -> Pack:
    """Gather a file's audit trail for `reporting.pack.build`; raises Missing when a document is not in the store.

    Seals are read first and events last: an act made meanwhile is more recent than the last seal, never missing.
    """
    with transaction.atomic():
        seals = list(_seals(file))
        proofs = list(_proofs(seals))
        ledger = [_entry(row) for row in _booked(file)]
        decisions = [_frozen(made) for made in file.decisions.order_by("pk")]
        facts, sworn = tables(file), interests.declared(file)
        pieces = [_rules(file), *_pieces(file)]
        events = list(_links(file))
    return Pack(
        reference=file.reference, subject=key(file), title=_title(file, language), made_at=clock.now(),
        author=author.name, language=language, zone=file.zone, pieces=pieces, tables=facts, events=events,
        notes=list(_notes(file)), seals=seals, ledger=ledger, decisions=decisions,
        tombstones=list(_tombstones(file)), empty=_empty(file), proofs=proofs, interests=sworn,
    )  # fmt: skip


def _empty(file: Application) -> dict[int, tuple[str, str]]:
    """Why an element may have no document; the scheme rules say whether costs are real or simplified."""
    real = file.scheme_version.rule("payment", "costs") == "real"
    return EMPTY | (REAL_COSTS if real else {})


def _title(file: Application, language: str) -> str:
    return f"{'Audit pack' if language.startswith('en') else 'Dossier d’audit'} {file.reference}"


def _links(file: Application) -> Iterator[Link]:
    for event in Event.objects.filter(subject=key(file)).order_by("number"):
        yield Link(event.subject, event.number, event.previous, event.hash, bytes(event.payload))


def _notes(file: Application) -> Iterator[Note]:
    """The notes that retention has not emptied."""
    found = EventNote.objects.filter(event__subject=key(file)).exclude(text="").select_related("event")
    for note in found.order_by("event__number"):
        yield Note(note.event.subject, note.event.number, note.salt, note.text)


def _seals(file: Application) -> Iterator[SealLink]:
    """Every seal since the day of the file's first act: each follows the one before it."""
    first = Event.objects.filter(subject=key(file)).order_by("number").values_list("at", flat=True).first()
    if first is not None:
        for seal in Seal.objects.filter(day__gte=local_date(first, "UTC")).order_by("day"):
            yield SealLink(seal.day, seal.previous, seal.root, bytes(seal.content))


def _proofs(seals: list[SealLink]) -> Iterator[Proof]:
    """The time stamps and electronic seals of those seals."""
    found = SealProof.objects.filter(seal__day__in=[seal.day for seal in seals])
    for made in found.select_related("seal").defer("seal__content").order_by("seal__day", "kind"):
        yield Proof(made.seal.day, made.kind, made.seal.root, bytes(made.content), made.certificate)


def _booked(file: Application) -> Iterator[LedgerEntry]:
    yield from LedgerEntry.objects.filter(application=file).select_related("line", "claim", "order").order_by("pk")


def _entry(row: LedgerEntry) -> Entry:
    return Entry(
        row.pk, row.line.funder, row.bucket, row.amount, row.claim.number if row.claim else None,
        row.order.number if row.order else "", row.act, row.cause, row.effective_on, row.recorded_at,
    )  # fmt: skip


def _frozen(made: Decision) -> Frozen:
    return Frozen(
        made.act, made.made_at, made.scheme_fingerprint, made.law_version, made.engine_version, bytes(made.inputs),
        bytes(made.outcome), made.sha256,
    )  # fmt: skip


def _rules(file: Application) -> Piece:
    """The scheme rules that the file was decided under, as they were voted and hashed."""
    version = file.scheme_version
    name = f"reglement_v{version.number}--scheme_rules.json"
    titles = f"Règlement {version}", f"Scheme rules {version}"
    return Piece(1, name, encode(version.rules), *titles, version.fingerprint)


def _pieces(file: Application) -> Iterator[Piece]:
    labels, letters = words(DocumentKind), _letters(file)
    for document in _documents(file).filter(deleted_at__isnull=True):
        path = store.path_of(document.sha256)
        if not path.is_file():
            raise Missing(f"{file.reference}: {document.name} ({document.sha256}) is not in the store")
        yield Piece(_element(document, letters), document.name, path, *labels[document.kind], document.sha256)


def _documents(file: Application) -> QuerySet[Document]:
    """Those of the file and of its claims."""
    return Document.objects.filter(Q(application=file) | Q(claim__application=file)).order_by("pk")


def _element(document: Document, letters: dict[str, str]) -> int:
    if document.kind == K.LETTER:
        return LETTERS.get(letters.get(document.sha256, ""), ELEMENT_OF[K.LETTER])
    if document.kind == K.OTHER and document.claim_id:
        return ELEMENT_OF[K.INVOICE]
    return ELEMENT_OF[K(document.kind)]


def _letters(file: Application) -> dict[str, str]:
    """Hash of a letter sent → its template, from the acts that recorded them."""
    sent = Event.objects.filter(subject=key(file), act="record.letter").values_list("payload", flat=True)
    facts = [json.loads(bytes(payload))["facts"] for payload in sent]
    return {fact["sha256"]: fact["template"] for fact in facts if "sha256" in fact}


def _tombstones(file: Application) -> Iterator[Tombstone]:
    letters = _letters(file)
    for gone in _documents(file).filter(deleted_at__isnull=False):
        if gone.deleted_at is None:
            continue
        yield Tombstone(
            _element(gone, letters), gone.name, gone.kind, gone.size, gone.sha256, gone.deleted_rule,
            local_date(gone.deleted_at, file.zone),
        )  # fmt: skip
