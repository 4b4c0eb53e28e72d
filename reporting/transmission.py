"""What annex VII transmits by specific objective: operations selected, and what the beneficiaries declared. Euro.

Grouped mode: the beneficiary is the region, and what it declares is the aid it paid. Before the authority sets
anything aside: what a claim says when it is made never changes afterwards. As of a watermark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When

from applications.enums import Bucket
from applications.models import (
    Correction,
    LedgerEntry,
    Operation,
    OperationClaim,
    OperationClaimLine,
    PaymentApplication,
)
from applications.models.operation import OperationQuerySet
from applications.rules import transmission as rules
from applications.rules.cost_eligibility import END, Programme
from regions import models as places
from regions.calendars import local_date
from regions.enums import Instrument
from regions.models import Region, SpecificObjective
from regions.money import ZERO
from workflows.models import Event

Row = dict[str, Any]
DIMENSIONS = (
    "intervention_field", "form_of_support", "territorial_delivery", "economic_activity", "location", "gender",
)  # fmt: skip


def programme_of(region: Region) -> Programme:
    """The dates of a region's programmes as the law's calendar wants them: the last one ends it."""
    known = places.Programme.objects.filter(region=region).order_by("-expenditure_end").first()
    if known is None or known.expenditure_end <= END:
        return Programme()
    return Programme(extension_approved_on=known.starts_on)


def of_day(region: Region, watermark: datetime) -> rules.Transmission | None:
    """The transmission that a state at a moment prepares: the next one due."""
    return rules.next_transmission(local_date(watermark, region.time_zone), programme_of(region))


def selected(region: Region, watermark: datetime) -> OperationQuerySet:
    """The operations decided by a moment, and recorded by then."""
    related = Operation.objects.of_region(region, watermark).select_related(
        "region", "specific_objective__priority__programme"
    )
    return related.prefetch_related("amendments", "specific_objective__priority__rates").order_by(
        "specific_objective__priority__code", "specific_objective__code", "code"
    )


# --- what the beneficiaries declared


def claims(region: Region, watermark: datetime) -> QuerySet[OperationClaim]:
    """The claims made by a moment and not given back by then."""
    returned = Event.objects.filter(act="operation_claim.give_back", at__lte=watermark)
    gone = [int(named.partition(":")[2]) for named in returned.values_list("object", flat=True)]
    found = OperationClaim.objects.filter(region=region, prepared_at__lte=watermark).exclude(pk__in=gone)
    return found.select_related("operation").order_by("operation__code", "number")


def claimed(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each claim with what it booked of the ledger and the expenditure that the beneficiary declared.

    The region's is what it paid, whatever the authority set aside since; a firm's is what its claims were accepted for.
    """
    region_paid = Q(lines__booked__gt=0, operation__beneficiary_mode=Operation.Mode.GROUPED)
    told = Case(When(region_paid, then=F("lines__booked")), default=F("lines__expenditure"))
    for claim in claims(region, watermark).annotate(whole=Sum("lines__booked"), told=Sum(told)):
        yield {
            "operation": claim.operation.code, "claim": claim.number, "period_start": claim.period_start,
            "period_end": claim.period_end, "prepared_on": claim.prepared_at, "booked": claim.whole or ZERO,
            "declared": claim.told or ZERO,
        }  # fmt: skip


def booked(region: Region, watermark: datetime) -> Decimal:
    """What the ledger's own rows say that those claims hold: paid, less given back, less corrected."""
    lines = OperationClaimLine.objects.filter(claim__in=claims(region, watermark).order_by().values("pk"))
    held = LedgerEntry.objects.filter(pk__in=lines.filter(entry__isnull=False).values("entry"))
    told = dict(held.order_by().values_list("bucket").annotate(total=Sum("amount")))
    less = Correction.objects.filter(pk__in=lines.filter(correction__isnull=False).values("correction"))
    corrected = less.aggregate(total=Sum("amount"))["total"] or ZERO
    return Decimal(told.get(Bucket.PAID, ZERO) - told.get(Bucket.RECOVERED, ZERO) - corrected)


def by_operation(rows: Iterable[Row]) -> dict[str, Decimal]:
    """Operation → euro declared by its beneficiary."""
    found: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        found[row["operation"]] += row["declared"]
    return found


# --- tables 1 and 2


def bases(region: Region, watermark: datetime) -> dict[int, str]:
    """Programme → whether its rate applies to the total cost or to the public contribution (CPR art. 112).

    The decision on the programme says it, and each payment application repeats it: the latest one made by a moment
    tells it here. No entry for a programme that made none, or whose only ones were cancelled by then.
    """
    cancelled = Event.objects.filter(act="payment_application.cancel", at__lte=watermark)
    gone = [int(named.partition(":")[2]) for named in cancelled.values_list("object", flat=True)]
    made = PaymentApplication.objects.filter(region=region, prepared_at__lte=watermark).exclude(pk__in=gone)
    return dict(made.order_by("prepared_at", "pk").values_list("programme", "basis"))


def financial(
    operations: Iterable[Operation],
    declared: dict[str, Decimal],
    opened: dict[int, Decimal],
    basis: Mapping[int, str],
    watermark: datetime,
) -> list[Row]:
    """Table 1, one row per specific objective."""
    found: dict[SpecificObjective, Row] = {}
    for operation in operations:
        objective = operation.specific_objective
        first = _objective(operation, watermark) | _zero(opened.get(objective.pk, ZERO))
        row = found.setdefault(objective, first)
        _add(row, operation, declared)
        row["support"] += operation.erdf_support
        row["basis"] = basis.get(objective.priority.programme_id)
    for row in found.values():
        for part, name in (("eligible_share", "eligible"), ("declared_share", "declared")):
            row[part] = row[name] / row["allocation"] if row["allocation"] else None
    return list(found.values())


def _zero(allocation: Decimal) -> Row:
    return {"allocation": allocation, "eligible": ZERO, "support": ZERO, "declared": ZERO, "operations": 0}


def _objective(operation: Operation, watermark: datetime) -> Row:
    objective, priority = operation.specific_objective, operation.specific_objective.priority
    rate = priority.rate_on(local_date(watermark, operation.region.time_zone), watermark)
    return {
        "priority": priority.code, "objective": objective.code, "fund": "ERDF",
        "category_of_region": priority.programme.category_of_region, "rate": rate / 100,
    }  # fmt: skip


def _add(row: Row, operation: Operation, declared: dict[str, Decimal]) -> None:
    row["eligible"] += operation.eligible_cost
    row["declared"] += declared.get(operation.code, ZERO)
    row["operations"] += 1


def interventions(operations: Iterable[Operation], declared: dict[str, Decimal], watermark: datetime) -> list[Row]:
    """Table 2, one row per specific objective and set of dimensions."""
    found: dict[tuple[Any, ...], Row] = {}
    for operation in operations:
        dimensions = {name: getattr(operation, name) for name in DIMENSIONS}
        key = (operation.specific_objective_id, *dimensions.values())
        first = _objective(operation, watermark) | dimensions | _zero(ZERO)
        _add(found.setdefault(key, first), operation, declared)
    return list(found.values())


def opened(region: Region, watermark: datetime) -> dict[int, Decimal]:
    """Specific objective → the commitment authority opened on its envelopes of grants by a moment."""
    rows = LedgerEntry.objects.filter(
        line__envelope__scheme__region=region, line__envelope__specific_objective__isnull=False,
        line__envelope__instrument=Instrument.GRANT, bucket=Bucket.CEILING, recorded_at__lte=watermark,
    ).order_by()  # fmt: skip
    return dict(rows.values_list("line__envelope__specific_objective").annotate(total=Sum("amount")))
