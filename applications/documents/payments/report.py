"""What a bank's answer says, once read: lines about our orders, and what could not be used, with why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from applications.documents.payments.bank_reasons import words_of
from applications.rules.base import Reason

Key = tuple[str, str, str]


class Result(StrEnum):
    """What became of an order; the stored values of a payment return, and one for « not yet »."""

    PAID = "paid"
    REJECTED = "rejected"
    PENDING = "pending"


class Unreadable(ValueError):
    """A whole file that cannot be read; `reason` says why, in each language."""

    def __init__(self, code: str, fr: str, en: str) -> None:
        super().__init__(fr)
        self.reason = Reason(code, fr, en)


class BadEntry(ValueError):
    """One entry that cannot be read; `reason` says what is wrong with it."""

    def __init__(self, code: str, fr: str, en: str) -> None:
        super().__init__(fr)
        self.reason = Reason(code, fr, en)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """What the bank says of one order. `rank` is that of the entry in the file, from one.

    `amount` in euro, None when the message gives none; `value_date` is the day the bank gives to the
    event, else that of the message. `reason_code` is empty unless the bank gave one. `booked` tells an
    entry of the account from a status, which announces one.
    """

    rank: int
    end_to_end_id: str
    result: Result
    value_date: date | None
    amount: Decimal | None
    reference: str
    reason_code: str = ""
    booked: bool = True

    @property
    def key(self) -> Key:
        """What makes two lines the same fact: order, bank reference, result."""
        return self.end_to_end_id, self.reference, self.result.value

    @property
    def reason(self) -> Reason | None:
        """The bank's code in words, or None when it gave no code."""
        return words_of(self.reason_code) if self.reason_code else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What the bank says of a batch at once, for the orders that it does not name one by one.

    `batch` is the message or block identifier of the file sent; `amount` the total booked, when given.
    The rank is zero for what a header says.
    """

    rank: int
    batch: str
    result: Result
    value_date: date | None
    amount: Decimal | None
    reference: str
    reason_code: str = ""
    booked: bool = True


@dataclass(frozen=True, slots=True)
class Apart:
    """An entry that gives no line: its rank in the file, the order it names if any, and why."""

    rank: int
    reason: Reason
    end_to_end_id: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """What was sent, to compare an answer with: batch number, count of orders, total in euro."""

    batch: str
    count: int
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BankReport:
    """A file of the bank, read: `apart` could not be used, `foreign` is no payment of ours.

    `warnings` are sums and counts that do not agree, within the file or with what was sent.
    """

    message: str
    message_id: str
    lines: tuple[StatusLine, ...]
    wholes: tuple[Whole, ...] = ()
    apart: tuple[Apart, ...] = ()
    foreign: tuple[Apart, ...] = ()
    warnings: tuple[Reason, ...] = ()
