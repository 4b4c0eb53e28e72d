"""The characters that every SEPA bank takes, and how any other text is brought to them.

Source: the basic Latin set of the SEPA implementation guidelines (EPC217-08): letters without
accents, digits, space and / - ? : ( ) . , ' +. An identifier neither starts nor ends with « / », nor
holds « // ».
"""

from __future__ import annotations

import re
import unicodedata

REFUSED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
IDENTIFIER = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<!/)")
# What a spreadsheet would run, should someone open the bank's file in one; « / » begins a command elsewhere.
STARTS = "+-/' "
UNSEEN = ("Mn", "Mc", "Me", "Cf")  # accents once apart, and what hides between letters
# Letters that no decomposition brings to the Latin ones, and signs with a plain equivalent.
PLAIN = str.maketrans({
    "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "Ŋ": "N",
    "’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "_": "-", "…": "...",
    "&": "+", "€": "EUR", "°": "o", "«": " ", "»": " ", "“": " ", "”": " ", '"': " ", ";": ",", "\\": "/",
    "[": "(", "]": ")",
})  # fmt: skip


def to_sepa(text: str, limit: int) -> str:
    """A text in SEPA characters, at most `limit` of them: accents gone, the rest dropped, no formula.

    What a character becomes never depends on the machine; a text of which nothing is left is empty.
    """
    plain = unicodedata.normalize("NFKD", text.translate(PLAIN)).translate(PLAIN)
    latin = "".join(character for character in plain if unicodedata.category(character) not in UNSEEN)
    kept = re.sub(r"/{2,}", "/", " ".join(REFUSED.sub(" ", latin).split()))
    return kept.lstrip(STARTS)[:limit].rstrip(" /")


def identifier(text: str, what: str) -> str:
    """An identifier unchanged, since the answer must match it; ValueError when a bank may refuse it."""
    if text != text.strip() or not IDENTIFIER.fullmatch(text):
        raise ValueError(f"{what} {text!r} is not a SEPA identifier of 1 to 35 characters")
    return text
