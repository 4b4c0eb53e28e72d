"""Which units are audited: lots drawn over the units in the order of their keys, in whole numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from applications.rules.base import InputError

from .generator import Stream
from .population import Unit


@dataclass(frozen=True, slots=True)
class Split:
    """High-value units audited in full, the others, and how many of these are still to be drawn."""

    high: tuple[Unit, ...]
    rest: tuple[Unit, ...]
    size: int


def simple_random(units: Sequence[Unit], size: int, stream: Stream) -> tuple[Unit, ...]:
    """`size` units without replacement, each set equally likely (Fisher–Yates from the front), by key."""
    if size > len(units):
        fr = f"il n’y a que {len(units)} unités : on ne peut pas en tirer {size}."
        raise InputError("size", f"cannot draw {size} units out of {len(units)}", fr)
    pool = list(units)
    for place in range(size):
        other = place + stream.below(len(pool) - place)
        pool[place], pool[other] = pool[other], pool[place]
    return tuple(sorted(pool[:size], key=lambda unit: unit.key))


def systematic(units: Sequence[Unit], interval: Fraction, stream: Stream) -> tuple[Unit, ...]:
    """Units hit by start + j × interval on the line of the book values laid end to end (interval in cents).

    The start r/d is drawn among the p values 0, 1/d, … below the interval p/d, so that a unit is taken with
    probability book/interval exactly, and always when its book value reaches the interval.
    """
    step, scale = interval.numerator, interval.denominator
    point, end, found = stream.below(step), 0, []
    for unit in units:
        end += unit.cents * scale
        if point < end:
            found.append(unit)
            point += ((end - 1 - point) // step + 1) * step
    return tuple(found)


def over(units: Sequence[Unit], limit: Fraction) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """The units whose book value is above the limit in cents, and the others."""
    high = tuple(unit for unit in units if unit.cents > limit)
    return high, tuple(unit for unit in units if unit.cents <= limit)


def interval_of(units: Sequence[Unit], size: int) -> Fraction:
    """SI = BV/n in cents, as an exact fraction."""
    return Fraction(sum(unit.cents for unit in units), size)


def split_high_value(units: Sequence[Unit], size: int) -> Split:
    """High-value stratum: units above BV/n, again with BV_s/n_s until none is left above it."""
    high: tuple[Unit, ...] = ()
    rest = tuple(units)
    while rest:
        above, below = over(rest, interval_of(rest, size))
        if not above:
            break
        high, rest, size = high + above, below, size - len(above)
    return Split(_by_key(high), rest, size if rest else 0)


def split_at(units: Sequence[Unit], cutoff: Decimal | None) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """The units above a cut-off in euro, audited in full, and the others; no cut-off, no such unit."""
    return ((), tuple(units)) if cutoff is None else over(units, Fraction(cutoff) * 100)


def _by_key(units: Sequence[Unit]) -> tuple[Unit, ...]:
    return tuple(sorted(units, key=lambda unit: unit.key))
