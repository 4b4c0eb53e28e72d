"""A legal reference in the reader's language: it is kept as one string, in French, and rendered where it is read.

What names no act known here (a clause that a region wrote in its own scheme) is left as it is.
"""

from __future__ import annotations

import re

JOINED = " ; "
_ACT = re.compile(r"[Rr]ègl(?:ement|\.) \((?:UE|CE)|Recommandation \d|(?:CRPA|CJA|CGCT), ")
_PARAGRAPH = re.compile(r"\b(art\. \d+), § ?(\d+)")
_WORDS = (
    (r"\b([Rr])ègl\.", r"\1eg."), (r"\b([Rr])èglement\b", r"\1egulation"), (r"\(UE", "(EU"), (r"\(CE", "(EC"),
    (r"\bRecommandation\b", "Recommendation"), (r"/CE\b", "/EC"),
    (r"\bart\. ", "Art. "), (r"\bannexe\b", "Annex"), (r"\bappendice\b", "Appendix"), (r"\bsection\b", "Section"),
    (r" et (?=\d)", " and "), (r" à (?=\d)", " to "), (r" ou (?=\d)", " or "),
)  # fmt: skip


def reference(text: str, language: str) -> str:
    """« Règl. (UE) 2021/1060, art. 53(2) » becomes « Reg. (EU) 2021/1060, Art. 53(2) »; several are split by « ; »."""
    if not language.startswith("en"):
        return text
    return "; ".join(_english(one) for one in text.split(JOINED))


def _english(text: str) -> str:
    if not _ACT.match(text):
        return text
    text = _PARAGRAPH.sub(r"\1(\2)", text)
    for french, english in _WORDS:
        text = re.sub(french, english, text)
    return text
