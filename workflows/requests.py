"""What a request for items does to the clocks: told to the officer before he sends it, and to the firm by letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from applications.models import Application, Claim, ItemRequest
from applications.rules.deadlines import Suspension, decision_due, payment_due
from regions.calendars import local_date


@dataclass(frozen=True, slots=True)
class RequestDates:
    """The last day to answer; `moved_to` is the decision or payment date if the firm takes all its time.

    `moved_to` is None when the clock has already run out: a request made then moves nothing.
    """

    answer_by: date
    moved_to: date | None


def for_application(file: Application, day: date) -> RequestDates:
    """The dates that a request made on a day would set: the answer's, and silence's (CRPA L. 114-5, L. 231-4)."""
    last = _answer_by(file, day)
    if file.submitted_at is None:
        return RequestDates(last, None)
    received = local_date(file.submitted_at, file.zone)
    stops = [*suspensions(file.item_requests.filter(claim__isnull=True)), Suspension(day, None, last)]
    months = int(file.scheme_version.rule("when", "decision_months", default=2))
    moved = decision_due(received, stops, months=months)
    return RequestDates(last, moved if moved > day else None)


def for_claim(claim: Claim, day: date) -> RequestDates:
    """The dates of a request about a claim: the answer's, and the promised payment's (CPR art. 74(1)(b))."""
    last = _answer_by(claim.application, day)
    if claim.received_at is None:
        return RequestDates(last, None)
    received = local_date(claim.received_at, claim.application.zone)
    stops = [*suspensions(claim.item_requests.all()), Suspension(day, None, last)]
    days = int(claim.application.scheme_version.rule("when", "payment_days", default=80))
    moved = payment_due(received, stops, days=days)
    return RequestDates(last, moved if moved > day else None)


def suspensions(requests: QuerySet[ItemRequest]) -> list[Suspension]:
    """The requests already made, as the rules read them."""
    return [Suspension(r.asked_on, r.answered_on, r.deadline) for r in requests.order_by("asked_on")]


def _answer_by(file: Application, day: date) -> date:
    days = int(file.scheme_version.rule("when", "item_request_days", default=30))
    return day + timedelta(days=days)
