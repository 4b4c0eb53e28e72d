"""A scheme written as one file reads back the same; another region's copy names what it must fill."""

from __future__ import annotations

import random
from typing import Any

import pytest

from regions.schemes import exchange
from regions.schemes.loader import canonical, fingerprint, parse, publication_faults, shipped

DEFINITIONS = {code: parse(path.read_text(encoding="utf-8"), path.name) for code, path in shipped().items()}
KAP = DEFINITIONS["kap-numerik"]


def _shuffled(node: Any) -> Any:
    """The same data with its names in another order, as a database may give it back."""
    if isinstance(node, dict):
        names = list(node)
        random.Random(7).shuffle(names)
        return {name: _shuffled(node[name]) for name in names}
    return [_shuffled(item) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("code", sorted(DEFINITIONS))
def test_the_round_trip_is_identical(code: str) -> None:
    definition = DEFINITIONS[code]
    text = exchange.write(_shuffled(definition), "Kap\nNumérik", "v1")
    assert canonical(parse(text, "export.yaml")) == canonical(definition)
    assert fingerprint(parse(text, "export.yaml")) == fingerprint(definition)
    assert text.startswith("# Kap Numérik\n# v1\nformat: 1\n")
    assert exchange.write(parse(text, "export.yaml"), "Kap Numérik", "v1") == text


def test_the_file_reads_in_the_order_of_the_guide() -> None:
    lines = exchange.write(_shuffled(KAP)).splitlines()
    names = [line.partition(":")[0] for line in lines if line and line[0].isalpha()]
    assert names[:6] == ["format", "programme", "code", "kind", "prefix", "region"]
    assert names.index("who") < names.index("what") < names.index("how") < names.index("when") < names.index("payment")


@pytest.mark.parametrize("code", sorted(DEFINITIONS))
def test_a_copy_reads_and_is_not_published_before_it_is_filled(code: str) -> None:
    copy = exchange.adopt(DEFINITIONS[code], "11", "copie", "COP")
    assert parse(exchange.write(copy), "copie.yaml") == copy
    assert (copy["region"], copy["code"], copy["prefix"]) == ("11", "copie", "COP")
    assert exchange.open_parts(copy)[-1] == "contact"
    assert "gap" in {fault.code for fault in publication_faults(copy)}
    assert all(gap in copy["gaps"] for gap in DEFINITIONS[code].get("gaps", []))


def test_a_copy_keeps_the_rules_and_loses_what_belonged_to_the_first_region() -> None:
    first = KAP | {"beneficiary": {"mode": "grouped", "authority_approval": "Accord du 3 mars"}}
    copy = exchange.adopt(first, "11", "copie", "COP")
    assert exchange.open_parts(copy) == ["funding", "erdf", "operation", "contact"]
    assert not {"funding", "erdf"} & set(copy)
    assert copy["beneficiary"] == {"mode": "grouped"}
    assert copy["how"] == KAP["how"]
    seats = [c["value"] for c in copy["who"]["conditions"] if c.get("fact") == "seat_region"]
    assert seats == ["11"]
    assert copy["sources"][-1] == "Kap Numérik, kap-numerik, 04"
    assert "reasons" in [point["path"] for point in copy["to_confirm"]]
    assert KAP["region"] == "04"


def test_filled_with_the_same_parts_the_copy_may_be_published() -> None:
    copy = exchange.adopt(KAP, "11", "copie", "COP")
    parts = {"funding": KAP["funding"], "erdf": KAP["erdf"], "operation": None, "contact": None}
    filled = exchange.fill(copy, parts)
    assert exchange.open_parts(filled) == []
    assert publication_faults(parse(exchange.write(filled), "copie.yaml")) == []
    assert exchange.open_parts(exchange.fill(copy, {"contact": None})) == ["funding", "erdf", "operation"]


def test_a_list_of_seats_and_an_alternative_follow_too() -> None:
    tests = [
        {"fact": "seat_region", "op": "in", "value": ["04", "11"]},
        {"fact": "seat_region", "op": "eq", "value": "93"},
    ]
    first = KAP | {"who": {"conditions": [{"any_of": tests, "reason": "seat"}]}}
    copy = exchange.adopt(first, "84", "copie", "COP")
    assert [test["value"] for test in copy["who"]["conditions"][0]["any_of"]] == [["84", "11"], "93"]
