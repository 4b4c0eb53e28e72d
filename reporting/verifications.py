"""Management verifications as of a moment (CPR art. 74): claims, lines and visits, and the region's own claims. Euro.

Who controlled and who certified is read from the chained acts. What a batch of claims needs is read at once, so that
the number of queries grows with batches and not with claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Sum

from applications.enums import ClaimState
from applications.models import ClaimLine, ClaimRisk, ClaimVersion, LedgerEntry, OperationClaim, SiteVisit
from applications.models import OperationClaimLine as Line
from regions.calendars import local_date
from regions.models import Region, SchemeVersion
from regions.money import ZERO
from workflows.chain import facts_of
from workflows.models import Event

BATCH = 500
CERTIFIED = (ClaimState.VERIFIED, ClaimState.SETTLED)
CONTROL, CERTIFY, REJECT, LINE = "claim.control", "claim.verify", "claim.reject", "record.line_control"
Row = dict[str, Any]


def claims(region: Region, watermark: datetime, states: Sequence[str] = ()) -> QuerySet[ClaimVersion]:
    """The latest version of each claim filed by a moment, of every instrument, in the order of the files."""
    known = ClaimVersion.objects.filter(case_version__region=region, recorded_at__lte=watermark).order_by()
    latest = known.values("claim").annotate(last=Max("id")).values("last")
    rows = ClaimVersion.objects.filter(pk__in=latest).exclude(state=ClaimState.DRAFT)
    rows = rows.filter(state__in=states) if states else rows
    return rows.select_related("case_version__operation").order_by("case_version__reference", "number")


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    found = rows.iterator(BATCH)
    while batch := list(islice(found, BATCH)):
        yield batch


def register(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each claim with its risk, the extent of its control, its findings, and who controlled and certified it."""
    for batch in _batches(claims(region, watermark)):
        numbers = [version.claim_id for version in batch]
        risks, hands = _risks(numbers, watermark), _hands(numbers, (CONTROL, CERTIFY, REJECT), watermark)
        counts, visits = _lines(numbers), _visits(numbers, watermark)
        for version in batch:
            told = {name: hands.get((version.claim_id, name)) for name in (CONTROL, CERTIFY, REJECT)}
            yield _claim(version, region) | _risk(risks.get(version.claim_id)) | _held(told, region) | {
                "lines": counts.get(version.claim_id, 0), "visits": visits.get(version.claim_id, 0),
            }  # fmt: skip


def _claim(version: Any, region: Region) -> Row:
    file, certified = version.case_version, version.state in CERTIFIED
    names = ("number", "kind", "state", "received_on", "declared", "accepted", "verified_on")
    rejected = None if None in (version.declared, version.accepted) else version.declared - version.accepted
    return {name: getattr(version, name) for name in names} | {
        "reference": file.reference, "operation": file.operation.code if file.operation else "",
        "rejected": rejected, "aid_due": version.aid_due if certified else None,
    }  # fmt: skip


def _risks(claims: Sequence[int], watermark: datetime) -> dict[int, ClaimRisk]:
    """Claim → the score that held: the last one by the moment."""
    rows = ClaimRisk.objects.filter(claim__in=claims, scored_at__lte=watermark).order_by("id")
    return {row.claim_id: row for row in rows}


def _risk(row: ClaimRisk | None) -> Row:
    if row is None:
        return {"method": "", "points": None, "met": (), "on_the_spot": None, "drawn": None, "seed": ""}
    return {
        "method": row.method, "points": row.points, "met": row.met, "on_the_spot": row.on_the_spot,
        "drawn": len(row.chosen), "seed": row.seed,
    }  # fmt: skip


def _hands(claims: Iterable[int], acts: Sequence[str], watermark: datetime) -> dict[tuple[int, str], Event]:
    """(Claim, act) → the last time the act was made."""
    keys = {f"claim:{pk}": pk for pk in claims}
    events = Event.objects.filter(object__in=list(keys), act__in=acts, at__lte=watermark).select_related("actor")
    return {(keys[event.object], event.act): event for event in events.order_by("id")}


def _held(told: dict[str, Event | None], region: Region) -> Row:
    ended = told[CERTIFY] or told[REJECT]
    return {
        "controller": _name(told[CONTROL]), "controlled_on": _day(told[CONTROL], region),
        "certifier": _name(ended), "ended_on": _day(ended, region),
    }  # fmt: skip


def _name(event: Event | None) -> str:
    return "" if event is None or event.actor.is_system else event.actor.name


def _day(event: Event | None, region: Region) -> Any:
    return local_date(event.at, region.time_zone) if event else None


def _lines(claims: Sequence[int]) -> dict[int, int]:
    rows = ClaimLine.objects.filter(claim__in=claims).order_by()
    return dict(rows.values_list("claim").annotate(count=Count("pk")))


def _visits(claims: Sequence[int], watermark: datetime) -> dict[int, int]:
    rows = SiteVisit.objects.filter(claim__in=claims, made_at__lte=watermark).order_by()
    return dict(rows.values_list("claim").annotate(count=Count("pk")))


# --- line by line, on the spot


def lines(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each line of the claims certified: whether it was drawn, what was found, what was rejected, by whom and when."""
    for batch in _batches(claims(region, watermark, CERTIFIED)):
        numbers = {version.claim_id: version for version in batch}
        risks, looked = _risks(list(numbers), watermark), _looked(numbers, watermark)
        rows = ClaimLine.objects.filter(claim__in=numbers).select_related("line")
        order = {pk: rank for rank, pk in enumerate(numbers)}
        for line in sorted(rows, key=lambda each: (order[each.claim_id], each.line.number, each.pk)):
            yield _line(line, numbers[line.claim_id], risks.get(line.claim_id), looked.get(line.pk), region)


def _looked(claims: Iterable[int], watermark: datetime) -> dict[int, Event]:
    """Line → the last time somebody controlled it."""
    events = Event.objects.filter(object__in=[f"claim:{pk}" for pk in claims], act=LINE, at__lte=watermark)
    return {facts_of(event)["line"]: event for event in events.select_related("actor").order_by("id")}


def _line(line: Any, version: Any, risk: ClaimRisk | None, seen: Event | None, region: Region) -> Row:
    return {
        "reference": version.case_version.reference, "number": version.number, "line": line.line.number,
        "rank": line.pk, "invoice": line.invoice_number, "supplier": line.supplier_siret, "amount": line.amount,
        "parked": line.parked, "drawn": None if risk is None else line.pk in risk.chosen, "accepted": line.accepted,
        "rejected": None if line.accepted is None else line.amount - line.accepted, "reason": line.reason or None,
        "finding": line.finding, "controller": _name(seen), "controlled_on": _day(seen, region),
    }  # fmt: skip


def visits(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each check on the spot, with the score that asked for it if one did."""
    found = SiteVisit.objects.filter(claim__application__region=region, made_at__lte=watermark)
    rows = found.select_related("claim__application", "made_by", "report").order_by("pk")
    for batch in _batches(rows):
        risks = _risks([visit.claim_id for visit in batch], watermark)
        for visit in batch:
            risk, claim = risks.get(visit.claim_id), visit.claim
            names = ("held_on", "place", "met", "finding", "words", "made_at")
            yield {name: getattr(visit, name) for name in names} | {
                "reference": claim.application.reference, "number": claim.number, "rank": visit.pk,
                "points": risk.points if risk else None, "asked": risk.on_the_spot if risk else False,
                "report": visit.report.sha256, "made_by": visit.made_by.name,
            }  # fmt: skip


# --- the authority on the region's claims


def authority(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each claim of the region that was verified: what it asked, what was set aside, by whom and when."""
    found = OperationClaim.objects.filter(region=region, verified_at__lte=watermark).select_related("operation")
    rows = list(found.annotate(count=Count("lines"), booked=Sum("lines__booked")).order_by("operation__code", "number"))
    keys = {f"operationclaim:{row.pk}": row.pk for row in rows}
    events = Event.objects.filter(object__in=list(keys), act="operation_claim.verify").select_related("actor")
    hands = {keys[event.object]: event for event in events}
    gaps = _aside(region, watermark).order_by().values_list("claim").annotate(one=Sum("booked"), two=Sum("declared"))
    apart = {pk: paid - kept for pk, paid, kept in gaps}
    for row in rows:
        yield {
            "operation": row.operation.code, "claim": row.number, "period_start": row.period_start,
            "period_end": row.period_end, "lines": row.count, "booked": row.booked, "declared": row.declared,
            "aside": apart.get(row.pk), "body": row.operation.decided_by, "verifier": _name(hands.get(row.pk)),
            "verified_at": row.verified_at,
        }  # fmt: skip


def _aside(region: Region, watermark: datetime) -> QuerySet[Line]:
    rows = Line.objects.filter(claim__region=region, claim__verified_at__lte=watermark, booked__gt=0)
    return rows.filter(declared__lt=F("booked"))


def aside(region: Region, watermark: datetime) -> Decimal:
    """What the authority set aside on the claims verified by a moment, in euro."""
    found = _aside(region, watermark).order_by().aggregate(one=Sum("booked"), two=Sum("declared"))
    return Decimal((found["one"] or ZERO) - (found["two"] or ZERO))


def set_aside(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each payment that the authority set aside, whole or in part, with its reason."""
    rows = _aside(region, watermark).select_related("claim__operation", "application", "entry__order")
    for line in rows.order_by("claim__operation__code", "claim__number", "pk").iterator(BATCH):
        order = line.entry.order if line.entry else None
        yield {
            "operation": line.claim.operation.code, "claim": line.claim.number, "rank": line.pk,
            "reference": line.application.reference, "order_number": order.number if order else "",
            "booked": line.booked, "declared": line.declared, "aside": line.booked - line.declared,
            "reason": line.reason,
        }  # fmt: skip


def methods(region: Region, watermark: datetime, language: str) -> Iterator[Row]:
    """Each criterion of each risk method published by a moment: set out in writing before the claims."""
    day = local_date(watermark, region.time_zone)
    versions = SchemeVersion.objects.filter(scheme__region=region, published_on__lte=day).select_related("scheme")
    for version in versions.order_by("scheme__code", "number"):
        method = version.rule("control")
        for rank, criterion in enumerate(method["criteria"] if method else (), start=1):
            yield {
                "scheme": str(version.scheme), "version": version.number, "published_on": version.published_on,
                "method": method["version"], "rank": rank, "points": criterion["points"],
                "criterion": criterion["label"]["en" if language.startswith("en") else "fr"],
                "threshold": method.get("on_the_spot_from"),
            }  # fmt: skip


def certified(region: Region, watermark: datetime) -> Any:
    """What the ledger holds as certified on claims, of every instrument, by a moment: rows to be added up."""
    return LedgerEntry.objects.filter(
        application__region=region, claim__isnull=False, bucket="verified", recorded_at__lte=watermark
    ).order_by()
