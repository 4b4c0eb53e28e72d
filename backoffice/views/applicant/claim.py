"""The payment claim as the firm makes it: the work confirmed, the invoices, the documents, the filing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.enums import ApplicationState, ClaimKind, ClaimState, DocumentKind
from applications.forms.claim import OPEN, ClaimForm, ClaimLineForm, StartForm, remove
from applications.forms.document import DocumentForm
from applications.forms.document import withdraw as take_back
from applications.models import Application, ApplicationLine, Claim, ClaimLine, Document, ItemRequest
from backoffice.views.applicant import payees, under_way
from backoffice.views.applicant.common import bound, own_claim, own_file, pieces, posted, since
from backoffice.views.applicant.requests import told
from backoffice.views.base import perform, person
from regions import clock
from regions.money import ZERO
from workflows import chain, forecast, gate, project
from workflows.acts import Refused
from workflows.aid_due import aid_due
from workflows.conditions import claim_evidence, loose_reports, missing_claim_items

GET_OR_POST = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(GET_OR_POST)
def start(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that the work is done, all or part of it: a draft of the claim begins. One begun before is taken up."""
    file = own_file(request, reference)
    begun = file.claims.filter(state=ClaimState.DRAFT, kind=ClaimKind.EXPENSES).first()
    if begun is not None:
        return redirect("firm-claim", reference, begun.number)
    if file.state != ApplicationState.RUNNING:
        messages.error(request, now_("Le paiement se demande après la notification de l’aide, et avant la clôture."))
        return redirect("file", reference)
    form = StartForm(posted(request), application=file)
    if form.is_valid():
        return _start(request, file, form)
    why = under_way.NOT_YET.get(project.awaited(file), "")
    return render(request, "applicant/claim_start.html", {"file": file, "form": form, "why": why} | _model(file))


def _model(file: Application) -> dict[str, Any]:
    """What the payment model changes in the words: who is paid, and whether invoices are paid first."""
    return {
        "to_provider": payees.pays_provider(file), "paid_invoices": project.payment_model(file).paid_invoices,
        "split": payees.is_split(file), "held": payees.held(file), "without_bank": payees.without_bank(file),
    }  # fmt: skip


def _due(claim: Claim) -> Any:
    """What a claim without invoices asks for, in euro; what was paid of it no longer lessens it."""
    if claim.kind == ClaimKind.EXPENSES:
        return None
    return claim.amount_declared if claim.amount_declared is not None else aid_due(claim)


def _start(request: HttpRequest, file: Application, form: StartForm) -> HttpResponse:
    """Confirm the work and open the draft: both or neither."""
    user = person(request)
    try:
        with transaction.atomic():
            if form.is_final:
                day = form.cleaned_data["done_on"]
                gate.record(user, "application", file.pk, "work_done", done_on=day)
            claim = ClaimForm({"is_final": form.is_final}, application=file).save()
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("file", file.reference)
    return redirect("firm-claim", file.reference, claim.number)


@login_required
@require_http_methods(GET_OR_POST)
def page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The claim: to be filled while it is open, then its control line by line. A document is handed in by POST."""
    claim = own_claim(request, reference, number)
    sent = bound(request, claim.application, claim) if request.method == "POST" else None
    if sent is not None and claim.state not in OPEN:
        messages.error(request, now_("Cette demande est déposée : elle ne peut plus être modifiée ici."))
        return redirect("firm-claim", reference, number)
    if sent is not None and sent.is_valid():
        sent.save()
        messages.success(request, now_("La pièce est jointe."))
        return redirect("firm-claim", reference, number)
    return _page(request, claim, sent)


def _page(request: HttpRequest, claim: Claim, sent: DocumentForm | None) -> HttpResponse:
    file, asked = claim.application, open_request(claim)
    lines = list(claim.lines.select_related("line").order_by("line__number", "pk"))
    context = {
        "file": file, "claim": claim, "lines": lines, "asked": asked, "is_open": claim.state in OPEN,
        "total": sum((line.amount for line in lines), ZERO), "granted": _granted(file, lines),
        "pieces": pieces(request, claim.documents.all(), _kinds(claim, asked), file, sent),
        "missing": missing_labels(claim), "removable": set(_removable(claim, asked).values_list("pk", flat=True)),
        "pay_on": _pay_on(claim), "why_not_withdraw": gate.available(person(request), claim).get("withdraw"),
        "payouts": payees.payouts(claim), "request_missing": _request_missing(claim, asked), "due": _due(claim),
        "loose": loose_reports(claim) if claim.kind == ClaimKind.EXPENSES and claim.state in OPEN else [],
    } | _model(file)  # fmt: skip
    return render(request, "applicant/claim.html", context)


def open_request(claim: Claim) -> ItemRequest | None:
    """The request about the claim that waits for the firm."""
    waiting = claim.item_requests.filter(answered_on__isnull=True, expired_on__isnull=True)
    return waiting.first() if claim.state == ClaimState.TO_COMPLETE else None


def _kinds(claim: Claim, asked: ItemRequest | None) -> list[str]:
    """What the scheme asks at payment, what the region asks now, and what else the firm wants to show."""
    return [*(asked.kinds if asked else []), *claim_evidence(claim), DocumentKind.OTHER]


def missing_labels(claim: Claim) -> list[Any]:
    """What is missing to file the claim, in words."""
    labels = dict(DocumentKind.choices) | {"lines": _("Au moins une facture")}
    return [labels.get(kind, kind) for kind in missing_claim_items(claim)]


def _request_missing(claim: Claim, asked: ItemRequest | None) -> list[Any]:
    """What the region asks for and has not received since."""
    if asked is None:
        return []
    labels = dict(DocumentKind.choices)
    held = set(_removable(claim, asked).values_list("kind", flat=True))
    return [labels.get(kind, kind) for kind in asked.kinds if kind not in held]


def _granted(file: Application, lines: list[ClaimLine]) -> list[dict[str, Any]]:
    """Each line of the grant with what this claim asks on it."""
    return [
        {"line": line, "claimed": sum((c.amount for c in lines if c.line_id == line.pk), ZERO)}
        for line in file.lines.all()
        if line.eligible is None or line.eligible > 0
    ]


def _removable(claim: Claim, asked: ItemRequest | None) -> Any:
    """Documents not handed in yet: all of a draft's, and those added since the region's request."""
    held = claim.documents.filter(deleted_at__isnull=True)
    if claim.state == ClaimState.DRAFT:
        return held
    return since(held, chain.last_made(claim, "claim.request_items")) if asked else held.none()


def _pay_on(claim: Claim) -> Any:
    today = clock.today(claim.application.zone)
    if claim.state == ClaimState.DRAFT:
        return forecast.payment_if_claimed(claim.application, today)
    if claim.state == ClaimState.TO_COMPLETE:
        return forecast.payment_if_answered(claim, today)
    return claim.payment_due_on


def _on_invoices(request: HttpRequest, reference: str, number: int) -> Claim:
    """A claim of expenses: an advance or a release has neither invoices nor a deliverable."""
    claim = own_claim(request, reference, number)
    if claim.kind != ClaimKind.EXPENSES:
        raise Http404
    return claim


@login_required
@require_http_methods(GET_OR_POST)
def facts(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The address of the deliverable, and whether the claim is the last."""
    claim = _on_invoices(request, reference, number)
    form = ClaimForm(posted(request), instance=claim, application=claim.application)
    if form.is_valid():
        form.save()
        messages.success(request, now_("Enregistré."))
        return redirect("firm-claim", reference, number)
    return render(request, "applicant/claim_form.html", _form_page(claim, form, _("Le livrable")))


def _form_page(claim: Claim, form: Any, title: Any) -> dict[str, Any]:
    return {"file": claim.application, "claim": claim, "form": form, "title": title}


@login_required
@require_http_methods(GET_OR_POST)
def line_add(request: HttpRequest, reference: str, number: int, line: int) -> HttpResponse:
    """An invoice on a line of the grant, filled in with what is known already."""
    claim = _on_invoices(request, reference, number)
    granted = get_object_or_404(claim.application.lines, number=line)
    form = ClaimLineForm(posted(request), claim=claim, initial=_known(claim, granted))
    return _save_line(request, claim, form, _("Ajouter une facture"))


def _known(claim: Claim, granted: ApplicationLine) -> dict[str, Any]:
    """The line's own amount, and the supplier of the file or of the last invoice entered."""
    provider = claim.application.provider
    known = {
        "line": granted, "amount": granted.amount, "quantity": granted.quantity,
        "supplier_siret": provider.siret if provider else "",
    }  # fmt: skip
    last = claim.lines.order_by("-pk").first()
    names = ("invoice_number", "supplier_siret", "invoiced_on", "paid_on")
    return known | ({name: getattr(last, name) for name in names} if last else {})


@login_required
@require_http_methods(GET_OR_POST)
def line_edit(request: HttpRequest, reference: str, number: int, pk: int) -> HttpResponse:
    """Correct an invoice."""
    claim = own_claim(request, reference, number)
    row = get_object_or_404(claim.lines, pk=pk)
    form = ClaimLineForm(posted(request), claim=claim, instance=row)
    return _save_line(request, claim, form, _("Corriger une facture"))


def _save_line(request: HttpRequest, claim: Claim, form: ClaimLineForm, title: Any) -> HttpResponse:
    if form.is_valid():
        form.save()
        messages.success(request, now_("La facture est enregistrée."))
        return redirect("firm-claim", claim.application.reference, claim.number)
    return render(request, "applicant/claim_form.html", _form_page(claim, form, title))


@login_required
@require_POST
def line_remove(request: HttpRequest, reference: str, number: int, pk: int) -> HttpResponse:
    """Take an invoice out of a claim that is still open."""
    claim = own_claim(request, reference, number)
    row = get_object_or_404(claim.lines.select_related("claim"), pk=pk)
    if remove(row):
        messages.success(request, now_("La facture est retirée de la demande."))
    else:
        messages.error(request, now_("Cette demande est déposée : elle ne peut plus être modifiée ici."))
    return redirect("firm-claim", reference, number)


@login_required
@require_POST
def document_remove(request: HttpRequest, reference: str, number: int, pk: int) -> HttpResponse:
    """Take back a document that is not handed in yet."""
    claim = own_claim(request, reference, number)
    document: Document = get_object_or_404(_removable(claim, open_request(claim)), pk=pk)
    take_back(person(request), [document], "removed_before_filing")
    messages.success(request, now_("La pièce est retirée."))
    return redirect("firm-claim", reference, number)


@login_required
@require_http_methods(GET_OR_POST)
def submit(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Read the claim again before it is filed: what is missing, what will be paid and when."""
    claim = own_claim(request, reference, number)
    if claim.state != ClaimState.DRAFT:
        return redirect("firm-claim", reference, number)
    day = forecast.payment_if_claimed(claim.application, clock.today(claim.application.zone))
    if request.method == "POST":
        said = _("Demande de paiement déposée. Versement attendu au plus tard le %(day)s.") % {"day": told(day)}
        return perform(
            request, lambda: gate.move(person(request), "claim", claim.pk, "submit"), said,
            "firm-claim", reference, number,
        )  # fmt: skip
    lines = list(claim.lines.select_related("line").order_by("line__number", "pk"))
    context = {
        "file": claim.application, "claim": claim, "lines": lines, "pay_on": day,
        "due": _due(claim), "loose": loose_reports(claim),
        "documents": claim.documents.filter(deleted_at__isnull=True), "missing": missing_labels(claim),
        "unpaid": _unpaid(claim, lines), "total": sum((x.amount for x in lines), ZERO),
        "why": gate.available(person(request), claim).get("submit", ""),
    } | _model(claim.application)  # fmt: skip
    return render(request, "applicant/claim_submit.html", context)


def _unpaid(claim: Claim, lines: list[ClaimLine]) -> list[ClaimLine]:
    """Invoices without a day of payment, where the model reimburses paid ones only."""
    if not project.payment_model(claim.application).paid_invoices:
        return []
    return [line for line in lines if line.paid_on is None]


@login_required
@require_POST
def answer(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Answer the region's request about the claim: its clock runs again."""
    claim = own_claim(request, reference, number)
    day = forecast.payment_if_answered(claim, clock.today(claim.application.zone))
    said = _("Réponse envoyée : merci. Versement attendu au plus tard le %(day)s.") % {"day": told(day)}
    return perform(
        request, lambda: gate.move(person(request), "claim", claim.pk, "answer"), said,
        "firm-claim", reference, number,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def withdraw(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Withdraw the claim: its invoices may be presented again."""
    claim = own_claim(request, reference, number)
    if request.method == "POST":
        return perform(
            request, lambda: gate.move(person(request), "claim", claim.pk, "withdraw"),
            _("Votre demande de paiement est retirée. Vous pouvez en déposer une autre."), "file", reference,
        )  # fmt: skip
    if "withdraw" not in gate.available(person(request), claim):
        raise Http404
    return render(request, "applicant/claim_withdraw.html", {"file": claim.application, "claim": claim})
