"""What a scheme version asks of a project, read from its aid function: levels, days, groups, instruments.

A screen shows a step or a field because one of these gives something, never because of a scheme's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from regions.schemes.vocabulary import DECLARATIONS

Rules = Mapping[str, Any]


def nested(how: Rules) -> Iterator[Rules]:
    """An aid function and those inside it, the outer first; the levels of a scheme are left to `of_level`."""
    yield how
    if "how" in how:
        yield from nested(how["how"])


def levels(rules: Rules) -> list[Rules]:
    """The levels of the scheme, in order; none when it has one way only."""
    return sorted(rules.get("how", {}).get("levels", []), key=lambda entry: int(entry["level"]))


def level_of(rules: Rules, level: int) -> Rules | None:
    """The entry of a level, or None."""
    return next((entry for entry in levels(rules) if entry["level"] == level), None)


def of_level(rules: Rules, level: int = 1) -> Rules:
    """The aid function that holds for a level: the scheme's own when it has no levels."""
    entry = level_of(rules, level)
    return dict(entry["how"] if entry else rules.get("how", {}))


def day_terms(rules: Rules, level: int = 1) -> Rules | None:
    """Price ceiling (euro a day), number of days and rate, where the work is sold by the day; else None."""
    return next((how for how in nested(of_level(rules, level)) if "day_rate_ceiling" in how), None)


def prices_days(rules: Rules) -> bool:
    """Whether the work of any level is sold by the day."""
    ways = [int(entry["level"]) for entry in levels(rules)] or [1]
    return any(day_terms(rules, level) for level in ways)


def group_terms(rules: Rules) -> Rules | None:
    """What is asked of a group of firms (`min_members`); None when the scheme aids one firm."""
    return next((how for how in nested(rules.get("how", {})) if "min_members" in how), None)


def instruments(rules: Rules) -> list[Rules]:
    """The instruments of a mix, in the scheme's order; none when it gives a grant alone."""
    return [entry for how in nested(rules.get("how", {})) for entry in how.get("components", [])]


def success_terms(rules: Rules, instrument: str) -> Rules | None:
    """How an instrument is repaid from the firm's export turnover; None when it has a schedule alone."""
    return next((entry.get("success") for entry in instruments(rules) if entry["instrument"] == instrument), None)


def categories(rules: Rules, level: int = 1) -> list[Rules]:
    """The categories of expense that a file of a level may name: its own, and those of no level at all."""
    others = {code for entry in levels(rules) if entry["level"] != level for code in entry["categories"]}
    entry = level_of(rules, level)
    own = set(entry["categories"]) if entry else set()
    listed: list[Rules] = rules.get("what", {}).get("categories", [])
    return [category for category in listed if category["code"] not in others - own]


def asks_difficulty(rules: Rules) -> bool:
    """Whether the law behind the scheme leaves out firms in difficulty, which each firm then declares about itself."""
    return "difficulty" in DECLARATIONS.get(rules.get("legal_basis", ""), ())


def next_level(rules: Rules, level: int) -> Rules | None:
    """The level that an analysis of this one opens, or None."""
    return level_of(rules, level + 1)
