"""The bank's lines beside the orders that were sent: what each line means for its order.

Pure: nothing is written. The caller gives the lines that moved an order before, by key; one of them
read again is a duplicate, so a file read twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from applications.documents.payments.report import BankReport, Key, Result, StatusLine, Whole
from applications.documents.payments.transfers import BLOCK
from applications.rules.base import Reason
from regions.money import ZERO


class Outcome(StrEnum):
    """What a line means: the two first move an order, the others do not."""

    MATCHED = "matched"  # paid, to the cent
    REJECTED = "rejected"  # refused or returned, to the cent when the bank gives an amount
    PARTLY = "partly"  # the order is known, the amount is another
    PENDING = "pending"  # nothing final yet
    UNKNOWN = "unknown"  # no such order among those expected
    DUPLICATE = "duplicate"  # the same fact was read before
    CONFLICT = "conflict"  # booked a second time, paid after its rejection, or refused as sent before


# The bank refuses a second sending: the first one may well be paid.
SENT_BEFORE = ("AM05", "DUPL")
MOVING = (Outcome.MATCHED, Outcome.REJECTED)
# A return follows the payment it undoes, in whatever order the bank lists them.
TURNS = {Result.PENDING: 0, Result.PAID: 1, Result.REJECTED: 2}


@dataclass(frozen=True, slots=True)
class Expected:
    """An order that was sent, and its amount in euro."""

    number: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Match:
    """A line with its outcome; `why` says it in words when the outcome alone does not."""

    line: StatusLine
    outcome: Outcome
    why: Reason | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """The outcome of each line, in the order of the file, and the orders that no line speaks of."""

    matches: tuple[Match, ...]
    silent: tuple[str, ...]

    def of(self, outcome: Outcome) -> tuple[StatusLine, ...]:
        """The lines that have an outcome."""
        return tuple(match.line for match in self.matches if match.outcome == outcome)

    def total(self, outcome: Outcome) -> Decimal:
        """The sum of their amounts, in euro; a line without amount counts for nothing."""
        return sum((line.amount for line in self.of(outcome) if line.amount is not None), ZERO)

    def count(self, outcome: Outcome) -> int:
        """How many lines have an outcome."""
        return len(self.of(outcome))

    @property
    def facts(self) -> frozenset[Key]:
        """The keys of the lines that move an order: what the next reading must know."""
        return frozenset(match.line.key for match in self.matches if match.outcome in MOVING)


@dataclass(slots=True)
class _Facts:
    """What is known so far: the keys read, and the references under which each order was paid or rejected.

    `announced` are the orders paid according to a status only: a booking then confirms it.
    """

    keys: set[Key] = field(default_factory=set)
    paid: dict[str, str] = field(default_factory=dict)
    announced: set[str] = field(default_factory=set)
    rejected: dict[str, str] = field(default_factory=dict)

    def learn(self, key: Key, booked: bool) -> None:
        number, reference, result = key
        self.keys.add(key)
        if result == Result.PAID:
            self.paid[number] = reference
            (self.announced.discard if booked else self.announced.add)(number)
        elif result == Result.REJECTED:
            self.rejected[number] = reference


def match(
    expected: Iterable[Expected],
    lines: Sequence[StatusLine],
    known: Collection[Key] = (),
    announced: Collection[Key] = (),
) -> Matching:
    """Each line beside the orders expected; `known` are the keys of the lines that moved one before.

    Those among them that a status report gave, not an entry of the account, are in `announced` too. A
    line that moves an order is a fact for those that follow.
    """
    amounts = {order.number: order.amount for order in expected}
    facts, found = _Facts(), {}
    for booked, key in sorted((key not in announced, key) for key in known):
        facts.learn(key, booked)
    for place, line in sorted(enumerate(lines), key=lambda each: TURNS[each[1].result]):
        found[place] = _match(line, amounts, facts)
        facts.keys.add(line.key)
        if found[place].outcome in MOVING:
            facts.learn(line.key, line.booked)
    named = {line.end_to_end_id for line in lines}
    silent = tuple(number for number in amounts if number not in named)
    return Matching(tuple(found[place] for place in range(len(lines))), silent)


def _match(line: StatusLine, amounts: dict[str, Decimal], facts: _Facts) -> Match:
    number = line.end_to_end_id
    if line.key in facts.keys:
        return Match(line, Outcome.DUPLICATE)
    if number not in amounts:
        return Match(line, Outcome.UNKNOWN)
    if line.result == Result.PENDING:
        return Match(line, Outcome.PENDING)
    if line.amount is not None and line.amount != amounts[number]:
        return Match(line, Outcome.PARTLY, _another_amount(line.amount, amounts[number]))
    return _paid(line, facts) if line.result == Result.PAID else _rejected(line, facts)


def _paid(line: StatusLine, facts: _Facts) -> Match:
    number = line.end_to_end_id
    if number in facts.rejected:
        return Match(line, Outcome.CONFLICT, _after_rejection(facts.rejected[number]))
    if number not in facts.paid:
        return Match(line, Outcome.MATCHED)
    if not line.booked or number in facts.announced:
        return _confirms(line, facts)
    return Match(line, Outcome.CONFLICT, _booked_before(facts.paid[number]))


def _confirms(line: StatusLine, facts: _Facts) -> Match:
    """Nothing new for the order; but once booked, another booking would be a second payment."""
    before = facts.paid[line.end_to_end_id]
    if line.booked:
        facts.learn(line.key, booked=True)
    return Match(line, Outcome.DUPLICATE, _confirmed(before))


def _rejected(line: StatusLine, facts: _Facts) -> Match:
    """A second rejection under another reference says nothing new of the order."""
    if line.end_to_end_id in facts.rejected:
        return Match(line, Outcome.DUPLICATE, _rejected_before(facts.rejected[line.end_to_end_id]))
    if line.reason_code in SENT_BEFORE:
        return Match(line, Outcome.CONFLICT, _sent_before(line.reason_code))
    return Match(line, Outcome.REJECTED, line.reason)


def _another_amount(found: Decimal, expected: Decimal) -> Reason:
    return Reason(
        "another_amount",
        f"La banque donne {found}, le mandat est de {expected}.",
        f"The bank gives {found}, the order is of {expected}.",
        params={"found": found, "expected": expected},
    )


def _confirmed(reference: str) -> Reason:
    return Reason(
        "confirmed",
        f"Ce mandat est déjà dit payé sous la référence {reference} : la banque le confirme.",
        f"This order is already said to be paid under the reference {reference}: the bank confirms it.",
    )


def _booked_before(reference: str) -> Reason:
    return Reason(
        "booked_before",
        f"Ce mandat est déjà débité sous la référence {reference} : vérifier qu’il n’est pas payé deux fois.",
        f"This order is already debited under the reference {reference}: check that it is not paid twice.",
    )


def _after_rejection(reference: str) -> Reason:
    return Reason(
        "paid_after_rejection",
        f"Ce mandat a été rejeté sous la référence {reference}, puis est dit payé : interroger la banque.",
        f"This order was rejected under the reference {reference}, then is said to be paid: ask the bank.",
    )


def _rejected_before(reference: str) -> Reason:
    return Reason(
        "rejected_before",
        f"Ce mandat est déjà rejeté sous la référence {reference}.",
        f"This order is already rejected under the reference {reference}.",
    )


def _sent_before(code: str) -> Reason:
    return Reason(
        "sent_before",
        f"La banque refuse ce mandat comme déjà reçu ({code}) : le premier envoi est peut-être payé, à vérifier.",
        f"The bank refuses this order as received before ({code}): the first sending may be paid, check it.",
    )


# --- what the bank says of a batch at once


def spread(report: BankReport, batch: str, expected: Sequence[Expected]) -> tuple[StatusLine, ...]:
    """The report's lines, and one for each order of the batch that only a word on the whole concerns.

    `expected` are all the orders of the batch. A word on its block counts before a word on its message.
    A total booked for the whole that is not the sum of the orders it would cover is not spread.
    """
    named = {line.end_to_end_id for line in report.lines} | {each.end_to_end_id for each in report.apart}
    others = [order for order in expected if order.number not in named]
    whole = _whole_of(report.wholes, batch)
    if whole is None or whole.amount not in (None, sum((order.amount for order in others), ZERO)):
        return report.lines
    return (*report.lines, *(_line_of(order, whole) for order in others))


def _whole_of(wholes: Sequence[Whole], batch: str) -> Whole | None:
    by_name = {whole.batch: whole for whole in wholes}
    return by_name.get(batch + BLOCK) or by_name.get(batch)


def _line_of(order: Expected, whole: Whole) -> StatusLine:
    return StatusLine(
        rank=whole.rank, end_to_end_id=order.number, result=whole.result, value_date=whole.value_date,
        amount=order.amount, reference=whole.reference, reason_code=whole.reason_code, booked=whole.booked,
    )  # fmt: skip
