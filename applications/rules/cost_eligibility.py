"""Is an expense eligible to the ERDF: period, payment, nature, VAT, double funding (CPR art. 63, 64, 67).

Amounts in euro. The period is a parameter of the programme: it ends on 31 December 2029, or on
31 December 2030 once a mid-term reallocation of at least 10 % is approved (Reg. 2025/1914). Aid law
may be stricter than the Fund: under the GBER, VAT refundable under national law never counts (art. 7(1)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.rules.base import Reason, Verdict
from regions.money import ZERO, floor_cent

CPR = "Règlement (UE) 2021/1060"
EARLIEST_START = date(2021, 1, 1)
END = date(2029, 12, 31)
EXTENDED_END = date(2030, 12, 31)
VAT_CEILING = Decimal(5_000_000)
LAND_SHARE = Decimal(10)
DERELICT_LAND_SHARE = Decimal(15)
NATURES = ("ordinary", "interest_on_debt", "relocation")


@dataclass(frozen=True, slots=True)
class Programme:
    """The eligibility period of a programme, as approved.

    `extension_approved_on`: day the Commission approved the mid-term reallocation that moves the end
    to 2030; `submitted_on`: day the programme was submitted, when before 1 January 2021.
    """

    submitted_on: date | None = None
    extension_approved_on: date | None = None

    @property
    def start(self) -> date:
        """1 January 2021, or the submission of the programme if earlier (art. 63(2))."""
        return min(EARLIEST_START, self.submitted_on or EARLIEST_START)

    def end(self, as_of: date | None = None) -> date:
        """The last day of eligible payments, as known on `as_of` (by default all that is known)."""
        approved = self.extension_approved_on
        extended = approved is not None and (as_of is None or approved <= as_of)
        return EXTENDED_END if extended else END


@dataclass(frozen=True, slots=True)
class Expense:
    """An expense as declared. `incurred_on` is the day of the invoice, or of the work itself when the
    grant is a simplified cost, for which no payment is asked but the action must fall in the period.
    """

    incurred_on: date
    paid_on: date | None = None
    simplified: bool = False
    applied_on: date | None = None
    completed_on: date | None = None
    new_intervention_from: date | None = None
    nature: str = "ordinary"
    interest_subsidy: bool = False
    amount: Decimal | None = None
    declared_here: Decimal | None = None
    declared_elsewhere: Decimal = ZERO


def check_expense(expense: Expense, programme: Programme, as_of: date | None = None) -> Verdict:
    """Every reason why an expense is not eligible; none when it is."""
    reasons = (
        *_period(expense, programme, as_of),
        *_completion(expense),
        *_nature(expense),
        *_double_funding(expense),
    )
    details = {"period_start": programme.start, "period_end": programme.end(as_of)}
    return Verdict(not reasons, reasons, details=details)


def _period(expense: Expense, programme: Programme, as_of: date | None) -> list[Reason]:
    """Incurred and paid within the period, and after a new type of intervention opened (art. 63(2), (7))."""
    start, end = programme.start, programme.end(as_of)
    if expense.new_intervention_from is not None:
        start = max(start, expense.new_intervention_from)
    if expense.paid_on is None and not expense.simplified:
        return [_reason("not_paid", "La dépense n’est pas acquittée.", "The expense is not paid.", "63(2)")]
    days = [expense.incurred_on] if expense.simplified else [expense.incurred_on, expense.paid_on]
    if all(day is not None and start <= day <= end for day in days):
        return []
    return [
        _reason(
            "out_of_period",
            f"La dépense doit être engagée et payée entre le {start:%d/%m/%Y} et le {end:%d/%m/%Y}.",
            f"The expense must be incurred and paid between {start.isoformat()} and {end.isoformat()}.",
            "63(2)" if expense.new_intervention_from is None else "63(7)",
        )
    ]


def _completion(expense: Expense) -> list[Reason]:
    """No operation fully implemented before the application, whatever was paid (art. 63(6)).

    The Fund alone would accept an operation begun before; the incentive effect is another rule.
    """
    applied, completed = expense.applied_on, expense.completed_on
    if applied is None or completed is None or completed >= applied:
        return []
    return [
        _reason(
            "completed_before_application",
            f"L’opération était achevée le {completed:%d/%m/%Y}, avant le dépôt de la demande.",
            f"The operation was completed on {completed.isoformat()}, before the application was filed.",
            "63(6)",
        )
    ]


def _nature(expense: Expense) -> list[Reason]:
    """Interest on debt (interest-rate and guarantee-fee subsidies apart) and relocation are excluded."""
    if expense.nature == "relocation":
        text = ("Une délocalisation n’est pas éligible.", "A relocation is not eligible.")
        return [_reason("relocation", *text, "66(1)")]
    if expense.nature == "interest_on_debt" and not expense.interest_subsidy:
        text = ("Les intérêts débiteurs ne sont pas éligibles.", "Interest on debt is not eligible.")
        return [_reason("interest_on_debt", *text, "64(1)(a)")]
    return []


def _double_funding(expense: Expense) -> list[Reason]:
    """The same euro is declared once; a pro rata split between sources is allowed (art. 63(9)).

    What is declared here and elsewhere may not exceed the expense. Without an amount, any declaration
    elsewhere is double funding.
    """
    whole = expense.amount if expense.amount is not None else ZERO
    here = expense.declared_here if expense.declared_here is not None else whole
    if expense.declared_elsewhere == 0 or (expense.amount is not None and _fits(expense, here)):
        return []
    return [
        _reason(
            "double_funding",
            "La même dépense est déjà déclarée au titre d’un autre fonds, instrument ou programme.",
            "The same expense is already declared under another Fund, instrument or programme.",
            "63(9)",
        )
    ]


def _fits(expense: Expense, here: Decimal) -> bool:
    return here + expense.declared_elsewhere <= (expense.amount or ZERO)


@dataclass(frozen=True, slots=True)
class Vat:
    """The VAT of an expense and what decides whether it counts.

    `total_cost_incl_vat` is the operation's, in euro; `recoverable` under national law; `aid_regime`
    none, de_minimis or gber; `scheme_excludes`: the scheme works excluding VAT.
    """

    total_cost_incl_vat: Decimal
    recoverable: bool = True
    aid_regime: str = "none"
    scheme_excludes: bool = False


def vat_eligible(vat: Vat) -> Verdict:
    """Whether VAT counts: operations below EUR 5 m incl. VAT, or non-recoverable VAT (art. 64(1)(c))."""
    reasons = []
    if vat.scheme_excludes:
        text = ("Le dispositif se calcule hors taxes.", "The scheme is computed excluding VAT.")
        reasons.append(Reason("scheme_excludes_vat", *text))
    if vat.aid_regime == "gber" and vat.recoverable:
        text = (
            "La TVA récupérable n’entre pas dans les coûts admissibles d’une aide exemptée.",
            "Refundable VAT is not an eligible cost of an exempted aid.",
        )
        reasons.append(Reason("gber_refundable_vat", *text, "Règlement (UE) 651/2014, art. 7(1)"))
    if vat.total_cost_incl_vat >= VAT_CEILING and vat.recoverable:
        text = (
            "À partir de 5 000 000 € TTC, seule la TVA non récupérable est éligible.",
            "From EUR 5 000 000 including VAT, only non-recoverable VAT is eligible.",
        )
        reasons.append(_reason("vat_recoverable", *text, "64(1)(c)"))
    return Verdict(not reasons, tuple(reasons))


def eligible_with_vat(amount_excl_vat: Decimal, vat_amount: Decimal, vat: Vat) -> Verdict:
    """The eligible cost in euro: without VAT, plus the VAT when it counts; rounded down to the cent."""
    verdict = vat_eligible(vat)
    cost = floor_cent(amount_excl_vat + (vat_amount if verdict.ok else ZERO))
    details = {"vat_eligible": verdict.ok}
    return Verdict(True, tuple(_noted(reason) for reason in verdict.reasons), cost, details)


def _noted(reason: Reason) -> Reason:
    """The same reason as a remark: the expense stands, only its VAT falls."""
    return Reason(reason.code, reason.fr, reason.en, reason.article, False, reason.params)


def land_ceiling(land: Decimal, total_eligible: Decimal, derelict: bool = False) -> Verdict:
    """The eligible part of a land purchase: 10 % of total eligible expenditure, 15 % if derelict.

    `total_eligible` is the operation's in its document of conditions, in euro, land included (to be
    confirmed). `amount` is the eligible land, rounded down. Art. 64(1)(b).
    """
    share = DERELICT_LAND_SHARE if derelict else LAND_SHARE
    most = floor_cent(total_eligible * share / 100)
    reasons: tuple[Reason, ...] = ()
    if land > most:
        text = (
            f"L’achat de terrain dépasse {share} % des dépenses éligibles : {most} € sont retenus.",
            f"The land purchase exceeds {share} % of eligible expenditure: EUR {most} is accepted.",
        )
        reasons = (_reason("land_above_ceiling", *text, "64(1)(b)", blocking=False),)
    return Verdict(True, reasons, floor_cent(min(land, most)), {"ceiling": most})


def in_kind_ceiling(public_support: Decimal, total_eligible: Decimal, in_kind: Decimal) -> Verdict:
    """Public support stays within eligible expenditure without contributions in kind (art. 67(1))."""
    most = floor_cent(max(total_eligible - in_kind, ZERO))
    if public_support <= most:
        return Verdict(True, amount=floor_cent(public_support), details={"ceiling": most})
    text = (
        f"Le soutien public dépasse les dépenses éligibles hors apports en nature ({most} €).",
        f"Public support exceeds eligible expenditure without contributions in kind (EUR {most}).",
    )
    return Verdict(False, (_reason("in_kind_ceiling", *text, "67(1)(a)"),), most, {"ceiling": most})


def _reason(code: str, fr: str, en: str, article: str, blocking: bool = True) -> Reason:
    return Reason(code, fr, en, f"{CPR}, art. {article}", blocking)
