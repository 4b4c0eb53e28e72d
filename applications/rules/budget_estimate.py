"""What a scheme would cost in a year: take-up × average aid × size mix, each assumption stated. Pure.

For each size of firm: how many of the firms, one firm's figures and its project's cost. The aid of each is the
scheme's own (`amounts.compute`), zero where a condition on the figures given refuses; a condition on a fact that
the mix does not tell refuses nothing. Files are not rounded; amounts are rounded down to the cent at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from applications.rules import eligibility
from applications.rules.amounts import compute
from applications.rules.amounts.base import told
from applications.rules.amounts.example import example
from applications.rules.base import InputError, Reason, Verdict
from regions.money import ZERO, floor_cent

Rules = Mapping[str, Any]
UNKNOWN = "fact_missing"


@dataclass(frozen=True, slots=True)
class Size:
    """A size of firm in the mix: its share of the firms (a fraction), a typical firm, its project's cost in euro."""

    name: str
    share: Decimal
    headcount: Decimal
    turnover: Decimal
    cost: Decimal


def estimate(rules: Rules, firms: int, take_up: Decimal, sizes: Sequence[Size], envelope: Decimal) -> Verdict:
    """The year's need against the envelope; `take_up` is the fraction of eligible firms that apply in a year."""
    total = sum((size.share for size in sizes), Decimal(0))
    if total != 1:
        en, fr = "the shares have to add up to 1 (100 %).", "les parts doivent faire 1 (100 %) en tout."
        raise InputError("sizes", en, fr)
    rows = [_row(rules, firms * take_up, size) for size in sizes]
    need = floor_cent(sum((row["need"] for row in rows), Decimal(0)))
    files = sum((row["files"] for row in rows), Decimal(0))
    average = floor_cent(need / files) if files else ZERO
    details = {
        "files": files, "average_aid": average, "envelope": envelope, "left": envelope - need,
        "files_affordable": int(envelope // average) if average else 0, "sizes": rows,
    }  # fmt: skip
    return Verdict(need <= envelope, () if need <= envelope else (_short(need - envelope),), need, details)


def _row(rules: Rules, applying: Decimal, size: Size) -> dict[str, Any]:
    """One size: a refused one files nothing."""
    facts = {"headcount": size.headcount, "turnover": size.turnover}
    line = example(rules, facts, size.cost)
    verdict = compute(rules, [line], facts)
    found = (*eligibility.assess(rules, facts).reasons, *verdict.reasons)
    refused = [told(reason) for reason in found if reason.blocking and reason.code != UNKNOWN]
    aid = ZERO if refused else verdict.amount or ZERO
    files = applying * size.share if aid else Decimal(0)
    return {"name": size.name, "aid": aid, "files": files, "need": files * aid, "refused": refused}


def _short(missing: Decimal) -> Reason:
    return Reason(
        "envelope_short",
        f"L’enveloppe ne suffit pas : il manque {missing:.2f} € avec ces hypothèses.",
        f"The envelope is not enough: €{missing:.2f} are missing with these assumptions.",
        params={"missing": missing},
    )
