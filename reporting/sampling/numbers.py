"""Exact arithmetic: every figure is a Decimal, computed with 40 digits whatever the caller's context."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from applications.rules.base import InputError

P = ParamSpec("P")
T = TypeVar("T")

ZERO = Decimal(0)
CENT = Decimal("0.01")


def precise(function: Callable[P, T]) -> Callable[P, T]:
    """Run a function with 40 significant digits, so that no outer decimal context changes a figure."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        # A new context for each call: the traps and flags of the caller stay out.
        with localcontext(Context(prec=40, rounding=ROUND_HALF_EVEN)):
            return function(*args, **kwargs)

    return run


def number(field: str, value: object) -> Decimal:
    """A finite Decimal; a float, a boolean or a text is refused, because it hides its rounding."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise InputError(
            field, f"give a finite decimal number, not {value!r}", f"donner un nombre décimal fini, et non {value!r}"
        )
    return value


def at_least(field: str, value: object, lowest: Decimal = ZERO) -> Decimal:
    """A finite Decimal that is not below `lowest`."""
    found = number(field, value)
    if found < lowest:
        raise InputError(field, f"give {lowest} or more, not {found}", f"donner {lowest} ou plus, et non {found}")
    return found


def money(field: str, value: object) -> Decimal:
    """An amount in euro with at most two decimals, never rounded here."""
    found = number(field, value)
    # Compared with 40 digits: a wider amount would be an accident, and quantize says so.
    if abs(found) >= Decimal("1e30") or found != cents(found):
        raise InputError(
            field,
            f"give an amount in euro and cents, not {found}",
            f"donner un montant en euros et centimes, et non {found}",
        )
    return cents(found)


def positive_count(field: str, value: object) -> int:
    """A whole number of units, one at least."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InputError(
            field,
            f"give a whole number of at least 1, not {value!r}",
            f"donner un nombre entier d’au moins 1, et non {value!r}",
        )
    return value


@precise
def cents(amount: Decimal) -> Decimal:
    """The amount in euro rounded half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@precise
def cents_up(amount: Decimal) -> Decimal:
    """The amount in euro rounded up to the cent, for what must not fall short."""
    return amount.quantize(CENT, ROUND_CEILING)


@precise
def rounded(value: Decimal, places: int) -> Decimal:
    """The value rounded half up to so many decimals."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@precise
def whole_up(value: Decimal) -> int:
    """The smallest whole number that is not below the value: sample sizes are rounded up."""
    return int(value.to_integral_value(ROUND_CEILING))


@precise
def variance(values: Sequence[Decimal]) -> Decimal:
    """Sample variance Σ(x − mean)²/(n − 1), in the square of the unit of the values; not rounded."""
    if len(values) < 2:
        fr = "il faut au moins deux valeurs : une seule n’a pas d’écart type."
        raise InputError("values", "give at least two values: one alone has no standard deviation", fr)
    mean = sum(values, ZERO) / len(values)
    return sum(((value - mean) ** 2 for value in values), ZERO) / (len(values) - 1)


@precise
def standard_deviation(values: Sequence[Decimal]) -> Decimal:
    """Sample standard deviation (divisor n − 1) of errors in euro, from history or a pilot; not rounded."""
    return variance(values).sqrt()
