"""The eighteen regions, loaded from the file shipped with the project; safe to repeat."""

from __future__ import annotations

import csv
from pathlib import Path

from regions.models import Region

SOURCE = Path(__file__).resolve().parent / "data" / "regions.csv"


def load_regions() -> int:
    """Create or refresh every region by its INSEE code; returns how many there are."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        Region.objects.update_or_create(code=row["code"], defaults=row)
    return len(rows)
