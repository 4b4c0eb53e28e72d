"""Names of sheets that every spreadsheet accepts: legal, at most 31 characters, each used once."""

from __future__ import annotations

import re

from reporting.writers.cells import cut
from reporting.writers.sanitise import clean

MAX_LENGTH = 31
ILLEGAL = "[]:*?/\\"
# The names that Excel keeps for its list of changes, in our two languages.
RESERVED = frozenset({"history", "historique"})

_EDGES = " '\xa0"  # a name may neither begin nor end with an apostrophe
_FORBIDDEN = re.compile(f"[{re.escape(ILLEGAL)}\n\t]")


class SheetNames:
    """The names given so far in a workbook, compared without case as spreadsheets do."""

    def __init__(self, default: str) -> None:
        self._default = default
        self._taken: set[str] = set(RESERVED)

    def take(self, wanted: str) -> str:
        """A legal name close to the wanted one; the second of a name is « name (2) »."""
        plain = _FORBIDDEN.sub("-", clean(wanted)).strip(_EDGES) or self._default
        name, number = cut(plain, MAX_LENGTH).rstrip(_EDGES), 1
        while name.casefold() in self._taken:
            number += 1
            ending = f" ({number})"
            name = cut(plain, MAX_LENGTH - len(ending)) + ending
        self._taken.add(name.casefold())
        return name
