"""What another file of the house holds too: the same invoice of the same supplier, or the same document.

An expense is financed once (Regulation (EU) 2021/1060, art. 63(9)). The database refuses that two files pay one
invoice; this tells whoever examines, in every region and scheme, long before an order is prepared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Replace, Upper

from applications.enums import ApplicationState, DocumentKind
from applications.models import Application, ClaimLine, Document
from workflows.invoices import plain

PROOFS = (DocumentKind.QUOTE, DocumentKind.INVOICE, DocumentKind.PAYMENT_PROOF, DocumentKind.DELIVERABLE)
# A draft is its firm's own affair; what ended without a euro may be presented again.
UNPAID = (ApplicationState.DRAFT, ApplicationState.REFUSED, ApplicationState.CLOSED, ApplicationState.WITHDRAWN)
LARGEST = 20  # matches told at most, each way: beyond, one has seen enough


@dataclass(frozen=True, slots=True)
class Match:
    """A piece of a file that another one holds: the other file, the piece in words."""

    other: Application
    invoice: str = ""
    document: str = ""


def matches(file: Application) -> list[Match]:
    """The invoices, then the documents, that a file shares with others, paid or to be; three queries at most."""
    return [*_invoices(file), *_documents(file)]


def _invoices(file: Application) -> Iterator[Match]:
    mine = list(ClaimLine.objects.filter(claim__application=file).values_list("supplier_siret", "invoice_number"))
    known = {(siret, plain(number)) for siret, number in mine}
    if not known:
        return
    others = ClaimLine.objects.filter(supplier_siret__in={siret for siret, _number in known}, live=True)
    others = others.annotate(same=Upper(Replace("invoice_number", Value(" ")))).filter(
        same__in={number for _siret, number in known}
    )
    told = set()
    for row in _elsewhere(others, file, "claim__application"):
        key = (row.claim.application_id, row.supplier_siret, row.same)
        if key[1:] in known and key not in told:
            told.add(key)
            yield Match(row.claim.application, invoice=row.invoice_number)


def _documents(file: Application) -> Iterator[Match]:
    mine = Document.objects.filter(application=file, kind__in=PROOFS, deleted_at__isnull=True)
    held = Document.objects.filter(sha256__in=mine.values("sha256"), kind__in=PROOFS, deleted_at__isnull=True)
    for row in _elsewhere(held, file, "application"):
        assert row.application is not None
        yield Match(row.application, document=row.name)


def _elsewhere(rows: QuerySet[Any], file: Application, path: str) -> QuerySet[Any]:
    """What stands in other files that were submitted and may be paid, or were."""
    standing = rows.exclude(**{path: file}).exclude(**{f"{path}__state__in": UNPAID})
    return standing.filter(**{f"{path}__isnull": False}).select_related(f"{path}__region").order_by(F("pk"))[:LARGEST]
