"""Total and residual error rates, and the extra correction (art. 2(35)-(36) CPR; CPRE_23-0013-01 Annex 3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from applications.rules.base import InputError

from .numbers import ZERO, at_least, cents_up, number, precise, rounded
from .sizes import MATERIALITY


@dataclass(frozen=True, slots=True)
class Residual:
    """The template's lines, letter by letter, in the unit of A and not rounded, save the two rates.

    F = A − E1 − E2; G = TER·F; I = F − H (certifiable); J = G − H (residual error); K = J/I to four decimals;
    L, the extra correction, is (J − 0.02·I)/0.98 when K is above 2 %, zero otherwise.
    """

    base: Decimal
    error: Decimal
    certifiable: Decimal
    residual: Decimal
    rate: Decimal
    exact_rate: Decimal
    extra: Decimal

    @property
    def acceptable(self) -> bool:
        """Whether the residual rate, to four decimals, does not pass 2 % (art. 98 CPR)."""
        return self.rate <= MATERIALITY

    @property
    def extra_in_cents(self) -> Decimal:
        """The extra correction in euro rounded up to the cent: less would leave the rate above 2 %."""
        return cents_up(self.extra)


@precise
def total_error_rate(
    population: Decimal, random: Decimal, systemic: Decimal = ZERO, anomalous: Decimal = ZERO
) -> Decimal:
    """(projected random + delimited systemic + uncorrected anomalous)/population, a share, not rounded."""
    if number("population", population) <= 0:
        raise InputError(
            "population",
            f"give the expenditure of the population above zero, not {population}",
            f"donner des dépenses de la population supérieures à zéro, et non {population}",
        )
    return (number("random", random) + at_least("systemic", systemic) + at_least("anomalous", anomalous)) / population


@precise
def residual_error_rate(
    expenditure: Decimal,
    error_rate: Decimal,
    corrections: Decimal = ZERO,
    ongoing: Decimal = ZERO,
    other_deductions: Decimal = ZERO,
) -> Residual:
    """Residual rate from A `expenditure`, `error_rate` TER, H `corrections`, E1 `other_deductions`, E2 `ongoing`."""
    base = at_least("expenditure", expenditure) - at_least("other_deductions", other_deductions)
    base -= at_least("ongoing", ongoing)
    error, made = at_least("error_rate", error_rate) * base, at_least("corrections", corrections)
    if base <= made:
        fr = "il ne reste rien à certifier une fois déduites les corrections et les autres déductions."
        raise InputError("corrections", "nothing certifiable is left once deductions and corrections are taken off", fr)
    return _residual(base, error, made)


def _residual(base: Decimal, error: Decimal, made: Decimal) -> Residual:
    """Lines I to L; corrections above the error make the residual negative, as the template shows them."""
    certifiable, residual = base - made, error - made
    exact = residual / certifiable
    rate = rounded(exact, 4)
    extra = extra_correction(residual, certifiable) if rate > MATERIALITY else ZERO
    return Residual(base, error, certifiable, residual, rate, exact, extra)


@precise
def extra_correction(residual: Decimal, certifiable: Decimal) -> Decimal:
    """L = (J − 0.02·I)/0.98, which brings the residual rate down to 2 % exactly; never below zero."""
    return max((residual - MATERIALITY * certifiable) / (1 - MATERIALITY), ZERO)
