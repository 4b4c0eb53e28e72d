"""Cash forecast: what will be paid week by week, and the day on which the money runs out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from regions.money import ZERO

WEEKS = 13


@dataclass(frozen=True, slots=True)
class Flow:
    """Money expected to leave on a day: an order, a claim in control, or a claim not filed yet. Euro."""

    on: date
    amount: Decimal
    kind: str


@dataclass(frozen=True, slots=True)
class Week:
    """What leaves in a week, by kind, and what is left at its end; negative when the money is short. Euro."""

    begins: date
    out: dict[str, Decimal]
    left: Decimal

    @property
    def total(self) -> Decimal:
        return sum(self.out.values(), ZERO)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The weeks ahead; `later` leaves after them. `runs_out_on` is the first day that cannot be paid in full."""

    available: Decimal
    weeks: Sequence[Week]
    later: Decimal
    runs_out_on: date | None
    short: Decimal

    @property
    def busy(self) -> list[Week]:
        """The weeks in which something leaves."""
        return [week for week in self.weeks if week.total]


def forecast(
    available: Decimal, flows: Iterable[Flow], today: date, kinds: Sequence[str], weeks: int = WEEKS
) -> Forecast:
    """Spread the flows over weeks that begin on Mondays; what is late is paid today.

    What is due on a Saturday or a Sunday counts in the week before. Example: 100 € available, 60 € due on
    Tuesday and 60 € on the Monday after: 40 € left at the end of the first week, short of 20 € on that Monday.
    """
    dated, first = in_order(flows, today), monday(today)
    end = first + timedelta(weeks=weeks)
    later = sum((flow.amount for flow in dated if flow.on >= end), ZERO)
    spread = _weeks(available, dated, first, kinds, weeks)
    total = sum((flow.amount for flow in dated), ZERO)
    return Forecast(available, spread, later, runs_out(available, dated), max(total - available, ZERO))


def in_order(flows: Iterable[Flow], today: date) -> list[Flow]:
    """The flows by day; what is late leaves today."""
    return sorted((Flow(max(flow.on, today), flow.amount, flow.kind) for flow in flows), key=lambda flow: flow.on)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weeks(available: Decimal, flows: Sequence[Flow], first: date, kinds: Sequence[str], weeks: int) -> list[Week]:
    found, left = [], available
    for rank in range(weeks):
        begins = first + timedelta(weeks=rank)
        of_week = [flow for flow in flows if begins <= flow.on < begins + timedelta(weeks=1)]
        out = {kind: sum((flow.amount for flow in of_week if flow.kind == kind), ZERO) for kind in kinds}
        left -= sum(out.values(), ZERO)
        found.append(Week(begins, out, left))
    return found


def runs_out(available: Decimal, flows: Sequence[Flow]) -> date | None:
    """The day of the first flow that what is left does not cover."""
    left = available
    for flow in flows:
        left -= flow.amount
        if left < ZERO:
            return flow.on
    return None
