"""Files from outside: no entity, no endless growth, one sentence for each file that is not read."""

from __future__ import annotations

import time

import pytest

from applications.documents.payments import credit_transfers, safe_xml
from applications.documents.payments.reader import READERS, read
from applications.documents.payments.report import Unreadable
from tests.applications.documents.payments.samples import NAMESPACE, camt, document, entry, pain002, status

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE Document [<!ENTITY a0 "ha">{LAUGHS}]><Document>&a9;</Document>'
HOSTILE = (
    BOMB,
    '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>',
    '<!DOCTYPE Document SYSTEM "http://example.org/x.dtd"><Document/>',
    '<!DOCTYPE Document [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]><Document/>',
    '<!DOCTYPE Document PUBLIC "a" "b"><Document/>',
)


def code(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert caught.value.reason.fr
    assert caught.value.reason.en
    return caught.value.reason.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_document_type_is_refused_before_it_is_read(text: str, encoding: str) -> None:
    started = time.process_time()
    assert code(text.encode(encoding)) == "doctype"
    assert time.process_time() - started < 1
    with pytest.raises(Unreadable):
        credit_transfers.read(text.encode(encoding))


def test_an_entity_without_its_declaration_is_not_read() -> None:
    assert code(document("camt.053.001.08", "<BkToCstmrStmt>&x;</BkToCstmrStmt>")) == "not_xml"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"mandat;resultat\r\n", "not_xml"),
        (b"%PDF-1.7", "not_xml"),
        (b"<Document>", "not_xml"),
        (b"<a/><b/>", "not_xml"),
        (b"\x00\x01", "not_xml"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "not_xml"),
        (b"<Document/>", "not_iso_20022"),
        (b'<Document xmlns="urn:example"><a/></Document>', "not_iso_20022"),
        (f'<Document xmlns="{NAMESPACE}camt.053.001.08"/>'.encode(), "not_iso_20022"),
        (f'<Envelope xmlns="{NAMESPACE}camt.053.001.08"><a/></Envelope>'.encode(), "not_iso_20022"),
        (document("camt.053.001.08", "<a/><b/>"), "not_iso_20022"),
        (document("camt.053.001.13", "<BkToCstmrStmt/>"), "unsupported"),
        (document("camt.052.001.08", "<BkToCstmrAcctRpt/>"), "unsupported"),
        (document("pain.001.001.09", "<CstmrCdtTrfInitn/>"), "unsupported"),
    ],
)
def test_what_is_not_read_has_its_reason(content: bytes, expected: str) -> None:
    assert code(content) == expected


def test_an_unknown_version_is_told_with_those_that_are_known() -> None:
    with pytest.raises(Unreadable) as caught:
        read(document("camt.053.001.13", "<BkToCstmrStmt/>"))
    sentence = str(caught.value)
    assert sentence == caught.value.reason.sentence("fr")
    assert sentence.startswith("Message camt.053.001.13 non pris en charge ; sont lus : ")
    assert all(name in sentence for name in READERS)


def test_a_long_namespace_is_not_repeated_in_full() -> None:
    with pytest.raises(Unreadable) as caught:
        read(f'<Document xmlns="{"x" * 5000}"><a/></Document>'.encode())
    assert len(str(caught.value)) < 200


def test_size_depth_and_count_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code(b"<a>" * 100) == "too_deep"
    monkeypatch.setattr(safe_xml, "MAX_ELEMENTS", 50)
    assert code(document("camt.053.001.08", "<a/>" * 60)) == "too_deep"
    monkeypatch.setattr(safe_xml, "MAX_BYTES", 1024 * 1024)
    assert code(b" " * (1024 * 1024) + b"<a/>") == "too_big"


def test_elements_of_another_namespace_are_not_taken_for_ours() -> None:
    content = camt([entry("MD-1", "1.00")]).replace(
        b"</Stmt>", b'<x:Ntry xmlns:x="urn:other"><x:Amt>9</x:Amt></x:Ntry></Stmt>'
    )
    report = read(content)
    assert [line.end_to_end_id for line in report.lines] == ["MD-1"]
    assert report.apart == ()


def test_a_prefix_and_another_encoding_change_nothing() -> None:
    plain = pain002([status("MD-1", "ACSC", amount="1.00")]).decode()
    prefixed = plain.replace("<", "<p:").replace("<p:/", "</p:").replace("<p:?", "<?").replace("xmlns=", "xmlns:p=")
    latin = plain.replace("UTF-8", "ISO-8859-1")
    assert read(prefixed.encode()) == read(plain.encode()) == read(latin.encode("latin-1"))
    assert read(plain.replace("UTF-8", "UTF-16").encode("utf-16")) == read(plain.encode())
