"""From a quote to an aid, in an explicit order that the screen shows.

Excluding VAT → excluded lines → rate and ceilings of the scheme's aid function → other public aid →
floor. De minimis headroom and the envelope follow, each in its own rule. Everything in euro, rounded
down to the cent on each line (`regions.money.POLICY`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from applications.rules.amounts.base import Line, Share, Step, cut_lines
from applications.rules.amounts.functions import FUNCTIONS
from applications.rules.base import Reason, Verdict
from applications.rules.eligibility import reason_of
from regions.money import ZERO, floor_cent

Rules = Mapping[str, Any]
Facts = Mapping[str, Any]


def compute(rules: Rules, lines: Sequence[Line], facts: Facts, *, other_aid: Decimal = ZERO) -> Verdict:
    """The aid on a quote, with each line's part, each step, and a reason for whatever was left out.

    `other_aid` is other public aid to the same project, in euro.
    """
    shares = [_share(rules, line) for line in lines]
    aid, steps, reasons = FUNCTIONS[rules["how"]["function"]](rules, shares, facts)
    steps = [_exclusion(lines, shares), *steps]
    aid, more, left_out = _with_other_aid(rules, shares, aid, other_aid)
    floor, short = _floor(rules, aid)
    refusals = (*reasons, *left_out, *short)
    return Verdict(
        aid > ZERO and not any(r.blocking for r in refusals),
        refusals if refusals or aid > ZERO else (reason_of(rules, "nothing_eligible"),),
        amount=floor,
        details={"lines": [s.plain() for s in shares], "steps": [s.plain() for s in (*steps, *more)]},
        inputs={"lines": len(lines), "other_aid": other_aid},
    )


def _share(rules: Rules, line: Line) -> Share:
    """What of a line may be aided at all: hardware and what the scheme does not list are left out."""
    if line.hardware and rules["what"].get("hardware_excluded", False):
        return Share(line, ZERO, reasons=[reason_of(rules, "hardware", line.label, blocking=False)])
    category = next((c for c in rules["what"]["categories"] if c["code"] == line.category), None)
    if category is None or category.get("excluded", False):
        return Share(line, ZERO, reasons=[reason_of(rules, "category_excluded", line.category, blocking=False)])
    return Share(line, line.amount)


def _exclusion(lines: Sequence[Line], shares: Sequence[Share]) -> Step:
    quoted = sum((line.amount for line in lines), ZERO)
    return Step("excluded_lines", quoted, sum((share.eligible for share in shares), ZERO))


def _with_other_aid(
    rules: Rules, shares: Sequence[Share], aid: Decimal, other_aid: Decimal
) -> tuple[Decimal, list[Step], list[Reason]]:
    """Public aid altogether may not pass a share of the eligible cost; less is given, never more."""
    share = rules["how"].get("public_aid_max_share")
    if share is None or not other_aid:
        return aid, [], []
    eligible = sum((s.eligible for s in shares), ZERO)
    room = max(floor_cent(eligible * Decimal(share)) - other_aid, ZERO)
    if aid <= room:
        return aid, [Step("other_aid", aid, aid)], []
    reason = reason_of(rules, "other_aid", other_aid, blocking=room == ZERO)
    cut_lines(shares, aid - room, reason)
    return room, [Step("other_aid", aid, room)], [reason]


def _floor(rules: Rules, aid: Decimal) -> tuple[Decimal, list[Reason]]:
    """Below the scheme's smallest aid nothing is given."""
    floor = Decimal(rules["how"].get("aid_floor", "0"))
    if ZERO < aid < floor:
        return ZERO, [reason_of(rules, "aid_floor", aid)]
    return aid, []


def at_payment(
    rules: Rules, granted: Sequence[Line], accepted: Sequence[Line], grant: Decimal, facts: Facts
) -> Decimal:
    """The aid due on all that was accepted so far, in euro: the grant's own function, never above the grant.

    `granted` holds each line's eligible amount at the grant, `accepted` what the controls accepted of
    it; a line cannot count for more than was granted on it.
    """
    limits = {line.key: line.amount for line in granted}
    shares = [Share(line, min(line.amount, limits.get(line.key, ZERO))) for line in accepted]
    aid, _steps, _reasons = FUNCTIONS[rules["how"]["function"]](rules, shares, facts)
    return min(aid, grant)
