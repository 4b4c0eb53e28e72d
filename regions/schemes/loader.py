"""Scheme definitions: YAML read with precise errors, frozen as canonical JSON, checked before publication."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError

from regions.schemes import faults, references
from regions.schemes.publication import Fault, publication_faults

__all__ = [
    "Fault", "SchemeError", "canonical", "fingerprint", "parse", "publication_faults", "shipped",
]  # fmt: skip

FOLDER = Path(__file__).resolve().parent


class SchemeError(ValueError):
    """A definition that cannot be read: the file, the line, and one sentence that says what to mend."""

    def __init__(self, source: str, line: int, sentence: str) -> None:
        super().__init__(f"{source}, line {line}: {sentence}")
        self.source, self.line, self.sentence = source, line, sentence


def shipped() -> dict[str, Path]:
    """Code → file of each definition that comes with the project."""
    return {path.stem: path for path in sorted(FOLDER.rglob("*.yaml"))}


def parse(text: str, source: str) -> dict[str, Any]:
    """Read a definition; raises SchemeError at the first line that is wrong. Each caller gets a copy of its own."""
    return deepcopy(_parsed(text, source))


@lru_cache(maxsize=64)
def _parsed(text: str, source: str) -> dict[str, Any]:
    """What was read once and found right: the same text says the same; what is wrong is told anew each time."""
    node, data = _read(text, source)
    found = [(_line(node, [*fault.absolute_path, *_unknown(fault)]), fault) for fault in _validator().iter_errors(data)]
    for line, fault in sorted(found, key=lambda pair: pair[0]):
        raise SchemeError(source, line, faults.sentence(fault))
    _storable(data, source)
    _references(data, node, source)
    return dict(data)


def _read(text: str, source: str) -> tuple[Any, Any]:
    """The nodes with their lines, and the plain data."""
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.AliasToken):
                raise SchemeError(source, token.start_mark.line + 1, faults.alias())
        return yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, SchemeError):
            raise
        mark = getattr(error, "problem_mark", None)
        raise SchemeError(source, mark.line + 1 if mark else 1, faults.unreadable()) from error


def _storable(data: Any, source: str) -> None:
    """Dates, infinities and mixed keys have no canonical form: they are written between quotes."""
    try:
        written = json.dumps(data, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise SchemeError(source, 1, faults.unstorable()) from error
    if "\\u0000" in written:
        raise SchemeError(source, 1, faults.unstorable())


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))


def _unknown(fault: ValidationError) -> list[Any]:
    """The name that does not exist here, when this is the fault: its own line is told."""
    if fault.validator != "additionalProperties" or not isinstance(fault.instance, dict):
        return []
    schema: Any = fault.schema
    return [name for name in fault.instance if name not in schema.get("properties", {})][:1]


def _line(node: Any, path: list[Any]) -> int:
    """The line of the deepest name or row on a path that exists (1 is the first)."""
    line = node.start_mark.line + 1 if node is not None else 1
    for part in path:
        place, node = _child(node, part)
        if node is None:
            return line
        line = place.start_mark.line + 1
    return line


def _child(node: Any, part: Any) -> tuple[Any, Any]:
    """Where a part of a path stands, and its value: a name of a mapping, or a row of a list."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(part)), (None, None))
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None, None


def _references(data: Mapping[str, Any], node: Any, source: str) -> None:
    """What the parts say of one another; the first fault by line is told."""
    found = [(_line(node, path), sentence) for path, sentence in references.check(data)]
    for line, sentence in sorted(found, key=lambda pair: pair[0]):
        raise SchemeError(source, line, sentence)


def canonical(definition: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: one byte string per definition."""
    return json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(definition: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical definition, in hexadecimal: a decision quotes it."""
    return hashlib.sha256(canonical(definition)).hexdigest()
