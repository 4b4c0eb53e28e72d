"""Statements and notifications: debits that pay, transfers that come back, and what is not ours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from applications.documents.payments.reader import read
from applications.documents.payments.report import BankReport, Control, Result, Unreadable
from applications.documents.payments.statements import VERSIONS
from tests.applications.documents.payments.samples import BATCH, Entry, camt, document, entry

versions = pytest.mark.parametrize("version", VERSIONS)


def results(report: BankReport) -> list[tuple[int, str, Result]]:
    return [(line.rank, line.end_to_end_id, line.result) for line in report.lines]


def codes(report: BankReport) -> list[tuple[int, str]]:
    return [(each.rank, each.reason.code) for each in report.apart]


@versions
def test_debits_pay_and_returns_reject(version: str) -> None:
    content = camt(
        [
            entry("MD-1", "1001.37", reference="A-1"),
            entry("MD-2", "5.00", side="CRDT", code="AC04", reference="A-2", day="2026-03-09"),
            entry("MD-3", "7.00", status="PDNG"),
        ],
        version,
    )
    report = read(content)
    assert (report.message, report.message_id) == (version, "S-1")
    assert results(report) == [
        (1, "MD-1", Result.PAID),
        (2, "MD-2", Result.REJECTED),
        (3, "MD-3", Result.PENDING),
    ]
    paid, returned, _ = report.lines
    assert (paid.amount, paid.value_date, paid.reference) == (Decimal("1001.37"), date(2026, 3, 5), "A-1")
    assert (returned.reason_code, returned.value_date) == ("AC04", date(2026, 3, 9))
    assert returned.reason is not None
    assert returned.reason.fr == "Compte clos"
    assert (report.apart, report.foreign, report.warnings) == ((), (), ())


@versions
def test_a_batch_with_its_details(version: str) -> None:
    report = read(camt([Entry(amount="15.00", details=(("MD-3", "7.00"), ("MD-4", "8.00")))], version))
    assert results(report) == [(1, "MD-3", Result.PAID), (1, "MD-4", Result.PAID)]
    assert [line.amount for line in report.lines] == [Decimal("7.00"), Decimal("8.00")]


@versions
def test_a_credit_is_no_payment_of_ours(version: str) -> None:
    report = read(camt([entry("MD-1", "5.00", side="CRDT"), entry("MD-2", "6.00")], version))
    assert results(report) == [(2, "MD-2", Result.PAID)]
    assert [(each.rank, each.reason.code) for each in report.foreign] == [(1, "credit")]
    assert report.foreign[0].reason.sentence("en") == "Credit that is no transfer of ours returned."


@pytest.mark.parametrize("changes", [{"reversal": True}, {"family": "RRTN"}, {"family": "RPCR"}, {"code": "MS03"}])
def test_what_makes_a_credit_a_return(changes: dict[str, object]) -> None:
    report = read(camt([entry("MD-1", "5.00", side="CRDT", **changes)]))
    assert results(report) == [(1, "MD-1", Result.REJECTED)]


def test_other_debits_are_not_ours() -> None:
    report = read(
        camt(
            [
                Entry(amount="3.00"),
                entry("", "4.00"),
                entry("NOTPROVIDED", "4.00"),
                entry("X", "5.00", code="AC04"),
                entry("X", "5.00", reversal=True),
            ]
        )
    )
    assert report.lines == ()
    assert report.apart == ()
    assert [each.reason.code for each in report.foreign] == [*["no_order"] * 3, *["not_a_transfer"] * 2]


def test_a_bad_entry_is_set_apart_and_loses_none() -> None:
    entries = [
        entry("MD-1", "1.00"),
        entry("MD-2", "un"),
        entry("MD-3", "1.00", currency="CHF"),
        entry("MD-4", "1.00", day="2026-13-01"),
        entry("MD-5", "1.00", side="BOTH"),
        entry("", "1.00", side="CRDT", code="AC04"),
        Entry(amount="9.00", details=(("MD-7", "4.00"), ("MD-8", "4.00"))),
        entry("M" * 36, "1.00"),
        entry("MD-9", "0.00"),
        entry("MD-10", "1.00"),
    ]
    report = read(camt(entries))
    assert results(report) == [(1, "MD-1", Result.PAID), (10, "MD-10", Result.PAID)]
    assert codes(report) == [
        (2, "amount"), (3, "currency"), (4, "day"), (5, "direction"), (6, "no_order"), (7, "details_sum"),
        (8, "identifier"), (9, "amount"),
    ]  # fmt: skip
    assert [each.end_to_end_id for each in report.apart[:2]] == ["MD-2", "MD-3"]


def test_one_bad_detail_loses_none_of_its_batch() -> None:
    report = read(camt([Entry(amount="15.00", details=(("MD-3", "7.00"), ("MD-4", "huit")))]))
    assert results(report) == [(1, "MD-3", Result.PAID)]
    assert codes(report) == [(1, "amount")]


def test_a_detail_without_amount_has_that_of_its_entry_when_alone() -> None:
    alone = camt([entry("MD-1", "5.00")]).replace(b"<RltdPties>", b"<Out><RltdPties>").replace(
        b"</RltdPties>", b"</RltdPties></Out>"
    )  # fmt: skip
    without = alone.replace(b'<TxDtls><Refs><EndToEndId>MD-1</EndToEndId></Refs><Amt Ccy="EUR">5.00</Amt>',
                            b"<TxDtls><Refs><EndToEndId>MD-1</EndToEndId></Refs>")  # fmt: skip
    assert without != alone
    assert read(without).lines[0].amount == Decimal("5.00")
    two = camt([Entry(amount="9.00", details=(("MD-1", "4.00"), ("MD-2", "5.00")))])
    missing = two.replace(b"<EndToEndId>MD-2</EndToEndId></Refs><Amt Ccy=\"EUR\">5.00</Amt>",
                          b"<EndToEndId>MD-2</EndToEndId></Refs>")  # fmt: skip
    report = read(missing)
    assert results(report) == [(1, "MD-1", Result.PAID)]
    assert codes(report) == [(1, "amount")]


def test_an_entry_without_amount_or_day() -> None:
    content = camt([entry("MD-1", "1.00"), entry("MD-2", "2.00")])
    bare = content.replace(b'<Ntry><Amt Ccy="EUR">1.00</Amt>', b"<Ntry>")
    assert codes(read(bare)) == [(1, "amount")]
    undated = content.replace(b"<BookgDt><Dt>2026-03-05</Dt></BookgDt><ValDt><Dt>2026-03-05</Dt></ValDt>", b"")
    assert codes(read(undated)) == [(1, "day"), (2, "day")]


def test_the_transfer_s_own_reference_comes_first() -> None:
    content = camt([entry("MD-1", "1.00", reference="E-1"), entry("MD-2", "1.00", reference="")])
    none = content.replace(b"S-1", b"").replace(b"E-1", b"E" * 36)
    assert codes(read(none)) == [(1, "reference"), (2, "reference")]
    own = content.replace(b"<Refs><EndToEndId>MD-1", b"<Refs><AcctSvcrRef>T-1</AcctSvcrRef><EndToEndId>MD-1")
    assert [line.reference for line in read(own).lines] == ["T-1", "S-1"]
    assert [line.reference for line in read(content).lines] == ["E-1", "S-1"]


def test_a_batch_without_details_is_a_word_on_the_whole() -> None:
    report = read(camt([Entry(amount="3007.11", batch=f"{BATCH}-1")]), Control(BATCH, 3, Decimal("3007.11")))
    (whole,) = report.wholes
    assert (whole.batch, whole.amount, whole.result) == (f"{BATCH}-1", Decimal("3007.11"), Result.PAID)
    assert (whole.reference, whole.value_date, report.warnings) == ("REF-1", date(2026, 3, 5), ())
    warned = read(camt([Entry(amount="3000.00", batch=f"{BATCH}-1")]), Control(BATCH, 3, Decimal("3007.11"))).warnings
    assert [reason.code for reason in warned] == ["total_differs"]


def test_the_file_s_own_totals_are_checked() -> None:
    summary = "<TxsSummry><TtlNtries><NbOfNtries>{}</NbOfNtries><Sum>{}</Sum></TtlNtries></TxsSummry>"
    entries = [entry("MD-1", "1.00"), entry("MD-2", "2.00", side="CRDT")]
    assert read(camt(entries, summary=summary.format(2, "3"))).warnings == ()
    warned = read(camt(entries, summary=summary.format(3, "4.00"))).warnings
    assert [reason.code for reason in warned] == ["summary_differs"] * 2
    assert "annonce 3 et contient 2" in warned[0].fr
    assert read(camt([], summary=summary.format(0, "0.00"))).warnings == ()


def test_two_statements_in_a_file_number_their_entries_together() -> None:
    one = camt([entry("MD-1", "1.00"), entry("MD-2", "1.00")]).decode()
    start, end = one.index("<Stmt>"), one.index("</Stmt>") + len("</Stmt>")
    both = one[:end] + one[start:end].replace("MD-", "MD-9") + one[end:]
    assert [line.rank for line in read(both.encode()).lines] == [1, 2, 3, 4]


def test_a_statement_with_another_body_is_not_read() -> None:
    with pytest.raises(Unreadable, match="ni d’avis"):
        read(document("camt.054.001.08", "<BkToCstmrStmt/>"))
