"""The shapes of an input: each one is read and checked, and shown as JSON Schema, from the same declaration.

A shape's words are given in both languages, « French | English ». Reading takes parsed JSON whose numbers are
Decimal, and raises InputError with the JSON path of the value and what to give instead.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.rules.base import InputError

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
DIGITS, PLACES = 15, 12
NUMBER = rf"^-?[0-9]{{1,{DIGITS}}}(\.[0-9]{{1,{PLACES}}})?$"
WRITTEN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
LONGEST_SHOWN = 60
LONGEST_TEXT = 400


def side(words: str, language: str) -> str:
    """The French or the English side of « French | English »; the whole when there is one side only."""
    fr, _, en = words.partition(" | ")
    return (en or fr) if language.startswith("en") else fr


def shown(value: Any) -> str:
    """A received value as JSON, shortened: what the sentence quotes."""
    text = str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def wrong(path: str, words: str, value: Any) -> InputError:
    """What to give at a path instead of the value that came."""
    fr, en = side(words, "fr"), side(words, "en")
    return InputError(path, f"{en} (received: {shown(value)}).", f"{fr} (reçu : {shown(value)}).")


def missing(path: str, words: str) -> InputError:
    """A field that has to be given, with what it means."""
    fr, en = side(words, "fr"), side(words, "en")
    return InputError(path, f"this field is missing; give: {en}.", f"ce champ manque ; donner : {fr}.")


def below(path: str, name: str) -> str:
    """The path of a member: `$.name`, or `$["a name"]` when it is no plain one."""
    return f"{path}.{name}" if PLAIN_NAME.fullmatch(name) else f"{path}[{shown(name)}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape(ABC):
    """What a value may be; `words` say what it means and its unit."""

    words: str

    @abstractmethod
    def read(self, value: Any, path: str) -> Any:
        """The typed value; InputError when it does not fit."""

    @abstractmethod
    def frame(self, language: str) -> dict[str, Any]:
        """The JSON Schema without its description."""

    def schema(self, language: str) -> dict[str, Any]:
        """The JSON Schema, described in a language."""
        return {"description": side(self.words, language), **self.frame(language)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Shape):
    """A decimal number, as a JSON number or as a text; never read through a float."""

    least: Decimal | None = None
    above: Decimal | None = None
    most: Decimal | None = None

    def read(self, value: Any, path: str) -> Decimal:
        found = self._decimal(value, path)
        low = (self.least is not None and found < self.least) or (self.above is not None and found <= self.above)
        if low or (self.most is not None and found > self.most):
            raise wrong(path, self._bounds(), value)
        return found

    def _decimal(self, value: Any, path: str) -> Decimal:
        """A number, or a text that writes one, within the digits that are computed exactly."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            raise wrong(path, _A_NUMBER, value)
        if isinstance(value, str) and not WRITTEN.fullmatch(value.strip()):
            raise wrong(path, _A_NUMBER, value)
        found = Decimal(value.strip()) if isinstance(value, str) else Decimal(value)
        if not found.is_finite() or found.adjusted() >= DIGITS or _places(found) > PLACES:
            raise wrong(path, _IN_DIGITS, value)
        return found + Decimal(0)

    def _bounds(self) -> str:
        """« donner un nombre d’au moins 0 | give a number of at least 0 »."""
        named = (
            (self.least, "au moins", "at least"), (self.above, "plus de", "more than"),
            (self.most, "au plus", "at most"),
        )  # fmt: skip
        kept = [(bound, fr, en) for bound, fr, en in named if bound is not None]
        fr = " et ".join(f"{word} {bound}" for bound, word, _ in kept)
        en = " and ".join(f"{word} {bound}" for bound, _, word in kept)
        return f"donner un nombre valant {fr} | give a number of {en}"

    def frame(self, language: str) -> dict[str, Any]:
        bounds = {"minimum": self.least, "exclusiveMinimum": self.above, "maximum": self.most}
        return {
            "type": ["number", "string"],
            "pattern": NUMBER,
            **{name: _json_number(bound) for name, bound in bounds.items() if bound is not None},
        }


def _places(number: Decimal) -> int:
    """The decimals that a number needs: 1.500 needs one."""
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _json_number(bound: Decimal) -> int | float:
    return int(bound) if bound == bound.to_integral_value() else float(bound)


_A_NUMBER = (
    "donner un nombre, par exemple 1250.00 ou « 1250.00 », point décimal et sans espace | "
    "give a number, for example 1250.00 or “1250.00”, with a decimal point and no space"
)
_IN_DIGITS = (
    f"donner un nombre fini d’au plus {DIGITS} chiffres avant la virgule et {PLACES} après | "
    f"give a finite number of at most {DIGITS} digits before the point and {PLACES} after it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Number):
    """A whole number."""

    def read(self, value: Any, path: str) -> Any:
        found = Number.read(self, value, path)
        if found != found.to_integral_value():
            raise wrong(path, "donner un nombre entier | give a whole number", value)
        return int(found)

    def frame(self, language: str) -> dict[str, Any]:
        return Number.frame(self, language) | {"type": ["integer", "string"], "pattern": r"^-?[0-9]{1,15}$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Shape):
    """True or false."""

    def read(self, value: Any, path: str) -> bool:
        if not isinstance(value, bool):
            raise wrong(path, "donner true ou false, sans guillemets | give true or false, without quotes", value)
        return value

    def frame(self, language: str) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Shape):
    """A date, as ISO writes it."""

    def read(self, value: Any, path: str) -> date:
        if not isinstance(value, str) or not re.fullmatch(DAY[1:-1], value):
            raise wrong(path, "donner une date telle que « 2026-11-17 » | give a date such as “2026-11-17”", value)
        try:
            found = date.fromisoformat(value)
        except ValueError as fault:
            raise wrong(path, "cette date n’existe pas | this date does not exist", value) from fault
        if not FIRST_DAY <= found <= LAST_DAY:
            words = f"donner une date de {FIRST_DAY.year} à {LAST_DAY.year} | "
            raise wrong(path, f"{words}give a date from {FIRST_DAY.year} to {LAST_DAY.year}", value)
        return found

    def frame(self, language: str) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": DAY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Shape):
    """A text that is not empty."""

    def read(self, value: Any, path: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise wrong(path, "donner un texte entre guillemets | give a text between quotes", value)
        if len(value) > LONGEST_TEXT or not _printable(value):
            words = f"donner un texte lisible de {LONGEST_TEXT} caractères au plus | "
            raise wrong(path, f"{words}give a readable text of {LONGEST_TEXT} characters at most", value)
        return value.strip()

    def frame(self, language: str) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}


def _printable(text: str) -> bool:
    """No control character and no half of a character, which could be neither shown nor stored."""
    return all(char.isprintable() or char in " \t\n\r\u00a0\u202f" for char in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Shape):
    """One of a closed list of words; case, hyphens and spaces do not matter, nor the quotes of a number."""

    options: tuple[str, ...]

    def read(self, value: Any, path: str) -> str:
        said = str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
        found = {_key(option): option for option in self.options}
        if not isinstance(said, str) or _key(said) not in found:
            listed = ", ".join(self.options)
            raise wrong(path, f"choisir parmi : {listed} | choose among: {listed}", value)
        return found[_key(said)]

    def frame(self, language: str) -> dict[str, Any]:
        return {"enum": [*self.options, *(int(option) for option in self.options if option.isdecimal())]}


def _key(text: str) -> str:
    return text.strip().casefold().replace("-", "_").replace(" ", "_")
