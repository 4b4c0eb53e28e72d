"""How much of a payment claim is checked: a scheme's dated risk method, scored on the claim's facts.

Management verifications are based on risk and proportionate to it, set out in writing beforehand (Regulation
(EU) 2021/1060, art. 74(2)). Each criterion of the method gives whole points; the points decide whether a check on
the spot comes before certification, and lines may be drawn by lot from a recorded seed. Amounts in euro excl. VAT.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from math import ceil
from typing import Any

from applications.rules.base import InputError
from applications.rules.eligibility import OPERATORS

# What a criterion may ask of a claim; percentages are out of 100.
FACTS = (
    "declared", "lines", "suppliers", "largest_line_percent", "certified_before", "rejected_percent_before",
    "requests", "granted",
)  # fmt: skip
ARTICLE = "règlement (UE) 2021/1060, art. 74, § 2"


@dataclass(frozen=True, slots=True)
class Met:
    """A criterion that the claim meets: its points, and its words in each language."""

    fact: str
    points: int
    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class Risk:
    """The score of a claim: points, the criteria met, and whether a check on the spot must come first."""

    points: int
    met: tuple[Met, ...]
    on_the_spot: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A line that may be drawn: its key, and its amount in euro."""

    key: str
    amount: Decimal


def score(method: Mapping[str, Any], facts: Mapping[str, Any]) -> Risk:
    """Add up the points of the criteria met; raises InputError for a fact that is missing."""
    met = tuple(_met(c) for c in method["criteria"] if _holds(c, facts))
    points = sum(one.points for one in met)
    threshold = method.get("on_the_spot_from")
    return Risk(points, met, threshold is not None and points >= threshold)


def _holds(criterion: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    name = criterion["fact"]
    if facts.get(name) is None:
        raise InputError(
            name, "this fact of the claim is needed by the method", "la méthode a besoin de ce fait de la demande"
        )
    return OPERATORS[criterion["op"]](facts[name], criterion["value"], facts)


def _met(criterion: Mapping[str, Any]) -> Met:
    label = criterion["label"]
    return Met(criterion["fact"], criterion["points"], label["fr"], label["en"])


def chosen(method: Mapping[str, Any], lines: Iterable[Item], seed: str) -> list[str]:
    """The keys of the lines to check: all of them, or those of the method's draw, in the order given.

    Lines from `always_from` up are always taken; of the others a share, rounded up, never fewer than `fewest`,
    in the order of SHA-256(seed:key), so that anybody can draw the same again.
    """
    items = list(lines)
    terms = method.get("sample")
    if terms is None:
        return [item.key for item in items]
    floor = Decimal(terms["always_from"]) if "always_from" in terms else None
    sure = {item.key for item in items if floor is not None and item.amount >= floor}
    rest = sorted((item.key for item in items if item.key not in sure), key=lambda key: _lot(seed, key))
    drawn = set(rest[: max(ceil(len(rest) * Decimal(terms["share"])), terms.get("fewest", 1))])
    return [item.key for item in items if item.key in sure | drawn]


def _lot(seed: str, key: str) -> str:
    return sha256(f"{seed}:{key}".encode()).hexdigest()
