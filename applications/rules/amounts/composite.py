"""The aid functions that look beyond the quote: days, members, levels, the firm's own history, a window.

Facts that are not known take the value that is stated beside each function; the eligibility conditions
of the scheme are where a missing fact refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from applications.rules.amounts.base import Call, Outcome, Share, Step, eligible_cost, limit_units, spread
from applications.rules.amounts.simple import cap_aid, lower
from regions.money import ZERO, floor_cent


def days(call: Call) -> Outcome:
    """`rate` of the days, each up to `day_rate_ceiling`, `days_max` at most; the dearest days count first.

    The quantity of a line is its days. Without it the line is left out at the grant; at payment the
    days of the grant count. The number of days was limited at the grant: what was granted on each line
    limits it again, so only the price of a day is checked at payment.
    """
    if call.payment is None:
        for share in call.shares:
            if not share.line.quantity:
                share.limit(ZERO, call.reason("days_missing"))
    before, most = call.cost, Decimal(call.how["days_max"]) if call.payment is None else None
    limit_units(
        [share for share in call.shares if share.line.quantity],
        unit_ceiling=Decimal(call.how["day_rate_ceiling"]), units_max=most,
        reasons=(
            call.reason("day_rate", call.how["day_rate_ceiling"]), call.reason("days_max", call.how["days_max"]),
        ),
    )  # fmt: skip
    return cap_aid(call, _rated(call, [Step("days", before, call.cost)]))


def _rated(call: Call, steps: list[Step]) -> Outcome:
    aid = floor_cent(call.cost * Decimal(call.how["rate"]))
    spread(call.shares, aid)
    return Outcome(aid, [*steps, Step("rate", call.cost, aid)])


def group(call: Call) -> Outcome:
    """`rate` of the joint project, at most `aid_ceiling_per_member` for each of the `members`.

    Fewer than `min_members` refuses. Once granted, the loss of a member lowers the ceiling (`on_loss`:
    reduce) or ends the aid (revoke). Unknown members: the minimum at the grant, no change at payment.
    """
    members, least = call.facts.get("members"), call.how["min_members"]
    if members is not None and members < least and (call.payment is None or call.how["on_loss"] == "revoke"):
        return call.refuse("fewer_members", members)
    outcome = _rated(call, [])
    if members is None and call.payment is not None:
        return outcome
    counted = least if members is None else members
    if members is None:
        outcome.reasons.append(call.reason("members_assumed", least))
    most = counted * Decimal(call.how["aid_ceiling_per_member"])
    return lower(call, outcome, most, "member_ceiling", most)


def levels(call: Call) -> Outcome:
    """A function by level: `level` (1 when not known) picks it, with the categories that belong to it.

    From level 2 on the earlier level must be settled (`prior_level_settled`), and only the categories
    that its analysis recommends (`recommended`) are aided.
    """
    level = _level(call)
    found = next((entry for entry in call.how["levels"] if entry["level"] == level), None)
    if found is None:
        return call.refuse("level_unknown", level)
    if call.payment is not None:
        return call.inner(found["how"])
    if level > 1 and call.facts.get("prior_level_settled") is not True:
        return call.refuse("prior_level", level)
    before = call.cost
    _keep_level(call, found)
    outcome = call.inner(found["how"])
    return replace(outcome, steps=[Step("level_lines", before, call.cost), *outcome.steps])


def _level(call: Call) -> int:
    """The level asked; at payment, else the one to which the granted lines belong."""
    known = call.facts.get("level")
    if known is not None or call.payment is None:
        return int(known or 1)
    granted = {share.line.category for share in call.payment.granted if share.eligible}
    entries = (entry["level"] for entry in call.how["levels"] if granted & set(entry["categories"]))
    return int(next(entries, 1))


def _keep_level(call: Call, entry: Mapping[str, Any]) -> None:
    recommended = call.facts.get("recommended") or ()
    for share in call.shares:
        if share.line.category not in entry["categories"]:
            share.limit(ZERO, call.reason("other_level", entry["level"]))
        elif entry["level"] > 1 and share.line.category not in recommended:
            share.limit(ZERO, call.reason("not_recommended"))


def wallet(call: Call) -> Outcome:
    """A nested aid, within what is left of the firm's ceilings: rolling years, and calendar year.

    `wallet_used_rolling` and `wallet_used_year`: aid already granted under the scheme, in euro (0 when
    not known). The ceilings were checked at the grant; a payment does not spend them again.
    """
    outcome = call.inner(call.how["how"])
    if call.payment is not None:
        return outcome
    rolling = _left(call.how["rolling"]["ceiling"], call.facts.get("wallet_used_rolling"))
    outcome = _within(call, outcome, rolling, "wallet_rolling")
    if "calendar_year_ceiling" not in call.how:
        return outcome
    year = _left(call.how["calendar_year_ceiling"], call.facts.get("wallet_used_year"))
    return _within(call, outcome, year, "wallet_year")


def _left(ceiling: str, used: Decimal | None) -> Decimal:
    return max(Decimal(ceiling) - (used or ZERO), ZERO)


def _within(call: Call, outcome: Outcome, left: Decimal, code: str) -> Outcome:
    """An empty wallet refuses; a short one gives less and says so."""
    if outcome.aid <= left:
        return replace(outcome, steps=[*outcome.steps, Step(code, outcome.aid, outcome.aid)])
    lowered = lower(call, outcome, left, code, left)
    return replace(lowered, reasons=[*outcome.reasons, call.reason(code, left, blocking=left == ZERO)])


def pro_rata(call: Call) -> Outcome:
    """A nested aid times the coefficient of the window, `window_coefficient` (1 when not known).

    At payment an unknown coefficient is the one that the grant shows: the grant over the nested aid on
    the granted lines.
    """
    outcome = call.inner(call.how["how"])
    coefficient = _coefficient(call)
    if coefficient >= 1:
        return outcome
    most = floor_cent(outcome.aid * coefficient)
    return lower(call, outcome, most, "window_coefficient", coefficient)


def _coefficient(call: Call) -> Decimal:
    known = call.facts.get("window_coefficient")
    if known is not None or call.payment is None:
        return Decimal(1) if known is None else Decimal(known)
    granted = [Share(share.line, share.eligible, rank=share.rank) for share in call.payment.granted]
    base = replace(call, shares=granted).inner(call.how["how"]).aid if eligible_cost(granted) else ZERO
    return min(call.payment.grant / base, Decimal(1)) if base else Decimal(1)
