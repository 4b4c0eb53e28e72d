"""The guide for those who write schemes names everything that a definition may say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from applications.rules.amounts.functions import FUNCTIONS
from regions.schemes import loader
from regions.schemes.vocabulary import FACTS, OPERATORS

GUIDE = (Path(__file__).parents[2] / "docs" / "schemes.md").read_text(encoding="utf-8")
SCHEMA: dict[str, Any] = dict(loader._validator().schema)
PROPERTIES = SCHEMA["properties"]


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("functions", FUNCTIONS), ("facts", FACTS), ("operators", OPERATORS),
        ("sections", [name for name in PROPERTIES if name not in {"format", "programme"}]),
        ("payment models", PROPERTIES["payment"]["properties"]["model"]["enum"]),
        ("categories", PROPERTIES["what"]["properties"]["categories"]["items"]["properties"]),
        *((name, [p for p in SCHEMA["$defs"][f"how_{name}"]["properties"] if p != "function"]) for name in FUNCTIONS),
    ],
)  # fmt: skip
def test_the_guide_names(what: str, names: list[str]) -> None:
    assert [name for name in names if f"`{name}`" not in GUIDE] == [], what
