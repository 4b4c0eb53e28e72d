"""Verification of the chains: from the stored bytes, streamed, naming file and event.

It finds an event altered, removed, inserted or reordered, and a tail cut off: the subject's row says
how long its chain is, and the seals, which have left the house, say how long it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.models import (
    Application,
    AuditFinding,
    BankChange,
    Complaint,
    OperationClaim,
    PaymentApplication,
    ProgrammeProposal,
)
from regions.models import Accreditation, Envelope, PayingTerms, Role, SchemeVersion
from workflows.canonical import sha256
from workflows.chain import key
from workflows.models import Event, Seal

SUBJECTS: tuple[Any, ...] = (
    Application, Accreditation, BankChange, Envelope, SchemeVersion, Role, PayingTerms, OperationClaim,
    PaymentApplication, AuditFinding, Complaint, ProgrammeProposal,
)  # fmt: skip

# What an event is verified from, in one row, and the same columns as its payload calls them.
COLUMNS = (
    "subject", "number", "object", "act", "from_state", "to_state", "actor_id", "person_id_value", "at",
    "payload", "previous", "hash",
)  # fmt: skip
_told = itemgetter("subject", "number", "object", "act", "from", "to", "actor", "person", "at")
_read = json.JSONDecoder().raw_decode  # without the guesses of json.loads: canonical JSON begins at once
Head = tuple[int, str]
START: Head = (0, "")

# How each fault begins → the words for a screen; the commands speak English.
SAID: dict[str, Any] = {
    "removed": _("un acte a été retiré, ou un autre inséré à sa place"),
    "does not follow": _("cet acte ne suit pas le précédent : ordre changé ou acte inséré"),
    "altered: its bytes": _("cet acte a été modifié : son contenu ne donne plus son empreinte"),
    "altered: its columns": _("cet acte a été modifié : ses colonnes diffèrent de ce qui a été scellé"),
    "the tail is cut": _("la fin de la chaîne manque : des actes récents ont été retirés"),
    "the head differs": _("la fin de la chaîne n’est pas celle que le dossier connaît"),
    "its subject": _("le dossier ne connaît pas cette chaîne"),
    "sealed on": _("un acte scellé manque ou diffère"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold: where, at which event, and what."""

    subject: str
    number: int
    what: str

    def __str__(self) -> str:
        return f"{label(self.subject)}, event {self.number}: {self.what}"

    @property
    def said(self) -> Any:
        """The same for a person who reads a screen, in his language."""
        return next((words for start, words in SAID.items() if self.what.startswith(start)), self.what)


@dataclass(slots=True)
class Tally:
    """What was verified: counts for the summary, and the faults found."""

    events: int
    subjects: int
    seals: int
    faults: list[Fault]


def label(subject: str) -> str:
    """A subject in words a person knows: the file's reference when there is one."""
    model_name, _colon, pk = subject.partition(":")
    if model_name == Application._meta.model_name:
        reference = Application.objects.filter(pk=pk).values_list("reference", flat=True).first()
        return f"file {reference or pk}"
    return f"{model_name} {pk}"


@dataclass(slots=True)
class Walk:
    """Events read from end to end: how many, the head of each subject's chain, what does not hold between them."""

    events: int
    heads: dict[str, Head]
    faults: list[Fault]


def walk(events: QuerySet[Event]) -> Walk:
    """Verify each event against its bytes and the one before it; they come in the order of their chains."""
    done = Walk(0, {}, [])
    for row in rows(events.order_by("subject", "number")):
        done.faults.extend(_faults(row, done.heads.get(row[0], START)))
        done.heads[row[0]] = (row[1], row[11])
        done.events += 1
    return done


def rows(events: QuerySet[Event]) -> Iterator[tuple[Any, ...]]:
    """The events as they are stored, streamed: a tuple of COLUMNS each, for an object costs more than the proof."""
    return events.values_list(*COLUMNS).iterator(chunk_size=2000)


def verify() -> Tally:
    """Verify every chain and every seal."""
    done = walk(Event.objects.all())
    faults = [*done.faults, *_subject_faults(done.heads), *_seal_faults()]
    return Tally(done.events, len(done.heads), Seal.objects.count(), faults)


def verify_subject(subject: Any) -> Tally:
    """Verify the chain of one subject, and that the latest seal, which has left the house, still holds for it."""
    name = key(subject)
    done = walk(Event.objects.filter(subject=name))
    found = {name: done.heads.get(name, START)}
    faults = [*done.faults, *_against(name, subject.chain_length, subject.chain_head, found)]
    sealed = _sealed_subject(name)
    return Tally(done.events, 1, int(sealed is not None), faults + (sealed or []))


def _sealed_subject(name: str) -> list[Fault] | None:
    """The faults of one subject under the latest seal; None when no seal knows it yet."""
    seal = Seal.objects.order_by("-day").first()
    heads = {s: (n, h) for s, n, h in json.loads(bytes(seal.content))["subjects"]} if seal else {}
    if seal is None or name not in heads:
        return None
    number, digest = heads[name]
    stands = Event.objects.filter(subject=name, number=number, hash=digest).exists()
    return [] if stands else [Fault(name, number, f"sealed on {seal.day} and now missing or different")]


def _faults(row: tuple[Any, ...], head: Head) -> Iterator[Fault] | tuple[()]:
    """Nothing for the event that holds, as nearly all do."""
    number, previous, content = row[1], row[10], bytes(row[9])
    follows = (number - 1, previous) == head
    if follows and row[11] == sha256(previous.encode(), content) and _columns_match(row, content):
        return ()
    return _link_faults(row, head)


def _link_faults(row: tuple[Any, ...], head: Head) -> Iterator[Fault]:
    """An event against the one before it, and against its own bytes."""
    subject, number, content, previous, digest = row[0], row[1], bytes(row[9]), row[10], row[11]
    if number != head[0] + 1:
        yield Fault(subject, head[0] + 1, "removed, or another inserted in its place")
    elif previous != head[1]:
        yield Fault(subject, number, "does not follow the event before it: reordered or inserted")
    if digest != sha256(previous.encode(), content):
        yield Fault(subject, number, "altered: its bytes do not give its hash")
    elif not _columns_match(row, content):
        yield Fault(subject, number, "altered: its columns differ from what was hashed")


def _columns_match(row: tuple[Any, ...], content: bytes) -> bool:
    text = content.decode()
    try:
        payload, end = _read(text)
        told = _told(payload)
    except (KeyError, TypeError, ValueError):
        return False
    return end == len(text) and told[:8] == row[:8] and told[8] == row[8].isoformat(timespec="microseconds")


def _subject_faults(heads: dict[str, Head]) -> Iterator[Fault]:
    """Each subject's row against its chain: a cut tail shows here."""
    for model in SUBJECTS:
        rows = model.objects.exclude(chain_length=0).values_list("pk", "chain_length", "chain_head")
        for pk, length, head in rows.iterator():
            yield from _against(f"{model._meta.model_name}:{pk}", length, head, heads)
    known = set(_known_subjects())
    for subject, (number, _hash) in heads.items():
        if subject not in known:
            yield Fault(subject, number, "its subject does not know this chain")


def _known_subjects() -> Iterator[str]:
    for model in SUBJECTS:
        for pk in model.objects.exclude(chain_length=0).values_list("pk", flat=True):
            yield f"{model._meta.model_name}:{pk}"


def _against(subject: str, length: int, head: str, heads: dict[str, Head]) -> Iterator[Fault]:
    number, found = heads.get(subject, (0, ""))
    if number < length:
        yield Fault(subject, length, f"the tail is cut: {length} events are known, {number} remain")
    elif (number, found) != (length, head):
        yield Fault(subject, number, "the head differs from the subject's row")


def _seal_faults() -> Iterator[Fault]:
    """Each seal against the one before it, its own bytes, and the events it lists."""
    previous = ""
    for seal in Seal.objects.order_by("day"):
        name = f"seal:{seal.day}"
        if seal.previous != previous:
            yield Fault(name, 0, "does not follow the seal before it")
        if seal.root != sha256(seal.previous.encode(), bytes(seal.content)):
            yield Fault(name, 0, "altered: its bytes do not give its root")
        yield from _sealed_faults(seal)
        previous = seal.root


def _sealed_faults(seal: Seal) -> Iterator[Fault]:
    """The heads a seal lists must still be where they were."""
    listed = {(s, n): h for s, n, h in json.loads(bytes(seal.content))["subjects"]}
    subjects = [subject for subject, _number in listed]
    rows = Event.objects.filter(subject__in=subjects).values_list("subject", "number", "hash").iterator()
    found = {(subject, number): digest for subject, number, digest in rows if (subject, number) in listed}
    for (subject, number), digest in listed.items():
        if found.get((subject, number)) != digest:
            yield Fault(subject, number, f"sealed on {seal.day} and now missing or different")
