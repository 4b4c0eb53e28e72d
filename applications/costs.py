"""From which cost a project is aided, and from which the aid grows no more; with the rule that says so. Pure.

The aid never falls when the cost grows (a property of the aid functions), so both are found by halving, to the euro.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from applications.rules.amounts import Line, compute
from applications.rules.base import Reason
from regions.money import ZERO

MOST = 10_000_000  # euro: no project of a small firm costs more


@dataclass(frozen=True, slots=True)
class CostLimit:
    """A cost in euro excl. VAT, the aid there, and the reasons just beyond (`most`) or just below (`least`)."""

    kind: str
    cost: Decimal
    aid: Decimal
    reasons: tuple[Reason, ...]


def limits(rules: Mapping[str, Any], facts: Mapping[str, Any], line: Line) -> list[CostLimit]:
    """The least cost that is aided when it is above one euro, and the cost from which more brings nothing."""

    def aid(cost: int) -> Decimal:
        return compute(rules, [_of(line, cost)], facts).amount or ZERO

    most = aid(MOST)
    if not most:
        return []
    least, enough = _first(lambda cost: aid(cost) > ZERO), _first(lambda cost: aid(cost) == most)
    found = [CostLimit("least", Decimal(least), aid(least), _why(rules, facts, _of(line, least - 1)))]
    top = CostLimit("most", Decimal(enough), most, _why(rules, facts, _of(line, enough + 1)))
    return [*(found if least > 1 else []), *([top] if enough < MOST else [])]


def _of(line: Line, cost: int) -> Line:
    """The same work at another cost; days follow the cost, as if each were bought at the same price."""
    if line.quantity is None or not line.amount:
        return replace(line, amount=Decimal(cost))
    return replace(line, amount=Decimal(cost), quantity=max(line.quantity * cost / line.amount, Decimal("0.01")))


def _first(holds: Callable[[int], bool]) -> int:
    """The least whole cost for which something holds that goes on holding."""
    low, high = 1, MOST
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _why(rules: Mapping[str, Any], facts: Mapping[str, Any], line: Line) -> tuple[Reason, ...]:
    """What the rules say of the quote at that cost."""
    verdict = compute(rules, [line], facts)
    told = [Reason(r["code"], r["fr"], r["en"], r["article"], False) for r in verdict.details["lines"][0]["reasons"]]
    return tuple({reason.code: reason for reason in (*told, *verdict.reasons)}.values())
