"""« Which aid may I get? »: one firm's facts, known in part, against every scheme open to it. Pure: no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications import costs, decisive
from applications.costs import CostLimit
from applications.decisive import Change, Tip
from applications.rules.amounts import Line
from applications.rules.amounts.example import example
from applications.rules.payment_models import Outlay, outlay
from applications.simulation import Simulation, assumed, of_level, simulate, to_come
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
    costs: tuple[CostLimit, ...] = ()


def answer(rules: Rules, facts: Facts, cost: Decimal, day: date) -> Answer:
    """The scheme's answer to facts of which some may be unknown (None), for a project of one expense, excl. VAT."""
    told = {**assumed(day), **to_come(rules), **facts, **of_level(rules, 1)}
    line = example(rules, told, cost)
    result = simulate(rules, told, [line], prior=ZERO, other_aid=ZERO, day=day)
    return Answer(
        standing(result), line, result, outlay(rules, result.quoted, result.aid),
        tuple(decisive.tips(rules, told, [line], day)), _priced(rules, told),
        tuple(costs.limits(rules, told, line)) if result.eligible else (),
    )  # fmt: skip


def standing(result: Simulation) -> str:
    """Refused as soon as one known fact refuses; open when every fact is known; else it depends."""
    if result.reasons:
        return NO
    return DEPENDS if result.missing else YES


def _priced(rules: Rules, facts: Facts) -> bool:
    """Whether the amount can be told: rates by size need the headcount."""
    return facts.get("headcount") is not None or not decisive.banded(rules)


def changed(before: Answer, after: Answer) -> Change | None:
    """What one changed figure made of a scheme's answer."""
    return decisive.compare(before.result, after.result)
