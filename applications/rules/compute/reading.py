"""From a text to JSON values without any float: one object, or one object per line (JSON Lines)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from json import JSONDecodeError
from typing import Any

from applications.rules.base import InputError

NOT_A_NUMBER = Decimal("NaN")
ROOT = "$"
DEEPEST = 50


class Repeated(ValueError):
    """An object gives the same name twice."""


def decimal(text: str) -> Decimal:
    """A JSON number, exactly; one that no decimal can hold, NaN or Infinity, is refused later, at its path."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return NOT_A_NUMBER


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise Repeated(next(name for name in names if names.count(name) > 1))
    return found


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=decimal, parse_int=decimal, parse_constant=decimal, strict=True
)


def documents(text: str) -> list[str]:
    """The texts of the objects: the whole, or each line that is not blank when every line begins an object."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(line.startswith("{") for line in lines) and not _is_json(text):
        return lines
    return [text]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def parse(text: str) -> Any:
    """The value of a JSON text; InputError when it is empty, broken, too deep or says a name twice."""
    if not text.strip():
        fr = "l’entrée est vide ; donner un objet JSON."
        raise InputError(ROOT, "the input is empty; give a JSON object.", fr)
    try:
        found = DECODER.decode(text)
    except JSONDecodeError as fault:
        raise _broken(fault) from fault
    except Repeated as fault:
        fr = f"le champ « {fault} » est donné deux fois ; n’en garder qu’un."
        raise InputError(ROOT, f"the field “{fault}” is given twice; keep one.", fr) from fault
    except RecursionError as fault:
        raise _too_deep() from fault
    if _depth(found) > DEEPEST:
        raise _too_deep()
    return found


def _broken(fault: JSONDecodeError) -> InputError:
    return InputError(
        ROOT,
        f"this is not JSON: see line {fault.lineno}, column {fault.colno}; give a JSON object such as "
        '{"name": "value"}.',
        f"ce n’est pas du JSON : voir ligne {fault.lineno}, colonne {fault.colno} ; donner un objet JSON tel que "
        '{"nom": "valeur"}.',
    )


def _too_deep() -> InputError:
    fr = f"trop de niveaux imbriqués ; {DEEPEST} au plus."
    return InputError(ROOT, f"too many nested levels; {DEEPEST} at most.", fr)


def _depth(value: Any) -> int:
    """How many lists and objects hold one another, without recursion."""
    level, depth = [value], 0
    while level:
        inner = [v for v in level if isinstance(v, list | dict)]
        depth += bool(inner)
        level = [one for held in inner for one in (held.values() if isinstance(held, dict) else held)]
    return depth
