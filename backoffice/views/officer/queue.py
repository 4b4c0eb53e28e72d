"""The queues of the region’s people: counters, filters, pages without counting, and the acts on several files."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from applications.models import Irregularity, Recovery
from backoffice.views.base import person
from backoffice.views.officer import bulk
from backoffice.views.officer.trail import FILTERS, FilterForm, kept, read, written
from regions import clock
from regions.enums import RoleKind
from regions.models import User
from reporting.lists.registers import late
from workflows import complaints, durability, findings, follow_up, interest_reminders, irregularities, queues, reconcile

FIRST = {
    "officer": "to-take", "decider": "to-decide", "notifier": "to-notify", "certifier": "to-certify",
    "liquidator": "to-order", "authorising": "to-sign", "accountant": "at-accountant",
}  # fmt: skip


def page(request: HttpRequest, roles: list[Any]) -> HttpResponse:
    """One queue: the first that is the reader’s own, unless he chose another."""
    user = person(request)
    queue = _queue(request, roles)
    query = kept(request)
    query["queue"] = queue.key
    form = FilterForm(request.GET if _filtered(request) else None, user=user)
    files = form.filters().narrow(queue.files(user)).select_related("company", "assigned_to", "scheme_version__scheme")
    shown = queues.page(files, after=read(request.GET.get("after")), before=read(request.GET.get("before")))
    counters = queues.counts(user)
    context = {
        "roles": roles, "queue": queue, "files": shown.files, "form": form, "filtered": _filtered(request),
        "tabs": [(q.key, q.label, counters[q.key]) for q in queues.QUEUES.values()],
        "earlier": _to(query, "before", shown.before), "later": _to(query, "after", shown.after),
        "mass_acts": bulk.acts_for(roles), "query": query, "recoveries_waiting": _recoveries(user, roles),
        "differences": _differences(roles), "registers_late": _registers(roles),
        **_irregularities(user, roles), "findings_waiting": _findings(roles), "durability_due": _durability(roles),
        "follow_ups_waiting": _follow_ups(roles),
        "complaints_waiting": _complaints(roles),
        "interests": interest_reminders.notice(user, roles),
    }  # fmt: skip
    return render(request, "home/staff.html", context)


def _recoveries(user: User, roles: list[Any]) -> int:
    """How many recoveries wait for an act of one of the reader's roles, in the region of that role."""
    own = Q()
    for role in roles:
        own |= Q(application__region=role.region_id, next_actor=role.kind)
    return Recovery.objects.for_user(user).filter(own).count()


def _irregularities(user: User, roles: list[Any]) -> dict[str, int]:
    """How many irregularities wait for an act of one of the reader's roles, in the region of that role.

    And among them how many have to be reported within a month, or should have been.
    """
    own = Q()
    for role in roles:
        own |= Q(application__region=role.region_id, next_actor=role.kind)
    waiting = Irregularity.objects.for_user(user).filter(own)
    pressing = Count("pk", filter=irregularities.pressing(clock.today()))
    return waiting.aggregate(irregularities_waiting=Count("pk"), irregularities_pressing=pressing)


def _findings(roles: list[Any]) -> int:
    """How many findings of the audit wait for an answer of the reader's regions; no query for who does not answer."""
    regions = [role.region_id for role in roles if role.kind in findings.ANSWERING]
    return findings.to_answer(regions).count() if regions else 0


def _complaints(roles: list[Any]) -> int:
    """How many complaints wait for an answer of an officer's regions; no query for anyone else."""
    regions = [role.region_id for role in roles if role.kind == RoleKind.OFFICER]
    return complaints.to_answer(regions).count() if regions else 0


def _differences(roles: list[Any]) -> int:
    """How many open differences of the reconciliation wait for an administrator; no query for anyone else."""
    regions = [role.region_id for role in roles if role.kind == RoleKind.ADMINISTRATOR]
    return reconcile.standing().filter(region__in=regions).count() if regions else 0


def _registers(roles: list[Any]) -> int:
    """How many awards, publications and corrections an officer's regions have late; no query for anyone else."""
    regions = [role.region_id for role in roles if role.kind == RoleKind.OFFICER]
    return late(regions) if regions else 0


def _durability(roles: list[Any]) -> int:
    """How many aided investments an officer has to look at this year; no query for anyone else."""
    regions = [role.region_id for role in roles if role.kind == RoleKind.OFFICER]
    return durability.to_check(regions, clock.today()).count() if regions else 0


def _follow_ups(roles: list[Any]) -> int:
    """How many answers are late, or wait to be confirmed, in an officer's regions; no query for anyone else."""
    regions = [role.region_id for role in roles if role.kind == RoleKind.OFFICER]
    if not regions:
        return 0
    steps = follow_up.steps(clock.today())
    return follow_up.watched(regions).filter(steps[follow_up.LATE] | steps["to_confirm"]).count()


def _queue(request: HttpRequest, roles: list[Any]) -> queues.Queue:
    own = (FIRST[role.kind] for role in roles if role.kind in FIRST)
    chosen = request.GET.get("queue") or next(own, "all")
    return queues.QUEUES.get(chosen, queues.QUEUES["all"])


def _filtered(request: HttpRequest) -> bool:
    return any(request.GET.get(name) for name in FILTERS)


def _to(query: QueryDict, side: str, place: queues.Cursor | None) -> str:
    """The address of the page before or after, "" when there is none."""
    if place is None:
        return ""
    own = query.copy()
    own[side] = written(place)
    return f"?{own.urlencode()}"
