"""What another file of the house holds too: the same invoice of the same supplier, or the same document.

An expense is financed once (Regulation (EU) 2021/1060, art. 63(9)). The database refuses that two files pay one
invoice; this tells whoever examines, in every region and scheme, long before an order is prepared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace, Upper

from applications.enums import ApplicationState, ClaimState, DocumentKind
from applications.models import Application, ClaimLine, Document
from workflows.invoices import plain

PROOFS = (DocumentKind.QUOTE, DocumentKind.INVOICE, DocumentKind.PAYMENT_PROOF, DocumentKind.DELIVERABLE)
# A draft, of a file or of a claim, is its firm's own affair; what ended without a euro may be presented again.
UNPAID = (ApplicationState.DRAFT, ApplicationState.REFUSED, ApplicationState.CLOSED, ApplicationState.WITHDRAWN)
LARGEST = 100  # rows read at most, each way: beyond, one has seen enough
BLANKS = (" ", "\u00a0", "\u202f")  # what a number is typed or pasted with
_NUMBER: Any = F("invoice_number")
PLAIN = Upper(reduce(lambda text, blank: Replace(text, Value(blank)), BLANKS, _NUMBER))
"""An invoice number in the database as `plain` writes it."""


@dataclass(frozen=True, slots=True)
class Match:
    """A piece of a file that another one holds: the other file, the piece in words."""

    other: Application
    invoice: str = ""
    document: str = ""


def matches(file: Application) -> list[Match]:
    """The invoices, then the documents, that a file shares with others, paid or to be; three queries at most."""
    return [*_invoices(file), *_documents(file)]


def presented() -> QuerySet[ClaimLine]:
    """The lines of every claim that was filed and neither withdrawn nor rejected."""
    return ClaimLine.objects.filter(live=True).exclude(claim__state=ClaimState.DRAFT)


def handed_in() -> QuerySet[Document]:
    """The proofs of expenditure that stand in a file, those of a claim once it is filed."""
    standing = Document.objects.filter(kind__in=PROOFS, deleted_at__isnull=True, application__isnull=False)
    return standing.exclude(claim__state=ClaimState.DRAFT)


def payable(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    """Those of files that were submitted and may be paid, or were."""
    return rows.exclude(**{f"{path}__state__in": UNPAID})


def _invoices(file: Application) -> Iterator[Match]:
    """Each of its invoices that another file claims, once per file, however the number is written."""
    mine = presented().filter(claim__application=file)
    known = {(siret, plain(number)) for siret, number in mine.values_list("supplier_siret", "invoice_number")}
    if not known:
        return
    same = reduce(or_, (Q(supplier_siret=siret, number=number) for siret, number in sorted(known)))
    others = presented().exclude(claim__application=file).annotate(number=PLAIN).filter(same)
    rows = _elsewhere(others, "claim__application")
    found = {(row.claim.application_id, row.supplier_siret, row.number): row for row in rows}
    for row in found.values():
        yield Match(row.claim.application, invoice=row.invoice_number)


def _documents(file: Application) -> Iterator[Match]:
    same = handed_in().filter(sha256__in=handed_in().filter(application=file).values("sha256"))
    for row in _elsewhere(same.exclude(application=file), "application"):
        assert row.application is not None
        yield Match(row.application, document=row.name)


def _elsewhere(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    return payable(rows, path).select_related(f"{path}__region").order_by("pk")[:LARGEST]
