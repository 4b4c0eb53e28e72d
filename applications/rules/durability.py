"""Durability of investments: the repayment when an aided investment does not last (CPR art. 65).

Five years from the final payment to the beneficiary, three where the Member State says so for the
investments and jobs of SMEs, or the longer period of State aid rules. Repayment is proportional to
the period of non-compliance, counted in days and rounded down to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.rules.base import Reason, Verdict
from regions.calendars import add_months
from regions.money import ZERO, floor_cent

ARTICLE = "Règlement (UE) 2021/1060, art. 65"
YEARS = 5
SME_YEARS = 3
EVENTS = ("cessation", "transfer_outside_nuts2", "ownership_change", "substantial_change", "bankruptcy")


@dataclass(frozen=True, slots=True)
class Investment:
    """An aided investment: aid in euro, day of the final payment, and whether art. 65 binds it.

    `lasting`: infrastructure or productive investment; advice or a subscription is not one.
    """

    aid: Decimal
    final_payment_on: date
    lasting: bool = True
    years: int = YEARS

    @property
    def until(self) -> date:
        """The day the commitment ends."""
        return add_months(self.final_payment_on, 12 * self.years)


@dataclass(frozen=True, slots=True)
class Breach:
    """What happened and when; `restored_on` when the investment complied again.

    `fraudulent` matters for a bankruptcy alone: without fraud, nothing is repaid (art. 65(3)).
    """

    event: str
    happened_on: date
    restored_on: date | None = None
    fraudulent: bool = False


def durability(investment: Investment, breach: Breach) -> Verdict:
    """The aid to repay, in euro: aid × days of non-compliance / days of the commitment.

    EUR 10 000 paid on 1 January 2027, activity ceased on 1 January 2029: 1 095 of 1 826 days, 5 996.71.
    """
    days = _days_lost(investment, breach) if _binds(investment, breach) else 0
    total = (investment.until - investment.final_payment_on).days
    repay = floor_cent(investment.aid * days / total)
    details = {"until": investment.until, "days_of_breach": days, "days_of_commitment": total}
    return Verdict(repay == ZERO, (_reason(repay, days, total),) if days else (), repay, details)


def _binds(investment: Investment, breach: Breach) -> bool:
    return investment.lasting and (breach.event != "bankruptcy" or breach.fraudulent)


def _days_lost(investment: Investment, breach: Breach) -> int:
    """Days of the commitment during which it was not kept; a breach before payment counts from payment."""
    begins = max(breach.happened_on, investment.final_payment_on)
    ends = min(breach.restored_on or investment.until, investment.until)
    return max((ends - begins).days, 0)


def _reason(repay: Decimal, days: int, total: int) -> Reason:
    return Reason(
        "durability",
        f"L’engagement n’a pas été tenu pendant {days} jours sur {total} : {repay} € sont à reverser.",
        f"The commitment was not kept for {days} days out of {total}: EUR {repay} is to be repaid.",
        ARTICLE,
        params={"days": days, "total": total, "repay": repay},
    )
