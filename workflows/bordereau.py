"""The bordereau of a batch: made when it is sent, kept by content, the same bytes for the same batch."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from applications.documents import bordereau
from applications.enums import DocumentKind
from applications.models import Document, PaymentOrder, PaymentRun
from applications.services import store
from regions.models import User


def keep(run: PaymentRun, orders: list[PaymentOrder]) -> None:
    """Print the orders of a batch as PDF and CSV, and attach both to it."""
    rows = [_row(order) for order in orders]
    listing = bordereau.csv_bytes(rows, number=run.number, total=run.total)
    printed = bordereau.pdf(
        rows,
        number=run.number,
        region_name=f"Région {run.region.name}",
        created=run.created_at.astimezone(ZoneInfo(run.region.time_zone)),
        total=run.total,
        sha256=run.sha256,
        language="fr",
    )
    run.bordereau = _document(run, printed, f"{run.number}.pdf", "application/pdf")
    run.listing = _document(run, listing, f"{run.number}.csv", "text/csv")


def _row(order: PaymentOrder) -> bordereau.Row:
    return bordereau.Row(
        order_number=order.number,
        file_reference=order.application.reference,
        payee_name=order.payee_name,
        iban=order.payee_iban,
        amount=order.total,
        due_on=order.claim.payment_due_on,
        claim_number=str(order.claim.number),
    )


def _document(run: PaymentRun, content: bytes, name: str, media_type: str) -> Document:
    return Document.objects.create(
        kind=DocumentKind.BORDEREAU,
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=store.put(content),
        added_by=User.objects.system(),
        added_at=run.created_at,
    )
