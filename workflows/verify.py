"""Verification of the chains: from the stored bytes, streamed, naming file and event.

It finds an event altered, removed, inserted or reordered, and a tail cut off: the subject's row says
how long its chain is, and the seals, which have left the house, say how long it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.models import Application, BankChange, OperationClaim, PaymentApplication
from regions.models import Accreditation, Envelope, PayingTerms, Role, SchemeVersion
from workflows.canonical import encode, sha256
from workflows.chain import key
from workflows.models import Event, Seal

SUBJECTS: tuple[Any, ...] = (
    Application, Accreditation, BankChange, Envelope, SchemeVersion, Role, PayingTerms, OperationClaim,
    PaymentApplication,
)  # fmt: skip

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


def verify() -> Tally:
    """Verify every chain and every seal."""
    faults: list[Fault] = []
    heads: dict[str, tuple[int, str]] = {}
    events = 0
    for event in Event.objects.order_by("subject", "number").iterator(chunk_size=2000):
        faults.extend(_link_faults(event, heads.get(event.subject, (0, ""))))
        heads[event.subject] = (event.number, event.hash)
        events += 1
    faults.extend(_subject_faults(heads))
    faults.extend(_seal_faults())
    return Tally(events, len(heads), Seal.objects.count(), faults)


def verify_subject(subject: Any) -> Tally:
    """Verify the chain of one subject, and that the latest seal, which has left the house, still holds for it."""
    name = key(subject)
    head, events = (0, ""), 0
    faults: list[Fault] = []
    for event in Event.objects.filter(subject=name).order_by("number").iterator(chunk_size=2000):
        faults.extend(_link_faults(event, head))
        head, events = (event.number, event.hash), events + 1
    faults.extend(_against(name, subject.chain_length, subject.chain_head, {name: head}))
    sealed = _sealed_subject(name)
    return Tally(events, 1, int(sealed is not None), faults + (sealed or []))


def _sealed_subject(name: str) -> list[Fault] | None:
    """The faults of one subject under the latest seal; None when no seal knows it yet."""
    seal = Seal.objects.order_by("-day").first()
    heads = {s: (n, h) for s, n, h in json.loads(bytes(seal.content))["subjects"]} if seal else {}
    if seal is None or name not in heads:
        return None
    number, digest = heads[name]
    stands = Event.objects.filter(subject=name, number=number, hash=digest).exists()
    return [] if stands else [Fault(name, number, f"sealed on {seal.day} and now missing or different")]


def _link_faults(event: Event, head: tuple[int, str]) -> Iterator[Fault]:
    """An event against the one before it, and against its own bytes."""
    number, previous = head
    if event.number != number + 1:
        yield Fault(event.subject, number + 1, "removed, or another inserted in its place")
    elif event.previous != previous:
        yield Fault(event.subject, event.number, "does not follow the event before it: reordered or inserted")
    if event.hash != sha256(event.previous.encode(), bytes(event.payload)):
        yield Fault(event.subject, event.number, "altered: its bytes do not give its hash")
    elif not _columns_match(event):
        yield Fault(event.subject, event.number, "altered: its columns differ from what was hashed")


def _columns_match(event: Event) -> bool:
    payload = json.loads(bytes(event.payload))
    columns = {
        "subject": event.subject, "number": event.number, "object": event.object, "act": event.act,
        "from": event.from_state, "to": event.to_state, "actor": event.actor_id,
        "person": event.person_id_value, "at": json.loads(encode(event.at)),
    }  # fmt: skip
    return all(payload[name] == value for name, value in columns.items())


def _subject_faults(heads: dict[str, tuple[int, str]]) -> Iterator[Fault]:
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


def _against(subject: str, length: int, head: str, heads: dict[str, tuple[int, str]]) -> Iterator[Fault]:
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
