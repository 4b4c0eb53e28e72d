"""The dated rates of interest on a recovery order paid late, as shipped (`data/late_interest.yaml`)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from applications.rules.late_interest import Rate
from regions.calendars import add_months

FILE = Path(__file__).resolve().parent / "data" / "late_interest.yaml"
LASTS_MONTHS = 6  # a rate is set for half a year


@cache
def _rows() -> tuple[tuple[Rate, bool], ...]:
    given = yaml.safe_load(FILE.read_text(encoding="utf-8"))["rates"]
    return tuple((Rate(row["since"], Decimal(row["percent"])), row["confirmed"]) for row in given)


def rates() -> tuple[Rate, ...]:
    """Every rate, in percent a year, each from its own day on."""
    return tuple(rate for rate, _confirmed in _rows())


def known(day: date) -> bool:
    """Whether a rate is recorded that applies on a day."""
    return any(rate.since <= day for rate in rates())


def confirmed(since: date, until: date) -> bool:
    """Whether the rate applied from a day was checked, and was set for all the days up to another."""
    found = max((row for row in _rows() if row[0].since <= since), key=lambda row: row[0].since)
    ends = add_months(found[0].since, LASTS_MONTHS)
    return found[1] and until < ends
