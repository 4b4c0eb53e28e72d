"""Advances paid in State aid schemes, and where each stands towards the payment applications (CPR art. 91(5)). Euro.

The house declares such an advance only once its project is settled, so what is declared is covered by
expenditure; until then the advance waits and stands in no payment application.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min, QuerySet, Sum

from applications.enums import Bucket, ClaimKind, DocumentKind, PaymentApplicationState
from applications.models import CaseVersion, Claim, Document, LedgerEntry, OperationClaimLine
from applications.rules.payment_application import ADVANCE_SHARE, ADVANCE_YEARS
from regions.calendars import local_date
from regions.enums import Instrument
from regions.models import Region
from regions.money import ZERO, floor_cent
from regions.schemes.publication import NOT_STATE_AID
from regions.schemes.vocabulary import DECLARATIONS

STATE_AID = [code for code in DECLARATIONS if code not in NOT_STATE_AID]
Row = dict[str, Any]


def booked(region: Region, watermark: datetime) -> QuerySet[LedgerEntry]:
    """The ledger's rows of advances paid on grants that are State aid, recorded by a moment."""
    return LedgerEntry.objects.filter(
        application__region=region, application__operation__isnull=False, recorded_at__lte=watermark,
        bucket=Bucket.PAID, claim__kind=ClaimKind.ADVANCE, line__envelope__instrument=Instrument.GRANT,
        application__scheme_version__rules__legal_basis__in=STATE_AID,
    ).order_by()  # fmt: skip


def paid(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each advance: what was paid, what was declared of it, what is covered in time, what still waits."""
    found = booked(region, watermark).values_list("claim").annotate(Sum("amount"), Min("effective_on"))
    sums = {claim: (amount, first) for claim, amount, first in found}
    told, secured, known = _declared(sums, watermark), _secured(sums, watermark), _known(sums, watermark)
    day = local_date(watermark, region.time_zone)
    for claim in _claims(sums):
        amount, first = sums[claim.pk]
        row = _row(claim, known[claim.application_id], amount, first)
        yield row | _standing(row, *told.get(claim.pk, ("", ZERO)), day) | {"guarantee": claim.pk in secured}


def _claims(pks: Iterable[int]) -> QuerySet[Claim]:
    place = "application__operation__specific_objective__priority__programme"
    rows = Claim.objects.filter(pk__in=list(pks)).select_related(place, "application__scheme_version")
    return rows.order_by("application__reference", "number")


def _declared(claims: Iterable[int], watermark: datetime) -> dict[int, tuple[str, Decimal]]:
    """Advance → the applications that hold it and what they declare of it."""
    rows = _sent(watermark).filter(entry__claim__in=list(claims)).order_by("claim__payment_application__number")
    keys = ("entry__claim", "claim__payment_application__number")
    found: dict[int, tuple[str, Decimal]] = {}
    for claim, number, amount in rows.values_list(*keys).annotate(total=Sum("declared")):
        numbers, whole = found.get(claim, ("", ZERO))
        found[claim] = (f"{numbers}, {number}" if numbers else f"{number}", whole + amount)
    return found


def _sent(watermark: datetime) -> QuerySet[OperationClaimLine]:
    return OperationClaimLine.objects.filter(
        live=True, claim__payment_application__state=PaymentApplicationState.SENT,
        claim__payment_application__sent_at__lte=watermark,
    ).order_by()  # fmt: skip


def declared(region: Region, watermark: datetime) -> Decimal:
    """What the applications sent by a moment hold of State aid advances, from their lines, in euro."""
    lines = _sent(watermark).filter(entry__in=booked(region, watermark).values("pk"))
    return lines.aggregate(total=Sum("declared"))["total"] or ZERO


def _secured(claims: Iterable[int], watermark: datetime) -> set[int]:
    """The advances whose file holds the guarantee of a bank."""
    held = Document.objects.filter(claim__in=list(claims), kind=DocumentKind.ADVANCE_GUARANTEE, added_at__lte=watermark)
    return {pk for pk in held.values_list("claim", flat=True) if pk}


def _known(claims: Iterable[int], watermark: datetime) -> dict[int, CaseVersion]:
    """File → what was known of it."""
    versions = CaseVersion.objects.filter(application__claims__in=list(claims), recorded_at__lte=watermark)
    latest = versions.order_by().values("application").annotate(last=Max("id")).values("last")
    return {version.application_id: version for version in CaseVersion.objects.filter(pk__in=latest)}


def _row(claim: Any, known: CaseVersion, amount: Decimal, first: date) -> Row:
    file, granted = claim.application, known.granted or ZERO
    priority = file.operation.specific_objective.priority
    return {
        "reference": file.reference, "claim": claim.number, "priority": priority.code,
        "category_of_region": priority.programme.category_of_region,
        "legal_basis": file.scheme_version.rule("legal_basis"), "granted": granted,
        "most": floor_cent(granted * ADVANCE_SHARE / 100), "paid_on": first, "settled_on": known.completed_on,
        "cover_by": min(date(first.year + ADVANCE_YEARS, 12, 31), priority.programme.expenditure_end), "paid": amount,
    }  # fmt: skip


def _standing(row: Row, application: str, declared: Decimal, day: date) -> Row:
    """Of what is declared: covered by a project settled in time, still within its time, or late and to be deducted."""
    covered = declared if row["settled_on"] and row["settled_on"] <= row["cover_by"] else ZERO
    running = declared - covered if day <= row["cover_by"] else ZERO
    return {
        "application": application, "declared": declared, "covered": covered, "running": running,
        "late": declared - covered - running, "waiting": row["paid"] - declared,
    }  # fmt: skip


def by_priority(advances: Iterable[Row]) -> list[Row]:
    """The advances that the applications hold, added up since the start of the programme (annex XXIII)."""
    found: dict[tuple[str, str], Row] = {}
    for advance in advances:
        if not advance["declared"]:
            continue
        key = (advance["priority"], advance["category_of_region"])
        row = found.setdefault(key, dict(zip(("priority", "category_of_region"), key, strict=True)))
        for name in ("declared", "covered", "running", "late"):
            row[name] = row.get(name, ZERO) + advance[name]
    return [found[key] for key in sorted(found)]
