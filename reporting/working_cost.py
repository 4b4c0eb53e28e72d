"""The working cost of a year against what it handled: per file filed, per grant, per euro paid. Euro, as of a moment.

Filed and granted are counted in their year; paid is what the ledger booked in it, grants alone. A row of the whole
region is divided by all its schemes together. Where the denominator is nothing there is no figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications.enums import Bucket
from regions.models import Region
from regions.money import ZERO
from reporting.annual import Tally, booked
from workflows.administration import standing_costs

CENT, TENTH_OF_CENT = Decimal("0.01"), Decimal("0.001")


def rows(found: Tally, region: Region, watermark: datetime) -> Iterator[dict[str, Any]]:
    """Each cost that counts, with its three denominators and what comes out. None recorded: no row."""
    paid = booked(region, watermark)
    for cost in reversed(standing_costs([region], watermark)):
        scheme = cost.scheme.code if cost.scheme else ""
        keys = [key for key in found.years if key[1] == cost.year and scheme in ("", key[0])]
        filed, granted = (sum(found.years[key][name] for key in keys) for name in ("filed", "granted"))
        euro = sum(
            (total for (code, year, bucket), total in paid.items()
             if (year, bucket) == (cost.year, Bucket.PAID) and scheme in ("", code)), ZERO,
        )  # fmt: skip
        yield {
            "scheme": scheme, "year": cost.year, "staff": cost.staff, "cost": cost.amount, "filed": filed,
            "granted": granted, "paid": euro, "per_filed": _over(cost.amount, filed),
            "per_granted": _over(cost.amount, granted), "per_euro": _over(cost.amount, euro, TENTH_OF_CENT),
            "recorded_on": cost.recorded_at,
        }  # fmt: skip


def _over(cost: Decimal, what: Decimal | int, step: Decimal = CENT) -> Decimal | None:
    """12,000.00 over 40 files is 300.00; over none, nothing."""
    return (cost / what).quantize(step) if what > 0 else None
