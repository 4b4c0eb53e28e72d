"""From a quote to an aid, in an explicit order that the screen shows.

Excluding VAT → excluded lines → ceilings of the categories → ceiling of the cost → rate → ceiling of
the aid → other public aid → floor. De minimis headroom and the envelope follow, each in its own rule.
Everything in euro, rounded down to the cent (`regions.money.POLICY`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from applications.rules.amounts.base import (
    Call,
    Component,
    Line,
    Outcome,
    Payment,
    Share,
    Step,
    cut_lines,
)
from applications.rules.amounts.functions import FUNCTIONS
from applications.rules.amounts.scope import eligible_shares, review_of
from applications.rules.base import Reason, Verdict
from applications.rules.eligibility import reason_of
from regions.money import ZERO, floor_cent

Rules = Mapping[str, Any]
Facts = Mapping[str, Any]


def compute(rules: Rules, lines: Sequence[Line], facts: Facts, *, other_aid: Decimal = ZERO) -> Verdict:
    """The aid on a quote, with each line's part, each step, and a reason for whatever was left out.

    `other_aid` is other public aid to the same project, in euro. `details` also holds what a person
    must look at (`review`), the instruments of a mix (`components`) and the gross grant equivalent of
    all of them, which is the aid itself when there is only a grant.
    """
    shares, flags, steps = eligible_shares(rules, lines)
    call = Call(rules, rules["how"], shares, facts, FUNCTIONS)
    outcome = FUNCTIONS[call.how["function"]](call)
    outcome = replace(outcome, steps=[*steps, *outcome.steps])
    outcome = _floor(call, _with_other_aid(call, outcome, other_aid))
    reasons = (*outcome.reasons, *_nothing(rules, outcome), *(flag for _share, flag in flags))
    return _verdict(call, outcome, reasons, {"review": review_of(flags)}, {"lines": len(lines), "other_aid": other_aid})


def _verdict(
    call: Call, outcome: Outcome, reasons: tuple[Reason, ...], details: dict[str, Any], inputs: dict[str, Any]
) -> Verdict:
    """A refusal leaves no instrument beside it; the grant of a mix is what is left of it in the end."""
    refused = any(reason.blocking for reason in reasons)
    components = [] if refused else [_settled(component, outcome.aid) for component in outcome.components]
    shown = {
        "lines": [share.plain() for share in call.shares],
        "steps": [step.plain() for step in outcome.steps],
        "gross_grant_equivalent": outcome.aid + (ZERO if refused else outcome.beyond),
        "components": [component.plain() for component in components],
    }
    return Verdict(not refused, reasons, amount=outcome.aid, details=shown | details, inputs=inputs)


def _settled(component: Component, aid: Decimal) -> Component:
    if component.instrument != "grant":
        return component
    return replace(component, amount=aid, gross_grant_equivalent=aid)


def _nothing(rules: Rules, outcome: Outcome) -> list[Reason]:
    """No aid and no other reason that says so."""
    given = outcome.aid > ZERO or any(component.amount for component in outcome.components)
    if given or any(reason.blocking for reason in outcome.reasons):
        return []
    return [reason_of(rules, "nothing_eligible")]


def _with_other_aid(call: Call, outcome: Outcome, other_aid: Decimal) -> Outcome:
    """Public aid altogether may not pass a share of the eligible cost; less is given, never more.

    The instruments beside the grant count by their grant equivalent.
    """
    share, elsewhere = call.how.get("public_aid_max_share"), other_aid + outcome.beyond
    if share is None or not elsewhere:
        return outcome
    room = max(floor_cent(call.cost * Decimal(share)) - elsewhere, ZERO)
    aid = min(outcome.aid, room)
    outcome = replace(outcome, aid=aid, steps=[*outcome.steps, Step("other_aid", outcome.aid, aid)])
    granted = sum((one.aid for one in call.shares), ZERO)
    if granted <= aid:
        return outcome
    reason = reason_of(call.rules, "other_aid", other_aid, blocking=room == ZERO)
    cut_lines(call.shares, granted - aid, reason)
    return replace(outcome, reasons=[*outcome.reasons, reason])


def _floor(call: Call, outcome: Outcome) -> Outcome:
    """Below the scheme's smallest aid nothing is given."""
    floor = Decimal(call.how.get("aid_floor", "0"))
    if not ZERO < outcome.aid < floor:
        return outcome
    reason = reason_of(call.rules, "aid_floor", outcome.aid)
    cut_lines(call.shares, outcome.aid, replace(reason, blocking=False))
    return replace(outcome, aid=ZERO, reasons=[*outcome.reasons, reason])


def at_payment(
    rules: Rules, granted: Sequence[Line], accepted: Sequence[Line], grant: Decimal, facts: Facts
) -> Decimal:
    """The aid due on all that was accepted so far, in euro: the grant's own function, never above the grant.

    `granted` holds each line's eligible amount (and quantity) at the grant, `accepted` what the controls
    accepted of it; a line cannot count for more than was granted on it.
    """
    limits = {line.key: line for line in granted}
    shares = [_accepted(rules, line, limits.get(line.key)) for line in accepted]
    whole = [Share(line, line.amount, rank=_rank(rules, line)) for line in granted]
    call = Call(rules, rules["how"], shares, facts, FUNCTIONS, Payment(whole, grant))
    return min(FUNCTIONS[call.how["function"]](call).aid, grant)


def _accepted(rules: Rules, line: Line, limit: Line | None) -> Share:
    """What counts of an accepted line: no more cost, and no more days, than was granted."""
    if limit is None:
        return Share(line, ZERO, rank=_rank(rules, line))
    known = [quantity for quantity in (line.quantity, limit.quantity) if quantity]
    counted = replace(line, quantity=min(known) if known else None)
    return Share(counted, min(line.amount, limit.amount), rank=_rank(rules, line))


def _rank(rules: Rules, line: Line) -> int:
    codes = [category["code"] for category in rules["what"]["categories"]]
    return codes.index(line.category) if line.category in codes else len(codes)
