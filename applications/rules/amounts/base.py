"""What the aid functions speak: a line of a quote, and what becomes of it. Euro, excluding VAT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from applications.rules.base import Reason
from regions.money import ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a quote or of an invoice: euro excl. VAT; `hardware` marks equipment."""

    key: str
    category: str
    label: str
    amount: Decimal
    hardware: bool = False
    quantity: Decimal | None = None


@dataclass(slots=True)
class Share:
    """A line on its way to an aid: what is eligible, what is aided, and why less than asked."""

    line: Line
    eligible: Decimal
    aid: Decimal = ZERO
    reasons: list[Reason] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """The share as plain values, for the frozen outcome and the screens."""
        return {
            "key": self.line.key,
            "quoted": self.line.amount,
            "eligible": self.eligible,
            "aid": self.aid,
            "reasons": [{"code": r.code, "fr": r.fr, "en": r.en, "article": r.article} for r in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the order of operations: its name, what came in and what went out. Euro."""

    name: str
    before: Decimal
    after: Decimal

    def plain(self) -> dict[str, Any]:
        return {"name": self.name, "before": self.before, "after": self.after}


def cut_lines(shares: Sequence[Share], excess: Decimal, reason: Reason) -> None:
    """Take what passes the overall ceiling from the last lines first, so the lines add up to the aid."""
    for share in reversed(shares):
        cut = min(share.aid, excess)
        if cut:
            share.aid -= cut
            share.reasons.append(reason)
        excess -= cut
