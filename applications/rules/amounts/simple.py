"""The aid functions of one formula: a rate, a flat sum, a table of steps, a rate by slices.

Parameters are strings in euro excl. VAT or fractions of 1. Each function takes the eligible lines
after exclusions and category ceilings, and follows the same order: floor of the cost, ceiling of the
cost, rate, ceiling of the aid. The aid is rounded once, down to the cent, then shared among the lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from applications.rules.amounts.base import Call, Outcome, Step, cut_cost, cut_lines, in_order, spread
from regions.money import ZERO, floor_cent


def percent(call: Call) -> Outcome:
    """A share of the cost: `rate`, or `bands` by headcount whose figures win over those beside them."""
    terms = _terms(call)
    if terms is None:
        return call.refuse("no_band", call.facts.get("headcount"))
    return _on_cost(replace(call, how=terms), lambda cost: cost * Decimal(terms["rate"]), "rate")


def _terms(call: Call) -> Mapping[str, Any] | None:
    """The parameters for this firm: the first band whose limit (strictly below, work units) holds it."""
    bands, headcount = call.how.get("bands"), call.facts.get("headcount")
    if bands is None:
        return call.how
    if headcount is None:
        return None
    found = next((b for b in bands if headcount < Decimal(b["headcount_below"])), None)
    return None if found is None else {**call.how, **found}


def flat(call: Call) -> Outcome:
    """A fixed `amount` once the cost reaches `cost_floor`; the sum does not follow the cost."""
    return _on_cost(call, lambda cost: Decimal(call.how["amount"]) if cost else ZERO, "flat")


def steps(call: Call) -> Outcome:
    """`step_aid` for each whole `step_cost` reached: between two steps, the lower one counts."""
    size, aid = Decimal(call.how["step_cost"]), Decimal(call.how["step_aid"])
    if call.cost < size:
        return call.refuse("cost_floor", call.how["step_cost"])
    return _on_cost(call, lambda cost: cost // size * aid, "steps")


def piecewise(call: Call) -> Outcome:
    """A rate by slice of the cost: each of `segments` runs from the one before to its `up_to`."""
    return _on_cost(call, lambda cost: _by_slices(cost, call.how["segments"]), "rate")


def _by_slices(cost: Decimal, segments: list[Mapping[str, str]]) -> Decimal:
    """The last segment may have no end."""
    aid, reached = Decimal(0), Decimal(0)
    for segment in segments:
        end = min(cost, Decimal(segment.get("up_to", cost)))
        aid += max(end - reached, Decimal(0)) * Decimal(segment["rate"])
        reached = max(reached, end)
    return aid


def _on_cost(call: Call, formula: Any, name: str) -> Outcome:
    """Floor, ceiling, formula, rounding, ceiling of the aid: the order every formula follows."""
    floor = call.amount("cost_floor")
    if floor is not None and call.cost < floor:
        return call.refuse("cost_floor", call.how["cost_floor"])
    done = cap_cost(call)
    aid = floor_cent(formula(call.cost))
    done.append(Step(name, call.cost, aid))
    spread(call.shares, aid)
    return cap_aid(call, Outcome(aid, done))


def cap_cost(call: Call) -> list[Step]:
    """The overall `cost_ceiling`, when the scheme has one."""
    ceiling, before = call.amount("cost_ceiling"), call.cost
    if ceiling is None:
        return []
    cut_cost(call.shares, ceiling, call.reason("cost_ceiling", call.how["cost_ceiling"]))
    return [Step("cost_ceiling", before, call.cost)]


def cap_aid(call: Call, outcome: Outcome) -> Outcome:
    """The overall `aid_ceiling`, when the scheme has one."""
    ceiling = call.amount("aid_ceiling")
    if ceiling is None:
        return outcome
    return lower(call, outcome, ceiling, "aid_ceiling", call.how["aid_ceiling"])


def lower(call: Call, outcome: Outcome, most: Decimal, code: str, found: Any) -> Outcome:
    """Give no more than `most`, with the reason on the lines that lose, and the step that shows it."""
    aid = min(outcome.aid, most)
    cut_lines(in_order(call.shares), outcome.aid - aid, call.reason(code, found))
    return replace(outcome, aid=aid, steps=[*outcome.steps, Step(code, outcome.aid, aid)])
