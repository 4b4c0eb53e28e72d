"""« Which aid may I get? »: one firm's facts, known in part, against every scheme open to it. Pure: no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications import decisive
from applications.decisive import Change, Tip
from applications.rules import terms
from applications.rules.amounts import Line, compute
from applications.rules.payment_models import Outlay, outlay
from applications.simulation import Simulation, assumed, of_level, simulate
from regions.money import ZERO

Rules = Mapping[str, Any]
Facts = Mapping[str, Any]

YES, NO, DEPENDS = "yes", "no", "depends"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one scheme says to a firm, on a quote of one line: standing, amounts, and what decides."""

    standing: str
    line: Line
    result: Simulation
    outlay: Outlay
    tips: tuple[Tip, ...]
    priced: bool


def answer(rules: Rules, facts: Facts, cost: Decimal, day: date) -> Answer:
    """The scheme's answer to facts of which some may be unknown (None), for a project of one expense, excl. VAT."""
    told = {**assumed(day), **facts, **of_level(rules, 1)}
    line = example(rules, told, cost)
    result = simulate(rules, told, [line], prior=ZERO, other_aid=ZERO, day=day)
    return Answer(
        standing(result), line, result, outlay(rules, result.quoted, result.aid),
        tuple(decisive.tips(rules, told, [line], day)), _priced(rules, told),
    )  # fmt: skip


def standing(result: Simulation) -> str:
    """Refused as soon as one known fact refuses; open when every fact is known; else it depends."""
    if result.reasons:
        return NO
    return DEPENDS if result.missing else YES


def _priced(rules: Rules, facts: Facts) -> bool:
    """Whether the amount can be told: rates by size need the headcount."""
    return facts.get("headcount") is not None or not decisive.banded(rules)


def example(rules: Rules, facts: Facts, cost: Decimal) -> Line:
    """The whole cost on the aided category that gives most: what such a project may hope for at best."""
    aided = [c for c in terms.categories(rules) if not c.get("excluded") and not c.get("review")]
    lines = [_line(rules, category, cost) for category in aided or terms.categories(rules)]
    smallest = {**facts, "headcount": ZERO}  # a firm that no band holds is told of the same category as a small one

    def most(line: Line) -> tuple[Decimal, ...]:
        return tuple(compute(rules, [line], told).amount or ZERO for told in (facts, smallest))

    return max(lines, key=most)


def _line(rules: Rules, category: Rules, cost: Decimal) -> Line:
    """Work sold by the day is counted at its highest price."""
    days = terms.day_terms(rules)
    quantity = max(cost // Decimal(days["day_rate_ceiling"]), Decimal(1)) if days else None
    return Line("1", category["code"], category["code"], cost, quantity=quantity)


def changed(before: Answer, after: Answer) -> Change | None:
    """What one changed figure made of a scheme's answer."""
    return decisive.compare(before.result, after.result)
