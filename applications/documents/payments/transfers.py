"""Credit transfers to make: plain values, checked when made."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from schwifty import IBAN

from applications.documents.payments.sepa_text import identifier, to_sepa
from regions.money import ZERO, to_cents

NAME_LENGTH = 70
REMITTANCE_LENGTH = 140
LARGEST = Decimal("999999999.99")  # SEPA credit transfer: two decimals, at most eleven digits
BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?")
BLOCK = "-1"  # one payment block a file: its identifier is the batch's with this after it


def sepa_iban(number: str, what: str) -> str:
    """An IBAN without spaces; ValueError when its key is wrong or its country outside SEPA."""
    try:
        iban = IBAN(number)
    except ValueError as error:
        raise ValueError(f"{what}: {number!r} is not an IBAN") from error
    if not iban.in_sepa_zone:
        raise ValueError(f"{what}: {number!r} is outside the SEPA zone")
    return str(iban.compact)


def _is_name(text: str) -> bool:
    """Whether a letter or a figure of a name is left in SEPA characters."""
    return any(character.isalnum() for character in to_sepa(text, NAME_LENGTH))


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One credit transfer; the order's number is its end-to-end identifier. `amount` in euro to the cent."""

    order_number: str
    amount: Decimal
    creditor_name: str
    iban: str
    remittance: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError naming the order: identifier, amount, account or name that cannot be paid."""
        what = f"order {self.order_number}"
        identifier(self.order_number, "order number")
        if to_cents(self.amount) <= 0 or self.amount > LARGEST:
            raise ValueError(f"{what}: {self.amount} is not an amount that SEPA transfers")
        sepa_iban(self.iban, what)
        if not _is_name(self.creditor_name):
            raise ValueError(f"{what}: nothing of the payee’s name {self.creditor_name!r} can be written")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferBatch:
    """The transfers of one batch, from one account, to make on one day; `created` has its time zone."""

    number: str
    created: datetime
    execution_date: date
    debtor_name: str
    debtor_iban: str
    debtor_bic: str = ""
    transfers: tuple[Transfer, ...]

    def __post_init__(self) -> None:
        """Raises ValueError: a wrong account, no transfer, an order twice, a moment without zone."""
        identifier(self.number, "batch number")
        identifier(self.number + BLOCK, "batch number")
        sepa_iban(self.debtor_iban, f"batch {self.number}")
        if self.debtor_bic and not BIC.fullmatch(self.debtor_bic):
            raise ValueError(f"batch {self.number}: {self.debtor_bic!r} is not a BIC")
        if self.created.tzinfo is None:
            raise ValueError("the moment of a batch needs its time zone")
        if not _is_name(self.debtor_name):
            raise ValueError(f"batch {self.number}: nothing of the debtor’s name can be written")
        self._check_orders()

    def _check_orders(self) -> None:
        numbers = [transfer.order_number for transfer in self.transfers]
        if not numbers:
            raise ValueError(f"batch {self.number} has no transfer")
        if len(set(numbers)) < len(numbers):
            raise ValueError(f"batch {self.number} names an order twice")

    @property
    def total(self) -> Decimal:
        """The control sum, in euro."""
        return sum((transfer.amount for transfer in self.transfers), ZERO)

    def as_written(self) -> TransferBatch:
        """The batch as the file says it: SEPA characters, accounts without spaces, whole seconds."""
        return replace(
            self,
            created=self.created.replace(microsecond=0),
            debtor_name=to_sepa(self.debtor_name, NAME_LENGTH),
            debtor_iban=sepa_iban(self.debtor_iban, self.number),
            transfers=tuple(_as_written(transfer) for transfer in self.transfers),
        )


def _as_written(transfer: Transfer) -> Transfer:
    return replace(
        transfer,
        creditor_name=to_sepa(transfer.creditor_name, NAME_LENGTH),
        iban=sepa_iban(transfer.iban, transfer.order_number),
        remittance=to_sepa(transfer.remittance, REMITTANCE_LENGTH),
    )
