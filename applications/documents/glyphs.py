"""Text a document may print: only characters that the bundled font draws.

PDF/A forbids a character without a glyph, and a control character could reverse or hide what a
reader sees; so the first become the replacement character, visibly, and the second go.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# Blocks drawn in full by Libertinus Serif; a test prints them all, so that an update that loses one fails.
COVERED = (
    (0x0020, 0x007E), (0x00A0, 0x00AC), (0x00AE, 0x02E4), (0x0384, 0x038A), (0x038E, 0x03A1),
    (0x03A3, 0x03CE), (0x0400, 0x0477), (0x1D43, 0x1D5F), (0x1E00, 0x1EFF), (0x2010, 0x2027),
    (0x202F, 0x2037), (0x2039, 0x203E), (0x2044, 0x2044), (0x2070, 0x2071), (0x2074, 0x208E),
    (0x20AB, 0x20AC), (0x2116, 0x2116), (0x2122, 0x2122), (0x2126, 0x2126), (0x2153, 0x2184),
    (0x2190, 0x219B), (0x2212, 0x2212), (0x221E, 0x221E), (0x2248, 0x2249), (0x2260, 0x2260),
    (0x2264, 0x2265), (0x25A0, 0x25A1), (0x2714, 0x2714), (0xFFFD, 0xFFFD),
)  # fmt: skip
REPLACEMENT = "\ufffd"
LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
HIDDEN = ("Cc", "Cf", "Mn", "Me")


def _clean(character: str) -> str:
    if character == "\n" or any(low <= ord(character) <= high for low, high in COVERED):
        return character
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":
        return " "
    return "" if category in HIDDEN else REPLACEMENT


def printable(text: str) -> str:
    """The text in composed form (NFC), without hidden characters, with U+FFFD for what has no glyph."""
    composed = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text))
    return "".join(_clean(character) for character in composed)


def printable_values(value: Any) -> Any:
    """The same for every string of a JSON value."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: printable_values(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable_values(each) for each in value]
    return value
