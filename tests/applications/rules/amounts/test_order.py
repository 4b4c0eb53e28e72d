"""The order of operations that the readable rules announce is the one that the computation follows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from applications.rules.amounts import Line, compute
from applications.rules.amounts.functions import FUNCTIONS
from applications.rules.amounts.order import OWN, order
from regions.schemes.loader import parse, shipped
from tests.applications.rules.test_shipped_schemes import FACTS, NINE, QUOTES

DEFINITIONS = {code: parse(path.read_text(encoding="utf-8"), path.name) for code, path in shipped().items()}


def test_every_function_has_its_steps() -> None:
    assert set(OWN) == set(FUNCTIONS)


@pytest.mark.parametrize("code", NINE)
def test_a_computation_takes_the_steps_in_the_order_announced(code: str) -> None:
    rules = DEFINITIONS[code]
    quote = [Line("9", "hardware", "Portable", Decimal("1200.00"), hardware=True), *QUOTES[code][0]]
    taken = [step["name"] for step in compute(rules, quote, FACTS, other_aid=Decimal(10)).details["steps"]]
    announced = order(rules)
    assert [name for name in announced if name in taken] == taken
    assert announced[0] == "excluding_vat"
    assert announced[-2:] == ["gber" if rules["legal_basis"].startswith("gber") else "de_minimis", "envelope"]


def test_the_voucher_of_la_reunion_goes_from_vat_to_the_envelope() -> None:
    assert order(DEFINITIONS["kap-numerik"]) == [
        "excluding_vat", "excluded_lines", "rate", "category_ceilings", "aid_ceiling", "other_aid", "de_minimis",
        "envelope",
    ]  # fmt: skip
    assert order(DEFINITIONS["mittelstand-40"]) == []


def test_the_exemption_stands_where_de_minimis_does() -> None:
    assert order(DEFINITIONS["kap-numerik"] | {"legal_basis": "gber_18"})[-2:] == ["gber", "envelope"]
    assert order(DEFINITIONS["kap-numerik"] | {"legal_basis": "none"})[-1] == "envelope"
