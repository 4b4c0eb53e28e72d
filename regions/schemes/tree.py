"""The aid function of a definition, and those nested in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Path = list[Any]
How = Mapping[str, Any]


def hows(definition: Mapping[str, Any]) -> Iterator[tuple[Path, How]]:
    """Each aid function with its path, the outer one first; nothing for a programme that pays no aid."""
    if "how" in definition:
        yield from _nested(["how"], definition["how"])


def _nested(path: Path, how: How) -> Iterator[tuple[Path, How]]:
    yield path, how
    if "how" in how:
        yield from _nested([*path, "how"], how["how"])
    for name in ("levels", "components"):
        for rank, entry in enumerate(how.get(name, [])):
            if "how" in entry:
                yield from _nested([*path, name, rank, "how"], entry["how"])


def instruments(definition: Mapping[str, Any]) -> set[str]:
    """The instruments that a definition hands out by name: grant, advance, loan, guarantee."""
    return {component["instrument"] for _path, how in hows(definition) for component in how.get("components", [])}
