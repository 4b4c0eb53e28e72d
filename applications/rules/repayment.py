"""How a loan or a repayable advance comes back: equal principals after a grace period, or by its success. Euro."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.rules.base import InputError, Reason, Verdict
from regions.calendars import add_months
from regions.money import ZERO, floor_cent


@dataclass(frozen=True, slots=True)
class Instalment:
    """What the firm pays on a day: part of the principal, and the interest since the one before. Euro."""

    due_on: date
    principal: Decimal
    interest: Decimal

    @property
    def amount(self) -> Decimal:
        return self.principal + self.interest


def repayment_schedule(
    amount: Decimal, start: date, months: int, grace_months: int, every_months: int, annual_rate_percent: Decimal
) -> list[Instalment]:
    """The instalments of a loan paid out on `start` and repaid within `months`, grace included.

    Principals are equal, rounded down to the cent; the last one takes the remainder, so they add up to
    the amount. Simple interest on what is outstanding, rate × months / 12, rounded down to the cent;
    during the grace period only interest is due. Raises InputError when the periods do not fit.
    """
    _check(amount, months, grace_months, every_months, annual_rate_percent)
    count = (months - grace_months) // every_months
    part, left = floor_cent(amount / count), amount
    made: list[Instalment] = []
    for month in range(every_months, months + 1, every_months):
        interest = floor_cent(left * annual_rate_percent * every_months / 1200)
        principal = ZERO if month <= grace_months else left if month == months else part
        made.append(Instalment(add_months(start, month), principal, interest))
        left -= principal
    return [one for one in made if one.amount]


def outstanding_by_year(amount: Decimal, months: int, grace_months: int, every_months: int) -> list[Decimal]:
    """What is still owed at the start of each year of the loan, in euro."""
    start = date(2001, 1, 1)
    paid = repayment_schedule(amount, start, months, grace_months, every_months, ZERO)
    return [
        amount - sum((one.principal for one in paid if one.due_on <= add_months(start, year * 12)), ZERO)
        for year in range(-(-months // 12))
    ]


def _check(amount: Decimal, months: int, grace_months: int, every_months: int, rate: Decimal) -> None:
    if amount <= 0 or rate < 0:
        raise InputError(
            "amount",
            "give an amount above zero and a rate of zero or more",
            "donner un montant supérieur à zéro et un taux positif ou nul",
        )
    if every_months <= 0 or grace_months < 0 or months <= grace_months:
        raise InputError(
            "months",
            "give a duration longer than the grace period, and a periodicity of a month or more",
            "donner une durée plus longue que le différé, et une périodicité d’un mois ou plus",
        )
    if months % every_months or grace_months % every_months:
        raise InputError(
            "every_months",
            "give a duration and a grace period made of whole periods",
            "donner une durée et un différé faits de périodes entières",
        )


# --- an advance repaid by its success


@dataclass(frozen=True, slots=True)
class Step:
    """From this multiple of the advance on, this share of it is owed."""

    multiple: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class SuccessTerms:
    """How an advance comes back from the export turnover, in multiples of what was paid.

    Below `low` the least share is owed; from `full` on, all of it. The formula between the two is not published:
    `steps` is the region's own table, and without one that part stays a named gap.
    """

    least_share: Decimal = Decimal("0.30")
    low: Decimal = Decimal(3)
    full: Decimal = Decimal(10)
    steps: tuple[Step, ...] = ()


def success_repayment(
    paid: Decimal, turnover: Decimal, repaid: Decimal = ZERO, terms: SuccessTerms | None = None
) -> Verdict:
    """What an advance of `paid` owes for an export turnover since its start, less what was `repaid`. Euro.

    60,000 paid: a turnover of 150,000 owes 18,000; of 600,000 or more, 60,000. Between 180,000 and 600,000 the
    verdict is no, with the least and the most, unless the terms hold a table. Rounded down to the cent.
    """
    terms = terms or SuccessTerms()
    _check_success(paid, turnover, repaid, terms)
    multiple = turnover / paid
    share = _share_owed(multiple, terms)
    bounds = {"least": floor_cent(paid * terms.least_share), "most": paid, "multiple": floor_cent(multiple)}
    if share is None:
        return Verdict(False, (_gap(terms),), details=bounds)
    owed = floor_cent(paid * share)
    return Verdict(True, amount=max(owed - repaid, ZERO), details=bounds | {"share": share, "owed": owed})


def _share_owed(multiple: Decimal, terms: SuccessTerms) -> Decimal | None:
    if multiple < terms.low:
        return terms.least_share
    if multiple >= terms.full:
        return Decimal(1)
    reached = [step.share for step in terms.steps if step.multiple <= multiple]
    return reached[-1] if reached else None


def _gap(terms: SuccessTerms) -> Reason:
    low, full = f"{terms.low.normalize():f}", f"{terms.full.normalize():f}"
    return Reason(
        "formula_unpublished",
        f"Entre {low} et {full} fois l’avance, la formule n’est pas publiée : donner le barème de la région.",
        f"Between {low} and {full} times the advance the formula is not published: give the region’s own table.",
        params={"low": terms.low, "full": terms.full},
    )


def _check_success(paid: Decimal, turnover: Decimal, repaid: Decimal, terms: SuccessTerms) -> None:
    if paid <= 0 or turnover < 0 or repaid < 0:
        fr = "donner une avance supérieure à zéro, un chiffre d’affaires et des remboursements positifs ou nuls"
        raise InputError("paid", "give an advance above zero, and a turnover and repayments of zero or more", fr)
    if not 0 <= terms.least_share <= 1 or not 0 < terms.low < terms.full:
        fr = "donner une part minimale de 0 à 1, et un multiple bas inférieur au multiple entier"
        raise InputError("terms", "give a least share from 0 to 1, and a low multiple below the full one", fr)
    multiples = [step.multiple for step in terms.steps]
    shares = [terms.least_share, *(step.share for step in terms.steps), Decimal(1)]
    inside = all(terms.low <= multiple < terms.full for multiple in multiples)
    if not inside or multiples != sorted(set(multiples)) or shares != sorted(shares):
        raise InputError(
            "steps",
            "give rising multiples between the low and the full one, and shares that never fall",
            "donner des multiples croissants entre le bas et l’entier, et des parts qui ne baissent jamais",
        )
    if multiples and multiples[0] != terms.low:
        raise InputError(
            "steps",
            "begin the table at the low multiple, so that no turnover falls outside it",
            "commencer le barème au multiple bas, pour qu’aucun chiffre d’affaires n’en sorte",
        )


def owed_by_success(paid: Decimal, turnover: Decimal, least_share: Decimal, turnover_share: Decimal) -> Decimal:
    """What an advance of `paid` owes altogether for an export turnover since its start. Euro, down to the cent.

    A share of the turnover, never less than the flat minimum nor more than what was paid. With 0.30 and 0.10, 60,000
    paid: a turnover of 150,000 owes 18,000, of 300,000 owes 30,000, of 600,000 or more 60,000. The two ends are
    published; the share between them is the region's parameter (see `success_repayment` for a table instead).
    Raises InputError on a negative amount or a share outside 0 to 1.
    """
    if paid <= 0 or turnover < 0:
        fr = "donner une avance supérieure à zéro et un chiffre d’affaires positif ou nul"
        raise InputError("paid", "give an advance above zero and a turnover of zero or more", fr)
    if not (0 < least_share <= 1 and 0 < turnover_share <= 1):
        fr = "donner des parts supérieures à 0, de 1 au plus"
        raise InputError("terms", "give shares above 0, of 1 at most", fr)
    return min(paid, max(floor_cent(paid * least_share), floor_cent(turnover * turnover_share)))
