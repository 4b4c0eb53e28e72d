"""Where a financial correction lands: the next payment application, the accounts, or a later accounting year.

CPR art. 98 and 103. What was certified never changes: the correction is a new row, dated by its decision.
Days are those of the declaration, the decision and the submission of the accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from applications.rules.cost_eligibility import Programme
from applications.rules.payment_application import AccountingYear, accounting_year

BEFORE, APPLICATION, ACCOUNTS, LATER = "before", "application", "accounts", "later"
FINAL_MONTH, FINAL_DAY = 7, 31


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a correction is recorded; `year` is the accounting year that bears it, None when nothing was declared."""

    kind: str
    year: AccountingYear | None = None

    @property
    def label(self) -> str:
        return self.year.label if self.year else ""


def landing(
    declared_on: date | None, decided_on: date, accounts_sent_on: date | None = None, programme: Programme | None = None
) -> Landing:
    """Where a correction decided on a day lands, the expenditure being declared on another.

    Declared on 10 May 2026 (year 2025-26). Decided on 15 July 2026: the last application of that year (until
    31 July). On 1 October: its accounts. On 20 February 2027, the accounts being sent on the 15th: year 2026-27,
    that of the decision (art. 103). Never declared: kept out of the applications to come.
    """
    if declared_on is None or decided_on < declared_on:
        return Landing(BEFORE)
    year = accounting_year(declared_on, programme)
    if decided_on <= date(year.end.year, FINAL_MONTH, FINAL_DAY):
        return Landing(APPLICATION, year)
    if decided_on <= year.accounts_due and (accounts_sent_on is None or decided_on <= accounts_sent_on):
        return Landing(ACCOUNTS, year)
    return Landing(LATER, accounting_year(decided_on, programme))
