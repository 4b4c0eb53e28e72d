"""A booking writes every column of the ledger: a column added later cannot be left out unseen."""

from __future__ import annotations

from applications.booking import ALIKE, EACH
from applications.models import LedgerEntry


def test_a_booking_gives_every_column_of_an_entry() -> None:
    columns = {field.attname for field in LedgerEntry._meta.concrete_fields if not field.primary_key}
    assert columns == {*EACH, *ALIKE}
    assert len(columns) == len(EACH) + len(ALIKE)
