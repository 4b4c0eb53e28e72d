"""Transfer orders: valid by the standard's schema, the same bytes, read back equal, and nothing hostile."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from applications.documents.payments import credit_transfers
from applications.documents.payments.credit_transfers import VERSIONS, read, write
from applications.documents.payments.report import Unreadable
from applications.documents.payments.sepa_text import IDENTIFIER, REFUSED, to_sepa
from tests.applications.documents.payments.samples import BATCH, CREATED, IBAN, transfer, transfers

versions = pytest.mark.parametrize("version", list(VERSIONS))


def errors(content: bytes, version: str) -> list[str]:
    """What the standard's own schema says against a file."""
    schema = etree.XMLSchema(etree.fromstring((files("sepaxml") / "schemas" / f"{version}.xsd").read_bytes()))
    schema.validate(etree.fromstring(content))
    return [str(error.message) for error in schema.error_log]


@versions
@pytest.mark.parametrize("changes", [{}, {"debtor_bic": ""}])
def test_is_valid_by_the_schema(version: str, changes: dict[str, Any]) -> None:
    assert errors(write(transfers(40, **changes), version), version) == []


def test_the_schema_would_see_a_fault() -> None:
    content = write(transfers(), "pain.001.001.09").replace(b"BICFI", b"BIC")
    assert errors(content, "pain.001.001.09") != []


@versions
def test_reads_back_equal(version: str) -> None:
    assert read(write(transfers(), version)) == transfers()
    assert read(write(transfers(debtor_bic=""), version)) == transfers(debtor_bic="")


@versions
def test_the_same_batch_gives_the_same_bytes(version: str) -> None:
    assert write(transfers(), version) == write(transfers(), version)
    assert write(transfers(), version) == write(transfers().as_written(), version)


def test_header_counts_and_adds_up() -> None:
    content = write(transfers(3), "pain.001.001.03").decode()
    assert content.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022')
    assert content.count("<NbOfTxs>3</NbOfTxs>") == 2
    assert content.count("<CtrlSum>3007.11</CtrlSum>") == 2
    assert f"<MsgId>{BATCH}</MsgId>" in content
    assert "<CreDtTm>2026-03-02T08:30:00+00:00</CreDtTm>" in content
    assert '<InstdAmt Ccy="EUR">1001.37</InstdAmt>' in content
    assert "<ReqdExctnDt>2026-03-04</ReqdExctnDt>" in content
    assert "<BIC>AGRIFRPP882</BIC>" in content


def test_the_later_version_names_the_bank_and_the_day_otherwise() -> None:
    content = "".join(write(transfers(), "pain.001.001.09").decode().split())
    assert "<ReqdExctnDt><Dt>2026-03-04</Dt></ReqdExctnDt>" in content
    assert "<BICFI>AGRIFRPP882</BICFI>" in content


def test_a_bank_known_by_the_account_alone() -> None:
    content = "".join(write(transfers(debtor_bic=""), "pain.001.001.09").decode().split())
    assert "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>" in content


@versions
def test_names_are_brought_to_the_characters_of_sepa(version: str) -> None:
    name = "Épicerie « L’Œuf & Cie » n° 5 – Ærø, Łódź; straße_2"
    batch = transfers(debtor_name="Région Réunion", transfers=(transfer(creditor_name=name, remittance="é" * 200),))
    content = write(batch, version)
    assert errors(content, version) == []
    again = read(content)
    assert again.debtor_name == "Region Reunion"
    assert again.transfers[0].creditor_name == "Epicerie L'OEuf + Cie no 5 - AEro, Lodz, strasse-2"
    assert again.transfers[0].remittance == "e" * 140
    assert again == batch.as_written()


@versions
@pytest.mark.parametrize(
    "name",
    ["=cmd|'/c calc'!A1", "+33 262", "-2+3", "@SUM(A1)", "\t=1", "</Nm><IBAN>FR14</IBAN>", "&xxe; <![CDATA[", "//a//"],
)
def test_a_hostile_name_is_only_a_name(version: str, name: str) -> None:
    batch = transfers(transfers=(transfer(creditor_name=name, remittance=name),))
    content = write(batch, version)
    assert errors(content, version) == []
    (written,) = read(content).transfers
    assert written.iban == IBAN
    for found in (written.creditor_name, written.remittance):
        assert found
        assert not found.startswith(("=", "+", "-", "@", "/", "'", " "))
        assert "//" not in found
        assert not REFUSED.search(found)


@given(st.text(max_size=300))
def test_any_text_is_written_within_the_set_and_once_for_all(text: str) -> None:
    written = to_sepa(text, 70)
    assert len(written) <= 70
    assert not REFUSED.search(written)
    assert not written.startswith(("+", "-", "/", "'", " "))
    assert "//" not in written
    assert to_sepa(written, 70) == written


@pytest.mark.parametrize("number", ["", "MD 1 ", "é", "/MD", "MD/", "M//D", "M" * 36, "MD\n1", "=1", "MD\n"])
def test_an_identifier_is_never_changed_but_refused(number: str) -> None:
    assert not IDENTIFIER.fullmatch(number) or number != number.strip()
    with pytest.raises(ValueError, match="identifier"):
        transfer(order_number=number)
    with pytest.raises(ValueError, match="identifier"):
        transfers(number=number)


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "1000000000"])
def test_an_amount_that_sepa_does_not_transfer(amount: str) -> None:
    with pytest.raises(ValueError, match=r"amount|fraction"):
        transfer(amount=Decimal(amount))


@pytest.mark.parametrize("iban", ["", "FR7630006000011234567890188", "BR1800360305000010009795493C1", "not one"])
def test_an_account_that_sepa_does_not_reach(iban: str) -> None:
    with pytest.raises(ValueError, match=r"MD-00001: .* (is not an IBAN|outside the SEPA zone)"):
        transfer(iban=iban)
    with pytest.raises(ValueError, match=BATCH):
        transfers(debtor_iban=iban)


def test_a_name_of_which_nothing_is_left() -> None:
    with pytest.raises(ValueError, match="MD-00001: nothing of the payee"):
        transfer(creditor_name="株式会社")
    with pytest.raises(ValueError, match="debtor"):
        transfers(debtor_name="…\u202e")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"transfers": ()}, "no transfer"),
        ({"transfers": (transfer(1), transfer(1))}, "twice"),
        ({"debtor_bic": "AGRI"}, "not a BIC"),
        ({"created": datetime(2026, 3, 2)}, "time zone"),
        ({"number": "B" * 34}, "identifier"),
    ],
)
def test_a_batch_that_cannot_be_sent(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        transfers(**changes)


def test_an_unknown_version_is_not_written() -> None:
    with pytest.raises(KeyError):
        write(transfers(), "pain.001.001.02")


def test_the_moment_is_written_in_whole_seconds() -> None:
    precise = transfers(created=CREATED.replace(microsecond=123456))
    assert write(precise, "pain.001.001.03") == write(transfers(), "pain.001.001.03")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<CtrlSum>3007.11</CtrlSum>", b"<CtrlSum>3007.12</CtrlSum>", "control_sum"),
        (b"<NbOfTxs>3</NbOfTxs>", b"<NbOfTxs>4</NbOfTxs>", "control_sum"),
        (b">1001.37<", b">1001.38<", "control_sum"),
        (b">1001.37<", b">mille<", "not_ours"),
        (b'Ccy="EUR"', b'Ccy="USD"', "not_ours"),
        (IBAN.encode(), b"FR7630006000011234567890188", "not_ours"),
        (b"MD-00002", b"MD-00001", "not_ours"),
        (b"2026-03-04", b"demain", "not_ours"),
        (b"PmtInf>", b"Block>", "not_ours"),
        (b"pain.001.001.09", b"pain.001.001.12", "unsupported"),
    ],
)
def test_a_file_that_was_altered_is_not_read(old: bytes, new: bytes, code: str) -> None:
    content = write(transfers(3), "pain.001.001.09")
    assert old in content
    with pytest.raises(Unreadable) as caught:
        read(content.replace(old, new))
    assert caught.value.reason.code == code


def test_the_reader_says_which_versions_it_knows() -> None:
    content = write(transfers(), "pain.001.001.09").replace(b"pain.001.001.09", b"pain.001.001.12")
    with pytest.raises(Unreadable, match=r"pain\.001\.001\.12 non pris en charge ; sont lus : pain\.001\.001\.03"):
        credit_transfers.read(content)
