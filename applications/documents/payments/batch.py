"""A batch of payment orders with all that a writer may put in a file: plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from applications.documents.bordereau import Row
from applications.documents.payments.transfers import Transfer, TransferBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportingDocument:
    """A document that supports one order, with the SHA-256 under which it was kept."""

    order_number: str
    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The orders of one batch, in their printed order, and their total in euro.

    `bordereau` is the printed schedule (PDF). `documents` may be a generator: it is read once, one
    document at a time. The account is needed only by a file for a bank.
    """

    number: str
    created: datetime
    execution_date: date
    issuer: str
    orders: Sequence[Row]
    total: Decimal
    bordereau: bytes = b""
    documents: Iterable[SupportingDocument] = ()
    debtor_iban: str = ""
    debtor_bic: str = ""

    def transfers(self) -> TransferBatch:
        """The same orders as credit transfers; raises ValueError for what cannot be transferred."""
        return TransferBatch(
            number=self.number, created=self.created, execution_date=self.execution_date, debtor_name=self.issuer,
            debtor_iban=self.debtor_iban, debtor_bic=self.debtor_bic,
            transfers=tuple(self._transfer(row) for row in self.orders),
        )  # fmt: skip

    def _transfer(self, row: Row) -> Transfer:
        """The payee reads on his statement who pays, for which file and claim."""
        return Transfer(
            order_number=row.order_number, amount=row.amount, creditor_name=row.payee_name, iban=row.iban,
            remittance=f"{row.file_reference} {row.claim_number} {self.issuer}",
        )  # fmt: skip
