"""Publication of individual awards: Regulation (EU) 651/2014, art. 9(1)(c) and (4). Pure.

An award of more than EUR 100,000 outside primary agriculture and fishery is published on the national or
regional website within six months of the grant, and kept there ten years. In euro, gross grant equivalent.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from regions.calendars import add_months

PUBLISHED_ABOVE = Decimal("100000.00")
PUBLISH_MONTHS = 6
EXEMPTED = ("gber_18", "gber_19", "gber_28")


def is_published(legal_basis: str, equivalent: Decimal) -> bool:
    """Whether an award is published: under the GBER and above the threshold, not at it."""
    return legal_basis in EXEMPTED and equivalent > PUBLISHED_ABOVE


def publish_by(granted_on: date) -> date:
    """The last day to publish: six months from the grant. Granted on 31 August, published by 28 February."""
    return add_months(granted_on, PUBLISH_MONTHS)
