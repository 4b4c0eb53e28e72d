"""The documents that support a payment order: those of its claim, its certificate, the decision and the account."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from applications.enums import DocumentKind
from applications.models import Document, PaymentOrder
from applications.services import store
from workflows.chain import facts_of, key
from workflows.models import Event


def of_order(order: PaymentOrder) -> list[Document]:
    """The claim's documents, the paper of the account, and the letter of the decision, the oldest first."""
    mine = Q(claim=order.claim_id) | Q(
        application=order.application_id, claim__isnull=True, kind=DocumentKind.BANK_DETAILS
    )
    decision = Q(application=order.application_id, kind=DocumentKind.LETTER, sha256__in=_decisions(order))
    return list(Document.objects.filter(mine | decision, deleted_at__isnull=True).order_by("pk"))


def _decisions(order: PaymentOrder) -> list[str]:
    """The digests of the letters of grant, as the file's chain says."""
    letters = Event.objects.filter(object=key(order.application), act="record.letter")
    told = [facts_of(event) for event in letters]
    return [facts["sha256"] for facts in told if facts.get("template") == "grant"]


def damaged(documents: Iterable[Document]) -> str:
    """The name of the first document whose bytes are gone or are no longer those kept; empty when all are whole."""
    for document in documents:
        try:
            store.get(document.sha256)
        except (store.Altered, FileNotFoundError):
            return document.name
    return ""
