"""The yearly accounts: reconciliation with the payment applications, and the residual error rate.

CPR art. 98, annex XXIV appendix 4 and the template of the Commission's annex on residual error
(CPRE_23-0013-01, annex 3). Amounts in euro; rates are percentages; materiality is 2 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from applications.rules.base import InputError, Reason, Verdict
from regions.money import CENT, ZERO

ARTICLE = "Règlement (UE) 2021/1060, art. 98"
APPENDIX = "Règlement (UE) 2021/1060, annexe XXIV, appendice 4"
MATERIALITY = Decimal("0.02")
COMMENT_MAXIMUM = 500
RATE_STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class AccountsRow:
    """A priority and category of region: totals of the applications (A, B) and of the accounts (C, D)."""

    name: str
    applied_expenditure: Decimal
    applied_contribution: Decimal
    accounts_expenditure: Decimal
    accounts_contribution: Decimal
    comment: str = ""

    @property
    def expenditure_difference(self) -> Decimal:
        """Column E = A - C."""
        return self.applied_expenditure - self.accounts_expenditure

    @property
    def contribution_difference(self) -> Decimal:
        """Column F = B - D."""
        return self.applied_contribution - self.accounts_contribution

    @property
    def differs(self) -> bool:
        """Whether a comment is obligatory."""
        return bool(self.expenditure_difference or self.contribution_difference)


def reconcile(rows: Sequence[AccountsRow]) -> Verdict:
    """Applications against accounts: a difference needs a comment of at most 500 characters.

    A 1 200 000, B 900 000, C 1 188 500, D 891 375: E 11 500, F 8 625, comment obligatory. The
    accounts hold only what was applied for, so a negative difference is refused (art. 98(3)(a)).
    """
    reasons = tuple(reason for row in rows for reason in _row_reasons(row))
    totals = {
        "expenditure_difference": sum((row.expenditure_difference for row in rows), ZERO),
        "contribution_difference": sum((row.contribution_difference for row in rows), ZERO),
        "comment_required": any(row.differs for row in rows),
    }
    return Verdict(not reasons, reasons, details=totals)


def _row_reasons(row: AccountsRow) -> list[Reason]:
    """What is missing or wrong in one row of appendix 4."""
    faults = {
        "comment_missing": row.differs and not row.comment.strip(),
        "comment_too_long": len(row.comment) > COMMENT_MAXIMUM,
        "accounts_above_applications": min(row.expenditure_difference, row.contribution_difference) < 0,
    }
    return [_row_reason(code, row.name) for code, applies in faults.items() if applies]


def _row_reason(code: str, name: str) -> Reason:
    sentences = {
        "comment_missing": (
            f"{name} : une différence doit être expliquée par un commentaire.",
            f"{name}: a difference must be explained by a comment.",
        ),
        "comment_too_long": (
            f"{name} : le commentaire dépasse {COMMENT_MAXIMUM} caractères.",
            f"{name}: the comment exceeds {COMMENT_MAXIMUM} characters.",
        ),
        "accounts_above_applications": (
            f"{name} : les comptes dépassent les demandes de paiement.",
            f"{name}: the accounts exceed the payment applications.",
        ),
    }
    return Reason(code, *sentences[code], APPENDIX, params={"row": name})


@dataclass(frozen=True, slots=True)
class AuditedYear:
    """The figures of the template: A declared, E1 under assessment, E2 other deductions, H corrections.

    In one currency unit of the reader's choice; `total_error_rate` in %.
    """

    declared: Decimal
    total_error_rate: Decimal
    ongoing_assessment: Decimal = ZERO
    other_deductions: Decimal = ZERO
    corrections: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ResidualError:
    """The template's results, exact: F, G, I, J, K (a fraction) and L."""

    population: Decimal
    amount_at_risk: Decimal
    certifiable: Decimal
    residual_risk: Decimal
    rate: Decimal
    extra_correction: Decimal

    @property
    def rounded_rate(self) -> Decimal:
        """K to four decimals, half-up: 0.0199 is 1.99 %."""
        return self.rate.quantize(RATE_STEP, rounding=ROUND_HALF_UP)

    @property
    def material(self) -> bool:
        """Above 2 % once rounded: an extra correction is due."""
        return self.rounded_rate > MATERIALITY

    @property
    def extra_in_cents(self) -> Decimal:
        """L rounded up to the cent: less would leave the rate above 2 %."""
        return self.extra_correction.quantize(CENT, rounding=ROUND_UP)


def residual_error(year: AuditedYear) -> ResidualError:
    """F = A-E1-E2; G = TER × F; I = F-H; J = G-H; K = J/I; L = (J - 2 % × I)/98 % when K exceeds 2 %.

    A 1 000, TER 2.2 %, ongoing 50, corrections 0.5: I 949.5, J 20.4, K 2.15 %, L 1.438776. Raises
    InputError when nothing is left to certify.
    """
    population = year.declared - year.ongoing_assessment - year.other_deductions
    risk = population * year.total_error_rate / 100
    certifiable, residual = population - year.corrections, risk - year.corrections
    if certifiable <= 0:
        fr = "les déductions et les corrections ne laissent rien à certifier."
        raise InputError("corrections", "the deductions and corrections leave nothing to certify.", fr)
    rate = residual / certifiable
    result = ResidualError(population, risk, certifiable, residual, rate, ZERO)
    if not result.material:
        return result
    extra = (residual - MATERIALITY * certifiable) / (1 - MATERIALITY)
    return ResidualError(population, risk, certifiable, residual, rate, extra)


def residual_verdict(year: AuditedYear) -> tuple[ResidualError, Verdict]:
    """The template's results and whether the residual rate allows to certify as it stands."""
    result = residual_error(year)
    percent = result.rounded_rate * 100
    reason = Reason(
        "residual_error_above_materiality",
        f"Le taux d’erreur résiduel de {percent:.2f} % dépasse 2 % : une correction supplémentaire est due.",
        f"The residual error rate of {percent:.2f} % exceeds 2 %: an extra correction is due.",
        ARTICLE,
        params={"rate": percent},
    )
    return result, Verdict(not result.material, (reason,) if result.material else ())
