"""The clocks of a file: decision, payment of a claim, appeal, claim window.

Decision: two months from receipt, silence being a rejection (CRPA L.231-4, 3°); only a request for
required missing items suspends it (CRPA L.114-5), until the answer or the deadline that was set,
whichever comes first. Payment: in full within 80 days of the claim, interrupted while it cannot be
established that the amount is due (CPR art. 74(1)(b)). All dates are local days of the region; a
deadline is met until the end of its day. Delays in months and their start are parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from applications.rules.base import Reason
from regions.calendars import add_months, next_working_day

DECISION_MONTHS = 2
WARNING_DAY = 45
PAYMENT_DAYS = 80
APPEAL_MONTHS = 2
SILENCE = "CRPA, art. L.231-4"
SUSPENSION = "CRPA, art. L.114-5"
PAYMENT = "Règlement (UE) 2021/1060, art. 74(1)(b)"
APPEAL = "CJA, art. R.421-1"


@dataclass(frozen=True, slots=True)
class Suspension:
    """A request for missing items: asked, answered if it was, and the deadline set for the answer.

    The day of the request does not run, the day of the answer does. Raises ValueError when an end
    comes before the request.
    """

    asked_on: date
    answered_on: date | None = None
    deadline: date | None = None

    def __post_init__(self) -> None:
        for end in (self.answered_on, self.deadline):
            if end is not None and end < self.asked_on:
                raise ValueError(f"an answer or a deadline of {end} precedes the request of {self.asked_on}")

    def ends_on(self, as_of: date) -> date:
        """The day the clock runs again, as known on `as_of`: answer or deadline, whichever is first.

        Without either, the suspension still lasts and is counted up to `as_of`, which must then be
        given: ValueError otherwise.
        """
        answered = self.answered_on if self.answered_on and self.answered_on <= as_of else None
        ends = [end for end in (answered, self.deadline) if end is not None]
        if not ends and as_of == date.max:
            raise ValueError(f"the request of {self.asked_on} has no end: say up to which day it is counted")
        return min(ends, default=max(as_of, self.asked_on))

    def is_open(self, as_of: date) -> bool:
        """Whether the clock stands still on `as_of`."""
        if self.asked_on > as_of or (self.answered_on is not None and self.answered_on <= as_of):
            return False
        return self.deadline is None or as_of < self.deadline


def suspended_until(start: date, due: date, suspensions: Sequence[Suspension], as_of: date) -> date:
    """The due date moved by the days suspended, as known on `as_of`.

    Overlapping requests count once. A request made after the clock ran out, or not yet made on
    `as_of`, moves nothing: silence has already spoken.
    """
    covered = start
    for each in sorted(suspensions, key=lambda suspension: suspension.asked_on):
        begins, ends = max(each.asked_on, covered), each.ends_on(as_of)
        if each.asked_on > due or each.asked_on > as_of:
            break
        if ends > begins:
            due, covered = due + (ends - begins), ends
    return due


def clock_start(received_on: date, starts_next_day: bool) -> date:
    """The first day of the clock: the day of receipt, or the day after it (to be confirmed)."""
    return received_on + timedelta(days=1) if starts_next_day else received_on


def decision_due(
    received_on: date,
    suspensions: Sequence[Suspension] = (),
    as_of: date | None = None,
    *,
    months: int = DECISION_MONTHS,
    starts_next_day: bool = False,
) -> date:
    """The last day to decide; at its end, silence is an implicit rejection dated that day.

    Received on 2 March 2026: 2 May 2026, from date to date, clamped to the end of the month. While
    an answer is awaited the deadline set is counted in full. `as_of` defaults to all that is known.
    """
    start = clock_start(received_on, starts_next_day)
    return suspended_until(start, add_months(start, months), suspensions, as_of or date.max)


def warning_on(
    received_on: date,
    suspensions: Sequence[Suspension] = (),
    as_of: date | None = None,
    *,
    day: int = WARNING_DAY,
    starts_next_day: bool = False,
) -> date:
    """The day to warn the officer: the 45th running day of the clock, moved by the same suspensions."""
    start = clock_start(received_on, starts_next_day)
    return suspended_until(start, start + timedelta(days=day), suspensions, as_of or date.max)


def payment_due(
    submitted_on: date,
    interruptions: Sequence[Suspension] = (),
    as_of: date | None = None,
    *,
    days: int = PAYMENT_DAYS,
) -> date:
    """The last day to pay a claim in full: 80 days plus the days interrupted (CPR art. 74(1)(b)).

    Claim of 1 June 2026: 20 August; interrupted from 20 June to 10 July: 9 September. The CPR sets
    no longest interruption. In grouped mode `days` is what the scheme promises to the firm.
    """
    due = submitted_on + timedelta(days=days)
    return suspended_until(submitted_on, due, interruptions, as_of or date.max)


def appeal_until(
    notified_on: date,
    *,
    months: int = APPEAL_MONTHS,
    overseas_month: bool = False,
    clear_days: bool = False,
    region: str | None = None,
) -> date:
    """The last day of an appeal: two months from notification, or from the implicit rejection (CJA R.421-1).

    To be confirmed, off by default: `overseas_month` adds a month (R.421-7); `clear_days` counts a
    *délai franc* (neither the first nor the last day) and ends on a working day of `region`.
    """
    last = add_months(notified_on, months + (1 if overseas_month else 0))
    return next_working_day(last + timedelta(days=1), region) if clear_days else last


@dataclass(frozen=True, slots=True)
class Window:
    """A period both days of which are included; `closes_on` None means no end."""

    opens_on: date
    closes_on: date | None

    def contains(self, day: date) -> bool:
        """Whether a day falls within the period, both ends included."""
        return self.opens_on <= day and (self.closes_on is None or day <= self.closes_on)


def claim_window(
    notified_on: date,
    months: int | None = None,
    closes_on: date | None = None,
    extended_to: date | None = None,
) -> Window:
    """When a claim may be filed: from notification, for the scheme's months or until its closing day.

    The earlier of the two ends binds; an extension granted by amendment replaces it when later.
    Afterwards the right to the aid lapses, by a decision of the authority and never by itself.
    """
    ends = [end for end in (add_months(notified_on, months) if months else None, closes_on) if end]
    last = min(ends, default=None)
    if last is not None and extended_to is not None:
        last = max(last, extended_to)
    return Window(notified_on, last)


def clock_reason(code: str, due: date) -> Reason:
    """The sentence of a passed deadline: `implicit_rejection`, `payment_late` or `claim_window_closed`."""
    day_fr, day_en = f"{due:%d/%m/%Y}", due.isoformat()
    sentences = {
        "implicit_rejection": (
            f"Aucune décision n’a été notifiée avant la fin du {day_fr} : la demande est réputée rejetée.",
            f"No decision was notified by the end of {day_en}: the application is deemed rejected.",
            SILENCE,
        ),
        "payment_late": (
            f"Le délai de paiement a expiré le {day_fr}.",
            f"The payment deadline passed on {day_en}.",
            PAYMENT,
        ),
        "claim_window_closed": (
            f"Le délai de dépôt de la demande de paiement a expiré le {day_fr}.",
            f"The period for filing the claim ended on {day_en}.",
            "",
        ),
    }
    fr, en, article = sentences[code]
    return Reason(code, fr, en, article, params={"due_on": due})
