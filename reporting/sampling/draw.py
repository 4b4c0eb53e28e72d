"""From a frozen population and a plan to the units to audit; the same two give the same draw for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from applications.rules.base import InputError

from .generator import Stream
from .numbers import ZERO, precise
from .plan import BY_STRATUM, BY_VALUE, Allocation, Method, Plan
from .population import Population, Unit, total
from .selection import Split, interval_of, over, simple_random, split_at, split_high_value, systematic
from .sizes import (
    Layer,
    Size,
    allocate,
    anticipated_error,
    equal_probability_size,
    mus_conservative_size,
    mus_size,
    non_statistical_size,
    proportionate_size,
    tolerable_error,
    weighted_deviation,
)

Groups = Mapping[str, tuple[Unit, ...]]


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum as drawn: high-value keys audited in full; of the others, count, book value and sample.

    `interval` is the sampling interval in cents as an exact fraction, for selection by value only.
    """

    name: str
    count: int
    book: Decimal
    high: tuple[str, ...]
    sample: tuple[str, ...]
    interval: Fraction | None = None

    def record(self) -> dict[str, Any]:
        """The stratum as plain JSON values."""
        return {
            "name": self.name,
            "count": self.count,
            "book": str(self.book),
            "high": list(self.high),
            "sample": list(self.sample),
            "interval_cents": None if self.interval is None else str(self.interval),
        }


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: the population's SHA-256, the plan, the size asked for, the strata."""

    population: str
    plan: Plan
    size: Size
    strata: tuple[Stratum, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every unit to audit, in the order of the keys."""
        return tuple(sorted(key for stratum in self.strata for key in stratum.high + stratum.sample))

    def record(self) -> dict[str, Any]:
        """The draw as plain JSON values; two equal draws have equal records."""
        return {
            "population": self.population,
            "plan": self.plan.record(),
            "units": self.size.units,
            "strata": [stratum.record() for stratum in self.strata],
        }

    @property
    def sha256(self) -> str:
        """SHA-256 of the record as sorted compact JSON in ASCII."""
        text = json.dumps(self.record(), sort_keys=True, separators=(",", ":"))
        return sha256(text.encode("ascii")).hexdigest()


def draw(population: Population, plan: Plan) -> Draw:
    """Draw the sample of a plan out of the positive units of a population."""
    groups = strata_of(population, plan)
    size = planned_size(population, plan)
    select = _by_value if plan.method in BY_VALUE else _equally
    return Draw(population.sha256, plan, size, tuple(select(groups, plan, size.units)))


def strata_of(population: Population, plan: Plan) -> Groups:
    """The positive units by stratum when the method is stratified, all together otherwise."""
    if not population.positives:
        fr = "il n’y a aucune unité de valeur supérieure à zéro à tirer."
        raise InputError("population", "there is no unit with a book value above zero to draw from", fr)
    return population.strata() if plan.method in BY_STRATUM else {"": population.positives}


@precise
def planned_size(population: Population, plan: Plan) -> Size:
    """The size of the plan: art. 83(b), a size given by hand, or the formula of the method."""
    count, book = len(population.positives), population.book
    if not plan.statistical:
        return _manual(non_statistical_size(count, plan.share), book, plan)
    if plan.proportionate:
        return _exactly(proportionate_size(count), book, plan)
    if plan.size is not None and not plan.deviations and plan.method != Method.MUS_CONSERVATIVE:
        return _exactly(plan.size, book, plan)
    least = _formula(population, plan)
    return least if plan.size is None else _manual(least.units, book, plan)


def _manual(least: int, book: Decimal, plan: Plan) -> Size:
    """A size given by hand may be larger than the least lawful one, never smaller."""
    if plan.size is not None and plan.size < least:
        fr = f"les paramètres demandent au moins {least} unités, et non {plan.size}."
        raise InputError("size", f"the parameters ask for at least {least} units, not {plan.size}", fr)
    return _exactly(plan.size or least, book, plan)


def _exactly(units: int, book: Decimal, plan: Plan) -> Size:
    """A size that no formula gave, with the errors in euro all the same."""
    tolerable = tolerable_error(book, plan.materiality)
    return Size(units, Decimal(units), tolerable, anticipated_error(book, plan.expected_rate))


def _formula(population: Population, plan: Plan) -> Size:
    """The formula of the method, with the standard deviations of the plan."""
    terms = (plan.confidence, plan.expected_rate, plan.materiality)
    if plan.method == Method.MUS_CONSERVATIVE:
        return mus_conservative_size(population.book, *terms)
    layers = _layers(strata_of(population, plan), plan)
    spread = weighted_deviation(layers)
    if plan.method in BY_VALUE:
        return mus_size(population.book, spread, *terms)
    count = int(sum((layer.weight for layer in layers), ZERO))
    return equal_probability_size(count, population.book, spread, *terms)


def _layers(groups: Groups, plan: Plan) -> list[Layer]:
    """Weight and standard deviation of each stratum; a stratum wholly above the cut-off weighs nothing."""
    return [Layer(weight, _deviation(plan, name)) for name, weight in _weights(groups, plan).items() if weight]


def _deviation(plan: Plan, name: str) -> Decimal:
    """The standard deviation given for a stratum; none given is refused."""
    if name not in plan.deviations:
        fr = f"donner un écart type (strate « {name} »), ou une taille d’échantillon."
        raise InputError("deviations", f"give a standard deviation, or a size, for the stratum {name!r}", fr)
    return plan.deviations[name]


def _weights(groups: Groups, plan: Plan) -> dict[str, Decimal]:
    """Book value of each stratum for MUS; number of units below the cut-off otherwise."""
    if plan.method in BY_VALUE:
        return {name: total(units) for name, units in groups.items()}
    return {name: Decimal(len(split_at(units, plan.cutoff)[1])) for name, units in groups.items()}


def _shares(groups: Groups, plan: Plan, size: int) -> dict[str, int]:
    """Units to draw in each stratum: proportional or Neyman; a non-statistical draw has one stratum."""
    capacities = {name: len(split_at(units, plan.cutoff)[1]) for name, units in groups.items()}
    if not plan.statistical:
        return {name: min(size, capacity) for name, capacity in capacities.items()}
    weights = _weights(groups, plan)
    if plan.allocation == Allocation.NEYMAN:
        weights = {name: weight * _deviation(plan, name) for name, weight in weights.items()}
    return allocate(size, weights, capacities) if any(capacities.values()) else capacities


def _equally(groups: Groups, plan: Plan, size: int) -> list[Stratum]:
    """Equal probabilities in each stratum, after the units above the cut-off."""
    shares = _shares(groups, plan, size)
    return [_equal_stratum(name, units, plan, shares[name]) for name, units in groups.items()]


def _equal_stratum(name: str, units: tuple[Unit, ...], plan: Plan, share: int) -> Stratum:
    high, rest = split_at(units, plan.cutoff)
    sample = simple_random(rest, share, Stream(plan.seed, f"sample:{name}"))
    return Stratum(name, len(rest), total(rest), _keys(high), _keys(sample))


def _by_value(groups: Groups, plan: Plan, size: int) -> list[Stratum]:
    """Probability proportional to size in each stratum, after its high-value units."""
    if plan.method == Method.MUS_CONSERVATIVE:
        return [_fixed_interval(units, plan, size) for units in groups.values()]
    shares = _shares(groups, plan, size)
    return [_value_stratum(name, units, plan, shares[name]) for name, units in groups.items()]


def _value_stratum(name: str, units: tuple[Unit, ...], plan: Plan, share: int) -> Stratum:
    """High value above BV_h/n_h, iterated; the interval of the rest is BV_s/n_s."""
    split = _measurable(units, plan, share)
    interval = interval_of(split.rest, split.size) if split.rest else None
    return _hit(name, split.high, split.rest, interval, plan)


def _measurable(units: tuple[Unit, ...], plan: Plan, share: int) -> Split:
    """The split by value; one unit more when a single one would be drawn, as it would have no deviation."""
    split = split_high_value(units, share)
    if plan.statistical and split.size == 1 and len(split.rest) > 1:
        return _measurable(units, plan, share + 1)
    return split


def _fixed_interval(units: tuple[Unit, ...], plan: Plan, size: int) -> Stratum:
    """Conservative approach: SI = BV/n stays the interval of the whole population."""
    interval = interval_of(units, size)
    return _hit("", *over(units, interval), interval, plan)


def _hit(name: str, high: tuple[Unit, ...], rest: tuple[Unit, ...], interval: Fraction | None, plan: Plan) -> Stratum:
    sample = () if interval is None else systematic(rest, interval, Stream(plan.seed, f"sample:{name}"))
    return Stratum(name, len(rest), total(rest), _keys(high), _keys(sample), interval)


def _keys(units: tuple[Unit, ...]) -> tuple[str, ...]:
    return tuple(unit.key for unit in units)
