"""The auditor's choice before the draw, recorded whole: method, seed, confidence, errors expected, sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from applications.rules.base import InputError

from .factors import check_confidence
from .generator import check_seed
from .numbers import ZERO, at_least, positive_count
from .sizes import LOWEST_SHARE, MATERIALITY, check_materiality


class Method(StrEnum):
    """The methods of EGESIF_16-0014-01."""

    SIMPLE = "simple_random"
    STRATIFIED = "stratified"
    DIFFERENCE = "difference"
    MUS = "mus_standard"
    MUS_STRATIFIED = "mus_stratified"
    MUS_CONSERVATIVE = "mus_conservative"
    NON_STATISTICAL = "non_statistical"
    NON_STATISTICAL_PPS = "non_statistical_pps"


class Allocation(StrEnum):
    """How a sample is shared out between strata: by size, or by size times standard deviation (Neyman)."""

    PROPORTIONAL = "proportional"
    NEYMAN = "neyman"


BY_STRATUM = {Method.STRATIFIED, Method.MUS_STRATIFIED}
BY_VALUE = {Method.MUS, Method.MUS_STRATIFIED, Method.MUS_CONSERVATIVE, Method.NON_STATISTICAL_PPS}
NON_STATISTICAL = {Method.NON_STATISTICAL, Method.NON_STATISTICAL_PPS}
AMOUNTS = ("confidence", "materiality", "expected_rate", "share")


@dataclass(frozen=True, slots=True)
class Plan:
    """Parameters of a draw; rates are shares (0.02 for 2 %), the cut-off is in euro.

    `deviations` holds one standard deviation per stratum ("" without strata): of the errors in euro, or of
    the error rates for MUS, from history or a pilot. `size` overrides the formula upwards only.
    `proportionate` asks for the 30 units of art. 83(b).
    """

    method: Method
    seed: str
    confidence: Decimal = Decimal("0.90")
    materiality: Decimal = MATERIALITY
    expected_rate: Decimal = ZERO
    deviations: Mapping[str, Decimal] = field(default_factory=dict)
    size: int | None = None
    allocation: Allocation = Allocation.PROPORTIONAL
    cutoff: Decimal | None = None
    category: int | None = None
    share: Decimal = LOWEST_SHARE
    proportionate: bool = False

    def __post_init__(self) -> None:
        """Refuse what the law or the method does not allow."""
        check_seed(self.seed)
        check_confidence(self.confidence, self.category)
        check_materiality(self.materiality)
        at_least("expected_rate", self.expected_rate)
        self._check_sizes()
        self._check_cutoff()

    def _check_sizes(self) -> None:
        """A size is a whole number, deviations are not negative."""
        if self.size is not None:
            positive_count("size", self.size)
        for name, deviation in self.deviations.items():
            at_least(f"deviations.{name}", deviation)

    def _check_cutoff(self) -> None:
        """A cut-off is for equal probabilities: selection by value makes its own high-value stratum."""
        if self.cutoff is None:
            return
        if self.method in BY_VALUE:
            fr = "le tirage selon la valeur isole lui-même les grandes unités : ne pas donner de seuil."
            raise InputError("cutoff", "selection by value finds its high-value units itself: give no cut-off", fr)
        at_least("cutoff", self.cutoff)

    @property
    def statistical(self) -> bool:
        """Whether the method measures a precision."""
        return self.method not in NON_STATISTICAL

    def record(self) -> dict[str, Any]:
        """The plan as plain JSON values, numbers as texts, to be kept with the draw."""
        return {
            "method": self.method.value,
            "seed": self.seed,
            **{name: str(getattr(self, name)) for name in AMOUNTS},
            "deviations": {name: str(self.deviations[name]) for name in sorted(self.deviations)},
            "size": self.size,
            "allocation": self.allocation.value,
            "cutoff": None if self.cutoff is None else str(self.cutoff),
            "category": self.category,
            "proportionate": self.proportionate,
        }


def plan_from_record(record: Mapping[str, Any]) -> Plan:
    """The plan read back from its record, to draw again identically."""
    values = dict(record)
    try:
        values["method"], values["allocation"] = Method(values["method"]), Allocation(values["allocation"])
        values.update({name: Decimal(values[name]) for name in AMOUNTS})
        values["deviations"] = {name: Decimal(text) for name, text in values["deviations"].items()}
        values["cutoff"] = None if values["cutoff"] is None else Decimal(values["cutoff"])
        return Plan(**values)
    except (KeyError, TypeError, AttributeError, InvalidOperation) as fault:
        raise InputError(
            "record",
            f"this is not the record of a plan: {fault!r}",
            f"ce n’est pas l’enregistrement d’un plan : {fault!r}",
        ) from fault
    except InputError:
        raise
    except ValueError as fault:
        raise InputError(
            "record", f"this is not the record of a plan: {fault}", f"ce n’est pas l’enregistrement d’un plan : {fault}"
        ) from fault
