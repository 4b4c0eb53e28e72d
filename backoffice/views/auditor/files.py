"""One file under audit: its decisions, its chain, its money, its documents; nothing can be changed here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.enums import Bucket
from applications.escrow import escrow_of
from applications.models import Application, Decision, Document
from applications.services import store
from backoffice.views.auditor import perimeter
from backoffice.views.base import for_roles, person
from regions.enums import Instrument
from regions.money import ZERO
from reporting.lists.acts import act_words
from workflows import findings, opened
from workflows.chain import key
from workflows.double_funding import matches
from workflows.ledger_check import check_file
from workflows.models import Event
from workflows.recompute import recompute
from workflows.release import ENGINE_VERSION
from workflows.verify import verify_subject

WHOLE, ALTERED, GONE = "whole", "altered", "gone"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A decision as frozen: what it relied on and what came out, in readable JSON."""

    decision: Decision
    label: str
    inputs: dict[str, Any]
    outcome: dict[str, Any]


@require_safe
@for_roles(perimeter.HERE)
def file(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole of a file, its chain verified as the page is made; its documents on demand."""
    found = perimeter.file_of(request, reference)
    if request.method == "GET":
        opened.note(person(request), found)
    entries = list(found.ledger.select_related("line__envelope", "order", "claim", "made_by").order_by("id"))
    context = perimeter.tabs("dossiers") | {
        "file": found, "zone": found.zone, "decisions": [_frozen(d) for d in found.decisions.order_by("id")],
        "events": _events(found), "verified": verify_subject(found), "entries": entries,
        "buckets": _by_instrument(entries), "differences": [(Bucket(d.bucket).label, d) for d in check_file(found)],
        "claims": found.claims.exclude(state="draft").prefetch_related("lines__line", "orders").order_by("number"),
        "documents": list(_documents(found, "pieces" in request.GET)), "checked": "pieces" in request.GET,
        "grant": getattr(found, "agreement", None), "findings": findings.of_file(person(request), found),
        "shared": matches(found), **_project(found),
    }  # fmt: skip
    return render(request, "auditor/file.html", context)


def _project(found: Application) -> dict[str, Any]:
    """What the file has beyond one firm and one grant."""
    grant = getattr(found, "agreement", None)
    return {
        "members": found.members.select_related("company"), "recoveries": found.recoveries.order_by("pk"),
        "revocations": found.revocations.order_by("-pk"),
        "irregularities": found.irregularities.order_by("-pk"),
        "components": grant.components.prefetch_related("instalments").order_by("pk") if grant else (),
        "escrow": escrow_of(found), "movements": found.escrow_entries.order_by("-pk"),
    }  # fmt: skip


def _frozen(decision: Decision) -> Frozen:
    return Frozen(
        decision, act_label(decision.act), json.loads(bytes(decision.inputs)), json.loads(bytes(decision.outcome))
    )


def act_label(name: str) -> str:
    """The words of an act, in the language of the page."""
    french, english = act_words().get(name, (name, name))
    return english if perimeter.language().startswith("en") else french


def _events(found: Application) -> list[tuple[Event, str]]:
    words, english = act_words(), perimeter.language().startswith("en")
    events = Event.objects.filter(subject=key(found)).select_related("actor", "note").order_by("number")
    return [(event, words.get(event.act, (event.act, event.act))[english]) for event in events]


def _by_instrument(entries: list[Any]) -> list[tuple[Any, list[tuple[Any, Any]]]]:
    """The buckets of each instrument that the entries move, the grant first."""
    moved = {entry.line.envelope.instrument for entry in entries}
    return [
        (Instrument(name).label, _buckets([e for e in entries if e.line.envelope.instrument == name]))
        for name in Instrument.values
        if name in moved
    ]


def _buckets(entries: list[Any]) -> list[tuple[Any, Any]]:
    """Each bucket with the sum of its entries, in the order of a file's life."""
    sums = dict.fromkeys(Bucket.values, ZERO)
    for entry in entries:
        sums[entry.bucket] += entry.amount
    return [(Bucket(name).label, total) for name, total in sums.items() if name not in ("ceiling", "overbooking")]


def _documents(found: Application, check: bool) -> Iterator[tuple[Document, str]]:
    """Each document, and whether its bytes still give its hash when that was asked."""
    for document in found.documents.select_related("claim", "added_by").order_by("id"):
        yield document, _state(document) if check else ""


def _state(document: Document) -> str:
    if document.deleted_at:
        return ""
    try:
        store.get(document.sha256)
    except store.Altered:
        return ALTERED
    except FileNotFoundError:
        return GONE
    return WHOLE


@require_safe
@for_roles(perimeter.HERE)
def decision(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """A decision computed again from its frozen facts: the same, or what differs."""
    found = perimeter.file_of(request, reference)
    kept = get_object_or_404(found.decisions, pk=pk)
    again = recompute(kept)
    context = perimeter.tabs("dossiers") | {
        "file": found, "frozen": _frozen(kept), "again": again, "engine": ENGINE_VERSION, "zone": found.zone,
        "outcome": _pretty(kept.outcome), "inputs": _pretty(kept.inputs),
    }  # fmt: skip
    return render(request, "auditor/decision.html", context)


def _pretty(frozen: Any) -> str:
    return json.dumps(json.loads(bytes(frozen)), indent=2, ensure_ascii=False, sort_keys=True)
