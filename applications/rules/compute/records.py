"""Lists, tables and records: what holds other values, with the path of each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from applications.rules.base import InputError
from applications.rules.compute.shapes import Number, Shape, Text, below, missing, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Shape):
    """A list of values of one shape."""

    item: Shape
    least: int = 0
    most: int

    def read(self, value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise wrong(path, "donner une liste entre crochets | give a list between brackets", value)
        if not self.least <= len(value) <= self.most:
            fr = f"donner de {self.least} à {self.most} éléments, il y en a {len(value)}."
            raise InputError(path, f"give from {self.least} to {self.most} items, there are {len(value)}.", fr)
        return [self.item.read(one, f"{path}[{rank}]") for rank, one in enumerate(value)]

    def frame(self, language: str) -> dict[str, Any]:
        bounds = {"minItems": self.least} if self.least else {}
        return {"type": "array", "items": self.item.schema(language), **bounds, "maxItems": self.most}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Shape):
    """An object whose names are free and whose values have one shape."""

    value: Shape

    def read(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise wrong(path, _AN_OBJECT, value)
        name = Text(words="")
        return {name.read(key, path): self.value.read(one, below(path, key)) for key, one in value.items()}

    def frame(self, language: str) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.value.schema(language)}


@dataclass(frozen=True, slots=True)
class Member:
    """A named value of a record: needed, or with a default given as JSON (None: simply not known)."""

    name: str
    shape: Shape
    needed: bool
    default: Any = None

    def read(self, value: Any, path: str) -> Any:
        """The value, or the default when it is absent or null."""
        if value is None:
            return None if self.default is None else self.shape.read(self.default, path)
        return self.shape.read(value, path)

    def schema(self, language: str) -> dict[str, Any]:
        """The schema of the value; an optional one may be null, and shows its default."""
        found = self.shape.schema(language)
        if self.needed:
            return found
        if "type" in found:
            kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
            found["type"] = [*kinds, "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
        return found if self.default is None else found | {"default": self.default}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Shape):
    """An object with named members and no other; `any_of` names members of which one at least is given."""

    members: tuple[Member, ...]
    any_of: tuple[str, ...] = ()

    def read(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise wrong(path, _AN_OBJECT, value)
        self._known(value, path)
        self._present(value, path)
        return {one.name: one.read(value.get(one.name), below(path, one.name)) for one in self.members}

    def _known(self, value: Mapping[str, Any], path: str) -> None:
        """No unknown member; the nearest known name is suggested."""
        names = [member.name for member in self.members]
        unknown = next((name for name in value if name not in names), None)
        if unknown is None:
            return
        near = get_close_matches(unknown, names, 1) or [", ".join(names)]
        fr, en = f"champ inconnu ; champs possibles : {near[0]}.", f"unknown field; possible fields: {near[0]}."
        raise InputError(below(path, unknown), en, fr)

    def _present(self, value: Mapping[str, Any], path: str) -> None:
        """The members that are needed are there."""
        for member in self.members:
            if member.needed and value.get(member.name) is None:
                raise missing(below(path, member.name), member.shape.words)
        if self.any_of and all(value.get(name) is None for name in self.any_of):
            listed = ", ".join(self.any_of)
            fr, en = f"donner au moins un de ces champs : {listed}.", f"give one of these fields at least: {listed}."
            raise InputError(path, en, fr)

    def frame(self, language: str) -> dict[str, Any]:
        needed = [member.name for member in self.members if member.needed]
        choice = {"anyOf": [{"required": [name]} for name in self.any_of]} if self.any_of else {}
        return {
            "type": "object",
            "additionalProperties": False,
            "required": needed,
            "properties": {member.name: member.schema(language) for member in self.members},
            **choice,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Shape):
    """An object whose known members have their shapes and whose other members are free, within what JSON holds."""

    members: tuple[Member, ...] = ()

    def read(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise wrong(path, _AN_OBJECT, value)
        known = {one.name: one.read(value.get(one.name), below(path, one.name)) for one in self.members}
        free = {name: free_value(one, below(path, name)) for name, one in value.items() if name not in known}
        return known | free

    def frame(self, language: str) -> dict[str, Any]:
        named = {member.name: member.schema(language) for member in self.members}
        return {"type": "object"} | ({"properties": named} if named else {})


def free_value(value: Any, path: str) -> Any:
    """Any JSON value, its texts and numbers within the bounds that the other shapes have."""
    if isinstance(value, dict):
        return {name: free_value(one, below(path, name)) for name, one in value.items()}
    if isinstance(value, list):
        return [free_value(one, f"{path}[{rank}]") for rank, one in enumerate(value)]
    if isinstance(value, Decimal):
        return Number(words="").read(value, path)
    return Text(words="").read(value, path) if isinstance(value, str) and value else value


_AN_OBJECT = "donner un objet JSON entre accolades | give a JSON object between braces"
