"""The aid functions: each turns eligible lines into an aid, from the parameters of a scheme version.

A new shape of aid is a new function here with a test, never an expression in the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from applications.rules.amounts.base import Share, Step, cut_lines
from applications.rules.base import Reason
from applications.rules.eligibility import reason_of
from regions.money import ZERO, floor_cent

Facts = Mapping[str, Any]
Rules = Mapping[str, Any]
Outcome = tuple[Decimal, list[Step], list[Reason]]


def band(rules: Rules, facts: Facts) -> Mapping[str, Any] | None:
    """The first band whose headcount limit (strictly below, work units) holds the firm, or None."""
    headcount = facts.get("headcount")
    if headcount is None:
        return None
    return next((b for b in rules["how"]["bands"] if headcount < Decimal(b["headcount_below"])), None)


def percent_by_category(rules: Rules, shares: Sequence[Share], facts: Facts) -> Outcome:
    """A rate by size of firm, capped by category of service, then overall: caps are on the aid.

    Each line's aid is rounded down to the cent; lines of one category share its ceiling, in order.
    """
    found = band(rules, facts)
    if found is None:
        return ZERO, [], [reason_of(rules, "no_band", facts.get("headcount"))]
    rated = sum((_rate(share, Decimal(found["rate"])) for share in shares), ZERO)
    capped = _cap_categories(rules, shares)
    ceiling = Decimal(found["aid_ceiling"])
    aid = min(capped, ceiling)
    if aid < capped:
        cut_lines(shares, capped - aid, reason_of(rules, "aid_ceiling", ceiling, blocking=False))
    eligible = sum((share.eligible for share in shares), ZERO)
    steps = [
        Step("rate", eligible, rated),
        Step("category_ceilings", rated, capped),
        Step("aid_ceiling", capped, aid),
    ]
    return aid, steps, []


def _rate(share: Share, rate: Decimal) -> Decimal:
    share.aid = floor_cent(share.eligible * rate)
    return share.aid


def _cap_categories(rules: Rules, shares: Sequence[Share]) -> Decimal:
    ceilings = {c["code"]: c.get("aid_ceiling") for c in rules["what"]["categories"]}
    left = {code: Decimal(ceiling) for code, ceiling in ceilings.items() if ceiling is not None}
    for share in shares:
        room = left.get(share.line.category)
        if room is not None:
            if share.aid > room:
                share.aid = room
                ceiling = Decimal(ceilings[share.line.category])
                share.reasons.append(reason_of(rules, "category_ceiling", ceiling, blocking=False))
            left[share.line.category] = room - share.aid
    return sum((share.aid for share in shares), ZERO)


AidFunction = Callable[[Rules, Sequence[Share], Facts], Outcome]
FUNCTIONS: dict[str, AidFunction] = {"percent_by_category": percent_by_category}
