"""The territory: the eighteen regions, loaded from the file shipped with the project, and the NUTS 3 of a commune."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from regions.models import Region

DATA = Path(__file__).resolve().parent / "data"
OVERSEAS = "97"


def load_regions() -> int:
    """Create or refresh every region by its INSEE code; returns how many there are. Safe to repeat."""
    rows = _rows("regions.csv")
    for row in rows:
        Region.objects.update_or_create(code=row["code"], defaults=row)
    return len(rows)


def nuts3_of(commune: str) -> str:
    """The NUTS 3 unit (classification of 2021) of a commune's INSEE code; "" where the code is not one of France's."""
    return _nuts3().get(department_of(commune), "")


def department_of(place: str) -> str:
    """The département of a commune’s INSEE code or of a postcode; Corsica’s postcodes (20) count as one."""
    return place[:3] if place.startswith(OVERSEAS) else place[:2]


@cache
def _nuts3() -> dict[str, str]:
    return {row["departement"]: row["nuts3"] for row in _rows("nuts3.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
