"""Headcount in annual work units (AWU): Recommendation 2003/361/EC, annex, art. 5.

One unit is one person working full time for the whole reference year; the rest are fractions. The sum
is divided once, so that ten units are ten to the last digit; a headcount is never rounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from applications.rules.base import InputError

MONTHS = Decimal(12)
COUNTED = ("employee", "deemed_employee", "owner_manager", "partner")
NOT_COUNTED = ("apprentice", "student")


@dataclass(frozen=True, slots=True)
class Staff:
    """People on the same terms during the reference year.

    `share` is the part of full time (0 to 1), `months` the months of contract, `leave_months` those of
    maternity or parental leave (sick leave is not deducted). « partner » works regularly in the
    enterprise and draws a financial advantage from it; « deemed_employee » is subordinated to it.
    """

    count: Decimal
    kind: str = "employee"
    share: Decimal = Decimal(1)
    months: Decimal = MONTHS
    leave_months: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse what cannot be: an unknown kind, more than full time, leave longer than the contract."""
        if self.kind not in COUNTED + NOT_COUNTED:
            raise InputError(
                "kind",
                f"give one of {', '.join(COUNTED + NOT_COUNTED)}",
                f"donner l’un de ces codes : {', '.join(COUNTED + NOT_COUNTED)}",
            )
        if self.count < 0 or not 0 <= self.share <= 1:
            raise InputError(
                "share",
                "give a part of full time between 0 and 1, and a count of 0 or more",
                "donner une part de temps plein entre 0 et 1, et un effectif positif ou nul",
            )
        if not 0 <= self.leave_months <= self.months <= MONTHS:
            raise InputError(
                "months",
                "give 12 months at most, and no more leave than months",
                "donner 12 mois au plus, et pas plus de mois de congé que de mois",
            )

    @property
    def work_months(self) -> Decimal:
        """Full-time months worked; none for those in vocational training."""
        if self.kind in NOT_COUNTED:
            return Decimal(0)
        return self.count * self.share * (self.months - self.leave_months)


def annual_work_units(staff: Iterable[Staff]) -> Decimal:
    """The headcount in annual work units, exact."""
    return sum((group.work_months for group in staff), Decimal(0)) / MONTHS


def on_annual_basis(amount: Decimal, months: int) -> Decimal:
    """A turnover in euro of an accounting period of `months`, brought to twelve (art. 4(1)); exact."""
    if months < 1:
        raise InputError(
            "months",
            "give the length of the accounting period, one month or more",
            "donner la durée de l’exercice, un mois ou plus",
        )
    return amount * MONTHS / months
