"""The readable rules say everything that the data says: whatever value changes, the text changes."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from backoffice.views.manage import rulebook
from regions.schemes.loader import parse, shipped

pytestmark = pytest.mark.django_db

DEFINITIONS = {code: parse(path.read_text(encoding="utf-8"), path.name) for code, path in shipped().items()}
# What names the file, its format or another place of it; a function and its parameters go together.
NOT_RULES = {"format", "programme", "function", "instrument", "path", "reason"}
OTHERS: dict[str, tuple[str, str]] = {
    "kind": ("voucher", "consulting"), "legal_basis": ("de_minimis", "gber_28"), "mode": ("grouped", "single"),
    "lead": ("region", "state"), "op": ("lt", "ge"), "start_rule": ("any", "after_award"),
    "territory": ("any", "region"), "model": ("flat", "escrow"), "costs": ("real", "simplified"),
    "on_loss": ("reduce", "revoke"), "export_nature": ("market_study", "trade_fair"), "fact": ("headcount", "members"),
    "region": ("11", "84"), "valid_from": ("2024-01-01", "2023-01-01"), "export_settled": ("allowed", "flag"),
    "vat_basis": ("excluding", "excluding"),
}  # fmt: skip
FUNDERS, CHECKS = ("state", "local"), ("members", "export")


def _leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(node, list):
        for rank, value in enumerate(node):
            yield from _leaves(value, (*path, rank))
    else:
        yield path


def _other(path: tuple[Any, ...], value: Any) -> Any:
    """Another value that may stand at a place of a definition."""
    name = next(str(part) for part in reversed(path) if not isinstance(part, int))
    if name == "code" and path[0] == "funding":
        choices = FUNDERS
    elif name in ("checks", "application", "claim", "advance", "release") and path[0] in ("examination", "evidence"):
        choices = CHECKS if name == "checks" else ("quote", "invoice")
    else:
        choices = OTHERS.get(name, ("", ""))
    if choices[0]:
        return choices[1] if value == choices[0] else choices[0]
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if re.fullmatch(r"[0-9.]+", value):
        return re.sub(r"[0-9]", lambda digit: "2" if digit[0] == "1" else "1", value, count=1)
    return value + "x"


def _with(definition: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(definition)
    node: Any = changed
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = _other(path, node[path[-1]])
    return changed


def _unsaid(code: str, language: str) -> list[str]:
    definition = DEFINITIONS[code]
    said = rulebook.sections(definition)
    other = "en" if language == "fr" else "fr"
    paths = [p for p in _leaves(definition) if not NOT_RULES & set(p) and p[-1] not in (other, "vat_basis")]
    paths = [p for p in paths if p[:2] != ("what", "categories") or p[-1] != "code"]
    return [".".join(map(str, p)) for p in paths if rulebook.sections(_with(definition, p)) == said]


@pytest.mark.parametrize("code", sorted(DEFINITIONS))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_value_is_left_unsaid(code: str, language: str) -> None:
    with translation.override(language):
        assert _unsaid(code, language) == []
