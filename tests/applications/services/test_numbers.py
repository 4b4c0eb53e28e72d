"""Numbers as people type them: SIRET, NAF, euros."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from applications.forms.fields import Euros, NafField, SiretField


@pytest.mark.parametrize("typed", ["73282932000074", "732 829 320 00074", " 732.829.320.00074 "])
def test_a_siret_is_read_with_or_without_spaces(typed: str) -> None:
    assert SiretField().clean(typed) == "73282932000074"


def test_la_poste_has_its_own_key() -> None:
    """Its establishments do not follow Luhn: the digits add up to a multiple of five."""
    assert SiretField().clean("35600000009075") == "35600000009075"


@pytest.mark.parametrize("typed", ["73282932000075", "7328293200007", "abc", "35600000009076"])
def test_a_wrong_siret_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        SiretField().clean(typed)


@pytest.mark.parametrize("typed", ["47.11A", "4711a", " 47.11 A", "4711A"])
def test_a_naf_code_is_written_one_way(typed: str) -> None:
    assert NafField().clean(typed) == "47.11A"


@pytest.mark.parametrize("typed", ["1 234,50", "1234.5", "1 234,5 €", "1\u202f234,50\xa0€"])
def test_euros_are_read_as_written(typed: str) -> None:
    assert Euros().clean(typed) == Decimal("1234.50")


@pytest.mark.parametrize("typed", ["-1", "mille", "1,234", "1e999", "NaN", "99999999999999"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        Euros().clean(typed)
