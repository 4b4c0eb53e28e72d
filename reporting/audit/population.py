"""The population of an audit, from the lines of the payment applications sent for an accounting year. Euro.

A unit's positive lines are added up; its negative ones (aid given back, corrections) make a unit of their own
beside it, so that neither hides the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from applications.enums import PaymentApplicationState
from applications.models import OperationClaimLine, PaymentApplication
from regions.models import Programme, Region
from regions.money import ZERO
from reporting.declared import label
from reporting.models import Sample
from reporting.sampling import Population, Unit, freeze

APPLICATION = "claim__payment_application"
TOLD = ("claim__operation__code", "claim__number", "application__reference")
PRIORITY = "claim__operation__specific_objective__priority__code"
NEGATIVE = "/neg"
Kind, Strata = Sample.Unit, Sample.Strata


@dataclass(frozen=True, slots=True)
class Period:
    """An accounting year of a programme in which something was declared, with its figures in euro."""

    programme: Programme
    year_end: date
    applications: int
    declared: Decimal

    @property
    def key(self) -> str:
        return f"{self.programme.pk}:{self.year_end.isoformat()}"

    @property
    def year(self) -> str:
        return label(self.year_end)


def periods(regions: Iterable[Region]) -> list[Period]:
    """The accounting years that have a payment application sent, the latest first."""
    sent = PaymentApplication.objects.filter(region__in=list(regions), state=PaymentApplicationState.SENT)
    rows = list(
        sent.order_by("-year_end", "programme")
        .values_list("programme", "year_end")
        .annotate(Count("pk"), Sum("declared"))
    )
    known = Programme.objects.select_related("region").in_bulk({row[0] for row in rows})
    return [Period(known[pk], end, count, declared or ZERO) for pk, end, count, declared in rows]


def lines(programme: Programme, year_end: date, as_of: datetime) -> QuerySet[OperationClaimLine]:
    """The lines that the payment applications of a year, sent by a moment, hold."""
    return OperationClaimLine.objects.filter(
        live=True,
        **{
            f"{APPLICATION}__programme": programme, f"{APPLICATION}__year_end": year_end,
            f"{APPLICATION}__state": PaymentApplicationState.SENT, f"{APPLICATION}__sent_at__lte": as_of,
        },
    ).order_by()  # fmt: skip


def declared(programme: Programme, year_end: date, as_of: datetime, kind: str, strata: str = "") -> Population:
    """The frozen population of a programme's accounting year, by the kind of unit; one query."""
    rows = lines(programme, year_end, as_of).values_list(*TOLD, PRIORITY).annotate(
        more=Sum("expenditure", filter=Q(booked__gt=0)), less=Sum("expenditure", filter=Q(booked__lt=0))
    )  # fmt: skip
    sums: dict[tuple[str, str, str], Decimal] = {}
    for code, number, reference, priority, more, less in rows:
        key, above = _named(kind, code, number, reference)
        stratum = {Strata.PRIORITY: priority, Strata.OPERATION: code}.get(Strata(strata), "")
        for name, amount in ((key, more), (key + NEGATIVE, less)):
            if amount is not None:
                place = (name, above, stratum)
                sums[place] = sums.get(place, ZERO) + amount
    return freeze(Unit(name, amount, stratum, above) for (name, above, stratum), amount in sums.items())


def _named(kind: str, code: str, number: int, reference: str) -> tuple[str, str]:
    """The key of a unit, and the unit above it."""
    claim = f"{code}/{number}"
    if kind == Kind.TWO_STAGE:
        return f"{claim}/{reference}", claim
    return {Kind.OPERATION: code, Kind.CLAIM: claim, Kind.FILE: reference}[Kind(kind)], code


def references(sample: Sample, keys: Iterable[str]) -> dict[str, list[str]]:
    """Each unit drawn with the references of its files, in their order. No query when the unit is a file."""
    plain = {key: key.removesuffix(NEGATIVE) for key in keys}
    if sample.unit in (Kind.FILE, Kind.TWO_STAGE):
        return {key: [name.rpartition("/")[2]] for key, name in plain.items()}
    below = dict(_below(sample))
    return {key: below.get(name, []) for key, name in plain.items()}


def _below(sample: Sample) -> Iterator[tuple[str, list[str]]]:
    """Each operation or claim of the population with its files."""
    found: dict[str, set[str]] = {}
    for code, number, reference in lines(sample.programme, sample.year_end, sample.as_of).values_list(*TOLD):
        found.setdefault(_named(sample.unit, code, number, reference)[0], set()).add(reference)
    for name, files in found.items():
        yield name, sorted(files)
