"""The draw of lots: SHA-256 in counter mode over the recorded seed, so that any tool can repeat it.

Block k of the stream (seed, label) is the SHA-256 of the ASCII text `["seed","label",k]`: a JSON array
without spaces, every character outside ASCII written \\uXXXX, k in decimal from 0. A block is read as one
whole number of 256 bits, most significant byte first. A draw "below n" takes the next block B, throws it
away while B ≥ n·⌊2²⁵⁶/n⌋ (which makes every result equally likely), and returns B mod n. One label stands
for one purpose (a stratum, a stage), so that the draws of one stratum never move those of another.
"""

from __future__ import annotations

import json
from hashlib import sha256

from applications.rules.base import InputError

RANGE = 1 << 256
LONGEST_SEED = 200


def check_seed(seed: object) -> str:
    """A seed of 1 to 200 printable characters, without space at its ends, that can be copied by hand."""
    if not isinstance(seed, str) or not seed.isprintable() or seed != seed.strip() or not seed:
        fr = "donner un texte de caractères imprimables, sans espace au début ni à la fin."
        raise InputError("seed", f"give a text of printable characters, without space around, not {seed!r}", fr)
    if len(seed) > LONGEST_SEED:
        raise InputError("seed", f"give at most {LONGEST_SEED} characters", f"donner {LONGEST_SEED} caractères au plus")
    return seed


class Stream:
    """One stream of whole numbers, fixed by its seed and its label."""

    def __init__(self, seed: str, label: str) -> None:
        self.seed = check_seed(seed)
        self.label = label
        self.used = 0

    def block(self) -> int:
        """The next 256 bits as a whole number."""
        text = json.dumps([self.seed, self.label, self.used], separators=(",", ":"))
        self.used += 1
        return int.from_bytes(sha256(text.encode("ascii")).digest(), "big")

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound − 1, each equally likely."""
        if not 1 <= bound <= RANGE:
            raise InputError(
                "bound", f"give a number from 1 to 2^256, not {bound}", f"donner un nombre de 1 à 2^256, et non {bound}"
            )
        limit = RANGE - RANGE % bound
        while (found := self.block()) >= limit:
            pass
        return found % bound
