"""The closed list of aid functions: each turns eligible lines into an aid, from a scheme version's parameters.

A new shape of aid is a new function with a test, never an expression in the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from applications.rules.amounts.base import AidFunction, Call, Outcome, Share, Step, cut_lines
from applications.rules.amounts.composite import days, group, levels, pro_rata, wallet
from applications.rules.amounts.mix import mix
from applications.rules.amounts.simple import flat, percent, piecewise, steps
from regions.money import ZERO, floor_cent


def band(call: Call) -> Mapping[str, Any] | None:
    """The first band whose headcount limit (strictly below, work units) holds the firm, or None."""
    headcount = call.facts.get("headcount")
    if headcount is None:
        return None
    return next((b for b in call.how["bands"] if headcount < Decimal(b["headcount_below"])), None)


def percent_by_category(call: Call) -> Outcome:
    """A rate by size of firm, capped by category of service, then overall: caps are on the aid.

    Each line's aid is rounded down to the cent; lines of one category share its ceiling, in order.
    """
    found, shares = band(call), call.shares
    if found is None:
        return call.refuse("no_band", call.facts.get("headcount"))
    rated = sum((_rate(share, Decimal(found["rate"])) for share in shares), ZERO)
    capped = _cap_categories(call)
    aid = min(capped, Decimal(found["aid_ceiling"]))
    if aid < capped:
        cut_lines(shares, capped - aid, call.reason("aid_ceiling", Decimal(found["aid_ceiling"])))
    steps_ = [
        Step("rate", call.cost, rated),
        Step("category_ceilings", rated, capped),
        Step("aid_ceiling", capped, aid),
    ]
    return Outcome(aid, steps_)


def _rate(share: Share, rate: Decimal) -> Decimal:
    share.aid = floor_cent(share.eligible * rate)
    return share.aid


def _cap_categories(call: Call) -> Decimal:
    ceilings = {c["code"]: c.get("aid_ceiling") for c in call.rules["what"]["categories"]}
    left = {code: Decimal(ceiling) for code, ceiling in ceilings.items() if ceiling is not None}
    for share in call.shares:
        room = left.get(share.line.category)
        if room is not None:
            if share.aid > room:
                share.aid = room
                share.reasons.append(call.reason("category_ceiling", Decimal(ceilings[share.line.category])))
            left[share.line.category] = room - share.aid
    return sum((share.aid for share in call.shares), ZERO)


FUNCTIONS: Mapping[str, AidFunction] = {
    "percent_by_category": percent_by_category, "percent": percent, "flat": flat, "steps": steps,
    "piecewise": piecewise, "days": days, "group": group, "levels": levels, "wallet": wallet,
    "pro_rata": pro_rata, "mix": mix,
}  # fmt: skip
