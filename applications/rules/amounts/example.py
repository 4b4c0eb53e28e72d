"""A project told by its cost alone: one line, on the category of the scheme that gives most for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from applications.rules import terms
from applications.rules.amounts.base import Line
from applications.rules.amounts.engine import compute
from regions.money import ZERO


def example(rules: Mapping[str, Any], facts: Mapping[str, Any], cost: Decimal) -> Line:
    """The whole cost, excl. VAT, on the aided category that gives most: what such a project may hope for at best."""
    aided = [c for c in terms.categories(rules) if not c.get("excluded") and not c.get("review")]
    lines = [_line(rules, category, cost) for category in aided or terms.categories(rules)]
    smallest = {**facts, "headcount": ZERO}  # a firm that no band holds is told of the same category as a small one

    def most(line: Line) -> tuple[Decimal, ...]:
        return tuple(compute(rules, [line], told).amount or ZERO for told in (facts, smallest))

    return max(lines, key=most)


def _line(rules: Mapping[str, Any], category: Mapping[str, Any], cost: Decimal) -> Line:
    """Work sold by the day is counted at its highest price."""
    days = terms.day_terms(rules)
    quantity = max(cost // Decimal(days["day_rate_ceiling"]), Decimal(1)) if days else None
    return Line("1", category["code"], category["code"], cost, quantity=quantity)
