"""The region’s page of a file: everything on one screen, and the acts that its reader may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from applications.booking import positions
from applications.enums import UNDECIDED, ApplicationState, Bucket, ClaimState, DocumentKind, Opinion
from applications.models import Application, EnvelopePosition, ItemRequest
from applications.models.application import live
from backoffice.views.base import person, regions_of
from backoffice.views.officer import checks, conditions, distress, facts, forms
from backoffice.views.officer.appeals import READERS
from backoffice.views.officer.claims import panel
from backoffice.views.officer.duties import duties_of
from backoffice.views.officer.fields import ActForm, sentences
from backoffice.views.officer.project import project_of
from backoffice.views.officer.trail import Trail
from backoffice.views.owners import group_of
from backoffice.views.results import told_of
from regions import clock
from regions.models import User
from regions.money import ZERO
from reporting import annex_17
from workflows import appeals, assessment, offers, requests, timeline, waiting
from workflows.double_funding import matches
from workflows.models import Deadline

Bound = Mapping[str, Any]
ASSESSED = (*UNDECIDED, ApplicationState.TO_COMPLETE)
SUPPOSING: dict[str, dict[str, Any]] = {"propose": {"opinion": Opinion.REFUSE}, "refuse": {"codes": ["-"]}}
# Told with the decision’s own date.
SHOWN_APART = Deadline.Kind.SILENCE
# What the reader most likely came for: shown unfolded.
MAIN = ("propose", "grant", "turnover_checked")


@dataclass(slots=True)
class ActView:
    """An act as the page shows it: its form when it may be done, else the sentence that says why not."""

    offer: offers.Offer
    form: ActForm | None
    opened: bool = False


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A request for items and what it asks, in words."""

    asked: ItemRequest
    items: list[str]


def staff_file(request: HttpRequest, reference: str) -> Application:
    """A file of a region where the reader holds a role today; 404 for anyone else."""
    user = person(request)
    regions = live(user.roles, None).values("region")
    visible = Application.objects.for_user(user).filter(region__in=regions).exclude(state=ApplicationState.DRAFT)
    return get_object_or_404(visible.select_related(*RELATED), reference=reference)


RELATED = (
    "company__region", "region", "scheme_version__scheme", "assigned_to", "provider", "representative", "envelope",
    "follows", "operation__specific_objective__priority__programme",
)  # fmt: skip


def page(request: HttpRequest, file: Application, bound: Bound | None = None) -> HttpResponse:
    """The whole file; `bound` holds the forms that came back with an error, by their names."""
    user, today = person(request), clock.today(file.zone)
    given = bound or {}
    verdict = assessment.assess(file, today) if file.state in ASSESSED else None
    context = {
        "file": file, "waiting": waiting.place(file), "trail": Trail(request, file), "facts": facts.facts_of(file),
        "deadlines": list(file.deadlines.filter(closed_at__isnull=True).exclude(kind=SHOWN_APART).order_by("due_at")),
        **_appeals(user, file), **_documents(file),
        "history": timeline.of(file), "held": _money(file), "requests": _requests(file),
        "reasons_proposed": [dict(sentences(file)).get(code, code) for code in file.refusal_codes],
        **_claims(user, file, given), "proposal": timeline.last(file, "application.propose"),
        "dates": requests.for_application(file, today), "agreement": getattr(file, "agreement", None),
        **_examination(user, file, verdict, given), **_acts(user, file, verdict, given),
        **project_of(user, file, verdict), "owners": group_of(file), "duties": duties_of(file),
        "annex_17": annex_17.meter(file, today), "told": told_of(file), "shared": matches(file),
    }  # fmt: skip
    return render(request, "officer/file.html", context)


def _appeals(user: User, file: Application) -> dict[str, bool]:
    """Whether an appeal waits or may be made, told to those who may open its page."""
    found = {"appealed": appeals.is_open(file), "contestable": appeals.contestable(file) is not None}
    reads = any(found.values()) and file.region in regions_of(user, *READERS)
    return {name: bool(held) and reads for name, held in found.items()}


def _claims(user: User, file: Application, given: Bound) -> dict[str, Any]:
    """The claim that waits for an act comes before the file’s own facts, the others after."""
    panels = panel(user, file, given)
    return {
        "live_claims": [one for one in panels if one.live],
        "claims_to_act": [one for one in panels if one.control or any(act.form for act in one.acts)],
        "other_claims": [one for one in panels if not one.live],
    }


def _documents(file: Application) -> dict[str, Any]:
    """What was handed in, the latest claim’s first; what the firm is still gathering for a claim is its own."""
    handed_in = file.documents.filter(deleted_at__isnull=True).exclude(claim__state=ClaimState.DRAFT)
    rows = sorted(handed_in, key=lambda row: (-(row.claim_id or 0), row.kind in LAST_READ, row.pk))
    return {"documents": rows, "first_document": rows[0] if rows else None}


LAST_READ = (DocumentKind.IDENTITY, DocumentKind.LETTER)


def _requests(file: Application) -> list[ItemRow]:
    """The requests for items, each with its items in words, the latest first."""
    labels = dict(DocumentKind.choices)
    return [
        ItemRow(row, [str(labels.get(kind, kind)) for kind in row.kinds]) for row in file.item_requests.order_by("-id")
    ]


def _money(file: Application) -> list[tuple[Any, Any]]:
    """Each bucket in words with what the file holds there, then what is left in its envelope. Euro."""
    held = positions(file)
    rows = [(Bucket(bucket).label, amount) for bucket, amount in held.items()]
    return [*rows, (facts.ROOM, _room(file))]


def _room(file: Application) -> Any:
    rows = EnvelopePosition.objects.filter(line__envelope=file.envelope_id) if file.envelope_id else ()
    left = [row.ceiling + row.overbooking - row.committed for row in rows]
    return sum(left, ZERO) if left else None


def _examination(user: User, file: Application, verdict: Any, given: Bound) -> dict[str, Any]:
    """The rules’ verdict of the day and the checks; a file already decided keeps what was recorded."""
    if verdict is None:
        return {"verdict": None, "lines": checks.lines_of(file, None)}
    rows = checks.checks_of(file, verdict)
    allowed = {offer.name: offer for offer in offers.records(user, file) if not offer.why}
    for row in rows:
        row.form = _check_form(file, row, allowed, given)
    return {
        "verdict": verdict, "checks": rows, "greens": checks.greens(rows) if "documents" in allowed else [],
        "conditions": conditions.conditions_of(verdict), "steps": checks.steps_of(verdict),
        "ceiling": verdict.de_minimis.details, "exemption": verdict.exemption, "distress": distress.rows(verdict),
        "awards": verdict.inputs["parties"][0]["awards"],
        "undertaking": sorted(verdict.undertakings[0]), "lines": checks.lines_of(file, verdict),
    }  # fmt: skip


def _check_form(file: Application, row: checks.Check, allowed: Mapping[str, Any], given: Bound) -> ActForm | None:
    if row.kind not in allowed or row.kind not in forms.FILE_RECORDS:
        return None
    known = {"finding": row.shown} if row.shown else {}
    form = forms.FILE_RECORDS[row.kind](name=row.kind, target=file, initial=known)
    return given.get(f"record.{row.kind}") or form


def _acts(user: User, file: Application, verdict: Any, given: Bound) -> dict[str, Any]:
    """The moves and records open from this state: his own with their forms, the others named with their role."""
    moves = [o for o in offers.moves(user, file, SUPPOSING) if o.name in forms.FILE_ACTS]
    initial = _initial(user, file, verdict)
    order = list(forms.FILE_ACTS)
    moves.sort(key=lambda o: order.index(o.name))
    acts = [_act(o, forms.FILE_ACTS[o.name], file, initial.get(o.name, {}), given) for o in moves if o.right]
    records = [o for o in offers.records(user, file) if o.name in SAID and o.right and not (o.why and o.name in RARE)]
    notes = [_act(o, forms.FILE_RECORDS[o.name], file, {}, given, "record.") for o in records]
    return {
        "acts": acts, "notes": [note for note in notes if note.offer.name != "take"],
        "take": next((note for note in notes if note.offer.name == "take" and file.assigned_to_id != user.pk), None),
        "others": [o for o in moves if not o.right],
    }  # fmt: skip


SAID = (
    "take",
    "note",
    "warning",
    "revocation_proposed",
    "hearing",
    "revocation_dropped",
    "member_left",
    "turnover_checked",
)
# Of few schemes: not named on the files where they cannot be.
RARE = ("turnover_checked",)


def _act(
    offer: offers.Offer, kind: type[ActForm], file: Application, initial: Any, given: Bound, prefix: str = ""
) -> ActView:
    back = given.get(prefix + offer.name)
    form = back or kind(name=offer.name, target=file, initial=initial)
    return ActView(offer, None if offer.why else form, opened=back is not None or offer.name in MAIN)


def _initial(user: User, file: Application, verdict: Any) -> dict[str, dict[str, Any]]:
    """What each form begins with: the rules’ amount, their reasons, the decider’s delegation."""
    delegation = forms.delegation_of(user, file.region)
    signed = {name: {"delegation": delegation} for name in ("grant", "refuse", "lapse", "revoke")}
    return signed | ({"propose": _proposal(verdict)} if verdict is not None else {})


def _proposal(verdict: Any) -> dict[str, Any]:
    codes = [reason.code for reason in verdict.blocking()]
    return {
        "opinion": Opinion.REFUSE if codes else Opinion.GRANT,
        "amount": None if codes else verdict.aid,
        "codes": codes,
    }
