"""JSON Lines: one object per row, for programs. Amounts and dates are exact strings, as in every hash of the house."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from reporting.columns import Column, canonical
from reporting.writers.sanitise import clean

CHUNK = 500

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def jsonl_chunks(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Rows as UTF-8, some hundreds at a time: keys are those of the columns, closed lists give their codes.

    Integers and booleans are JSON's own; money, numbers, dates and moments are their canonical
    strings, so that no reader rounds them; a missing value is null. No formula lives in JSON: texts
    lose only what UTF-8 cannot hold.
    """
    fields = [(column.key, _value(column.kind)) for column in columns]
    left = iter(rows)
    while batch := list(islice(left, CHUNK)):
        objects = ({key: None if row[key] is None else value(row[key]) for key, value in fields} for row in batch)
        yield "".join(f"{_encode(line)}\n" for line in objects).encode("utf-8")


def _value(kind: str) -> Callable[[Any], Any]:
    if kind == "text":
        return lambda value: clean(str(value))
    if kind == "integer":
        return lambda value: int(canonical(value, kind))
    if kind == "boolean":
        return lambda value: canonical(value, kind) == "true"
    return lambda value: canonical(value, kind)
