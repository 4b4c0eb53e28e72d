"""What proves: the acts in their chains, and the documents with their hashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState, DocumentKind
from applications.models import Application, BankChange, Document
from regions.models import Accreditation, Envelope, Region, Role, SchemeVersion
from reporting.columns import Column
from reporting.keyset import LATEST_FIRST
from reporting.lists.acts import act_words
from reporting.lists.base import Filter, Listing, between_moments, column, contains, equals
from workflows.models import Event

FILE = "application"
SUBJECTS: dict[str, tuple[str, str]] = {
    FILE: ("Dossier", "File"),
    "accreditation": ("Habilitation", "Accreditation"),
    "envelope": ("Enveloppe", "Envelope"),
    "schemeversion": ("Règlement", "Scheme rules"),
    "role": ("Droit", "Role"),
    "bankchange": ("Coordonnées bancaires", "Bank details"),
}
WORDS = (
    (FILE, _("Dossier")), ("accreditation", _("Habilitation")), ("envelope", _("Enveloppe")),
    ("schemeversion", _("Règlement")), ("role", _("Droit")), ("bankchange", _("Coordonnées bancaires")),
)  # fmt: skip


def _names(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The names of rows as events write them: « application:12 »."""
    prefix = f"{rows.model._meta.model_name}:"
    return rows.annotate(name_=Concat(Value(prefix), Cast("pk", CharField()))).values("name_")


def filed(regions: Iterable[Region]) -> QuerySet[Application]:
    """The files of some regions; a draft is the firm's alone."""
    return Application.objects.filter(region__in=regions).exclude(state=ApplicationState.DRAFT)


def _acts(regions: Iterable[Region]) -> QuerySet[Event]:
    """The acts on the files of some regions, and on what governs them: rights, rules, envelopes, accreditations."""
    mine = (
        filed(regions), Accreditation.objects.filter(region__in=regions),
        Role.objects.filter(region__in=regions), Envelope.objects.filter(scheme__region__in=regions),
        SchemeVersion.objects.filter(scheme__region__in=regions),
        BankChange.objects.filter(company__applications__in=filed(regions)),
    )  # fmt: skip
    subjects = Q()
    for rows in mine:
        subjects |= Q(subject__in=_names(rows.order_by()))
    return Event.objects.filter(subjects).select_related("actor")


def _with_references(events: Sequence[Any]) -> None:
    """Give each act the reference of its file, in one query for all."""
    keys = {pk for name, _colon, pk in (event.subject.partition(":") for event in events) if name == FILE}
    references = dict(Application.objects.filter(pk__in=keys).values_list("pk", "reference"))
    for event in events:
        name, _colon, pk = event.subject.partition(":")
        event.reference = references.get(int(pk), "") if name == FILE else ""


def _act(event: Any) -> dict[str, Any]:
    name, _colon, number = event.subject.partition(":")
    return {
        "at": event.at, "kind": name, "reference": event.reference, "subject": number, "number": event.number,
        "act": event.act, "actor": "" if event.actor.is_system else event.actor.name, "previous": event.previous,
        "hash": event.hash,
    }  # fmt: skip


def _of_file(reference: str, zone: str) -> Q:
    return Q(subject__in=_names(Application.objects.filter(reference__icontains=reference.strip())))


def _of_kind(kind: str, zone: str) -> Q:
    return Q(subject__startswith=f"{kind}:")


ACTS = Listing(
    key="actes",
    name_fr="Actes",
    name_en="Acts",
    columns=(
        column("at", "Quand", "When", "moment"),
        Column("kind", "Porte sur", "About", words=SUBJECTS),
        column("reference", "Dossier", "File"),
        column("subject", "N°", "No"),
        column("number", "Rang dans la chaîne", "Rank in the chain", "integer"),
        Column("act", "Acte", "Act", words=act_words()),
        column("actor", "Fait par", "Made by"),
        column("previous", "Empreinte précédente", "Previous hash"),
        column("hash", "Empreinte", "Hash"),
    ),
    shown=("at", "kind", "reference", "number", "act", "actor", "hash"),
    identity=("hash",),
    keys=LATEST_FIRST,
    source=_acts,
    row=_act,
    filters=(
        Filter("q", _("Dossier"), _of_file),
        Filter("kind", _("Porte sur"), _of_kind, "choice", WORDS),
        *between_moments("at"),
    ),
    prepare=_with_references,
)  # fmt: skip


def _documents(regions: Iterable[Region]) -> QuerySet[Document]:
    kept = Document.objects.filter(application__region__in=regions).exclude(application__state=ApplicationState.DRAFT)
    return kept.select_related("application", "claim", "added_by")


def _document(document: Document) -> dict[str, Any]:
    names = ("kind", "name", "media_type", "size", "sha256", "added_at", "deleted_at", "deleted_rule")
    file, adder = document.application, document.added_by
    return {name: getattr(document, name) for name in names} | {
        "reference": file.reference if file else "", "claim": document.claim.number if document.claim else None,
        "added_by": "" if adder.is_system else adder.name,
    }  # fmt: skip


DOCUMENTS = Listing(
    key="pieces",
    name_fr="Pièces",
    name_en="Documents",
    columns=(
        column("reference", "Dossier", "File"),
        column("claim", "Demande n°", "Claim no", "integer"),
        column("kind", "Nature", "Kind", choices=DocumentKind),
        column("name", "Nom", "Name"),
        column("media_type", "Type", "Type"),
        column("size", "Taille (octets)", "Size (bytes)", "integer"),
        column("added_at", "Jointe le", "Added", "moment"),
        column("added_by", "Jointe par", "Added by"),
        column("sha256", "Empreinte (SHA-256)", "Hash (SHA-256)"),
        column("deleted_at", "Effacée le", "Deleted", "moment"),
        column("deleted_rule", "Règle d’effacement", "Rule of deletion"),
    ),
    shown=("reference", "kind", "name", "size", "added_at", "added_by", "sha256"),
    keys=LATEST_FIRST,
    source=_documents,
    row=_document,
    filters=(
        Filter("q", _("Dossier, nom ou empreinte"), contains("application__reference", "name", "sha256")),
        Filter("kind", _("Nature"), equals("kind"), "choice", DocumentKind.choices),
        *between_moments("added_at"),
    ),
)  # fmt: skip
