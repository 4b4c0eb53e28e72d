"""Lines beside orders: each outcome, a file read twice, a batch named at once, a hundred mixed results."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from applications.documents.payments.matching import Expected, Matching, Outcome, match, spread
from applications.documents.payments.reader import read
from applications.documents.payments.report import Result, StatusLine
from tests.applications.documents.payments.samples import BATCH, Entry, camt, entry, pain002, status

ORDERS = tuple(Expected(f"MD-{number}", Decimal("100.00") + number) for number in range(1, 4))


def line(number: int = 1, **changes: Any) -> StatusLine:
    values: dict[str, Any] = {
        "rank": 1,
        "end_to_end_id": f"MD-{number}",
        "result": Result.PAID,
        "value_date": date(2026, 3, 5),
        "amount": Decimal("100.00") + number,
        "reference": f"REF-{number}",
    }
    return StatusLine(**{**values, **changes})


def outcomes(matching: Matching) -> list[Outcome]:
    return [found.outcome for found in matching.matches]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Outcome.MATCHED),
        ({"amount": None}, Outcome.MATCHED),
        ({"amount": Decimal("101.01")}, Outcome.PARTLY),
        ({"amount": Decimal("101.0")}, Outcome.MATCHED),
        ({"result": Result.REJECTED}, Outcome.REJECTED),
        ({"result": Result.REJECTED, "amount": None}, Outcome.REJECTED),
        ({"result": Result.REJECTED, "amount": Decimal(90)}, Outcome.PARTLY),
        ({"result": Result.PENDING, "amount": Decimal(90)}, Outcome.PENDING),
        ({"end_to_end_id": "MD-9"}, Outcome.UNKNOWN),
        ({"end_to_end_id": "MD-9", "result": Result.PENDING}, Outcome.UNKNOWN),
    ],
)
def test_a_line_has_one_outcome(changes: dict[str, Any], expected: Outcome) -> None:
    assert outcomes(match(ORDERS, [line(**changes)])) == [expected]


def test_another_amount_is_said_with_both() -> None:
    (found,) = match(ORDERS, [line(amount=Decimal("99.99"))]).matches
    assert found.why is not None
    assert found.why.sentence("fr") == "La banque donne 99.99, le mandat est de 101.00."
    assert found.why.params == {"found": Decimal("99.99"), "expected": Decimal("101.00")}


def test_a_rejection_carries_the_bank_s_words() -> None:
    (found,) = match(ORDERS, [line(result=Result.REJECTED, reason_code="AC04")]).matches
    assert found.why is not None
    assert found.why.en == "Account closed"


def test_the_same_lines_again_change_nothing() -> None:
    lines = [line(1), line(2, result=Result.REJECTED), line(3, amount=Decimal(1)), line(9)]
    first = match(ORDERS, lines)
    assert first.facts == {("MD-1", "REF-1", "paid"), ("MD-2", "REF-2", "rejected")}
    again = match(ORDERS, lines, first.facts)
    assert outcomes(again) == [Outcome.DUPLICATE, Outcome.DUPLICATE, Outcome.PARTLY, Outcome.UNKNOWN]
    assert again.facts == frozenset()
    assert outcomes(match(ORDERS, [*lines, *lines]))[4:] == [Outcome.DUPLICATE] * 4


def test_a_line_that_moved_nothing_is_no_fact() -> None:
    first = match(ORDERS, [line(amount=Decimal(1))])
    assert outcomes(match(ORDERS, [line(reference="RIGHT")], first.facts)) == [Outcome.MATCHED]


def test_a_second_payment_under_another_reference_is_a_question() -> None:
    first, second = match(ORDERS, [line(), line(reference="REF-X")]).matches
    assert (first.outcome, second.outcome) == (Outcome.MATCHED, Outcome.CONFLICT)
    assert second.why is not None
    assert "REF-1" in second.why.fr
    assert outcomes(match(ORDERS, [line(reference="B")], {("MD-1", "A", "paid")})) == [Outcome.CONFLICT]


def test_a_booking_confirms_what_a_status_announced() -> None:
    status_, booking, second = line(booked=False), line(reference="BOOK"), line(reference="AGAIN")
    found = match(ORDERS, [status_, booking, second]).matches
    assert [each.outcome for each in found] == [Outcome.MATCHED, Outcome.DUPLICATE, Outcome.CONFLICT]
    assert found[1].why is not None
    assert "REF-1" in found[1].why.fr
    assert found[2].why is not None
    assert "BOOK" in found[2].why.fr
    assert outcomes(match(ORDERS, [booking, status_])) == [Outcome.MATCHED, Outcome.DUPLICATE]
    assert outcomes(match(ORDERS, [booking], {status_.key}, {status_.key})) == [Outcome.DUPLICATE]
    assert outcomes(match(ORDERS, [booking], {status_.key})) == [Outcome.CONFLICT]
    both = {status_.key, booking.key}
    assert outcomes(match(ORDERS, [second], both, {status_.key})) == [Outcome.CONFLICT]


def test_a_status_report_then_a_statement_of_the_same_batch() -> None:
    statuses = read(pain002([status(order.number, "ACSC") for order in ORDERS])).lines
    bookings = read(camt([entry(order.number, str(order.amount)) for order in ORDERS])).lines
    first = match(ORDERS, statuses)
    assert outcomes(first) == [Outcome.MATCHED] * 3
    assert outcomes(match(ORDERS, bookings, first.facts, first.facts)) == [Outcome.DUPLICATE] * 3


def test_a_return_follows_the_payment_in_whatever_order() -> None:
    paid, returned = line(), line(result=Result.REJECTED, reason_code="AC04")
    assert outcomes(match(ORDERS, [paid, returned])) == [Outcome.MATCHED, Outcome.REJECTED]
    assert outcomes(match(ORDERS, [returned, paid])) == [Outcome.REJECTED, Outcome.MATCHED]
    assert outcomes(match(ORDERS, [returned], {paid.key})) == [Outcome.REJECTED]


def test_paid_after_a_rejection_known_before_is_a_question() -> None:
    (found,) = match(ORDERS, [line()], {("MD-1", "OLD", "rejected")}).matches
    assert found.outcome == Outcome.CONFLICT
    assert found.why is not None
    assert "OLD" in found.why.en


def test_a_second_rejection_says_nothing_new() -> None:
    lines = [line(result=Result.REJECTED), line(result=Result.REJECTED, reference="X")]
    assert outcomes(match(ORDERS, lines)) == [Outcome.REJECTED, Outcome.DUPLICATE]


@pytest.mark.parametrize("code", ["AM05", "DUPL"])
def test_a_second_sending_refused_does_not_undo_the_first(code: str) -> None:
    lines = spread(read(pain002(group="RJCT", code=code)), BATCH, ORDERS)
    matching = match(ORDERS, lines, {("MD-1", "REF-1", "paid")})
    assert outcomes(matching) == [Outcome.CONFLICT] * 3
    assert all(found.why and code in found.why.fr for found in matching.matches)


def test_orders_of_which_nothing_is_said() -> None:
    assert match(ORDERS, [line(2)]).silent == ("MD-1", "MD-3")
    assert match(ORDERS, []).silent == ("MD-1", "MD-2", "MD-3")
    assert match([], []) == Matching((), ())


# --- a word on the whole


def test_a_batch_refused_at_once_rejects_each_order() -> None:
    report = read(pain002(group="RJCT", code="FF01"))
    lines = spread(report, BATCH, ORDERS)
    assert [(each.end_to_end_id, each.result, each.reason_code) for each in lines] == [
        (order.number, Result.REJECTED, "FF01") for order in ORDERS
    ]
    matching = match(ORDERS, lines)
    assert outcomes(matching) == [Outcome.REJECTED] * 3
    assert matching.total(Outcome.REJECTED) == sum(order.amount for order in ORDERS)
    assert outcomes(match(ORDERS, spread(report, BATCH, ORDERS), matching.facts)) == [Outcome.DUPLICATE] * 3


def test_a_word_on_another_batch_is_not_spread() -> None:
    assert spread(read(pain002(group="RJCT", batch="B-OTHER")), BATCH, ORDERS) == ()
    assert spread(read(pain002(group="PART")), BATCH, ORDERS) == ()


def test_what_is_named_alone_counts_before_the_whole() -> None:
    report = read(pain002([status("MD-2", "RJCT", "AC04"), status("MD-3", "WHAT")], group="ACCP", block="ACSC"))
    lines = spread(report, BATCH, ORDERS)
    assert [(each.end_to_end_id, each.result) for each in lines] == [("MD-2", Result.REJECTED), ("MD-1", Result.PAID)]


def test_a_batch_booked_in_one_entry_pays_each_order_when_the_total_agrees() -> None:
    total = sum(order.amount for order in ORDERS)
    lines = spread(read(camt([Entry(amount=str(total), batch=f"{BATCH}-1")])), BATCH, ORDERS)
    assert outcomes(match(ORDERS, lines)) == [Outcome.MATCHED] * 3
    assert {each.reference for each in lines} == {"REF-1"}
    assert spread(read(camt([Entry(amount="1.00", batch=f"{BATCH}-1")])), BATCH, ORDERS) == ()


# --- a hundred


def hundred() -> tuple[list[Expected], list[Entry]]:
    """Ninety orders and a statement of a hundred entries: each kind of result, in turns."""
    orders = [Expected(f"MD-{number:03d}", Decimal("500.25") + number) for number in range(90)]
    entries = [_entry_of(place, order) for place, order in enumerate(orders)]
    twice = [each for each in entries if each.details[0][0] in ("MD-000", "MD-010", "MD-020")]
    unknown = [entry(f"XX-{number}", "1.00", reference=f"X-{number}") for number in range(4)]
    credits_ = [entry(f"CR-{number}", "9.00", side="CRDT") for number in range(3)]
    return orders, [*entries, *twice, *unknown, *credits_]


def _entry_of(place: int, order: Expected) -> Entry:
    """Of ten: six paid, one returned, one of another amount, one still pending, one unreadable."""
    amount, last = str(order.amount), place % 10
    base = entry(order.number, amount, reference=f"BK-{place}")
    kinds = {
        6: replace(base, side="CRDT", code="AC04"),
        7: entry(order.number, "1.00", reference=f"BK-{place}"),
        8: replace(base, status="PDNG"),
        9: entry(order.number, "??", reference=f"BK-{place}"),
    }
    return kinds.get(last, base)


@pytest.mark.parametrize("version", ["camt.053.001.02", "camt.053.001.08", "camt.054.001.08"])
def test_a_return_of_a_hundred_mixed_results(version: str) -> None:
    orders, entries = hundred()
    report = read(camt(entries, version))
    assert len(entries) == len(report.lines) + len(report.apart) + len(report.foreign) == 100
    matching = match(orders, report.lines)
    assert Counter(outcomes(matching)) == {
        Outcome.MATCHED: 54,
        Outcome.REJECTED: 9,
        Outcome.PARTLY: 9,
        Outcome.PENDING: 9,
        Outcome.DUPLICATE: 3,
        Outcome.UNKNOWN: 4,
    }
    assert (len(report.apart), len(report.foreign)) == (9, 3)
    assert [each.rank for each in report.apart] == list(range(10, 91, 10))
    assert set(matching.silent) == {f"MD-{number:03d}" for number in range(9, 90, 10)}
    paid = sum(order.amount for place, order in enumerate(orders) if place % 10 < 6)
    assert matching.total(Outcome.MATCHED) == paid
    assert [match.line for match in matching.matches] == list(report.lines)


def test_the_hundred_read_again_change_nothing() -> None:
    orders, entries = hundred()
    lines = read(camt(entries)).lines
    known = match(orders, lines).facts
    assert len(known) == 63
    again = match(orders, lines, known)
    assert again.facts == match(orders, list(reversed(lines)), known).facts == frozenset()
    assert again.count(Outcome.DUPLICATE) == 66
