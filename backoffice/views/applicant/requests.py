"""What the firm does with a filed application: hand in what is asked, withdraw, tell the results."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.documents import formats
from applications.enums import ApplicationState, DocumentKind
from applications.forms.claim import ResultsForm
from applications.forms.document import DocumentForm
from applications.forms.document import withdraw as take_back
from applications.models import Application, Document, ItemRequest
from backoffice.views.applicant.common import bound, own_file, pieces, posted, since
from backoffice.views.base import perform, person
from regions import clock
from workflows import appeals, chain, forecast, gate, offers

ASKED = "application.request_items"


def open_request(file: Application) -> ItemRequest | None:
    """The request for items that waits for the firm."""
    waiting = file.item_requests.filter(claim__isnull=True, answered_on__isnull=True, expired_on__isnull=True)
    return waiting.first() if file.state == ApplicationState.TO_COMPLETE else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """What the region asks for; each document is handed in alone, then the answer is sent."""
    file = own_file(request, reference)
    asked = open_request(file)
    if asked is None:
        messages.error(request, now_("La région n’attend plus de pièces pour ce dossier."))
        return redirect("file", reference)
    sent = bound(request, file) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        sent.save()
        messages.success(request, now_("La pièce est jointe."))
        return redirect("firm-answer", reference)
    return _answer_page(request, file, asked, sent)


def _answer_page(
    request: HttpRequest, file: Application, asked: ItemRequest, sent: DocumentForm | None
) -> HttpResponse:
    held = since(file.documents.filter(claim__isnull=True), chain.last_made(file, ASKED))
    shown = pieces(request, held, [*asked.kinds, DocumentKind.OTHER], file, sent)
    context = {
        "file": file, "asked": asked, "pieces": shown, "missing": [p for p in shown if _is_missing(p, asked)],
        "decision_on": forecast.decision_if_answered(file, clock.today(file.zone)),
    }  # fmt: skip
    return render(request, "applicant/request.html", context)


def _is_missing(piece: Any, asked: ItemRequest) -> bool:
    return piece.kind in asked.kinds and not piece.documents


@login_required
@require_POST
def answer_remove(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take back a document handed in since the request, before the answer is sent."""
    file = own_file(request, reference)
    if open_request(file) is None:
        raise Http404
    added = since(Document.objects.filter(application=file, claim__isnull=True), chain.last_made(file, ASKED))
    document = get_object_or_404(added, pk=pk, added_by=request.user, deleted_at__isnull=True)
    take_back(person(request), [document], "removed_before_answer")
    messages.success(request, now_("La pièce est retirée."))
    return redirect("firm-answer", reference)


@login_required
@require_POST
def answer_send(request: HttpRequest, reference: str) -> HttpResponse:
    """The clock runs again, from a date that is told at once."""
    file = own_file(request, reference)
    day = forecast.decision_if_answered(file, clock.today(file.zone))
    said = _("Réponse envoyée : merci. La décision est attendue au plus tard le %(day)s.") % {"day": told(day)}
    return perform(
        request, lambda: gate.move(person(request), "application", file.pk, "answer"), said, "file", reference
    )


def told(day: date | None) -> str:
    """A day in words, or a dash."""
    return formats.day(day, get_language() or "fr") if day else "–"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw the application: asked once more before it is done."""
    file = own_file(request, reference)
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:2000]
        return perform(
            request, lambda: gate.move(person(request), "application", file.pk, "withdraw", reason=reason),
            _("Votre demande est retirée."), "file", reference,
        )  # fmt: skip
    why = gate.available(person(request), file).get("withdraw")
    if why is None:
        raise Http404
    return render(request, "applicant/request_withdraw.html", {"file": file, "why": why})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, reference: str) -> HttpResponse:
    """How many of twelve digital practices the firm has once the project is done."""
    file = own_file(request, reference)
    if file.state not in (ApplicationState.RUNNING, ApplicationState.COMPLETED):
        raise Http404
    before = {"digital_intensity_after": file.digital_intensity_after}
    form = ResultsForm(posted(request), initial=before)
    if form.is_valid():
        return perform(
            request, lambda: gate.record(person(request), "application", file.pk, "results", **form.cleaned_data),
            _("Les résultats sont enregistrés : merci."), "file", reference,
        )  # fmt: skip
    return render(request, "applicant/request_results.html", {"file": file, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """The routes of appeal with their last day; an appeal to the region is made here."""
    file = own_file(request, reference)
    text = request.POST.get("reason", "").strip()[:10_000]
    if request.method == "POST" and text:
        return perform(
            request, lambda: gate.record(person(request), "application", file.pk, "appeal", reason=text),
            _("Votre recours est enregistré : la région a deux mois pour répondre."), "firm-appeal", reference,
        )  # fmt: skip
    found = {offer.name: offer.why for offer in offers.records(person(request), file)}
    context = {
        "file": file, "contestable": appeals.contestable(file), "appeals": appeals.of_file(file),
        "why": found.get("appeal", _("Aucune décision ne peut être contestée à ce jour dans ce dossier.")),
        "empty": request.method == "POST",
    }  # fmt: skip
    return render(request, "applicant/appeal.html", context)
