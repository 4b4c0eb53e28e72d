"""The population of an audit: the expenditure declared in an accounting year, frozen, negatives apart."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from hashlib import sha256

from applications.rules.base import InputError

from .numbers import money

FORMAT = "sampling-population/1"
HEADER = ("key", "operation", "stratum", "book_value", "side")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sampling unit: its key, its book value in euro, its stratum and the operation above it, if any."""

    key: str
    book: Decimal
    stratum: str = ""
    operation: str = ""

    def __post_init__(self) -> None:
        """Refuse a unit without key or with an amount that is not in cents."""
        if not isinstance(self.key, str) or not self.key:
            raise InputError("key", "give every sampling unit a key", "donner une clé à chaque unité")
        object.__setattr__(self, "book", money("book", self.book))

    @property
    def cents(self) -> int:
        """The book value in cents, for exact selection."""
        return int(self.book.scaleb(2))

    @property
    def side(self) -> str:
        """Which part of the population the unit stands in: positive, negative or zero."""
        return "positive" if self.book > 0 else "negative" if self.book < 0 else "zero"

    def canonical(self) -> str:
        """The unit as one line of the frozen text: a JSON array in ASCII, the amount in cents."""
        return json.dumps([self.key, self.operation, self.stratum, self.cents], separators=(",", ":"))


@dataclass(frozen=True)
class Population:
    """Units in the order of their keys, whatever the order they came in; made by `freeze`."""

    units: tuple[Unit, ...]

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the canonical text: the format's name, then one line per unit, each ended by LF."""
        lines = [FORMAT, *(unit.canonical() for unit in self.units)]
        return sha256("".join(f"{line}\n" for line in lines).encode("ascii")).hexdigest()

    @cached_property
    def positives(self) -> tuple[Unit, ...]:
        """The units that are drawn from: book value above zero."""
        return tuple(unit for unit in self.units if unit.book > 0)

    @cached_property
    def negatives(self) -> tuple[Unit, ...]:
        """The units kept apart: corrections and withdrawals, book value below zero."""
        return tuple(unit for unit in self.units if unit.book < 0)

    @cached_property
    def by_key(self) -> dict[str, Unit]:
        """The units under their keys."""
        return {unit.key: unit for unit in self.units}

    @cached_property
    def book(self) -> Decimal:
        """Book value of the positive units in euro: the BV of every formula."""
        return total(self.positives)

    def strata(self) -> dict[str, tuple[Unit, ...]]:
        """The positive units by stratum, strata in the order of their names."""
        return grouped(self.positives, lambda unit: unit.stratum)


def freeze(units: Iterable[Unit]) -> Population:
    """The frozen population: units sorted by key (Unicode code points); a key given twice is refused."""
    ordered = sorted(units, key=lambda unit: unit.key)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.key == after.key:
            raise InputError(
                "key",
                f"the key {after.key!r} stands twice in the population",
                f"la clé {after.key!r} est deux fois dans la population",
            )
    return Population(tuple(ordered))


def total(units: Iterable[Unit]) -> Decimal:
    """Sum of the book values in euro."""
    return Decimal(sum(unit.cents for unit in units)).scaleb(-2)


def grouped(units: Iterable[Unit], name: Callable[[Unit], str]) -> dict[str, tuple[Unit, ...]]:
    """Units by a name, in the order of the names."""
    groups: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        groups[name(unit)].append(unit)
    return {key: tuple(groups[key]) for key in sorted(groups)}


def mirrored(population: Population) -> Population:
    """The negative units with their absolute values, as a population of their own to audit apart."""
    return freeze(replace(unit, book=-unit.book) for unit in population.negatives)


def by_operation(population: Population) -> Population:
    """The positive units added up per operation: the first stage of a draw in two stages."""
    orphans = [unit.key for unit in population.positives if not unit.operation]
    if orphans:
        raise InputError(
            "operation",
            f"the unit {orphans[0]!r} has no operation above it",
            f"l’unité {orphans[0]!r} n’a pas d’opération au-dessus d’elle",
        )
    groups = grouped(population.positives, lambda unit: unit.operation)
    return freeze(_added_up(name, units) for name, units in groups.items())


def _added_up(name: str, units: tuple[Unit, ...]) -> Unit:
    """One operation; its stratum must be one, because a unit stands in one stratum only."""
    strata = {unit.stratum for unit in units}
    if len(strata) > 1:
        raise InputError(
            "stratum",
            f"the operation {name!r} stands in several strata: {sorted(strata)}",
            f"l’opération {name!r} est dans plusieurs strates : {sorted(strata)}",
        )
    return Unit(name, total(units), strata.pop())


def csv_rows(population: Population) -> Iterator[tuple[str, ...]]:
    """The population for the auditor's own tool: a heading, then every unit, amounts as 1234.50."""
    yield HEADER
    for unit in population.units:
        yield unit.key, unit.operation, unit.stratum, str(unit.book), unit.side


def from_csv_rows(rows: Iterable[tuple[str, ...]]) -> Population:
    """The population read back from its rows: its SHA-256 is the one of the export."""
    given = iter(rows)
    if next(given, ()) != HEADER:
        raise InputError(
            "rows", f"the heading must be {', '.join(HEADER)}", f"la première ligne doit être {', '.join(HEADER)}"
        )
    return freeze(_read(row) for row in given)


def _read(row: tuple[str, ...]) -> Unit:
    """One unit from its row; the side follows from the amount and is not read."""
    try:
        key, operation, stratum, book, _side = row
        return Unit(key, Decimal(book), stratum, operation)
    except (InvalidOperation, TypeError) as fault:
        raise InputError("rows", f"{row!r} has no readable amount", f"{row!r} n’a pas de montant lisible") from fault
    except ValueError as fault:
        raise (
            fault
            if isinstance(fault, InputError)
            else InputError("rows", f"{row!r} has not five cells", f"{row!r} n’a pas cinq cellules")
        ) from fault
