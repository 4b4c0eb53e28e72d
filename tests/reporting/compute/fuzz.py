"""Values of every kind for inputs: what fits a schema, what does not, and an example with one value changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

NUMBERS = st.one_of(
    st.integers(), st.integers(-3, 400), st.floats(), st.sampled_from([0, 1, -1, 0.5, 50, 100, 1e15, 1e300])
)
TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(["A", "B", "2026-11-17", "2024-02-29", "12.50", "9" * 20, "-1"]))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
Steps = tuple[str | int, ...]
LEGAL = st.sampled_from(
    [0, 1, 2, 7, 50, 99, 100, "0.01", "0.000000000001", 10**6, 999_999_999_999_999, "999999999999999.99", -1, True,
     None, [], {}, "2026-11-17", "1900-01-01", "2199-12-31", "2024-02-29", "A", "B", "other"]
)  # fmt: skip


def of_schema(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that mostly fit a schema, and sometimes anything."""
    if "enum" in schema:
        fitting: st.SearchStrategy[Any] = st.sampled_from(schema["enum"])
    elif "object" in schema["type"]:
        fitting = _object(schema)
    elif "array" in schema["type"]:
        fitting = st.lists(of_schema(schema["items"]), max_size=3)
    elif "boolean" in schema["type"]:
        fitting = st.booleans()
    elif "number" in schema["type"] or "integer" in schema["type"]:
        fitting = st.integers(0, 400) | st.decimals(0, 10**6, places=2).map(str) | NUMBERS
    elif schema.get("format") == "date":
        fitting = st.dates().map(str) | st.sampled_from(["2026-11-17", "2027-01-31", "2026-02-01"])
    else:
        fitting = TEXTS
    return st.integers(0, 19).flatmap(lambda n: VALUES if n == 0 else fitting)


def _object(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    properties = schema.get("properties", {})
    if not properties:
        extra = schema.get("additionalProperties")
        return st.dictionaries(TEXTS, of_schema(extra) if isinstance(extra, dict) else VALUES, max_size=3)
    needed = {name: of_schema(properties[name]) for name in schema.get("required", [])}
    optional = {name: of_schema(part) for name, part in properties.items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=optional)


def leaves(value: Any, path: Steps = ()) -> list[Steps]:
    """The paths of every value of an example."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(leaf for name, one in inner for leaf in leaves(one, (*path, name)))][1 if not path else 0 :]


def changed(value: Any, path: Steps, new: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], new)
    return copy
