"""A bank's answers beside the orders sent: what each entry of a pain.002, camt.053 or camt.054 would do.

The bank's own reference makes an entry one fact: read again, it changes nothing. What contradicts an
earlier answer is noted on the order, which is then not ordered again before somebody attests it unpaid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.documents.payments import reader
from applications.documents.payments.matching import Expected, Match, Outcome, match, spread
from applications.documents.payments.report import Apart, BankReport, Key, StatusLine, Unreadable
from applications.documents.payments.transfers import BLOCK
from applications.models import PaymentOrder, PaymentReturn
from applications.rules.base import Reason
from regions import clock
from regions.models import User
from workflows import gate
from workflows.chain import facts_of, key
from workflows.models import Event
from workflows.return_lines import LONGEST, BadFile, ReturnLine

CONFLICT = "record.bank_conflict"
EFFECTS = {
    Outcome.MATCHED: "paid", Outcome.REJECTED: "rejected", Outcome.PARTLY: "partly", Outcome.PENDING: "pending",
    Outcome.UNKNOWN: "unknown", Outcome.DUPLICATE: "already", Outcome.CONFLICT: "conflict",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BankLine:
    """An entry of the bank: its rank, the order that it names, what it would do and why, and what it says."""

    rank: int
    number: str
    effect: str
    why: str = ""
    line: ReturnLine | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of a file, and the orders that they may concern."""

    orders: list[PaymentOrder]
    lines: list[BankLine]


def lines_of(content: bytes, known: QuerySet[PaymentOrder]) -> Found:
    """What a bank's file would do to the orders known to this person; nothing is written. Raises BadFile."""
    report = read(content)
    orders = list(known.filter(_concerned(report), run__isnull=False).select_related("run"))
    lines = [*report.lines, *_spread(report, orders)]
    read_before, announced = _keys(orders)
    expected = [Expected(order.number, order.total) for order in orders]
    matches = match(expected, lines, read_before, announced).matches
    by_number = {order.number: order for order in orders}
    found = [_line(each, by_number.get(each.line.end_to_end_id)) for each in matches]
    return Found(orders, [*found, *_others(report.apart, "apart"), *_others(report.foreign, "foreign")])


def read(content: bytes) -> BankReport:
    """A bank's file read; raises BadFile with the sentence of the reader."""
    try:
        return reader.read(content)
    except Unreadable as error:
        raise BadFile(in_words(error.reason)) from error


def in_words(reason: Reason | None) -> str:
    """A reason in the reader's language."""
    if reason is None:
        return ""
    return reason.en if (get_language() or "fr").startswith("en") else reason.fr


def _concerned(report: BankReport) -> Q:
    """The orders named one by one, and those of the batches of which the bank speaks as a whole."""
    numbers = {line.end_to_end_id for line in report.lines} | {each.end_to_end_id for each in report.apart}
    batches = {whole.batch.removesuffix(BLOCK) for whole in report.wholes} | {whole.batch for whole in report.wholes}
    return Q(number__in=numbers) | Q(run__number__in=batches)


def _spread(report: BankReport, orders: Sequence[PaymentOrder]) -> Iterator[StatusLine]:
    by_batch: dict[str, list[Expected]] = {}
    for order in orders:
        by_batch.setdefault(order.run.number if order.run else "", []).append(Expected(order.number, order.total))
    for batch, expected in by_batch.items():
        yield from spread(report, batch, expected)[len(report.lines) :]


def _keys(orders: Iterable[PaymentOrder]) -> tuple[set[Key], set[Key]]:
    """The lines that moved one of these orders before, and among them those that only announced it."""
    rows = PaymentReturn.objects.filter(order__in=list(orders))
    found = rows.values_list("order__number", "reference", "result", "booked")
    booked = {(number, reference, result) for number, reference, result, is_booked in found if is_booked}
    announced = {(number, reference, result) for number, reference, result, is_booked in found if not is_booked}
    return booked | announced, announced


def _line(each: Match, order: PaymentOrder | None) -> BankLine:
    given, effect = each.line, EFFECTS[each.outcome]
    if each.why and each.why.code == "confirmed" and given.booked:
        effect = "confirmed"
    why = in_words(each.why) or (_("Mandat inconnu : %s.") % given.end_to_end_id if effect == "unknown" else "")
    return BankLine(given.rank, given.end_to_end_id, effect, why, _typed(given, order))


def _typed(given: StatusLine, order: PaymentOrder | None) -> ReturnLine | None:
    """What the entry says, its amount and its day being the order's and today's when the bank gives none."""
    amount = given.amount if given.amount is not None else (order.total if order else None)
    if amount is None:
        return None
    zone = order.application.region.time_zone if order else None
    day = given.value_date or (clock.today(zone) if zone else clock.today())
    return ReturnLine(
        given.end_to_end_id, given.result.value, day, given.reference[:LONGEST], amount, given.reason_code[:LONGEST],
        booked=given.booked,
    )  # fmt: skip


def _others(entries: Iterable[Apart], effect: str) -> Iterator[BankLine]:
    for each in entries:
        yield BankLine(each.rank, each.end_to_end_id, effect, in_words(each.reason))


def note_conflict(order: PaymentOrder, given: Mapping[str, Any], why: str) -> None:
    """Note once on the order that the bank contradicts itself."""
    earlier = Event.objects.filter(object=key(order), act=CONFLICT)
    if any(facts_of(event).get("reference") == given["reference"] for event in earlier):
        return
    gate.record(
        User.objects.system(), "order", order.pk, "bank_conflict", reason=why, reference=given["reference"],
        file_sha256=given["file_sha256"], read_by=given["read_by"],
    )  # fmt: skip
