"""Confidence levels and the factors that follow from them (EGESIF_16-0014-01, 3.2.1, 6.3.4 and Appendix 3)."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist

from applications.rules.base import InputError

from .numbers import ZERO, number, precise, rounded

# Assurance from the systems (guidance 3.2.1): the better the category, the lower the confidence needed.
CONFIDENCE_BY_CATEGORY = {1: Decimal("0.60"), 2: Decimal("0.70"), 3: Decimal("0.80"), 4: Decimal("0.90")}

# Confidence: (reliability factor with no error, expansion factor of the expected error), guidance 6.3.4,
# as printed there: 2.31 at 90 % is the guidance's own figure, although the Poisson limit rounds to 2.30.
CONSERVATIVE = {
    Decimal("0.99"): (Decimal("4.61"), Decimal("1.9")),
    Decimal("0.95"): (Decimal("3.00"), Decimal("1.6")),
    Decimal("0.90"): (Decimal("2.31"), Decimal("1.5")),
    Decimal("0.85"): (Decimal("1.90"), Decimal("1.4")),
    Decimal("0.80"): (Decimal("1.61"), Decimal("1.3")),
    Decimal("0.75"): (Decimal("1.39"), Decimal("1.25")),
    Decimal("0.70"): (Decimal("1.21"), Decimal("1.2")),
    Decimal("0.60"): (Decimal("0.92"), Decimal("1.1")),
    Decimal("0.50"): (Decimal("0.70"), Decimal("1.0")),
}
LOWEST, HIGHEST = Decimal("0.50"), Decimal("0.99")


def confidence_level(confidence: object) -> Decimal:
    """A confidence level between 0.50 and 0.99 (0.90 for 90 %)."""
    found = number("confidence", confidence)
    if not LOWEST <= found <= HIGHEST:
        raise InputError(
            "confidence",
            f"give a level between 0.50 and 0.99, not {found}",
            f"donner un niveau entre 0,50 et 0,99, et non {found}",
        )
    return found


def category_confidence(category: int) -> Decimal:
    """The confidence level asked for by the category (1 to 4) of the management and control system."""
    if category not in CONFIDENCE_BY_CATEGORY:
        raise InputError(
            "category",
            f"give a system category from 1 to 4, not {category!r}",
            f"donner une catégorie de système de 1 à 4, et non {category!r}",
        )
    return CONFIDENCE_BY_CATEGORY[category]


def check_confidence(confidence: object, category: int | None) -> Decimal:
    """The confidence level, refused when it is below the one its system category asks for."""
    found = confidence_level(confidence)
    if category is not None and found < category_confidence(category):
        wanted = category_confidence(category)
        raise InputError(
            "confidence",
            f"category {category} asks for at least {wanted}, not {found}",
            f"la catégorie {category} demande au moins {wanted}, et non {found}",
        )
    return found


def normal_factor(confidence: object) -> Decimal:
    """Two-sided normal factor z with Φ(z) = (1 + confidence)/2, to three decimals as in the guidance."""
    # The float error is far below the third decimal, so the figure is the same on every machine.
    found = NormalDist().inv_cdf((1 + float(confidence_level(confidence))) / 2)
    return rounded(Decimal(repr(found)), 3)


def level_of(factor: Decimal) -> Decimal:
    """The confidence level 2Φ(z) − 1 of a factor z, to four decimals; zero when z is negative."""
    found = 2 * NormalDist().cdf(float(max(factor, ZERO))) - 1
    return rounded(Decimal(repr(found)), 4)


def conservative_factors(confidence: object) -> tuple[Decimal, Decimal]:
    """Reliability factor RF(0) and expansion factor EF of a level that the guidance tabulates."""
    found = confidence_level(confidence)
    if found not in CONSERVATIVE:
        known = ", ".join(str(level) for level in CONSERVATIVE)
        raise InputError(
            "confidence",
            f"the conservative approach knows the levels {known}, not {found}",
            f"l’approche prudente connaît les niveaux {known}, et non {found}",
        )
    return CONSERVATIVE[found]


@lru_cache(maxsize=4096)
def poisson_factor(confidence: Decimal, errors: int) -> Decimal:
    """Upper Poisson limit λ with P(X ≤ errors; λ) = 1 − confidence, to two decimals (Appendix 3)."""
    if errors < 0:
        raise InputError(
            "errors",
            f"give a number of errors of 0 or more, not {errors}",
            f"donner un nombre d’erreurs de 0 ou plus, et non {errors}",
        )
    return rounded(_solve(1 - confidence_level(confidence), errors), 2)


@precise
def _solve(risk: Decimal, errors: int) -> Decimal:
    """Bisection: P falls when λ grows, and forty halvings leave less than 10⁻⁸ of the bracket."""
    low, high = ZERO, 2 * Decimal(errors) + 20
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(errors, middle) > risk else (low, middle)
    return (low + high) / 2


def _at_most(errors: int, mean: Decimal) -> Decimal:
    """P(X ≤ errors) for a Poisson variable of this mean."""
    term = total = Decimal(1)
    for order in range(1, errors + 1):
        term = term * mean / order
        total += term
    return total * (-mean).exp()
