"""The acts on a file and on its claims: bind the form, one call to the gate, back to the file in the same queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST, require_safe

from applications.enums import ClaimState, Finding
from applications.models import Application, Claim
from backoffice.views.base import person
from backoffice.views.officer import checks, forms
from backoffice.views.officer.claims import claim_form
from backoffice.views.officer.fields import ActForm
from backoffice.views.officer.file import page, staff_file
from backoffice.views.officer.lines import line_forms
from backoffice.views.officer.trail import Trail
from backoffice.views.officer.visits import VisitForm
from regions import clock
from workflows import assessment, batches, gate, letters, offers, requests
from workflows.acts import NotFound, Refused

DRAFT = "officer.request"


def back_to(request: HttpRequest, file: Application) -> HttpResponseRedirect:
    """The file’s page, with the queue that the reader is working through."""
    return HttpResponseRedirect(reverse("file", args=[file.reference]) + Trail(request, file).suffix)


def attempt(request: HttpRequest, file: Application, form: ActForm, name: str, call: Callable[[], Any]) -> HttpResponse:
    """Make an act: what the form or the gate refuses is told on the page, with all that was typed."""
    if not form.is_valid():
        return page(request, staff_file(request, file.reference), {name: form})
    try:
        call()
    except NotFound as refusal:
        raise Http404(str(refusal)) from refusal
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return page(request, staff_file(request, file.reference), {name: form})
    messages.success(request, _("C’est fait : %s.") % gate.act_label(_event_name(name)))
    return back_to(request, file)


def _event_name(name: str) -> str:
    """The stored name of an act from the name of its form."""
    first, _dot, rest = name.partition(".")
    if first == "claim":
        return f"claim.{rest.partition('.')[2]}"
    return name if first == "record" else f"application.{name}"


@require_POST
@login_required
def act(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """A move of the file."""
    file = staff_file(request, reference)
    form = _known(forms.FILE_ACTS, name)(request.POST, name=name, target=file)
    if name == "request_items":
        return _reread(request, file, form, name)
    user = person(request)
    return attempt(request, file, form, name, lambda: gate.move(user, "application", file.pk, name, **form.given()))


@require_POST
@login_required
def record(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """A check, a note, or taking the file."""
    file = staff_file(request, reference)
    form = _known(forms.FILE_RECORDS, kind)(request.POST, name=kind, target=file)
    user = person(request)
    return attempt(
        request, file, form, f"record.{kind}",
        lambda: gate.record(user, "application", file.pk, kind, **form.given()),
    )  # fmt: skip


@require_POST
@login_required
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """One confirmation for everything that the machine finds green: a record for each, all or none."""
    file = staff_file(request, reference)
    verdict = assessment.assess(file, clock.today(file.zone))
    kinds = [check.kind for check in checks.greens(checks.checks_of(file, verdict))]
    green = {"finding": Finding.GREEN}
    try:
        batches.record_all(person(request), "application", file.pk, [(kind, green) for kind in kinds])
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("C’est fait : %s contrôles confirmés.") % len(kinds))
    return back_to(request, file)


def _known(kinds: dict[str, type[ActForm]], name: str) -> type[ActForm]:
    if name not in kinds:
        raise Http404
    return kinds[name]


# --- a claim


def staff_claim(request: HttpRequest, reference: str, number: int) -> tuple[Application, Claim]:
    """A claim filed on a file that the reader may work on."""
    file = staff_file(request, reference)
    claim = get_object_or_404(file.claims.exclude(state=ClaimState.DRAFT), number=number)
    claim.application = file
    return file, claim


@require_POST
@login_required
def claim_act(request: HttpRequest, reference: str, number: int, name: str) -> HttpResponse:
    """A move of a claim."""
    file, claim = staff_claim(request, reference, number)
    _known(forms.CLAIM_ACTS, name)
    form, key = claim_form(claim, name, request.POST), f"claim.{claim.pk}.{name}"
    if name == "request_items":
        return _reread(request, file, form, key, claim)
    user = person(request)
    return attempt(request, file, form, key, lambda: gate.move(user, "claim", claim.pk, name, **form.given()))


@require_POST
@login_required
def claim_lines(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The control of every line in one gesture: all are recorded, or none."""
    file, claim = staff_claim(request, reference, number)
    controls = line_forms(claim, request.POST)
    given = {f"lines.{claim.pk}": controls}
    if [form for form in controls if not form.is_valid()]:
        messages.error(request, _("Rien n’est enregistré : corriger les lignes signalées."))
        return page(request, file, given)
    try:
        records = [("line_control", form.given()) for form in controls]
        batches.record_all(person(request), "claim", claim.pk, records)
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return page(request, file, given)
    messages.success(request, _("C’est fait : le contrôle de chaque ligne est enregistré."))
    return back_to(request, file)


@require_POST
@login_required
def claim_visit(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """A check on the spot: recorded with its report, or shown again with all that was typed and handed in."""
    file, claim = staff_claim(request, reference, number)
    user = person(request)
    if not any(o.name == "on_the_spot" and not o.why for o in offers.records(user, claim)):
        messages.error(request, _("Le contrôle sur place ne peut pas être enregistré sur cette demande."))
        return page(request, file, {})
    form = VisitForm(request.POST, request.FILES, claim=claim, user=user)
    if not form.is_valid():
        return page(request, file, {f"visit.{claim.pk}": form})
    try:
        gate.record(user, "claim", claim.pk, "on_the_spot", **form.given())
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return page(request, file, {f"visit.{claim.pk}": form})
    messages.success(request, _("C’est fait : %s.") % gate.act_label("record.on_the_spot"))
    return back_to(request, file)


# --- a request for items: read the letter again before it leaves


def _reread(
    request: HttpRequest, file: Application, form: ActForm, name: str, claim: Claim | None = None
) -> HttpResponse:
    """Keep what is asked, and show the letter before anything is sent."""
    if not form.is_valid():
        return page(request, file, {name: form})
    subject: Any = claim or file
    request.session[DRAFT] = {"about": [type(subject).__name__, subject.pk], **form.given()}
    return HttpResponseRedirect(_preview_address(file, claim) + Trail(request, file).suffix)


def _preview_address(file: Application, claim: Claim | None) -> str:
    if claim is None:
        return reverse("request-preview", args=[file.reference])
    return reverse("claim-request-preview", args=[file.reference, claim.number])


def _about(request: HttpRequest, reference: str, number: int | None) -> tuple[Application, Claim | None]:
    return staff_claim(request, reference, number) if number is not None else (staff_file(request, reference), None)


def _draft(request: HttpRequest, file: Application, claim: Claim | None) -> dict[str, Any]:
    """What was asked and not sent yet, if it is about this file or claim; nothing otherwise."""
    draft = dict(request.session.get(DRAFT, {}))
    subject: Any = claim or file
    if draft.pop("about", None) != [("Claim" if claim else "Application"), subject.pk]:
        return {}
    return draft


def _may_ask(request: HttpRequest, target: Any) -> bool:
    return any(o.name == "request_items" and not o.why for o in offers.moves(person(request), target))


@require_safe
@login_required
def preview(request: HttpRequest, reference: str, number: int | None = None) -> HttpResponse:
    """The letter, and the dates that it sets: sent from here, or changed."""
    file, claim = _about(request, reference, number)
    draft = _draft(request, file, claim)
    if not draft or not _may_ask(request, claim or file):
        return back_to(request, file)
    today = clock.today(file.zone)
    dates = requests.for_claim(claim, today) if claim else requests.for_application(file, today)
    kinds = dict(forms.ASKABLE)
    context = {
        "file": file, "claim": claim, "dates": dates, "trail": Trail(request, file), "draft": draft,
        "asked": [kinds[kind] for kind in draft["kinds"]],
    }  # fmt: skip
    return render(request, "officer/preview.html", context)


@require_GET
@login_required
@xframe_options_sameorigin
def letter(request: HttpRequest, reference: str, number: int | None = None) -> HttpResponse:
    """The PDF of the letter that would leave; nothing is written."""
    file, claim = _about(request, reference, number)
    draft, target = _draft(request, file, claim), claim or file
    if not draft or not _may_ask(request, target):
        raise Http404
    today = clock.today(file.zone)
    dates = requests.for_claim(claim, today) if claim else requests.for_application(file, today)
    given = {"kinds": draft["kinds"], "deadline": dates.answer_by, "silence_on": None if claim else dates.moved_to}
    name = "claim.request_items" if claim else "application.request_items"
    content = letters.preview("request_for_items", target, person(request), name, given, draft.get("reason", ""))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file.reference}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@login_required
def send(request: HttpRequest, reference: str, number: int | None = None) -> HttpResponse:
    """Send the request that was read again; or go back to change it, with all that was typed."""
    file, claim = _about(request, reference, number)
    draft = _draft(request, file, claim)
    key = f"claim.{claim.pk}.request_items" if claim else "request_items"
    data = QueryDict(mutable=True)
    data.setlist("kinds", draft.get("kinds", []))
    data["reason"] = draft.get("reason", "")
    form = (
        claim_form(claim, "request_items", data)
        if claim
        else forms.RequestForm(data, name="request_items", target=file)
    )
    if "change" in request.POST:
        return page(request, file, {key: form})
    request.session.pop(DRAFT, None)
    machine, pk, user = ("claim", claim.pk, person(request)) if claim else ("application", file.pk, person(request))
    return attempt(request, file, form, key, lambda: gate.move(user, machine, pk, "request_items", **form.given()))
