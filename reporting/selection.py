"""How files and operations were selected, as of a moment: checks, cross-checks of other aid, appeals. Euro.

What a decision relied on is read from the facts frozen with it, never from a field that somebody may still edit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Max, QuerySet

from applications.enums import CheckKind
from applications.models import CaseVersion, CheckResult, Complaint, Decision
from regions.calendars import local_date
from regions.models import IntegrityTerms, InterestDeclaration, Region
from workflows import appeals, impartiality
from workflows.chain import facts_of
from workflows.models import Event

BATCH = 500
MADE, *ANSWERS = appeals.ACTS
SILENCE, OPEN = "silence", "open"
Row = dict[str, Any]


def checked(region: Region, watermark: datetime) -> QuerySet[CheckResult]:
    """The checks made by a moment, in the order in which they were made."""
    found = CheckResult.objects.filter(application__region=region, made_at__lte=watermark)
    return found.select_related("application__operation", "made_by").order_by("pk")


def checks(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each check of a file, by the rules or by a person."""
    for check in checked(region, watermark).iterator(BATCH):
        file = check.application
        yield {
            "reference": file.reference, "operation": file.operation.code if file.operation else "",
            "rank": check.pk, "kind": check.kind, "finding": check.finding, "codes": ", ".join(check.codes),
            "machine": check.made_by.is_system, "made_by": "" if check.made_by.is_system else check.made_by.name,
            "made_at": check.made_at,
        }  # fmt: skip


def granted(region: Region, watermark: datetime) -> QuerySet[CaseVersion]:
    """The files granted by a moment, as they stood."""
    known = CaseVersion.objects.filter(region=region, recorded_at__lte=watermark).order_by()
    latest = known.values("application").annotate(last=Max("id")).values("last")
    rows = CaseVersion.objects.filter(pk__in=latest).exclude(grant_number="").select_related("operation")
    return rows.order_by("reference")


def cross_checks(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each file granted, with the other aid that its decision counted and what the check of earlier aid found."""
    rows = granted(region, watermark).iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        files = [version.application_id for version in batch]
        frozen, found = _frozen(files, watermark), _found(files, watermark)
        for version in batch:
            yield _of_file(version, frozen.get(version.application_id)) | {
                "finding": found.get(version.application_id)
            }  # fmt: skip


def _frozen(files: Sequence[int], watermark: datetime) -> dict[int, Any]:
    """File → the inputs frozen with its grant, the last one if it was granted twice."""
    rows = Decision.objects.filter(application__in=files, act="application.grant", made_at__lte=watermark).order_by(
        "id"
    )
    return {row.application_id: json.loads(bytes(row.inputs)) for row in rows}


def _found(files: Sequence[int], watermark: datetime) -> dict[int, str]:
    rows = CheckResult.objects.filter(application__in=files, kind=CheckKind.DE_MINIMIS, made_at__lte=watermark)
    return dict(rows.order_by("id").values_list("application", "finding"))


def _of_file(version: CaseVersion, inputs: Any) -> Row:
    parties = inputs["parties"] if inputs else []
    awards = [award for party in parties for award in party["awards"]]
    other = inputs["facts"].get("other_public_aid") if inputs else None
    return {
        "reference": version.reference, "operation": version.operation.code if version.operation else "",
        "grant_number": version.grant_number, "decided_on": version.decided_on, "granted": version.committed,
        "other_public_aid": Decimal(other) if other is not None else None, "awards": len(awards),
        "earlier": sum((Decimal(award["amount"]) for award in awards), Decimal("0.00")),
        "undertaking": sum(len(party["undertaking"]) for party in parties),
    }  # fmt: skip


def appealed(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each appeal of a firm, with the day by which an answer was due, and the answer."""
    found = Event.objects.filter(act__in=appeals.ACTS, at__lte=watermark).select_related("actor")
    events = list(found.order_by("subject", "number"))
    files = [int(event.subject.partition(":")[2]) for event in events if event.act == MADE]
    mine = CaseVersion.objects.filter(region=region, application__in=files).order_by()
    names = {f"application:{pk}": reference for pk, reference in mine.values_list("application", "reference")}
    yield from _paired((event for event in events if event.subject in names), names, region)


def _paired(events: Iterable[Event], names: dict[str, str], region: Region) -> Iterator[Row]:
    """An appeal and the answer that follows it in its file's chain; a new one ends the wait for the one before."""
    waiting: Row | None = None
    for event in events:
        if event.act == MADE:
            if waiting:
                yield waiting
            waiting = _appeal(event, names[event.subject], region)
        elif waiting:
            yield waiting | _answer(event, region)
            waiting = None
    if waiting:
        yield waiting


def _appeal(event: Event, reference: str, region: Region) -> Row:
    due = facts_of(event).get("answer_by")
    return {
        "reference": reference, "rank": event.pk, "made_on": local_date(event.at, region.time_zone),
        "due_on": date.fromisoformat(due) if due else None, "answered_on": None, "outcome": OPEN, "answered_by": "",
    }  # fmt: skip


def _answer(event: Event, region: Region) -> Row:
    silent = event.act == "record.appeal_silence"
    return {
        "answered_on": local_date(event.at, region.time_zone), "answered_by": "" if silent else event.actor.name,
        "outcome": SILENCE if silent else facts_of(event).get("outcome", appeals.UPHELD),
    }  # fmt: skip


def declared(region: Region, watermark: datetime) -> QuerySet[InterestDeclaration]:
    """The declarations of interests made by a moment by whoever had a role in the region, in their order."""
    people = region.roles.filter(confirmed_at__lte=watermark).values("user__person")
    made = InterestDeclaration.objects.filter(user__person__in=people, declared_at__lte=watermark)
    return made.select_related("user").prefetch_related("interests").order_by("pk")


def declarations(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each declaration, with its proof and the last day on which it held under the rule of its own day."""
    rules = list(IntegrityTerms.objects.filter(region=region, recorded_at__lte=watermark).order_by("valid_from", "pk"))
    for found in declared(region, watermark).iterator(BATCH):
        begun = [rule.months for rule in rules if rule.valid_from <= found.declared_on]
        yield {
            "rank": found.pk, "made_by": found.user.name, "declared_on": found.declared_on, "wording": found.wording,
            "firms": len(found.interests.all()), "until": impartiality.last_day(found, begun[-1]) if begun else None,
            "sha256": found.sha256,
        }  # fmt: skip


COMPLAINED = ("complaint.open", "complaint.complain", "complaint.complain_provider")
ANSWERED, CLOSED = "complaint.answer", "complaint.close"


def complaints(region: Region, watermark: datetime) -> Iterator[Row]:
    """Each complaint received by a moment, as its events tell it."""
    keys = [
        f"complaint:{pk}" for pk in Complaint.objects.filter(region=region).order_by("pk").values_list("pk", flat=True)
    ]
    events = Event.objects.filter(subject__in=keys, at__lte=watermark).select_related("actor")
    told: dict[str, Row] = {}
    for event in events.order_by("subject", "number"):
        if event.act in COMPLAINED:
            told[event.subject] = _received(event)
        elif event.act in (ANSWERED, CLOSED):
            told[event.subject] |= _followed(event, local_date(event.at, region.time_zone))
    yield from (told[name] for name in keys if name in told)


def _received(event: Event) -> Row:
    facts = facts_of(event)
    days = {name: date.fromisoformat(facts[name]) for name in ("received_on", "answer_by")}
    kept = {name: facts[name] for name in ("number", "source", "channel", "file", "provider", "scheme")}
    return kept | days | {"answered_on": None, "outcome": None, "answered_by": "", "closed_on": None}


def _followed(event: Event, day: date) -> Row:
    if event.act == CLOSED:
        return {"closed_on": day}
    return {"answered_on": day, "outcome": facts_of(event)["outcome"], "answered_by": event.actor.name}
