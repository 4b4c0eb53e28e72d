"""What the aid functions speak: a line of a quote, what becomes of it, and the call of a function.

Euro, excluding VAT. Amounts stay exact until the one rounding, down to the cent (`regions.money`);
the lines then add up to the aid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from applications.rules.base import Reason
from applications.rules.eligibility import reason_of
from regions.money import CENT, ZERO, floor_cent

Rules = Mapping[str, Any]
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a quote or of an invoice: euro excl. VAT, the total of the line.

    `hardware` marks equipment; `quantity` is the number of days or of units, when the scheme asks it.
    """

    key: str
    category: str
    label: str
    amount: Decimal
    hardware: bool = False
    quantity: Decimal | None = None


@dataclass(slots=True)
class Share:
    """A line on its way to an aid: what is eligible, what is aided, and why less than asked.

    `rank` is the place of its category in the scheme: cuts begin with the last ones.
    """

    line: Line
    eligible: Decimal
    aid: Decimal = ZERO
    reasons: list[Reason] = field(default_factory=list)
    rank: int = 0

    def limit(self, most: Decimal, reason: Reason) -> None:
        """No more of the line is eligible than `most`, in euro."""
        if self.eligible > most:
            self.eligible = most
            self.reasons.append(reason)

    def plain(self) -> dict[str, Any]:
        """The share as plain values, for the frozen outcome and the screens."""
        return {
            "key": self.line.key,
            "quoted": self.line.amount,
            "eligible": self.eligible,
            "aid": self.aid,
            "reasons": [told(reason) for reason in self.reasons],
        }


def told(reason: Reason) -> dict[str, Any]:
    """A reason as plain values."""
    return {"code": reason.code, "fr": reason.fr, "en": reason.en, "article": reason.article}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the order of operations: its name, what came in and what went out. Euro."""

    name: str
    before: Decimal
    after: Decimal

    def plain(self) -> dict[str, Any]:
        return {"name": self.name, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Component:
    """An instrument of a mix: its amount, its grant equivalent and how that was found. Euro, percent a year."""

    instrument: str
    amount: Decimal
    gross_grant_equivalent: Decimal
    months: int = 0
    grace_months: int = 0
    every_months: int = 0
    annual_rate_percent: Decimal = ZERO
    method: str = "grant"

    def plain(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Outcome:
    """What an aid function gives: the grant, the steps, the reasons, the instruments beside the grant."""

    aid: Decimal
    steps: list[Step] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    @property
    def beyond(self) -> Decimal:
        """The grant equivalent of what is not the grant, in euro."""
        others = (c.gross_grant_equivalent for c in self.components if c.instrument != "grant")
        return sum(others, ZERO)


@dataclass(frozen=True, slots=True)
class Payment:
    """What a function knows of the grant when it is asked what is due: its lines and its amount, in euro."""

    granted: Sequence[Share]
    grant: Decimal


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an aid function; `how` holds its own parameters, the scheme's or those of a nested one.

    `payment` is set when the question is what is due on accepted costs, not what may be granted.
    """

    rules: Rules
    how: Rules
    shares: Sequence[Share]
    facts: Facts
    functions: Mapping[str, AidFunction]
    payment: Payment | None = None

    @property
    def cost(self) -> Decimal:
        """The eligible cost as it now stands."""
        return eligible_cost(self.shares)

    def amount(self, name: str) -> Decimal | None:
        """A parameter in euro, or None when the scheme does not set it."""
        value = self.how.get(name)
        return None if value is None else Decimal(value)

    def reason(self, code: str, found: Any = None, *, blocking: bool = False) -> Reason:
        return reason_of(self.rules, code, found, blocking=blocking)

    def refuse(self, code: str, found: Any = None, steps: Sequence[Step] = ()) -> Outcome:
        """No aid, and the reason that refuses."""
        for share in self.shares:
            share.aid = ZERO
        return Outcome(ZERO, list(steps), [self.reason(code, found, blocking=True)])

    def inner(self, how: Rules) -> Outcome:
        """A nested function on the same lines, with its own smallest aid."""
        call = replace(self, how=how)
        outcome = self.functions[how["function"]](call)
        floor = Decimal(how.get("aid_floor", "0"))
        if self.payment is None and ZERO < outcome.aid < floor:
            return call.refuse("aid_floor", outcome.aid, outcome.steps)
        return outcome


AidFunction = Callable[[Call], Outcome]


def eligible_cost(shares: Sequence[Share]) -> Decimal:
    return sum((share.eligible for share in shares), ZERO)


def in_order(shares: Sequence[Share]) -> list[Share]:
    """The lines in an order that does not depend on how the quote lists them: category, then the dearest."""
    return sorted(shares, key=lambda s: (s.rank, -s.eligible, s.line.key))


def cut_lines(shares: Sequence[Share], excess: Decimal, reason: Reason) -> None:
    """Take what passes the overall ceiling from the last lines first, so the lines add up to the aid."""
    for share in reversed(shares):
        cut = min(share.aid, excess)
        if cut:
            share.aid -= cut
            share.reasons.append(reason)
        excess -= cut


def cut_cost(shares: Sequence[Share], most: Decimal, reason: Reason) -> None:
    """No more cost altogether than `most`: the last lines lose first."""
    excess = eligible_cost(shares) - most
    for share in reversed(in_order(shares)):
        cut = min(share.eligible, max(excess, ZERO))
        if cut:
            share.limit(share.eligible - cut, reason)
        excess -= cut


def spread(shares: Sequence[Share], aid: Decimal) -> None:
    """Share an aid in whole cents among the lines by their eligible cost; the parts add up to the cent."""
    cost = eligible_cost(shares)
    for share in shares:
        share.aid = floor_cent(aid * share.eligible / cost) if cost else ZERO
    left = aid - sum((share.aid for share in shares), ZERO) if cost else ZERO
    for share in in_order([s for s in shares if s.eligible]):
        cent = min(left, CENT)
        share.aid += cent
        left -= cent


def limit_units(
    shares: Sequence[Share], *, unit_ceiling: Decimal | None, units_max: Decimal | None, reasons: tuple[Reason, Reason]
) -> None:
    """Days or units: each counts up to its price ceiling, and the dearest ones fill the number allowed.

    A line without a quantity counts for one unit. `reasons`: for the price, for the number. Partial
    quantities are taken in proportion, rounded down to the cent.
    """
    left = units_max
    for share in shares:
        if unit_ceiling is not None:
            share.limit(floor_cent(unit_ceiling * _units(share)), reasons[0])
    for share in sorted(shares, key=lambda s: (-s.eligible / _units(s), s.line.key)):
        if left is not None:
            counted = min(_units(share), left)
            share.limit(floor_cent(share.eligible * counted / _units(share)), reasons[1])
            left -= counted


def _units(share: Share) -> Decimal:
    return share.line.quantity or Decimal(1)
