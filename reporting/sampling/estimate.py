"""Projected error and precision: the formulas of EGESIF_16-0014-01 on sums or on single results.

Amounts in euro, not rounded here; z is the two-sided normal factor; s is a sample deviation (n − 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from .factors import conservative_factors, normal_factor, poisson_factor
from .numbers import ZERO, precise
from .sizes import Layer


@precise
def mean_per_unit(count: int, sampled: int, errors: Decimal) -> Decimal:
    """EE = N·ΣE_i/n."""
    return count * errors / sampled


@precise
def ratio_projection(book: Decimal, errors: Decimal, sampled_book: Decimal) -> Decimal:
    """EE = BV·ΣE_i/ΣBV_i."""
    return book * errors / sampled_book


@precise
def mus_projection(book: Decimal, sampled: int, rates: Decimal, exhaustive: Decimal = ZERO) -> Decimal:
    """EE = E_e + (BV_s/n_s)·Σ(E_i/BV_i), BV_s and n_s without the high-value units."""
    return exhaustive + book / sampled * rates


@precise
def interval_projection(interval: Decimal, rates: Decimal, exhaustive: Decimal = ZERO) -> Decimal:
    """EE = E_e + SI·Σ(E_i/BV_i), the conservative approach."""
    return exhaustive + interval * rates


@precise
def equal_probability_precision(count: int, sampled: int, deviation: Decimal, confidence: Decimal) -> Decimal:
    """SE = N·z·s/√n; with strata, s is s_w = √Σ(N_h/N)·s_h² (proportional allocation)."""
    return count * normal_factor(confidence) * deviation / Decimal(sampled).sqrt()


@precise
def stratified_precision(strata: Iterable[tuple[Decimal, int, Decimal]], confidence: Decimal) -> Decimal:
    """SE = z·√Σ(w_h²/n_h·s_h²) over (w_h, n_h, s_h): w = BV_h for MUS, w = N_h for Neyman strata."""
    spread = sum((weight**2 / sampled * deviation**2 for weight, sampled, deviation in strata), ZERO)
    return normal_factor(confidence) * spread.sqrt()


@precise
def mus_precision(book: Decimal, sampled: int, rate_deviation: Decimal, confidence: Decimal) -> Decimal:
    """SE = z·(BV_s/√n_s)·s_r."""
    return normal_factor(confidence) * book / Decimal(sampled).sqrt() * rate_deviation


@precise
def basic_precision(interval: Decimal, confidence: Decimal) -> Decimal:
    """BP = SI·RF(0), RF(0) being the factor that gave the sample size."""
    return interval * conservative_factors(confidence)[0]


@precise
def incremental_allowance(interval: Decimal, rates: Sequence[Decimal], confidence: Decimal) -> Decimal:
    """IA = Σ(RF(i) − RF(i−1) − 1)·SI·t_i, error rates t in descending order, factors of Appendix 3."""
    ranked = sorted((rate for rate in rates if rate > 0), reverse=True)
    return sum((increment(order, confidence) * interval * rate for order, rate in enumerate(ranked, 1)), ZERO)


@precise
def increment(order: int, confidence: Decimal) -> Decimal:
    """RF(i) − RF(i−1) − 1 for the i-th ranked error, never below zero."""
    found = poisson_factor(confidence, order) - poisson_factor(confidence, order - 1) - 1
    return max(found, ZERO)


@precise
def conservative_precision(interval: Decimal, rates: Sequence[Decimal], confidence: Decimal) -> Decimal:
    """SE = BP + IA, the rates being those of the sample without the high-value units."""
    return basic_precision(interval, confidence) + incremental_allowance(interval, rates, confidence)


@precise
def ratio_residuals(errors: Sequence[Decimal], books: Sequence[Decimal]) -> list[Decimal]:
    """q_i = E_i − (ΣE/ΣBV)·BV_i, whose deviation measures the ratio's precision."""
    rate = sum(errors, ZERO) / sum(books, ZERO)
    return [error - rate * book for error, book in zip(errors, books, strict=True)]


@precise
def ratio_is_better(errors: Sequence[Decimal], books: Sequence[Decimal]) -> bool:
    """Guidance 6.1.1.4: ratio rather than mean-per-unit when COV(E, BV)/VAR(BV) > (ΣE/ΣBV)/2."""
    count = len(errors)
    means = sum(errors, ZERO) / count, sum(books, ZERO) / count
    covariance = sum(((e - means[0]) * (b - means[1]) for e, b in zip(errors, books, strict=True)), ZERO)
    spread = sum(((book - means[1]) ** 2 for book in books), ZERO)
    return spread > 0 and covariance / spread > sum(errors, ZERO) / sum(books, ZERO) / 2


@precise
def equal_strata_precision(layers: Sequence[Layer], sampled: int, confidence: Decimal) -> Decimal:
    """SE = N·z·s_w/√n over strata (N_h, s_h) allocated in proportion, n units in all."""
    count = sum((layer.weight for layer in layers), ZERO)
    spread = sum((layer.weight * layer.deviation**2 for layer in layers), ZERO) / count
    return count * normal_factor(confidence) * spread.sqrt() / Decimal(sampled).sqrt()
