"""How many units to audit, by each method of the guidance and by article 79(2) and 83(b) of the CPR."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from applications.rules.base import InputError, Reason, Verdict
from applications.rules.compute.build import choice, euro, flag, may, need, number, percent, record, rows
from applications.rules.compute.records import Member
from applications.rules.compute.wrapping import Given, rule
from reporting.sampling.numbers import cents, precise
from reporting.sampling.sizes import (
    STATISTICAL_FROM,
    Layer,
    Size,
    allocate,
    equal_probability_size,
    finite_size,
    mus_conservative_size,
    mus_size,
    non_statistical_size,
    proportionate_size,
    weighted_deviation,
)

from .terms import BOOK, CONFIDENCE, MATERIALITY, NAME, UNITS, asked, confidence, positive, tabulated

ARTICLE = "Règlement (UE) 2021/1060, art. 79(2)"
STRATUM: tuple[Member, ...] = (
    NAME,
    may("units", UNITS),
    may("book", BOOK),
    need(
        "deviation",
        number(
            "Écart type : des erreurs en euros, ou des taux d’erreur pour MUS | "
            "Standard deviation: of errors in euro, or of error rates for MUS"
        ),
    ),
)
METHODS = (
    "simple_random",
    "difference",
    "stratified",
    "mus",
    "mus_stratified",
    "mus_conservative",
    "non_statistical",
    "proportionate",
)
INPUT: tuple[Member, ...] = (
    need("method", choice("Méthode | Method", METHODS)),
    may("units", UNITS),
    may("book", BOOK),
    may("deviation", euro("Écart type des erreurs | Standard deviation of the errors")),
    may(
        "rate_deviation",
        number(
            "Écart type des taux d’erreur, pour MUS (0.085) | Standard deviation of the error rates, for MUS (0.085)"
        ),
    ),
    *CONFIDENCE,
    may("expected_rate", percent("Taux d’erreur attendu | Expected error rate"), 0),
    MATERIALITY,
    may("strata", rows("Strates | Strata", record("Une strate | A stratum", *STRATUM), least=1)),
    may("finite", flag("Correction pour population finie | Finite population correction"), False),
)


def size(given: Given) -> Verdict:
    """The number of units; `details` hold the unrounded size, tolerable and anticipated errors in euro."""
    return SIZED[given["method"]](given)


def _shown(given: Given, found: Size, **more: Any) -> Verdict:
    """The size as it was computed, then for a finite population when asked."""
    units = found.units
    if given["finite"]:
        more["infinite_units"], units = units, finite_size(units, int(positive(given, INPUT, "units")))
    details = {
        "units": units, "exact": found.exact, "tolerable_error": cents(found.tolerable),
        "anticipated_error": cents(found.anticipated),
    }  # fmt: skip
    return Verdict(True, details=details | _interval(given, units) | more)


@precise
def _interval(given: Given, units: int) -> dict[str, Decimal]:
    """BV/n: the sampling interval, and the threshold of the high-value stratum, for selection by value."""
    by_value = given["method"].startswith("mus") and given["book"] is not None
    return {"threshold": cents(given["book"] / units)} if by_value else {}


def _terms(given: Given) -> tuple[Decimal, Decimal, Decimal]:
    return confidence(given), given["expected_rate"] / 100, _materiality(given)


def _materiality(given: Given) -> Decimal:
    share: Decimal = given["materiality"] / 100
    if share <= 0:
        fr = "donner un seuil de plus de 0 et d’au plus 2 %."
        raise InputError("$.materiality", "give a materiality above 0 and not above 2 %.", fr)
    return share


def _random(given: Given) -> Verdict:
    count, book = int(positive(given, INPUT, "units")), positive(given, INPUT, "book")
    return _shown(given, equal_probability_size(count, book, asked(given, INPUT, "deviation"), *_terms(given)))


def _mus(given: Given) -> Verdict:
    book = positive(given, INPUT, "book")
    return _shown(given, mus_size(book, asked(given, INPUT, "rate_deviation"), *_terms(given)))


def _conservative(given: Given) -> Verdict:
    level, *terms = _terms(given)
    return _shown(given, mus_conservative_size(positive(given, INPUT, "book"), tabulated(level), *terms))


def _stratified(given: Given) -> Verdict:
    layers = _layers(given, "units")
    count = sum(int(layer.weight) for layer in layers.values())
    book = positive(given, INPUT, "book")
    spread = weighted_deviation(layers.values())
    found = equal_probability_size(count, book, spread, *_terms(given))
    return _shown(given, found, weighted_deviation=spread, allocation=_allocated(found.units, layers, given))


def _mus_stratified(given: Given) -> Verdict:
    layers = _layers(given, "book")
    book = sum((layer.weight for layer in layers.values()), Decimal(0))
    spread = weighted_deviation(layers.values())
    found = mus_size(book, spread, *_terms(given))
    return _shown(given, found, weighted_deviation=spread, allocation=_allocated(found.units, layers, given))


def _layers(given: Given, weight: str) -> dict[str, Layer]:
    """Weight and deviation of each stratum, under its name."""
    found = {}
    for rank, row in enumerate(asked(given, INPUT, "strata")):
        found[row["name"]] = Layer(positive(row, STRATUM, weight, f"$.strata[{rank}]"), row["deviation"])
    return found


def _allocated(size_found: int, layers: Mapping[str, Layer], given: Given) -> dict[str, int]:
    """Units by stratum, in proportion to the weights; never above the units of a stratum when they are known."""
    known = {row["name"]: row["units"] for row in given["strata"]}
    capacities = {name: known.get(name) or size_found for name in layers}
    return allocate(size_found, {name: layer.weight for name, layer in layers.items()}, capacities)


def _non_statistical(given: Given) -> Verdict:
    count = int(positive(given, INPUT, "units"))
    if count >= STATISTICAL_FROM:
        return Verdict(False, (_statistical(count),), details={"units": None})
    return Verdict(True, details={"units": non_statistical_size(count)})


def _statistical(count: int) -> Reason:
    return Reason(
        "statistical_required",
        f"À partir de {STATISTICAL_FROM} unités un échantillon statistique est obligatoire : il y en a {count}.",
        f"From {STATISTICAL_FROM} units a statistical sample is required: there are {count}.",
        ARTICLE,
        params={"units": count},
    )


def _proportionate(given: Given) -> Verdict:
    return Verdict(True, details={"units": proportionate_size(int(positive(given, INPUT, "units")))})


SIZED: Mapping[str, Callable[[Given], Verdict]] = {
    "simple_random": _random, "difference": _random, "stratified": _stratified, "mus": _mus,
    "mus_stratified": _mus_stratified, "mus_conservative": _conservative, "non_statistical": _non_statistical,
    "proportionate": _proportionate,
}  # fmt: skip

RULES = (
    rule(
        "sample-size",
        "Taille d’un échantillon d’audit (EGESIF_16-0014-01 ; règlement 2021/1060, art. 79) | "
        "Size of an audit sample (EGESIF_16-0014-01; Regulation 2021/1060, art. 79)",
        record("Une population et une méthode | A population and a method", *INPUT),
        {
            "method": "simple_random",
            "units": 3852,
            "book": "46501186.00",
            "deviation": "518",
            "confidence": 80,
            "expected_rate": "1.24",
        },
        size,
    ),
)
