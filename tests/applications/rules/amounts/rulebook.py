"""A scheme in a few words: just what an aid function reads."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from applications.rules.amounts import Line, compute
from applications.rules.base import Verdict

CATEGORIES = ("study", "site", "advice", "devices")


def rules(how: Mapping[str, Any], *categories: Mapping[str, Any], basis: str = "de_minimis", **what: Any) -> Any:
    """Rules with an aid function and categories; the four usual ones when none is given."""
    listed = list(categories) or [{"code": code} for code in CATEGORIES]
    return {
        "legal_basis": basis, "how": how, "reasons": {},
        "what": {"hardware_excluded": True, "categories": listed} | what,
    }  # fmt: skip


def lines(*amounts: str | tuple[str, str] | tuple[str, str, str]) -> list[Line]:
    """Lines from an amount, a (category, amount) or a (category, amount, quantity); keys count from 1."""
    return [_line(str(rank), one) for rank, one in enumerate(amounts, 1)]


def _line(key: str, one: Any) -> Line:
    category, amount, *quantity = ("study", one) if isinstance(one, str) else one
    return Line(key, category, "", Decimal(amount), quantity=Decimal(quantity[0]) if quantity else None)


def run(how: Mapping[str, Any], *amounts: Any, other: str = "0", **facts: Any) -> Verdict:
    """The verdict on a quote under an aid function."""
    return compute(rules(how), lines(*amounts), facts, other_aid=Decimal(other))


def aid(how: Mapping[str, Any], *amounts: Any, **facts: Any) -> Decimal | None:
    return run(how, *amounts, **facts).amount
