"""Publication of individual awards: Regulation (EU) 651/2014, art. 9(1)(c) and (4). Pure.

An award of more than EUR 100,000 outside primary agriculture and fishery is published on the national or
regional website within six months of the grant, and kept there ten years. In euro, gross grant equivalent.
What was published and changed is published again, even at or below the threshold; the regulation gives no time for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from regions.calendars import add_months

PUBLISHED_ABOVE = Decimal("100000.00")
PUBLISH_MONTHS = 6
EXEMPTED = ("gber_18", "gber_19", "gber_28")


@dataclass(frozen=True, slots=True)
class CorrectionTime:
    """The months to publish a correction made from a day on; `confirmed` once an authority said so."""

    since: date
    months: int
    confirmed: bool = False


# The six months of the award itself, for want of a time of their own: to be confirmed.
CORRECTION_TIMES = (CorrectionTime(date(2014, 7, 1), PUBLISH_MONTHS),)


def is_exempted(legal_basis: str) -> bool:
    return legal_basis in EXEMPTED


def is_published(legal_basis: str, equivalent: Decimal) -> bool:
    """Whether an award is published: under the GBER and above the threshold, not at it."""
    return is_exempted(legal_basis) and equivalent > PUBLISHED_ABOVE


def publish_by(granted_on: date) -> date:
    """The last day to publish: six months from the grant. Granted on 31 August, published by 28 February."""
    return add_months(granted_on, PUBLISH_MONTHS)


def correction_time(day: date, times: Sequence[CorrectionTime] = CORRECTION_TIMES) -> CorrectionTime:
    """The time in force on a day: the latest that began, the first one before them all."""
    return max((one for one in times if one.since <= day), key=lambda one: one.since, default=times[0])


def correct_by(corrected_on: date) -> date:
    """The last day to publish a correction (to be confirmed). Corrected on 31 August, published by 28 February."""
    return add_months(corrected_on, correction_time(corrected_on).months)
