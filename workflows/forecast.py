"""What the dates would be: if the firm answered today, or claimed today. Reads only, promises nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from applications.models import Application, Claim, ItemRequest
from applications.rules.deadlines import Suspension, decision_due, payment_due
from regions.calendars import local_date


def decision_if_answered(file: Application, day: date) -> date | None:
    """The last day to decide if the request for items were answered on a day (CRPA, art. L. 114-5)."""
    if file.submitted_at is None:
        return None
    received = local_date(file.submitted_at, file.zone)
    stops = _answered(file.item_requests.filter(claim__isnull=True), day)
    months = int(file.scheme_version.rule("when", "decision_months", default=2))
    return decision_due(received, stops, day, months=months)


def payment_if_answered(claim: Claim, day: date) -> date | None:
    """The last day to pay if the request about the claim were answered on a day (CPR art. 74(1)(b))."""
    if claim.received_at is None:
        return None
    received = local_date(claim.received_at, claim.application.zone)
    stops = _answered(claim.item_requests.all(), day)
    return payment_due(received, stops, days=payment_days(claim.application))


def payment_days(file: Application) -> int:
    """The number of days in which the scheme promises to pay a complete claim."""
    return int(file.scheme_version.rule("when", "payment_days", default=80))


def payment_if_claimed(file: Application, day: date) -> date:
    """The last day to pay a claim filed complete on a day."""
    return day + timedelta(days=payment_days(file))


def _answered(requests: Iterable[ItemRequest], day: date) -> list[Suspension]:
    return [
        Suspension(r.asked_on, r.answered_on or (None if r.expired_on else day), r.deadline)
        for r in sorted(requests, key=lambda r: r.asked_on)
    ]
