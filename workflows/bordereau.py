"""The bordereau of a batch: its orders as rows, printed and listed, the same bytes for the same batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from applications.documents import bordereau
from applications.models import PaymentOrder, PaymentRun
from workflows import signatures


def rows(orders: Iterable[PaymentOrder]) -> list[bordereau.Row]:
    """What a batch says of each of its orders."""
    return [_row(order) for order in orders]


def listing(run: PaymentRun, orders: Sequence[PaymentOrder]) -> bytes:
    """The orders of a batch as CSV."""
    return bordereau.csv_bytes(rows(orders), number=run.number, total=run.total)


def printed(run: PaymentRun, orders: Sequence[PaymentOrder], sha256: str) -> bytes:
    """The orders of a batch as PDF, with the digest of the file that goes with it."""
    return bordereau.pdf(
        rows(orders),
        number=run.number,
        region_name=f"Région {run.region.name}",
        created=run.created_at.astimezone(ZoneInfo(run.region.time_zone)),
        total=run.total,
        sha256=sha256,
        signatures=run.signatures,
        signers=[signer.name for signer in signatures.signers(orders)],
        language="fr",
    )


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
