"""The language of a letter, and the blocks its body is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from applications.documents import formats

Block = dict[str, Any]
Fact = TypeVar("Fact")

NUMBERS = (
    ("un", "one"), ("deux", "two"), ("trois", "three"), ("quatre", "four"), ("cinq", "five"), ("six", "six"),
)  # fmt: skip
BEFORE_HIGH_SIGN = re.compile(r" ([:;!?»%€])")
AFTER_OPENING = re.compile(r"(«|n°|\bL\.|\bR\.|\barticle|\barticles|\bart\.) ")


def french_spaces(text: str) -> str:
    """Spaces that must not end a line: before : ; ! ? », after « and n°."""
    return AFTER_OPENING.sub("\\1\u00a0", BEFORE_HIGH_SIGN.sub("\u00a0\\1", text))


def known(fact: Fact | None) -> Fact:
    """A fact that the sentence cannot do without; raises ValueError when it is missing."""
    if fact is None:
        raise ValueError("a needed fact is missing")
    return fact


def unbroken(content: str) -> str:
    """A short text that does not break at the end of a line: a telephone number, a date."""
    return content.replace(" ", "\u00a0")


@dataclass(frozen=True, slots=True)
class Tongue:
    """Picks the sentence in the reader's language, and writes amounts and dates in it."""

    language: str

    @property
    def english(self) -> bool:
        return formats.is_english(self.language)

    def __call__(self, french: str, english: str) -> str:
        return english if self.english else french_spaces(french)

    def money(self, amount: Decimal) -> str:
        return formats.money(amount, self.language)

    def day(self, value: date) -> str:
        """A date that does not break at the end of a line."""
        return unbroken(formats.day(value, self.language))

    def months(self, count: int) -> str:
        """A number of months in words: « deux mois », "two months"."""
        known = NUMBERS[count - 1] if 1 <= count <= len(NUMBERS) else (str(count), str(count))
        return unbroken(self(f"{known[0]} mois", f"{known[1]} month{'s' if count > 1 else ''}"))


def text(content: str) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": content}


def optional(content: str) -> list[Block]:
    """A paragraph, or nothing when there is nothing to say."""
    return [text(content)] if content else []


def notice(content: str) -> Block:
    """A sentence not to be missed, set apart."""
    return {"kind": "notice", "text": content}


def heading(content: str) -> Block:
    """The title of a part."""
    return {"kind": "heading", "text": content}


def bullets(items: Sequence[str | tuple[str, str]]) -> Block:
    """A list; an item may carry a note (its article) in smaller type."""
    pairs = [(item, "") if isinstance(item, str) else item for item in items]
    return {"kind": "bullets", "items": [{"text": body, "note": note} for body, note in pairs]}


def pairs(rows: Sequence[tuple[str, str]]) -> Block:
    """The essential facts: label and value; rows without a value are left out."""
    return {"kind": "pairs", "rows": [list(row) for row in rows if row[1]]}


def table(head: Sequence[str], rows: Sequence[Sequence[str]], totals: Sequence[Sequence[str]]) -> Block:
    """A table whose first column is words and the others amounts; `totals` are its last rows."""
    return {
        "kind": "table",
        "head": list(head),
        "rows": [list(row) for row in rows],
        "totals": [list(row) for row in totals],
    }
