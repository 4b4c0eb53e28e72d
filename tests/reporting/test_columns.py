"""Canonical values and the content hash: the same content for ever the same, any other content another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reporting.columns import KINDS, NONE, Column, ContentHash, canonical

unhurried = settings(deadline=None)  # the machine may be busy, and nothing here is about speed
NOON = datetime(2026, 3, 2, 11, 0, 0, 5, tzinfo=UTC)
REUNION = timezone(timedelta(hours=4))

COLUMNS = (
    Column("file", "Dossier", "File"),
    Column("firm", "Entreprise", "Firm", personal=True),
    Column("town", "Ville", "Town"),
    Column("count", "Nombre", "Count", "integer"),
    Column("paid", "Payé", "Paid", "money"),
    Column("ratio", "Taux", "Ratio", "percent"),
    Column("on", "Date", "Date", "date"),
    Column("at", "Moment", "Moment", "moment"),
    Column("live", "Actif", "Live", "boolean"),
)
COUNTED = [column for column in COLUMNS if not column.personal]


def exact(places: int, limit: int = 10**11) -> st.SearchStrategy[Decimal]:
    return st.integers(-limit, limit).map(lambda units: Decimal(units).scaleb(-places))


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(st.characters(), max_size=8),
    "integer": st.integers(),
    "money": exact(2),
    "decimal": exact(7),
    "percent": exact(7),
    "date": st.dates(),
    "moment": st.datetimes(
        datetime(1900, 1, 2),
        datetime(2200, 1, 1),
        timezones=st.sampled_from([UTC, REUNION]),  # noqa: DTZ001
    ),
    "boolean": st.booleans(),
}


def row_values() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({c.key: st.none() | VALUES[c.kind] for c in COLUMNS})


def hash_of(*rows: dict[str, Any], language: str = "fr", columns: tuple[Column, ...] = COLUMNS) -> str:
    digest = ContentHash(language)
    digest.sheet("vouchers", columns, rows)
    return digest.hexdigest()


class State(StrEnum):
    PAID = "paid"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("text", "Épicerie « Z »", "Épicerie « Z »"),
        ("text", "", ""),
        ("text", State.PAID, "paid"),
        ("text", "a\x00b", "a\x00\x00b"),
        ("integer", 1234, "1234"),
        ("integer", -3, "-3"),
        ("money", Decimal("1234.5"), "1234.50"),
        ("money", Decimal("3200.00"), "3200.00"),
        ("money", Decimal("1E+3"), "1000.00"),
        ("money", Decimal("-0.00"), "0.00"),
        ("money", Decimal("0.10") + Decimal("0.20"), "0.30"),
        ("money", 12, "12.00"),
        ("decimal", Decimal("120.00"), "120"),
        ("decimal", Decimal("1E+2"), "100"),
        ("decimal", Decimal("-0.0"), "0"),
        ("decimal", 100, "100"),
        ("percent", Decimal("0.8500"), "0.85"),
        ("percent", Decimal(1) / 3, "0.3333333333333333333333333333"),
        ("date", date(2026, 3, 2), "2026-03-02"),
        ("moment", NOON, "2026-03-02T11:00:00.000005+00:00"),
        ("moment", NOON.astimezone(REUNION), "2026-03-02T11:00:00.000005+00:00"),
        ("boolean", True, "true"),
        ("boolean", False, "false"),
    ],
)
def test_canonical_writes_one_exact_string(kind: str, value: Any, text: str) -> None:
    assert canonical(value, kind) == text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_value_is_a_token_of_its_own(kind: str) -> None:
    assert canonical(None, kind) == NONE
    assert NONE not in {canonical(text, "text") for text in ("", "None", "null", NONE, NONE * 2)}


@pytest.mark.parametrize(
    ("kind", "value", "error"),
    [
        ("money", Decimal("0.005"), ValueError),
        ("money", Decimal("NaN"), ValueError),
        ("money", 12.5, TypeError),
        ("money", "12.50", TypeError),
        ("money", True, TypeError),
        ("decimal", 0.1, TypeError),
        ("decimal", Decimal("Infinity"), ValueError),
        ("integer", True, TypeError),
        ("integer", Decimal(3), TypeError),
        ("integer", "3", TypeError),
        ("date", NOON, TypeError),
        ("date", "2026-03-02", TypeError),
        ("moment", date(2026, 3, 2), TypeError),
        ("moment", datetime(2026, 3, 2), ValueError),  # noqa: DTZ001
        ("boolean", 1, TypeError),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: str, value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        canonical(value, kind)


@pytest.mark.parametrize("kind", sorted(KINDS))
@unhurried
@given(data=st.data())
def test_different_values_have_different_strings(kind: str, data: st.DataObject) -> None:
    values = st.none() | VALUES[kind]
    first, second = data.draw(values), data.draw(values)
    assert (canonical(first, kind) == canonical(second, kind)) == (first == second)


def test_headings_carry_the_number_of_the_law() -> None:
    field = Column("granted", "Aide accordée", "Aid granted", "money", "Annex XVII, 25")
    point = Column("name", "Nom", "Name", reference="Art. 49(3)(d)")
    assert field.heading("fr") == "Aide accordée [25]"
    assert field.heading("en-gb") == "Aid granted [25]"
    assert point.heading("fr") == "Nom [49(3)(d)]"
    assert Column("naf", "Code NAF", "NAF code").heading("en") == "NAF code"


def test_a_column_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Column("a", "A", "A", "colour")


@unhurried
@given(row=row_values(), key=st.sampled_from([c.key for c in COUNTED]), data=st.data())
def test_any_changed_cell_changes_the_hash(row: dict[str, Any], key: str, data: st.DataObject) -> None:
    kind = next(column.kind for column in COLUMNS if column.key == key)
    other = data.draw(st.none() | VALUES[kind])
    assume(other != row[key])
    assert hash_of(row | {key: other}) != hash_of(row)


@unhurried
@given(row=row_values(), name=st.none() | VALUES["text"])
def test_a_personal_cell_does_not_count(row: dict[str, Any], name: str | None) -> None:
    assert hash_of(row | {"firm": name}) == hash_of(row)


@unhurried
@given(row=row_values(), left=VALUES["text"], right=VALUES["text"], cut=st.integers(0, 16))
def test_text_that_moves_to_the_next_cell_changes_the_hash(
    row: dict[str, Any], left: str, right: str, cut: int
) -> None:
    whole = left + right
    moved = {"file": whole[:cut], "town": whole[cut:]}
    assume(moved["file"] != left)
    assert hash_of(row | moved) != hash_of(row | {"file": left, "town": right})


@unhurried
@given(rows=st.lists(row_values(), min_size=2, max_size=4), data=st.data())
def test_rows_count_in_their_order_and_number(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    counted = [[canonical(row[c.key], c.kind) for c in COUNTED] for row in rows]
    shuffled = data.draw(st.permutations(range(len(rows))))
    same = [counted[index] for index in shuffled] == counted
    assert (hash_of(*(rows[index] for index in shuffled)) == hash_of(*rows)) == same
    assert hash_of(*rows[:-1]) != hash_of(*rows)


@unhurried
@given(row=row_values())
def test_the_hash_does_not_depend_on_how_a_value_is_written(row: dict[str, Any]) -> None:
    rewritten = {key: +value if isinstance(value, Decimal) else value for key, value in row.items()}
    if rewritten["at"]:
        rewritten["at"] = rewritten["at"].astimezone(REUNION)
    if rewritten["ratio"] is not None:
        rewritten["ratio"] = rewritten["ratio"].normalize()
    assert hash_of(rewritten) == hash_of(row)


def _example() -> dict[str, Any]:
    return {
        "file": "RE-2026-0001", "firm": "Épicerie", "town": "Cilaos", "count": 2, "paid": Decimal("1200.00"),
        "ratio": Decimal("0.8"), "on": date(2026, 3, 2), "at": NOON, "live": True,
    }  # fmt: skip


# The bytes that are hashed, written by hand: should they change, last year's reports no longer verify.
FRAMED = r"""{"language":"fr"}
{"sheet":"vouchers","columns":[["file","text"],["town","text"],["count","integer"],["paid","money"],"""
FRAMED += r"""["ratio","percent"],["on","date"],["at","moment"],["live","boolean"]]}
["RE-2026-0001","Cilaos","2","1200.00","0.8","2026-03-02","2026-03-02T11:00:00.000005+00:00","true"]
["RE-2026-0001","\u00c9tang","2","\u0000","0.8","2026-03-02","2026-03-02T11:00:00.000005+00:00","true"]
"""


def test_the_hash_stays_the_same_for_ever() -> None:
    second = _example() | {"paid": None, "town": "Étang"}
    assert hash_of(_example(), second) == hashlib.sha256(FRAMED.encode("ascii")).hexdigest()


def test_language_columns_and_sheets_count() -> None:
    row = _example()
    several = {
        hash_of(row), hash_of(row, language="en"), hash_of(row, columns=COLUMNS[:-1]),
        hash_of(row, columns=COLUMNS[::-1]), _two_sheets("a", "b"), _two_sheets("b", "a"), _two_sheets("a", "a"),
    }  # fmt: skip
    assert len(several) == 7


def _two_sheets(first: str, second: str) -> str:
    digest = ContentHash("fr")
    for key in (first, second):
        digest.sheet(key, COLUMNS, [])
    return digest.hexdigest()


def test_a_reworded_label_leaves_the_hash_alone() -> None:
    reworded = (Column("file", "Référence", "Reference"), *COLUMNS[1:])
    assert hash_of(_example(), columns=reworded) == hash_of(_example())


def test_a_row_without_a_column_is_refused() -> None:
    row = _example()
    del row["town"]
    with pytest.raises(KeyError, match="town"):
        hash_of(row)


def test_rows_are_read_once_and_as_they_come() -> None:
    read: list[int] = []

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(3):
            read.append(number)
            yield _example() | {"count": number}

    digest = ContentHash("fr")
    digest.sheet("vouchers", COLUMNS, rows())
    assert read == [0, 1, 2]
    assert digest.hexdigest() == hash_of(*(_example() | {"count": number} for number in range(3)))
