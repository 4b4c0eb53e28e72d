"""What the audit of the sample found, and what it means for the whole population."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from applications.rules.base import InputError

from .conclusion import Conclusion, conclude
from .draw import Draw, Stratum
from .estimate import (
    conservative_precision,
    equal_strata_precision,
    interval_projection,
    mean_per_unit,
    mus_projection,
    ratio_projection,
    ratio_residuals,
    stratified_precision,
)
from .numbers import ZERO, cents, money, precise, standard_deviation
from .plan import BY_VALUE, Allocation, Method, Plan
from .population import Population, Unit
from .rates import total_error_rate
from .sizes import Layer, tolerable_error


class Estimator(StrEnum):
    """How equal-probability samples are projected; selection by value has one way only."""

    MEAN = "mean_per_unit"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Result:
    """What was found on one unit, in euro: random, systemic (delimited) and anomalous errors.

    Errors reduce the expenditure when positive; only difference estimation takes negative random errors.
    An anomalous error is never projected; it counts in the total only when it was not corrected.
    """

    key: str
    random: Decimal = ZERO
    systemic: Decimal = ZERO
    anomalous: Decimal = ZERO
    anomalous_corrected: bool = False

    def __post_init__(self) -> None:
        """Refuse amounts that are not in cents, and negative systemic or anomalous errors."""
        for name in ("random", "systemic", "anomalous"):
            object.__setattr__(self, name, money(name, getattr(self, name)))
        if self.systemic < 0 or self.anomalous < 0:
            raise InputError(
                self.key,
                "systemic and anomalous errors are given as positive amounts",
                "les erreurs systémiques et anormales se donnent en montants positifs",
            )


@dataclass(frozen=True, slots=True)
class Group:
    """A stratum once audited: units drawn with their errors, book values less systemic errors, full errors.

    `interval` is in euro, for the conservative approach.
    """

    count: int
    book: Decimal
    errors: tuple[Decimal, ...]
    books: tuple[Decimal, ...]
    exhaustive: Decimal
    interval: Decimal = ZERO

    @property
    def rates(self) -> tuple[Decimal, ...]:
        """E_i/BV_i; a unit whose whole value is a systemic error has no random error left."""
        return tuple(e / b if b else ZERO for e, b in zip(self.errors, self.books, strict=True))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcome: euro to the cent, the total error rate as a share, not rounded."""

    projected: Decimal
    systemic: Decimal
    anomalous: Decimal
    total_rate: Decimal
    conclusion: Conclusion


@precise
def evaluate(
    drawn: Draw,
    population: Population,
    results: Iterable[Result],
    estimator: Estimator = Estimator.MEAN,
    delimited: Mapping[str, Decimal] | None = None,
) -> Evaluation:
    """Project the results of every drawn unit; `delimited` adds systemic errors of units outside the sample."""
    entered = _entered(drawn, population, results)
    systemic = _systemic(population, entered, delimited or {})
    groups = [_group(drawn.plan, stratum, population, entered, systemic) for stratum in drawn.strata]
    projected = sum((_projected(drawn.plan, group, estimator) for group in groups), ZERO)
    precision = _precision(drawn.plan, groups, estimator) if drawn.plan.statistical else None
    return _outcome(drawn.plan, population.book, (projected, precision), systemic, entered)


def _outcome(
    plan: Plan,
    book: Decimal,
    estimate: tuple[Decimal, Decimal | None],
    systemic: Mapping[str, Decimal],
    entered: Mapping[str, Result],
) -> Evaluation:
    """TER = projected random + delimited systemic + uncorrected anomalous errors, against TE of the full BV."""
    projected, precision = estimate
    known = sum(systemic.values(), ZERO)
    odd = sum((found.anomalous for found in entered.values() if not found.anomalous_corrected), ZERO)
    tolerable = tolerable_error(book, plan.materiality)
    conclusion = conclude(projected + known + odd, precision, tolerable, book, plan.confidence)
    return Evaluation(cents(projected), known, odd, total_error_rate(book, projected, known, odd), conclusion)


def _entered(drawn: Draw, population: Population, results: Iterable[Result]) -> dict[str, Result]:
    """One result per drawn unit, no more, no less, on the very population of the draw."""
    if drawn.population != population.sha256:
        raise InputError(
            "population",
            "this is not the frozen population that the sample was drawn from",
            "ce n’est pas la population figée dont l’échantillon a été tiré",
        )
    given = list(results)
    found = {result.key: result for result in given}
    if len(found) != len(given):
        raise InputError(
            "results",
            "a unit has two results: keep one per unit",
            "une unité a deux résultats : en garder un par unité",
        )
    _check_keys(set(found), set(drawn.keys))
    for result in given:
        _check_amounts(result, population.by_key[result.key], drawn.plan.method)
    return found


def _check_keys(given: set[str], wanted: set[str]) -> None:
    """Name what is missing and what is too much."""
    if missing := sorted(wanted - given):
        names = ", ".join(missing[:10])
        fr = f"il manque le résultat de {names} ({len(missing)} en tout)."
        raise InputError("results", f"no result yet for {names} ({len(missing)} in all)", fr)
    if unknown := sorted(given - wanted):
        raise InputError(
            "results",
            f"not in the sample: {', '.join(unknown[:10])} ({len(unknown)} in all)",
            f"hors de l’échantillon : {', '.join(unknown[:10])} ({len(unknown)} en tout)",
        )


def _check_amounts(result: Result, unit: Unit, method: Method) -> None:
    """The errors of a unit cannot pass its book value; a negative random error is for differences only."""
    if result.random + result.systemic + result.anomalous > unit.book:
        fr = f"les erreurs dépassent la valeur de l’unité ({unit.book})."
        raise InputError(result.key, f"the errors pass the book value of the unit ({unit.book})", fr)
    if result.random < 0 and method != Method.DIFFERENCE:
        fr = "seule l’estimation par différence admet une erreur négative."
        raise InputError(result.key, "only difference estimation takes an error in the beneficiary's disfavour", fr)


def _systemic(
    population: Population, entered: Mapping[str, Result], delimited: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Systemic errors per unit over the whole population, found in the sample or delimited outside it."""
    for key, amount in delimited.items():
        if key in entered or key not in population.by_key:
            fr = f"donner ici les seules unités de la population hors de l’échantillon, et non « {key} »."
            raise InputError("delimited", f"give systemic errors for units outside the sample only, not {key!r}", fr)
        if not 0 <= money("delimited", amount) <= population.by_key[key].book:
            fr = f"l’erreur systémique de « {key} » doit être comprise entre 0 et sa valeur."
            raise InputError("delimited", f"the systemic error of {key!r} must lie between 0 and its book value", fr)
    return dict(delimited) | {key: found.systemic for key, found in entered.items()}


def _group(
    plan: Plan,
    stratum: Stratum,
    population: Population,
    entered: Mapping[str, Result],
    systemic: Mapping[str, Decimal],
) -> Group:
    """One stratum; when every unit was audited nothing is left to project."""
    full = len(stratum.sample) == stratum.count
    drawn = () if full else stratum.sample
    audited = stratum.high + (stratum.sample if full else ())
    known = _known(plan, stratum, population, systemic)
    return Group(
        count=0 if full else stratum.count,
        book=ZERO if full else stratum.book - sum(known.values(), ZERO),
        errors=tuple(entered[key].random for key in drawn),
        books=tuple(population.by_key[key].book - known.get(key, ZERO) for key in drawn),
        exhaustive=sum((entered[key].random for key in audited), ZERO),
        interval=_interval_in_euro(stratum),
    )


def _known(plan: Plan, stratum: Stratum, population: Population, systemic: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Systemic errors to take off the book values that are projected on (guidance, Appendix 1).

    Not in the conservative approach: its interval is the one that was drawn with.
    """
    if plan.method == Method.MUS_CONSERVATIVE:
        return {}
    units, high = population.by_key, set(stratum.high)
    single = plan.method not in {Method.STRATIFIED, Method.MUS_STRATIFIED}
    return {
        key: amount
        for key, amount in systemic.items()
        if key not in high and (single or units[key].stratum == stratum.name)
    }


def _interval_in_euro(stratum: Stratum) -> Decimal:
    """The sampling interval in euro."""
    if stratum.interval is None:
        return ZERO
    return Decimal(stratum.interval.numerator) / Decimal(stratum.interval.denominator) / 100


def _projected(plan: Plan, group: Group, estimator: Estimator) -> Decimal:
    """Projected random error of a stratum, errors of the units audited in full included."""
    if plan.method == Method.MUS_CONSERVATIVE:
        return interval_projection(group.interval, sum(group.rates, ZERO), group.exhaustive)
    if not group.errors:
        return group.exhaustive
    if plan.method in BY_VALUE:
        return mus_projection(group.book, len(group.errors), sum(group.rates, ZERO), group.exhaustive)
    errors = sum(group.errors, ZERO)
    if estimator == Estimator.RATIO and plan.method != Method.DIFFERENCE:
        return group.exhaustive + _ratio(group, errors)
    return group.exhaustive + mean_per_unit(group.count, len(group.errors), errors)


def _ratio(group: Group, errors: Decimal) -> Decimal:
    """Ratio projection; drawn units that are systemic errors altogether leave nothing to project."""
    books = sum(group.books, ZERO)
    return ratio_projection(group.book, errors, books) if books else ZERO


def _precision(plan: Plan, groups: Sequence[Group], estimator: Estimator) -> Decimal:
    """SE of the method over the strata that are not audited in full."""
    if plan.method == Method.MUS_CONSERVATIVE:
        return _conservative(groups[0], plan.confidence)
    sampled = [group for group in groups if group.errors]
    if not sampled:
        return ZERO
    if plan.method in BY_VALUE:
        layers = [(group.book, len(group.errors), standard_deviation(group.rates)) for group in sampled]
        return stratified_precision(layers, plan.confidence)
    return _equal_precision(plan, sampled, [_spread(plan, group, estimator) for group in sampled])


def _conservative(group: Group, confidence: Decimal) -> Decimal:
    """BP + IA; nothing when every unit was audited."""
    return conservative_precision(group.interval, group.rates, confidence) if group.count else ZERO


def _spread(plan: Plan, group: Group, estimator: Estimator) -> Decimal:
    """Deviation of the errors, or of the residuals of the ratio."""
    ratio = estimator == Estimator.RATIO and plan.method != Method.DIFFERENCE and any(group.books)
    return standard_deviation(ratio_residuals(group.errors, group.books) if ratio else group.errors)


def _equal_precision(plan: Plan, groups: Sequence[Group], spreads: Sequence[Decimal]) -> Decimal:
    """N·z·s_w/√n for proportional strata; each stratum by its own size for Neyman ones."""
    pairs = list(zip(groups, spreads, strict=True))
    if plan.allocation == Allocation.NEYMAN:
        layers = [(Decimal(group.count), len(group.errors), spread) for group, spread in pairs]
        return stratified_precision(layers, plan.confidence)
    weights = [Layer(Decimal(group.count), spread) for group, spread in pairs]
    return equal_strata_precision(weights, sum(len(group.errors) for group in groups), plan.confidence)
