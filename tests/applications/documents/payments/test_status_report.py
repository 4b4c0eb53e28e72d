"""The bank's status report: who is paid, refused or waiting, in both versions; the odd entry apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from applications.documents.payments.bank_reasons import WORDS
from applications.documents.payments.reader import read
from applications.documents.payments.report import BankReport, Control, Result, Unreadable
from applications.documents.payments.status_report import RESULTS, VERSIONS
from tests.applications.documents.payments.samples import BATCH, document, pain002, status

versions = pytest.mark.parametrize("version", VERSIONS)
ENTRIES = (
    status("MD-1", "ACSC", amount="1001.37", extra="<AcctSvcrRef>AS-1</AcctSvcrRef>"),
    status("MD-2", "RJCT", "AC04", "12.00"),
    status("MD-3", "PDNG"),
    status("MD-4", "ACCP"),
)


def codes(report: BankReport) -> list[tuple[int, str]]:
    return [(each.rank, each.reason.code) for each in report.apart]


@versions
def test_each_transfer_has_its_result(version: str) -> None:
    report = read(pain002(ENTRIES, version=version, group="PART"))
    assert (report.message, report.message_id) == (version, "R-1")
    assert [(line.rank, line.end_to_end_id, line.result) for line in report.lines] == [
        (1, "MD-1", Result.PAID),
        (2, "MD-2", Result.REJECTED),
        (3, "MD-3", Result.PENDING),
        (4, "MD-4", Result.PENDING),
    ]
    assert [line.amount for line in report.lines] == [Decimal("1001.37"), Decimal("12.00"), None, None]
    assert [line.reference for line in report.lines] == ["AS-1", "R-1", "R-1", "R-1"]
    assert (report.wholes, report.apart, report.foreign, report.warnings) == ((), (), (), ())


def test_a_refusal_says_why_in_both_languages() -> None:
    line = read(pain002([status("MD-2", "RJCT", "AC04")])).lines[0]
    assert line.reason_code == "AC04"
    assert line.reason is not None
    assert line.reason.sentence("fr") == "Compte clos"
    assert line.reason.sentence("en-GB") == "Account closed"
    assert read(pain002([status("MD-2", "ACSC")])).lines[0].reason is None


@pytest.mark.parametrize("code", ["AC01", "AC04", "AC06", "AG01", "AM04", "BE01", "MD07", "MS03", "RC01", "RR04"])
def test_the_usual_codes_have_words(code: str) -> None:
    reason = read(pain002([status("MD-2", "RJCT", code)])).lines[0].reason
    assert reason is not None
    assert code not in reason.fr
    assert (reason.fr, reason.en) == WORDS[code]


def test_a_code_that_is_not_listed_is_given_as_it_is() -> None:
    reason = read(pain002([status("MD-2", "RJCT", "ZZ99")])).lines[0].reason
    assert reason is not None
    assert "ZZ99" in reason.fr
    assert "ZZ99" in reason.en


def test_the_bank_s_own_code_and_one_that_cannot_be_shown() -> None:
    own = status("MD-1", "RJCT").replace("<TxSts>RJCT</TxSts>", "<TxSts>RJCT</TxSts><StsRsnInf>{}</StsRsnInf>")
    assert read(pain002([own.format("<Rsn><Prtry>X9</Prtry></Rsn>")])).lines[0].reason_code == "X9"
    assert read(pain002([own.format("<Rsn><Prtry>=1+1</Prtry></Rsn>")])).lines[0].reason_code == ""
    later = own.format("<AddtlInf>x</AddtlInf></StsRsnInf><StsRsnInf><Rsn><Cd>MS03</Cd></Rsn>")
    assert read(pain002([later])).lines[0].reason_code == "MS03"


@pytest.mark.parametrize(("word", "result"), list(RESULTS.items()))
def test_every_status_has_one_meaning(word: str, result: Result) -> None:
    assert read(pain002([status("MD-1", word)])).lines[0].result == result


@pytest.mark.parametrize("word", ["ACCP", "ACSP", "ACTC", "RCVD", "PDNG"])
def test_accepted_is_not_paid(word: str) -> None:
    assert read(pain002([status("MD-1", word)])).lines[0].result == Result.PENDING


def test_the_nearest_status_counts() -> None:
    entries = [status("MD-1", ""), status("MD-2", "ACSC")]
    lines = read(pain002(entries, group="ACCP", block="RJCT")).lines
    assert [line.result for line in lines] == [Result.REJECTED, Result.PAID]
    assert read(pain002([status("MD-1", "")], group="RJCT", code="FF01", block="PART")).lines[0].reason_code == "FF01"


def test_the_day_is_that_of_the_event_or_else_of_the_message() -> None:
    dated = status("MD-1", "ACSC", extra="<AccptncDtTm>2026-03-06T23:30:00-10:00</AccptncDtTm>")
    effective = status("MD-2", "ACSC", extra="<FctvIntrBkSttlmDt><Dt>2026-03-07</Dt></FctvIntrBkSttlmDt>")
    lines = read(pain002([dated, effective, status("MD-3", "ACSC")])).lines
    assert [line.value_date for line in lines] == [date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 4)]


@versions
def test_a_batch_refused_at_once(version: str) -> None:
    report = read(pain002(version=version, group="RJCT", code="AM10"))
    assert report.lines == ()
    (whole,) = report.wholes
    assert (whole.batch, whole.result, whole.reason_code) == (BATCH, Result.REJECTED, "AM10")


def test_a_bad_entry_is_set_apart_and_loses_none() -> None:
    entries = [
        status("MD-1", "ACSC", amount="10.00"),
        status("MD-2", "WHAT"),
        status("", "ACSC"),
        status("NOTPROVIDED", "ACSC"),
        status("MD-5", "ACSC", amount="1e3"),
        status("MD-6", "ACSC", amount="10.00").replace("EUR", "USD"),
        status("MD-7", "ACSC", extra="<AccptncDtTm>demain</AccptncDtTm>"),
        status("MD-8", ""),
        status("M" * 36, "ACSC"),
        status("MD-10", "RJCT", "AC01"),
        status("MD-11", "ACSC", amount="10.001"),
        status("MD-12", "ACSC", amount="-1.00"),
        status("MD-13", "ACSC", extra="<AccptncDtTm>2026-02-30</AccptncDtTm>"),
    ]
    report = read(pain002(entries))
    assert [line.end_to_end_id for line in report.lines] == ["MD-1", "MD-10"]
    assert codes(report) == [
        (2, "status"), (3, "no_order"), (4, "no_order"), (5, "amount"), (6, "currency"), (7, "day"),
        (8, "no_status"), (9, "identifier"), (11, "amount"), (12, "amount"), (13, "day"),
    ]  # fmt: skip
    assert report.apart[0].end_to_end_id == "MD-2"
    assert report.apart[0].reason.sentence("fr") == "Statut inconnu : « WHAT »."
    assert report.apart[0].reason.sentence("en") == "Unknown status: “WHAT”."


def test_a_message_that_nothing_names() -> None:
    content = pain002([status("MD-1", "ACSC")], group="ACCP").replace(b"<MsgId>R-1</MsgId>", b"")
    report = read(content)
    assert (report.lines, report.wholes) == ((), ())
    assert codes(report) == [(0, "reference"), (1, "reference")]


def test_an_unknown_word_on_the_whole_is_set_apart() -> None:
    report = read(pain002([status("MD-1", "ACSC")], group="WHAT"))
    assert codes(report) == [(0, "status")]
    assert len(report.lines) == 1


def test_sums_are_compared_with_what_was_sent() -> None:
    sums = "<OrgnlNbOfTxs>3</OrgnlNbOfTxs><OrgnlCtrlSum>3007.11</OrgnlCtrlSum>"
    same = Control(BATCH, 3, Decimal("3007.11"))
    assert read(pain002(sums=sums), same).warnings == ()
    assert read(pain002(sums=sums.replace("3007.11", "3007.110")), same).warnings == ()
    assert read(pain002(), same).warnings == ()
    warned = read(pain002(sums=sums), Control(BATCH, 4, Decimal("3007.12"))).warnings
    assert [reason.code for reason in warned] == ["count_differs", "total_differs"]
    assert "3 virements reçus selon la banque, 4 transmis" in warned[0].fr
    assert "3007.11" in warned[1].en


def test_a_report_about_another_batch_says_so() -> None:
    warned = read(pain002(batch="B-OTHER"), Control(BATCH, 3, Decimal(1))).warnings
    assert [reason.code for reason in warned] == ["other_batch"]
    assert "B-OTHER" in warned[0].en


def test_a_report_that_names_no_file_is_not_read() -> None:
    with pytest.raises(Unreadable, match="ne nomme pas le fichier"):
        read(document("pain.002.001.10", "<CstmrPmtStsRpt><GrpHdr/></CstmrPmtStsRpt>"))


def test_a_message_without_a_readable_day() -> None:
    content = pain002([status("MD-1", "ACSC")]).replace(b"2026-03-04T18:05:11+01:00", b"x")
    assert read(content).lines[0].value_date is None
