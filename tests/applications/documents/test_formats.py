"""Amounts and dates in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from applications.documents import formats


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        ("1234.56", "1\u202f234,56\u202f€", "€1,234.56"),
        ("0", "0,00\u202f€", "€0.00"),
        ("0.05", "0,05\u202f€", "€0.05"),
        ("999.9", "999,90\u202f€", "€999.90"),
        ("1234567.00", "1\u202f234\u202f567,00\u202f€", "€1,234,567.00"),
        ("-1234.56", "-1\u202f234,56\u202f€", "-€1,234.56"),
        ("-0.05", "-0,05\u202f€", "-€0.05"),
    ],
)
def test_money(amount: str, french: str, english: str) -> None:
    assert formats.money(Decimal(amount), "fr") == french
    assert formats.money(Decimal(amount), "en") == english


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        ("120.00", "120", "120"),
        ("6.50", "6,50", "6.50"),
        ("18500000.00", "18\u202f500\u202f000", "18,500,000"),
        ("1234.05", "1\u202f234,05", "1,234.05"),
    ],
)
def test_number(value: str, french: str, english: str) -> None:
    assert formats.number(Decimal(value), "fr") == french
    assert formats.number(Decimal(value), "en") == english


def test_money_refuses_to_round() -> None:
    with pytest.raises(ValueError, match="fraction of a cent"):
        formats.money(Decimal("1.005"), "fr")


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (date(2026, 3, 2), "2 mars 2026", "2 March 2026"),
        (date(2026, 8, 1), "1er août 2026", "1 August 2026"),
        (date(2027, 2, 28), "28 février 2027", "28 February 2027"),
        (date(2026, 12, 31), "31 décembre 2026", "31 December 2026"),
    ],
)
def test_day(value: date, french: str, english: str) -> None:
    assert formats.day(value, "fr") == french
    assert formats.day(value, "en") == english


def test_every_month_has_a_name_of_its_own() -> None:
    for language in ("fr", "en"):
        assert len({formats.day(date(2026, month, 5), language) for month in range(1, 13)}) == 12


@pytest.mark.parametrize(
    ("language", "english"), [("en", True), ("en-gb", True), ("EN", True), ("fr", False), ("de", False)]
)
def test_any_other_language_is_answered_in_french(language: str, english: bool) -> None:
    assert formats.is_english(language) is english


def test_identifiers_in_groups() -> None:
    assert formats.siret("73282932000074") == "732\u00a0829\u00a0320\u00a000074"
    assert formats.siret("732829320") == "732\u00a0829\u00a0320"
    assert formats.iban("FR76 30006000011234567890189") == (
        "FR76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189"
    )
