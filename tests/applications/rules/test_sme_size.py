"""Size from own figures: headcount strictly below, one of the two amounts at most."""

from __future__ import annotations

from decimal import Decimal

import pytest

from applications.rules.sme_size import size_of


@pytest.mark.parametrize(
    ("headcount", "turnover", "balance", "size"),
    [
        ("45", "9200000", "11000000", "small"),
        ("45", "10500000", "10200000", "medium"),
        ("9.9", "2100000", "1900000", "micro"),
        ("250", "30000000", "20000000", "large"),
        ("249.99", "50000000", "99000000", "medium"),
        ("249.99", "50000000.01", "43000000.01", "large"),
        ("9", "1500000", None, "micro"),
        ("10", "1500000", None, "small"),
        ("9", None, None, "large"),
    ],
)
def test_thresholds(headcount: str, turnover: str | None, balance: str | None, size: str) -> None:
    amounts = [None if value is None else Decimal(value) for value in (turnover, balance)]
    assert size_of(Decimal(headcount), *amounts) == size


def test_an_unknown_headcount_has_no_size() -> None:
    assert size_of(None, Decimal(1), Decimal(1)) == ""
