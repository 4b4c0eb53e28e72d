"""The payment application to the Commission: what is declared, in which accounting year, what comes back.

CPR art. 91 to 93, 112 and annex XXIII. Amounts in euro, rounded down to the cent; rates are
percentages. Dates are the day of payment recorded by the accountant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from applications.rules.base import InputError, Reason, Verdict
from applications.rules.cost_eligibility import Programme
from regions.money import ZERO, floor_cent

CPR = "Règlement (UE) 2021/1060"
INTERIM_SHARE = Decimal(95)
ADVANCE_SHARE = Decimal(40)
ADVANCE_YEARS = 3
CLLD_BONUS = Decimal(10)
# Highest ERDF rate by category of region, in % (art. 112(3)); outermost regions rank with the less developed.
COFINANCING = {
    "less_developed": Decimal(85),
    "outermost": Decimal(85),
    "transition_formerly_less_developed": Decimal(70),
    "transition": Decimal(60),
    "more_developed_formerly_transition_or_below_average": Decimal(50),
    "more_developed": Decimal(40),
}
# Last day of each period of art. 91(1); February's is written 28 even in a leap year.
WINDOW_ENDS = ((2, 28), (5, 31), (7, 31), (10, 31), (11, 30), (12, 31))


@dataclass(frozen=True, slots=True)
class AccountingYear:
    """An accounting year, both days included (CPR art. 2(29)): 1 July to 30 June, the first one longer."""

    start: date
    end: date

    @property
    def label(self) -> str:
        """ "2025-26"; the first one, which begins before July 2021, is "2021-22"."""
        return f"{self.end.year - 1}-{self.end.year % 100:02d}"

    @property
    def accounts_due(self) -> date:
        """15 February after the year: the assurance package (art. 98(1))."""
        return date(self.end.year + 1, 2, 15)


def accounting_year(day: date, programme: Programme | None = None) -> AccountingYear:
    """The accounting year a payment falls in; raises InputError outside the programme's years.

    Paid on 30 June 2026: 2025-26; on 1 July 2026: 2026-27. The first runs from the start of
    eligibility to 30 June 2022; the last ends on 30 June 2030, or 2031 with the mid-term extension.
    """
    programme = programme or Programme()
    last = date(programme.end().year + 1, 6, 30)
    if not programme.start <= day <= last:
        fr = f"le {day:%d/%m/%Y} est hors des exercices comptables, du {programme.start:%d/%m/%Y} au {last:%d/%m/%Y}."
        raise InputError("paid_on", f"{day} is outside the accounting years, {programme.start} to {last}.", fr)
    end = max(date(day.year if day.month <= 6 else day.year + 1, 6, 30), date(2022, 6, 30))
    start = programme.start if end.year == 2022 else date(end.year - 1, 7, 1)
    return AccountingYear(start, end)


@dataclass(frozen=True, slots=True)
class SubmissionWindow:
    """One of the six yearly periods, both days included; `final` closes the past accounting year."""

    start: date
    end: date
    final: bool


def submission_window(day: date) -> SubmissionWindow:
    """The period of art. 91(1) a day falls in: one application per programme, Fund and period.

    The application of the period that ends on 31 July is the final one of the year ended on 30 June.
    """
    year = day.year
    ends = [date(year - 1, 12, 31), *(date(year, month, last) for month, last in WINDOW_ENDS)]
    end = next(each for each in ends if day <= each)
    start = ends[ends.index(end) - 1] + timedelta(days=1)
    return SubmissionWindow(start, end, final=(end.month, end.day) == (7, 31))


def interim_payment(declared: Decimal, rate: Decimal) -> Verdict:
    """What the Commission pays on an application: 95 % of rate × declared basis; the rest at the accounts.

    1 000 000 declared at 60 %: 570 000.00 now, 30 000.00 left (art. 93(1)).
    """
    contribution = floor_cent(declared * rate / 100)
    paid = floor_cent(declared * rate * INTERIM_SHARE / 10_000)
    details = {"contribution": contribution, "left_for_accounts": contribution - paid}
    return Verdict(True, amount=paid, details=details)


@dataclass(frozen=True, slots=True)
class VerifiedExpenditure:
    """A verified claim, in euro: eligible expenditure, the aid due on it and the aid already paid.

    `beneficiary`: firm, or granting_body in grouped mode, where the eligible expenditure is the aid paid.
    `aid_regime`: state_aid (a scheme under Article 107 TFEU), de_minimis, none.
    """

    expenditure: Decimal
    aid_due: Decimal
    aid_paid: Decimal = ZERO
    beneficiary: str = "firm"
    aid_regime: str = "none"


def declarable(claim: VerifiedExpenditure) -> Verdict:
    """The expenditure that may enter a payment application, in euro; `ok` when some may.

    In a State aid scheme the aid on it must already be paid (art. 91(6)): expenditure 10 000, aid of
    8 000 unpaid: nothing. Aid paid in part declares the same part of the expenditure (to be
    confirmed). `details`: `public_contribution` that goes with it.
    """
    paid = min(claim.aid_paid, claim.aid_due)
    if claim.beneficiary == "granting_body":
        return _declared(paid, paid, paid < claim.aid_due)
    if claim.aid_regime != "state_aid":
        return _declared(claim.expenditure, claim.aid_due, False)
    share = paid / claim.aid_due if claim.aid_due else Decimal(1)
    return _declared(claim.expenditure * share, paid, paid < claim.aid_due)


def _declared(expenditure: Decimal, contribution: Decimal, unpaid: bool) -> Verdict:
    amount = floor_cent(expenditure)
    reason = Reason(
        "aid_not_paid",
        "L’aide n’est pas encore entièrement versée : la dépense correspondante ne peut pas être déclarée.",
        "The aid is not yet fully paid to the beneficiary: the matching expenditure cannot be declared.",
        f"{CPR}, art. 91(6)",
        blocking=amount == ZERO,
    )
    ok = amount > ZERO or not unpaid
    return Verdict(ok, (reason,) if unpaid else (), amount, {"public_contribution": floor_cent(contribution)})


def in_proportion(expenditure: Decimal, contribution: Decimal, part: Decimal) -> Decimal:
    """The expenditure that goes with a part of the public contribution declared with it, in euro, rounded down.

    10 000 of expenditure and 8 000 of contribution: 800 taken back is 1 000 of expenditure. The whole is the whole.
    """
    if not contribution:
        return Decimal("0.00")
    return expenditure if part == contribution else floor_cent(expenditure * part / contribution)


@dataclass(frozen=True, slots=True)
class Advance:
    """A State aid advance paid to a firm, in euro, and the paid, invoiced expenditure that covers it."""

    aid: Decimal
    paid: Decimal
    paid_on: date
    guaranteed: bool
    covered: Decimal = ZERO

    def cover_by(self, programme: Programme) -> date:
        """31 December of the third year after payment, or the end of eligibility if earlier (art. 91(5))."""
        return min(date(self.paid_on.year + ADVANCE_YEARS, 12, 31), programme.end())


def declarable_advance(advance: Advance, as_of: date, programme: Programme | None = None) -> Verdict:
    """The part of an advance that may stand in a payment application, in euro (art. 91(5)).

    A bank or public guarantee, at most 40 % of the aid of the operation, covered in time. What is not
    covered once the three years have run is deducted. `details` are the lines of annex XXIII.
    """
    cover_by = advance.cover_by(programme or Programme())
    most = floor_cent(advance.aid * ADVANCE_SHARE / 100)
    total = min(floor_cent(advance.paid), most) if advance.guaranteed else ZERO
    covered = min(floor_cent(advance.covered), total)
    late = total - covered if as_of > cover_by else ZERO
    running = total - covered - late
    reasons = _advance_reasons(advance, most, late)
    details = {"cover_by": cover_by, "maximum": most, "covered": covered, "running": running, "deduct": late}
    return Verdict(not any(each.blocking for each in reasons), reasons, total - late, details)


def _advance_reasons(advance: Advance, most: Decimal, late: Decimal) -> tuple[Reason, ...]:
    """Why an advance is declared in part or not at all; only a missing guarantee excludes all of it."""
    faults = {
        "guarantee_missing": not advance.guaranteed,
        "advance_above_ceiling": advance.guaranteed and advance.paid > most,
        "advance_not_covered": late > ZERO,
    }
    return tuple(_advance_reason(code, most, late) for code, applies in faults.items() if applies)


def _advance_reason(code: str, most: Decimal, late: Decimal) -> Reason:
    sentences = {
        "guarantee_missing": (
            "L’avance n’est couverte par aucune garantie bancaire ou publique.",
            "The advance is covered by no bank or public guarantee.",
            "a",
        ),
        "advance_above_ceiling": (
            f"L’avance dépasse 40 % de l’aide : {most} € peuvent être déclarés.",
            f"The advance exceeds 40 % of the aid: EUR {most} may be declared.",
            "b",
        ),
        "advance_not_covered": (
            f"{late} € d’avance n’ont pas été justifiés à temps et doivent être déduits.",
            f"EUR {late} of the advance was not covered in time and must be deducted.",
            "c",
        ),
    }
    fr, en, point = sentences[code]
    return Reason(code, fr, en, f"{CPR}, art. 91(5)({point})", blocking=code == "guarantee_missing")


def cofinancing_maximum(category: str, clld: bool = False) -> Decimal:
    """The highest rate of a priority, in %: by category of region, plus 10 points if wholly CLLD."""
    return COFINANCING[category] + (CLLD_BONUS if clld else 0)


def check_cofinancing(rate: Decimal, category: str, clld: bool = False) -> Verdict:
    """Whether a priority's rate, in %, stays within the maximum of its category of region."""
    most = cofinancing_maximum(category, clld)
    reason = Reason(
        "cofinancing_above_maximum",
        f"Le taux de {rate} % dépasse le maximum de {most} % de cette catégorie de région.",
        f"The rate of {rate} % exceeds the maximum of {most} % for this category of region.",
        f"{CPR}, art. 112(3)",
    )
    return Verdict(rate <= most, () if rate <= most else (reason,), details={"maximum": most})
