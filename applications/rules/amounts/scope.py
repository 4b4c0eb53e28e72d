"""What of a quote may be aided at all, before any rate: law first, then the scheme's list and its limits.

A line is left out with its reason, never silently. What the law leaves open, or the scheme wants a
person to look at, is flagged and stays in: `Share.reasons` then holds a reason that does not refuse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from applications.rules.amounts.base import (
    Line,
    Rules,
    Share,
    Step,
    cut_cost,
    eligible_cost,
    limit_units,
    told,
)
from applications.rules.base import InputError, Reason
from applications.rules.de_minimis_scope import EXCLUDED, classify_export
from applications.rules.eligibility import reason_of
from regions.money import ZERO

Category = Mapping[str, Any]


def eligible_shares(rules: Rules, lines: Sequence[Line]) -> tuple[list[Share], list[tuple[Share, Reason]], list[Step]]:
    """The lines as shares, the flags for a person to look at, and the steps that show what was left out.

    Raises InputError on a negative amount or quantity.
    """
    if any(line.amount < 0 or (line.quantity or 0) < 0 for line in lines):
        raise InputError(
            "lines",
            "give amounts and quantities of zero or more",
            "donner des montants et des quantités positifs ou nuls",
        )
    known = {category["code"]: (rank, category) for rank, category in enumerate(rules["what"]["categories"])}
    shares, flags = [], []
    for line in lines:
        share, flag = _share(rules, line, *known.get(line.category, (len(known), None)))
        shares.append(share)
        flags.extend([(share, flag)] if flag else [])
    quoted = sum((line.amount for line in lines), ZERO)
    return shares, flags, [Step("excluded_lines", quoted, eligible_cost(shares)), *_category_costs(rules, shares)]


def _share(rules: Rules, line: Line, rank: int, category: Category | None) -> tuple[Share, Reason | None]:
    """One line: the law's own classification comes before the scheme's."""
    legal, refused = _by_law(rules, category)
    reason = legal if refused else _by_scheme(rules, line, category)
    if reason is not None:
        return Share(line, ZERO, reasons=[reason], rank=rank), None
    flag = legal or _to_review(rules, category or {})
    return Share(line, line.amount, reasons=[flag] if flag else [], rank=rank), flag


def _by_law(rules: Rules, category: Category | None) -> tuple[Reason | None, bool]:
    """Export expenses under Reg. (EU) 2023/2831, art. 1(1)(e): the reason found, and whether it excludes."""
    nature = (category or {}).get("export_nature")
    if nature is None or rules.get("legal_basis") != "de_minimis":
        return None, False
    verdict = classify_export(nature, settled=rules["what"].get("export_settled"))
    reason = replace(verdict.reasons[0], blocking=False) if verdict.reasons else None
    return reason, verdict.details["finding"] == EXCLUDED


def _by_scheme(rules: Rules, line: Line, category: Category | None) -> Reason | None:
    if line.hardware and rules["what"].get("hardware_excluded", False):
        return reason_of(rules, "hardware", line.label, blocking=False)
    if category is None:
        return reason_of(rules, "category_excluded", line.category, blocking=False)
    if category.get("excluded", False):
        return reason_of(rules, category.get("reason", "category_excluded"), line.category, blocking=False)
    return None


def _to_review(rules: Rules, category: Category) -> Reason | None:
    if not category.get("review", False):
        return None
    return reason_of(rules, category.get("reason", "review"), category.get("code"), blocking=False)


def _category_costs(rules: Rules, shares: Sequence[Share]) -> list[Step]:
    """Ceilings on the cost of a category: on a unit, on the number of units, then overall."""
    limited = [c for c in rules["what"]["categories"] if LIMITS & set(c)]
    before = eligible_cost(shares)
    for category in limited:
        _limit(rules, category, [s for s in shares if s.line.category == category["code"] and s.eligible])
    return [Step("category_costs", before, eligible_cost(shares))] if limited else []


LIMITS = {"cost_ceiling", "unit_cost_ceiling", "max_units"}


def _limit(rules: Rules, category: Category, shares: Sequence[Share]) -> None:
    price, units, cost = (category.get(name) for name in ("unit_cost_ceiling", "max_units", "cost_ceiling"))
    limit_units(
        shares, unit_ceiling=_decimal(price), units_max=_decimal(units),
        reasons=(
            reason_of(rules, "unit_cost_ceiling", price, blocking=False),
            reason_of(rules, "max_units", units, blocking=False),
        ),
    )  # fmt: skip
    if cost is not None:
        cut_cost(shares, Decimal(cost), reason_of(rules, "category_cost_ceiling", cost, blocking=False))


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def review_of(flags: Sequence[tuple[Share, Reason]]) -> list[dict[str, Any]]:
    """What a person must look at, line by line, as plain values."""
    return [{"key": share.line.key, "category": share.line.category, **told(reason)} for share, reason in flags]
