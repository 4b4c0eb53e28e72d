"""What a programme, a priority and an operation must look like before they are recorded: shapes, ceilings, order.

CPR art. 63(2), 112(3) and annexes I, XVII. A code is checked by its shape, and against a list where the law closes
it; amounts in euro, rates in %. The dates of art. 63(2) and the two raised ceilings are to be confirmed for each
programme with the decision of the Commission.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from applications.rules.base import Verdict
from applications.rules.cost_eligibility import END, EXTENDED_END
from applications.rules.payment_application import check_cofinancing
from regions.money import floor_cent

# Year, country, Fund code, four letters of the Funds and kind, number: 2021FR16RFPR001.
CCI = re.compile(r"20\d{2}[A-Z]{2}\d{2}[A-Z]{4}\d{3}")
PRIORITY = re.compile(r"[0-9A-Z][0-9A-Z.\-]{0,9}")
OBJECTIVE = re.compile(r"RSO[1-5]\.\d{1,2}")
OPERATION = re.compile(r"[A-Z0-9][A-Z0-9._\-]{2,29}")
# Annex I, tables 1 to 4, 6 and 7, and the NUTS code of the place: shape of the code and an example.
DIMENSIONS = {
    "intervention_field": (re.compile(r"(?!000)[01]\d{2}"), "013"),
    "form_of_support": (re.compile(r"0[1-6]"), "01"),
    "territorial_delivery": (re.compile(r"(?!00)[0-3]\d"), "33"),
    "economic_activity": (re.compile(r"(?!00)[0-2]\d"), "26"),
    "location": (re.compile(r"FR[A-Z0-9]{1,3}"), "FRY40"),
    "gender": (re.compile(r"0[1-3]"), "03"),
}
EXPENDITURE_ENDS = (END, EXTENDED_END)
EARLIEST = date(2020, 1, 1)
# Category of a programme → the category of art. 112(3), and the one whose ceiling is raised.
CEILINGS = {
    "less": ("less_developed", "less_developed"),
    "outermost": ("outermost", "outermost"),
    "transition": ("transition", "transition_formerly_less_developed"),
    "more": ("more_developed", "more_developed_formerly_transition_or_below_average"),
}


def check_rate(rate: Decimal, category: str, raised: bool = False, clld: bool = False) -> Verdict:
    """Whether a priority's rate stays within art. 112(3).

    `raised`: a transition region that was less developed (70 instead of 60), a more developed one that was in
    transition or below the average (50 instead of 40). 60 in transition passes, 60.01 does not; 70 does if raised.
    """
    return check_cofinancing(rate, CEILINGS[category][raised], clld)


def most_support(eligible_cost: Decimal, rate: Decimal) -> Decimal:
    """The most that the Fund gives an operation: rate × eligible cost, rounded down to the cent.

    100 000.01 at 85 %: 85 000.00.
    """
    return floor_cent(eligible_cost * rate / 100)
