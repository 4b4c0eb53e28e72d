"""The accountant's returns: a file is handed in, tried line by line, then read for good."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import Document
from applications.services import store
from backoffice.views.base import for_roles, person
from backoffice.views.payments import desk as desks
from backoffice.views.payments.desk import PAYING, Desk, desk_of, posted
from backoffice.views.payments.forms import ReturnForm
from regions.enums import RoleKind
from regions.models import Region, User
from reporting.keyset import LATEST_FIRST, page
from workflows import readings
from workflows.models import Job
from workflows.return_lines import MEDIA_TYPES, kind_of
from workflows.returns import APART, ASIDE, PAID, REJECTED, WORDS, WRITTEN, Trial, preview

SHOWN = 300
REFRESH = "3"
EFFECTS = tuple(WORDS)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*PAYING)
def returns(request: HttpRequest) -> HttpResponse:
    """The readings, the latest first; the accountant hands a file in here, and sees next what it would do."""
    desk = desk_of(person(request))
    mine = desk.of(RoleKind.ACCOUNTANT)
    if request.method != "POST":
        return _list(request, desk, ReturnForm(regions=mine))
    if not mine:
        raise Http404
    form = ReturnForm(request.POST, request.FILES, regions=mine)
    if not form.is_valid():
        return _list(request, desk, form)
    kept = readings.keep(form.cleaned_data["file"].name, form.content, desk.user)
    return redirect("payment-return-trial", form.cleaned_data["region"].code, kept.pk)


def _list(request: HttpRequest, desk: Desk, form: ReturnForm) -> HttpResponse:
    found = page(readings.of_regions(list(desk.regions.values())), LATEST_FIRST, request.GET.get("after", ""))
    readers = User.objects.in_bulk({job.arguments["by"] for job in found.rows})
    context = {
        "tabs": desks.tabs(desk), "tab": "retours", "page": found, "form": form,
        "may": desk.of(RoleKind.ACCOUNTANT),
        "readings": [(job, readers.get(job.arguments["by"]), _counts(job)) for job in found.rows],
    }  # fmt: skip
    return render(request, "payments/returns.html", context)


def _counts(job: Job) -> list[tuple[Any, int]]:
    return [(WORDS[effect], len(job.result[effect])) for effect in EFFECTS if job.result.get(effect)]


@require_safe
@for_roles(RoleKind.ACCOUNTANT)
def trial(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What each line of a file would do; nothing is written."""
    desk = desk_of(person(request))
    region, document = _mine(desk, code, pk)
    trials = preview(store.get(document.sha256), by=desk.user, region=region)
    counts = Counter(tried.effect for tried in trials)
    apart = [tried for tried in trials if tried.effect in ASIDE]
    others = [tried for tried in trials if tried.effect not in ASIDE]
    context = {
        "tabs": desks.tabs(desk), "tab": "retours", "document": document, "region": region,
        "counts": [(WORDS[effect], counts[effect]) for effect in EFFECTS if counts[effect]], "total": len(trials),
        "parts": [_part(APART, apart), _part("", others)], "useful": sum(counts[effect] for effect in WRITTEN),
    }  # fmt: skip
    return render(request, "payments/trial.html", context)


def _part(effect: str, trials: list[Trial]) -> dict[str, Any]:
    return {"effect": effect, "trials": trials[:SHOWN], "more": max(0, len(trials) - SHOWN)}


def _mine(desk: Desk, code: str, pk: int) -> tuple[Region, Document]:
    """A file that this accountant handed in, for a region of his."""
    region = next((found for found in desk.of(RoleKind.ACCOUNTANT) if found.code == code), None)
    if region is None:
        raise Http404
    return region, get_object_or_404(readings.handed_in_by(desk.user), pk=pk)


@for_roles(RoleKind.ACCOUNTANT)
@posted("payment-returns")
def read(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Read a file for good, as background work."""
    desk = desk_of(person(request))
    region, document = _mine(desk, code, pk)
    return redirect("payment-reading", readings.launch(document, region, desk.user).pk)


@require_safe
@for_roles(*PAYING)
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a reading is, then what became of each line; the page comes back by itself meanwhile."""
    desk = desk_of(person(request))
    job = get_object_or_404(readings.of_regions(list(desk.regions.values())), pk=pk)
    busy = job.state in (Job.State.WAITING, Job.State.RUNNING)
    context = {
        "tabs": desks.tabs(desk), "tab": "retours", "job": job, "busy": busy, "counts": _counts(job),
        "reader_name": User.objects.filter(pk=job.arguments["by"]).first(), "progress": readings.progress(job),
        "apart": job.result.get("aside", [])[:SHOWN], "paid": job.result.get(PAID, [])[:SHOWN],
        "rejected": job.result.get(REJECTED, [])[:SHOWN],
    }  # fmt: skip
    response = render(request, "payments/reading.html", context)
    if busy:
        response["Refresh"] = REFRESH
    return response


@require_safe
@for_roles(*PAYING)
def return_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a reading, as it was handed in."""
    desk = desk_of(person(request))
    job = get_object_or_404(readings.of_regions(list(desk.regions.values())), pk=pk)
    content = store.get(job.arguments["sha256"])
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind_of(content)])
    response["Content-Disposition"] = content_disposition_header(True, job.arguments["file_name"])
    return response
