"""The float that pays providers in the firms' place: what is at hand, what leaves and when, the day it runs out.

A pot pays its own flows only: an envelope never pays for another, and a firm's own share leaves with its own file
alone. Weeks first, then calendar months until the last flow. Euro.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

from applications.rules.cash import WEEKS, Flow, in_order, monday, runs_out
from regions.calendars import add_months
from regions.money import ZERO


@dataclass(frozen=True, slots=True)
class Pot:
    """Money at hand and what it has to pay; `name` tells it from the others. Euro."""

    name: str
    at_hand: Decimal
    flows: Sequence[Flow]


@dataclass(frozen=True, slots=True)
class Span:
    """A week, or a month after the weeks: what leaves by kind, firms' shares apart, and what is left then. Euro."""

    begins: date
    monthly: bool
    out: dict[str, Decimal]
    shares: Decimal
    left: Decimal
    left_shares: Decimal

    @property
    def total(self) -> Decimal:
        return sum(self.out.values(), self.shares)


@dataclass(frozen=True, slots=True)
class CashFloat:
    """What is at hand, aid and firms' shares, the spans in which something leaves, and the first pot to run out.

    `until` is the day of the last flow; `short` what the pots lack in all once everything has left. Euro.
    """

    aid: Decimal
    shares: Decimal
    spans: Sequence[Span]
    until: date | None
    runs_out_on: date | None
    first_out: str
    short: Decimal

    @property
    def at_hand(self) -> Decimal:
        return self.aid + self.shares


def cash_float(
    pots: Sequence[Pot], shares: Pot, today: date, kinds: Sequence[str], weeks: int = WEEKS
) -> CashFloat:  # fmt: skip
    """The float made of envelopes' pots of aid and of the firms' shares.

    100 € and 50 € of aid, 40 € of shares; 60 € leave the second pot on Tuesday, with the 40 €: the float runs out that
    day, short of 10 €, whatever the first pot holds.
    """
    own, aid = in_order(shares.flows, today), in_order(chain(*(pot.flows for pot in pots)), today)
    until = max((flow.on for flow in (*aid, *own)), default=None)
    day, name = min(_ends(pots, today), default=(None, ""))
    at_hand = sum((pot.at_hand for pot in pots), ZERO)
    spans = _spans(at_hand, shares.at_hand, aid, own, _bounds(today, until, weeks), kinds)
    short = sum((max(_total(pot.flows) - pot.at_hand, ZERO) for pot in pots), ZERO)
    return CashFloat(at_hand, shares.at_hand, spans, until, day, name, short)


def _total(flows: Sequence[Flow]) -> Decimal:
    return sum((flow.amount for flow in flows), ZERO)


def _ends(pots: Sequence[Pot], today: date) -> Iterator[tuple[date, str]]:
    """The day on which each pot that runs out does."""
    for pot in pots:
        day = runs_out(pot.at_hand, in_order(pot.flows, today))
        if day is not None:
            yield day, pot.name


def _bounds(today: date, until: date | None, weeks: int) -> list[tuple[date, date, bool]]:
    """Begin, end (left out) and kind of each span: the weeks, then the months until the last flow."""
    first = monday(today)
    found = [(first + timedelta(weeks=rank), first + timedelta(weeks=rank + 1), False) for rank in range(weeks)]
    begins = first + timedelta(weeks=weeks)
    while until is not None and begins <= until:
        ends = add_months(begins.replace(day=1), 1)
        found.append((begins, ends, True))
        begins = ends
    return found


def _spans(
    left: Decimal, left_shares: Decimal, aid: Sequence[Flow], own: Sequence[Flow],
    bounds: Sequence[tuple[date, date, bool]], kinds: Sequence[str],
) -> list[Span]:  # fmt: skip
    """The spans in which something leaves."""
    found = []
    for begins, ends, monthly in bounds:
        leaving = [flow for flow in aid if begins <= flow.on < ends]
        out = {kind: _total([flow for flow in leaving if flow.kind == kind]) for kind in kinds}
        shares = _total([flow for flow in own if begins <= flow.on < ends])
        left, left_shares = left - sum(out.values(), ZERO), left_shares - shares
        found.append(Span(begins, monthly, out, shares, left, left_shares))
    return [span for span in found if span.total]
