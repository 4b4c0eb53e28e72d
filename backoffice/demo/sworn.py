"""The end of the demonstration: each region requires declarations of interests, and its people have made theirs."""

from __future__ import annotations

from collections.abc import Iterable

from backoffice.demo.world import World
from regions import clock
from workflows import administration, impartiality

NAMED = "F05"  # a firm that the second officer of the first region knows


def declare(worlds: Iterable[World]) -> None:
    """Twelve months from today; one officer names a firm, whose files are no longer given to her."""
    for world in worlds:
        administration.set_integrity_terms(
            world.staff["admin"], world.region, clock.today(world.region.time_zone), True, impartiality.MONTHS
        )
        known = world.companies.get(NAMED)
        for key, user in world.staff.items():
            impartiality.declare(user, [known.siren] if known and key == "officer2" else [])
