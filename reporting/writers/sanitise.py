"""Text from people, made safe for a file: no illegal character, no formula that a spreadsheet would run."""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What a spreadsheet takes for a formula, in any width, also after blanks and invisible marks it may trim.
_FORMULA = re.compile(
    "[\t\r\n]|[\\s\u200b-\u200f\u2060\ufeff]*[=+\\-@\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]"
)


def clean(text: str) -> str:
    """Text that XML and UTF-8 can hold: line ends become \\n, illegal characters a visible « � »."""
    return _ILLEGAL.sub(REPLACEMENT, _LINE_END.sub("\n", text))


def guard(text: str) -> str:
    """Text that a spreadsheet will not run when it opens a CSV file: an apostrophe before a formula.

    For text only: a typed negative number is no formula and keeps its sign bare.
    """
    return f"'{text}" if _FORMULA.match(text) else text
