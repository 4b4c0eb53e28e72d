"""The shapes of an input: what they read, what they refuse and where, and the schema they show."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.base import InputError, Verdict
from applications.rules.compute.answers import answer, decimal_text
from applications.rules.compute.build import (
    choice,
    day,
    euro,
    flag,
    may,
    need,
    number,
    percent,
    record,
    rows,
    table,
    text,
    whole,
)
from applications.rules.compute.reading import documents, parse
from applications.rules.compute.shapes import Shape

D = Decimal
EURO, SIGNED = euro("Montant | Amount"), euro("Solde | Balance", signed=True)
INPUT = record(
    "Une demande | A request",
    need("amount", EURO),
    may("on", day("Date | Date")),
    may("kind", choice("Nature | Kind", ("market_study", "54(a)", "18")), "18"),
    may("lines", rows("Lignes | Lines", record("Ligne | Line", need("amount", EURO)), most=2), []),
    may("by_name", table("Par nom | By name", percent("Part | Share"))),
    any_of=("on", "lines"),
)


@pytest.mark.parametrize(
    ("shape", "value", "read"),
    [
        (EURO, "1250.50", D("1250.5")),
        (EURO, D("1.50"), D("1.5")),
        (EURO, " 12 ", D(12)),
        (EURO, D("-0"), D(0)),
        (SIGNED, D("-3.2"), D("-3.2")),
        (whole("n"), D("3.0"), 3),
        (whole("n"), "12", 12),
        (flag("f"), True, True),
        (day("d"), "2026-11-17", date(2026, 11, 17)),
        (text("t"), " été ", "été"),
        (choice("c", ("market_study",)), "Market-Study", "market_study"),
        (choice("c", ("17", "18")), D(18), "18"),
        (number("n", None), "-1", D(-1)),
    ],
)
def test_what_is_read(shape: Shape, value: Any, read: Any) -> None:
    assert shape.read(value, "$") == read


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (EURO, D(-1)),
        (EURO, "1,5"),
        (EURO, True),
        (EURO, D("NaN")),
        (EURO, D("1e15")),
        (EURO, D("1e-13")),
        (percent("p"), D("100.01")),
        (whole("n"), D("1.5")),
        (whole("n", 1, 12), D(13)),
        (flag("f"), "true"),
        (flag("f"), D(1)),
        (day("d"), "2026-02-29"),
        (day("d"), "20261117"),
        (day("d"), "2026-W47-2"),
        (text("t"), ""),
        (text("t"), "\x00"),
        (text("t"), "\ud800"),
        (text("t"), "x" * 401),
        (choice("c", ("a",)), None),
        (rows("r", text("t"), least=1), []),
        (rows("r", text("t")), {}),
        (table("t", EURO), []),
    ],
)
def test_what_is_refused(shape: Shape, value: Any) -> None:
    with pytest.raises(InputError) as fault:
        shape.read(value, "$.here")
    assert fault.value.field == "$.here"
    assert fault.value.fr != fault.value.sentence


@pytest.mark.parametrize(
    ("value", "field", "word"),
    [
        ({}, "$.amount", "Amount, in euro"),
        ({"amount": D(1)}, "$", "on, lines"),
        ({"amount": D(1), "on": "2026-01-01", "ammount": D(2)}, "$.ammount", "amount"),
        ({"amount": D(1), "lines": [{"amount": D(1)}, {"amount": D(-1)}]}, "$.lines[1].amount", "-1"),
        ({"amount": D(1), "lines": [{"amount": D(1)}] * 3}, "$.lines", "there are 3"),
        ({"amount": D(1), "lines": [], "by_name": {"a.b": D(101)}}, '$.by_name["a.b"]', "at most 100"),
    ],
)
def test_a_fault_has_the_path_of_the_value(value: dict[str, Any], field: str, word: str) -> None:
    with pytest.raises(InputError) as fault:
        INPUT.read(value, "$")
    assert fault.value.field == field
    assert word in fault.value.sentence


def test_null_and_absent_are_the_same_and_defaults_are_read() -> None:
    read = INPUT.read({"amount": D(1), "on": "2026-01-01", "kind": None, "lines": None}, "$")
    assert (read["kind"], read["lines"], read["by_name"]) == ("18", [], None)


def test_the_schema_says_units_bounds_and_defaults() -> None:
    schema = INPUT.schema("fr")
    assert (schema["required"], schema["additionalProperties"]) == (["amount"], False)
    assert schema["properties"]["amount"]["description"] == "Montant, en euros"
    assert schema["properties"]["amount"]["minimum"] == 0
    assert schema["properties"]["kind"]["default"] == "18"
    assert schema["anyOf"] == [{"required": ["on"]}, {"required": ["lines"]}]
    assert INPUT.schema("en")["properties"]["amount"]["description"] == "Amount, in euro"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("4550", "4550.00"),
        ("11.25", "11.25"),
        ("0.1", "0.10"),
        ("1.4387755102", "1.438776"),
        ("-0.0000001", "0.00"),
        ("1E+3", "1000.00"),
        ("-2.5", "-2.50"),
    ],
)
def test_figures_are_shown_with_two_decimals_or_up_to_six(value: str, shown: str) -> None:
    assert decimal_text(D(value)) == shown


def test_an_answer_is_plain_json() -> None:
    verdict = Verdict(True, amount=D("1066.666"), details={"on": date(2026, 1, 1), "names": frozenset("ba"), "n": 3})
    found = answer("x", verdict, {"rate": D(3)})
    assert (found["amount"], found["inputs"]) == ("1066.66", {"rate": "3.00"})
    assert found["details"] == {"on": "2026-01-01", "names": ["a", "b"], "n": 3}


@pytest.mark.parametrize(
    ("whole_text", "count"),
    [
        ('{"a": 1}', 1),
        ('{"a": 1}\n{"a": 2}\n', 2),
        ('{"a": 1}\r\n\r\n{"a": 2}', 2),
        ('{\n"a": 1\n}', 1),
        ('{"a": 1}\n{broken', 2),
        ('{\n"a": broken\n}', 1),
        ("", 1),
    ],
)
def test_one_object_or_one_per_line(whole_text: str, count: int) -> None:
    assert len(documents(whole_text)) == count


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**14, places=2))
def test_an_amount_is_read_as_it_is_written(amount: Decimal) -> None:
    for written in (f'{{"a": {amount:f}}}', f'{{"a": "{amount:f}"}}'):
        assert record("x", need("a", EURO)).read(parse(written), "$")["a"] == amount
