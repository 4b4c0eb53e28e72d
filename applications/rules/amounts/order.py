"""The order of operations of a scheme, read from its rules: the steps that a computation goes through.

Excluding VAT → excluded lines → ceilings of the categories → the aid function's own steps → other public
aid → smallest aid → de minimis or block exemption → envelope. `compute` takes them in this order, and a
test holds it to that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.rules.amounts.scope import LIMITS

Rules = Mapping[str, Any]

FLOOR, CEILING, MOST = ("cost_floor", "cost_floor"), ("cost_ceiling", "cost_ceiling"), ("aid_ceiling", "aid_ceiling")
# What each aid function does in its own order: a step, and the parameter without which it is not taken.
OWN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "percent_by_category": (("rate", ""), ("category_ceilings", ""), MOST),
    "percent": (FLOOR, CEILING, ("rate", ""), MOST),
    "flat": (FLOOR, ("flat", "")),
    "steps": (("cost_floor", "step_cost"), CEILING, ("steps", ""), MOST),
    "piecewise": (FLOOR, CEILING, ("rate", ""), MOST),
    "days": (("days", ""), ("rate", ""), MOST),
    "group": (("rate", ""), ("member_ceiling", "")),
    "levels": (),
    "wallet": (("wallet_rolling", ""), ("wallet_year", "calendar_year_ceiling")),
    "pro_rata": (("window_coefficient", ""),),
    "mix": (),
}


def order(rules: Rules) -> list[str]:
    """The names of the steps, from the quote to the grant; nothing for a programme that pays no aid."""
    how = rules.get("how")
    if how is None:
        return []
    after = [("other_aid", "public_aid_max_share"), ("aid_floor", "aid_floor")]
    found = ["excluding_vat", "excluded_lines", *_categories(rules), *_own(how)]
    found += [name for name, parameter in after if parameter in how]
    return [*dict.fromkeys(found), *_law(rules), "envelope"]


def _categories(rules: Rules) -> list[str]:
    """Ceilings on the cost of a category come before any rate."""
    limited = any(LIMITS & set(category) for category in rules.get("what", {}).get("categories", []))
    return ["category_costs"] if limited else []


def _own(how: Rules) -> list[str]:
    """The steps of a function, those nested in it first."""
    steps = ["level_lines"] if "levels" in how else []
    for entry in (how, *how.get("levels", []), *how.get("components", [])):
        steps += _own(entry["how"]) if "how" in entry else []
        steps += [entry["instrument"]] if entry.get("instrument", "grant") != "grant" else []
    terms = set(how).union(*(set(band) for band in how.get("bands", [])))
    return [*steps, *(name for name, parameter in OWN[how["function"]] if not parameter or parameter in terms)]


def _law(rules: Rules) -> list[str]:
    basis = str(rules.get("legal_basis", "none"))
    if basis.startswith("gber"):
        return ["gber"]
    return [] if basis == "none" else [basis]
