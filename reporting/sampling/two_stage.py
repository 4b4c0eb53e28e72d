"""Grouped operations: operations drawn first, then their sub-units; errors found below projected upwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from applications.rules.base import InputError

from .draw import Draw, draw
from .estimate import ratio_projection
from .evaluation import Result
from .generator import Stream
from .numbers import ZERO, cents, money, positive_count, precise
from .plan import Plan
from .population import Population, Unit, by_operation, grouped
from .selection import simple_random

# Guidance 7.6: a sub-sample, like a sample, has 30 units at least, or all of them when there are fewer.
LOWEST_SUB_SAMPLE = 30


@dataclass(frozen=True, slots=True)
class TwoStageDraw:
    """Both stages: the draw of operations, and the sub-units to audit in each of them."""

    population: str
    operations: Population
    first: Draw
    size: int
    second: Mapping[str, tuple[str, ...]]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every sub-unit to audit, in the order of the keys."""
        return tuple(sorted(key for keys in self.second.values() for key in keys))

    def record(self) -> dict[str, Any]:
        """Both stages as plain JSON values."""
        return {
            "population": self.population,
            "size": self.size,
            "first": self.first.record(),
            "second": {name: list(keys) for name, keys in self.second.items()},
        }


def draw_two_stages(population: Population, plan: Plan, size: int = LOWEST_SUB_SAMPLE) -> TwoStageDraw:
    """Draw operations by the plan, then `size` sub-units of each at random (all when there are fewer)."""
    if positive_count("size", size) < LOWEST_SUB_SAMPLE:
        fr = f"un sous-échantillon compte au moins {LOWEST_SUB_SAMPLE} unités, et non {size}."
        raise InputError("size", f"a sub-sample has at least {LOWEST_SUB_SAMPLE} units, not {size}", fr)
    operations = by_operation(population)
    first = draw(operations, plan)
    below = grouped(population.positives, lambda unit: unit.operation)
    second = {name: _sub_sample(name, below[name], plan.seed, size) for name in first.keys}
    return TwoStageDraw(population.sha256, operations, first, size, second)


def _sub_sample(name: str, units: tuple[Unit, ...], seed: str, size: int) -> tuple[str, ...]:
    """Sub-units of one operation, from a stream of its own."""
    drawn = simple_random(units, min(size, len(units)), Stream(seed, f"second:{name}"))
    return tuple(unit.key for unit in drawn)


@precise
def operation_results(
    drawn: TwoStageDraw,
    population: Population,
    results: Iterable[Result],
    delimited: Mapping[str, Decimal] | None = None,
) -> list[Result]:
    """One result per drawn operation, to be given to `evaluate` with `drawn.operations`.

    Random errors are projected within the operation by ratio, BV·ΣE/ΣBV, to the cent; systemic and
    anomalous errors are added up as found, because they are never projected. `delimited` gives the systemic
    errors of the sub-units that were not drawn, below the operations that were.
    """
    found = _by_key(drawn, population, results)
    outside = _outside(drawn, population, delimited or {})
    books = {unit.key: unit.book for unit in drawn.operations.units}
    chosen = {name: _chosen(keys, population, found) for name, keys in drawn.second.items()}
    return [_added_up(name, books[name], pairs, outside.get(name, ZERO)) for name, pairs in chosen.items()]


Pairs = list[tuple[Unit, Result]]


def _by_key(drawn: TwoStageDraw, population: Population, results: Iterable[Result]) -> dict[str, Result]:
    """The results of the sub-units, all of them and no other, on the population of the draw."""
    if drawn.population != population.sha256:
        raise InputError(
            "population",
            "this is not the frozen population that the sample was drawn from",
            "ce n’est pas la population figée dont l’échantillon a été tiré",
        )
    given = list(results)
    found = {result.key: result for result in given}
    if len(found) != len(given) or set(found) != set(drawn.keys):
        fr = "donner un résultat pour chaque unité tirée, et pour aucune autre."
        raise InputError("results", "give one result for each drawn sub-unit, and for no other", fr)
    return found


def _outside(drawn: TwoStageDraw, population: Population, delimited: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Systemic errors outside the sub-samples, added up per drawn operation."""
    sums: dict[str, Decimal] = {}
    for key, amount in delimited.items():
        unit, audited = population.by_key.get(key), key in drawn.keys
        if unit is None or audited or unit.operation not in drawn.second:
            fr = f"« {key} » n’est pas une unité non tirée d’une demande tirée."
            raise InputError("delimited", f"{key!r} is not an undrawn unit of a drawn operation", fr)
        if not 0 <= money("delimited", amount) <= unit.book:
            fr = f"l’erreur systémique de « {key} » doit être comprise entre 0 et sa valeur."
            raise InputError("delimited", f"the systemic error of {key!r} must lie between 0 and its book value", fr)
        sums[unit.operation] = sums.get(unit.operation, ZERO) + amount
    return sums


def _chosen(keys: tuple[str, ...], population: Population, found: Mapping[str, Result]) -> Pairs:
    """The drawn sub-units of an operation with their results, errors within the book values."""
    pairs = [(population.by_key[key], found[key]) for key in keys]
    for unit, result in pairs:
        if result.random + result.systemic + result.anomalous > unit.book:
            fr = f"les erreurs dépassent la valeur de l’unité ({unit.book})."
            raise InputError(unit.key, f"the errors pass the book value of the unit ({unit.book})", fr)
    return pairs


def _added_up(name: str, book: Decimal, pairs: Pairs, outside: Decimal) -> Result:
    """The result of an operation; a corrected anomalous error leaves nothing to count."""
    systemic = outside + sum((result.systemic for _unit, result in pairs), ZERO)
    anomalous = sum((result.anomalous for _unit, result in pairs if not result.anomalous_corrected), ZERO)
    random = _random(book - systemic, pairs)
    return Result(name, min(random, book - systemic - anomalous), systemic, anomalous)


def _random(book: Decimal, pairs: Pairs) -> Decimal:
    """Random error of an operation by ratio, book values without systemic errors on both sides."""
    sampled = sum((unit.book - result.systemic for unit, result in pairs), ZERO)
    errors = sum((result.random for _unit, result in pairs), ZERO)
    return cents(ratio_projection(book, errors, sampled)) if sampled else ZERO
