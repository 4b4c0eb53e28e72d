"""What a definition may name: the facts of a condition, and the operators that make sense of each.

Pure data, shared by the reader of the definitions and by the rules. Units: euro excl. VAT, annual
work units, months. `age_months` is derived from `created_on` and the day of the application.
"""

from __future__ import annotations

from collections.abc import Mapping

NUMBER = ("lt", "le", "gt", "ge", "eq", "ne")
CODE = ("eq", "ne", "in", "not_in")
SECTOR = ("outside_sectors", "within_sectors")
DAY = ("absent_or_after", "before")
LIST = ("includes",)

FACTS: Mapping[str, tuple[str, ...]] = {
    "headcount": NUMBER, "turnover": NUMBER, "balance_sheet": NUMBER, "naf": SECTOR, "naf_nomenclature": CODE,
    "legal_category": CODE, "seat_region": CODE, "created_on": DAY, "applied_on": DAY, "works_start_on": DAY,
    "awarded_on": DAY, "person_applications_this_year": NUMBER, "firm_applications_this_year": NUMBER,
    "other_public_aid": NUMBER, "age_months": NUMBER, "members": NUMBER, "level": NUMBER, "prior_steps": LIST,
}  # fmt: skip
OPERATORS = (*NUMBER, *CODE[2:], *SECTOR, *DAY, *LIST)
