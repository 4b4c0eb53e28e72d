"""How many units to audit: the formulas of EGESIF_16-0014-01 with every parameter in sight.

TE = materiality × BV (tolerable error), AE = expected rate × BV (anticipated error), both in euro and not
rounded; z is the two-sided normal factor. Sizes are rounded up to a whole unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from applications.rules.base import InputError

from .factors import conservative_factors, normal_factor
from .numbers import ZERO, at_least, positive_count, precise, standard_deviation, whole_up

MATERIALITY = Decimal("0.02")
STATISTICAL_FROM = 300
LOWEST_SHARE = Decimal("0.10")
PROPORTIONATE_UNITS = 30


@dataclass(frozen=True, slots=True)
class Size:
    """A sample size: units to audit, the unrounded figure, tolerable and anticipated error in euro."""

    units: int
    exact: Decimal
    tolerable: Decimal
    anticipated: Decimal


@dataclass(frozen=True, slots=True)
class Layer:
    """What a stratum brings to a formula: its weight (units, or euro for MUS) and a standard deviation."""

    weight: Decimal
    deviation: Decimal


def check_materiality(materiality: object) -> Decimal:
    """The materiality as a share of the book value: above 0, never above the 2 % of the law."""
    found = at_least("materiality", materiality)
    if not ZERO < found <= MATERIALITY:
        raise InputError(
            "materiality",
            f"give a share above 0 and not above 0.02, not {found}",
            f"donner une part supérieure à 0 et d’au plus 0,02, et non {found}",
        )
    return found


@precise
def tolerable_error(book: Decimal, materiality: Decimal = MATERIALITY) -> Decimal:
    """TE = materiality × BV, in euro, not rounded."""
    return check_materiality(materiality) * at_least("book", book)


@precise
def anticipated_error(book: Decimal, expected_rate: Decimal) -> Decimal:
    """AE = expected error rate × BV, in euro, not rounded."""
    return at_least("expected_rate", expected_rate) * at_least("book", book)


@precise
def equal_probability_size(
    count: int,
    book: Decimal,
    deviation: Decimal,
    confidence: Decimal,
    expected_rate: Decimal = ZERO,
    materiality: Decimal = MATERIALITY,
) -> Size:
    """Simple random, stratified and difference: n = (N·z·σe/(TE − AE))², σe in euro (σw when stratified)."""
    spread = positive_count("count", count) * normal_factor(confidence) * at_least("deviation", deviation)
    return _squared(spread, book, expected_rate, materiality)


@precise
def mus_size(
    book: Decimal,
    rate_deviation: Decimal,
    confidence: Decimal,
    expected_rate: Decimal = ZERO,
    materiality: Decimal = MATERIALITY,
) -> Size:
    """MUS standard and stratified: n = (z·BV·σr/(TE − AE))², σr of the error rates (σrw when stratified)."""
    spread = normal_factor(confidence) * book * at_least("rate_deviation", rate_deviation)
    return _squared(spread, book, expected_rate, materiality)


@precise
def mus_conservative_size(
    book: Decimal,
    confidence: Decimal,
    expected_rate: Decimal = ZERO,
    materiality: Decimal = MATERIALITY,
) -> Size:
    """MUS conservative: n = BV·RF(0)/(TE − AE·EF), factors of the guidance's table."""
    reliability, expansion = conservative_factors(confidence)
    tolerable, anticipated = tolerable_error(book, materiality), anticipated_error(book, expected_rate)
    margin = _margin(tolerable, anticipated * expansion)
    exact = book * reliability / margin
    return Size(max(1, whole_up(exact)), exact, tolerable, anticipated)


def _squared(spread: Decimal, book: Decimal, expected_rate: Decimal, materiality: Decimal) -> Size:
    """n = (spread/(TE − AE))², rounded up, one unit at least."""
    tolerable, anticipated = tolerable_error(book, materiality), anticipated_error(book, expected_rate)
    exact = (spread / _margin(tolerable, anticipated)) ** 2
    return Size(max(1, whole_up(exact)), exact, tolerable, anticipated)


def _margin(tolerable: Decimal, anticipated: Decimal) -> Decimal:
    """What is left between the tolerable and the anticipated error; nothing left means no sample will do."""
    if tolerable <= anticipated:
        fr = "l’erreur attendue atteint l’erreur tolérable : aucun échantillon ne peut conclure."
        raise InputError("expected_rate", "the expected error reaches the tolerable one: no sample can conclude", fr)
    return tolerable - anticipated


@precise
def weighted_deviation(layers: Iterable[Layer]) -> Decimal:
    """σw = √Σ(w_h/w)·σ_h²: N_h/N for random strata, BV_h/BV for MUS strata; unit of the deviations."""
    given = tuple(layers)
    whole = sum((layer.weight for layer in given), ZERO)
    if whole <= 0:
        raise InputError(
            "strata", "give at least one stratum with units in it", "donner au moins une strate qui contient des unités"
        )
    return (sum((layer.weight * layer.deviation**2 for layer in given), ZERO) / whole).sqrt()


@precise
def rate_deviation(units: Sequence[tuple[Decimal, Decimal]], threshold: Decimal | None = None) -> Decimal:
    """σr of r = error/book value over (error, book) pairs in euro, from history or a pilot.

    Above the threshold BV/n the divisor is the threshold (guidance 6.3.1.2), if one is given.
    """
    books = [book if threshold is None else min(book, threshold) for _error, book in units]
    if any(book <= 0 for book in books):
        raise InputError(
            "units",
            "an error rate needs a book value above zero",
            "un taux d’erreur demande une valeur comptable supérieure à zéro",
        )
    return standard_deviation([error / book for (error, _book), book in zip(units, books, strict=True)])


@precise
def finite_size(size: int, count: int) -> int:
    """Optional correction for a small population: n/(1 + n/N), rounded up."""
    exact = Decimal(positive_count("size", size)) / (1 + Decimal(size) / positive_count("count", count))
    return whole_up(exact)


@precise
def non_statistical_size(count: int, share: Decimal = LOWEST_SHARE) -> int:
    """Art. 79(2) CPR: at least 10 % of the units, rounded up, and only below 300 units."""
    if positive_count("count", count) >= STATISTICAL_FROM:
        fr = f"à partir de {STATISTICAL_FROM} unités un échantillon statistique est obligatoire : il y en a {count}."
        en = f"a statistical sample is required from {STATISTICAL_FROM} units: there are {count}"
        raise InputError("method", en, fr)
    if not LOWEST_SHARE <= at_least("share", share) <= 1:
        fr = "un échantillon non statistique couvre de 10 % à 100 % des unités."
        raise InputError("share", f"a non-statistical sample covers from 10 % to 100 % of the units, not {share}", fr)
    return whole_up(count * share)


def proportionate_size(count: int) -> int:
    """Art. 83(b) CPR, enhanced proportionate arrangements: 30 units, or all of them when fewer."""
    return min(PROPORTIONATE_UNITS, positive_count("count", count))


@precise
def allocate(size: int, weights: Mapping[str, Decimal], capacities: Mapping[str, int]) -> dict[str, int]:
    """n_h = n·w_h/Σw by largest remainders (ties by name), two units at least per stratum, never above N_h."""
    given = sum(weights.values(), ZERO)
    if given <= 0:
        fr = "les poids des strates sont tous nuls : il n’y a rien à répartir."
        raise InputError("deviations", "the weights of the strata are all zero: nothing to share out", fr)
    exact = {name: size * weight / given for name, weight in weights.items()}
    shares = {name: int(figure) for name, figure in exact.items()}
    order = sorted(exact, key=lambda name: (shares[name] - exact[name], name))
    for name in order[: size - sum(shares.values())]:
        shares[name] += 1
    return {name: min(capacities[name], max(2, share)) for name, share in shares.items()}
