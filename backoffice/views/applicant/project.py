"""The firm's pages of a project under way: its share, the report, an advance, repayments, another provider."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.enums import ClaimKind, ClaimState, DocumentKind
from applications.escrow import escrow_of
from applications.forms.application import providers_for
from applications.forms.claim import AskForm
from applications.forms.under_way import ChangeProviderForm
from applications.models import Application, EscrowEntry, GrantComponent
from backoffice.views.applicant import plan, turnover
from backoffice.views.applicant.common import own_file, posted
from backoffice.views.applicant.directory import directory
from backoffice.views.applicant.steps import SHOWN
from backoffice.views.base import perform, person
from backoffice.views.public.wording import by_success
from regions import clock
from regions.enums import Instrument
from regions.money import ZERO
from workflows import forecast, gate, offers, project, repayments

GET_OR_POST = ["GET", "HEAD", "POST"]


def why_not(request: HttpRequest, file: Application, kind: str) -> str | None:
    """The sentence that says why a record is not possible; "" when it is, None when it is not hers at all."""
    found = next((offer for offer in offers.records(person(request), file) if offer.name == kind), None)
    return found.why if found is not None and found.right else None


# --- the firm's share


@require_safe
@login_required
def share(request: HttpRequest, reference: str) -> HttpResponse:
    """How much of her own share is awaited, how to pay it, and what was received, paid on and given back."""
    file = own_file(request, reference)
    if not project.payment_model(file).share_first or file.notified_on is None:
        raise Http404
    entries = EscrowEntry.objects.filter(application=file).order_by("effective_on", "pk")
    context = {
        "file": file, "waited_for": project.awaited_share(file), "escrow": escrow_of(file), "entries": entries,
    }  # fmt: skip
    return render(request, "applicant/share.html", context)


# --- the provider's report


@login_required
@require_http_methods(GET_OR_POST)
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """The provider's report beside the button that says that the work conforms."""
    file = own_file(request, reference)
    why = why_not(request, file, "conformity")
    if why is None or not project.payment_model(file).firm_validates:
        raise Http404
    if request.method == "POST":
        said = _("Le rapport est validé. Vous pouvez demander le paiement.")
        return perform(
            request, lambda: gate.record(person(request), "application", file.pk, "conformity"), said, "file", reference
        )
    papers = file.documents.filter(kind=DocumentKind.PROVIDER_REPORT, deleted_at__isnull=True).order_by("-pk")
    context = {"file": file, "reports": papers, "why": why, "validated": project.report_validated(file)}
    return render(request, "applicant/report.html", context)


# --- the advance, and what is lent


@login_required
@require_http_methods(GET_OR_POST)
def ask(request: HttpRequest, reference: str, instrument: str) -> HttpResponse:
    """Ask for the advance on the grant, or for the release of a loan: a claim without invoices begins."""
    file = own_file(request, reference)
    kind = ClaimKind.ADVANCE if instrument == Instrument.GRANT else ClaimKind.RELEASE
    begun = file.claims.filter(state=ClaimState.DRAFT, kind=kind, instrument=instrument).first()
    if begun is not None:
        return redirect("firm-claim", reference, begun.number)
    terms = _asked(file, instrument)
    if terms is None:
        messages.error(request, now_("Ce versement n’est pas prévu par la décision, ou il est déjà demandé."))
        return redirect("file", reference)
    form = AskForm({"kind": kind, "instrument": instrument}, application=file)
    if request.method == "POST" and form.is_valid():
        claim = form.save()
        return redirect("firm-claim", reference, claim.number)
    evidence = file.scheme_version.rule("evidence", kind, default=[])
    labels = dict(DocumentKind.choices)
    day = forecast.payment_if_claimed(file, clock.today(file.zone))
    context = {
        "file": file, "terms": terms, "evidence": [labels.get(code, code) for code in evidence], "pay_on": day,
        "kind": ClaimKind(kind).label, "whole": file.amount_granted,
    }  # fmt: skip
    return render(request, "applicant/ask.html", context)


def _asked(file: Application, instrument: str) -> plan.Part | None:
    """What would be paid, with its terms; None when there is nothing of the kind to ask for."""
    if instrument == Instrument.GRANT:
        amount = project.advance_open(file) if file.notified_on else ZERO
        told = (now_("Elle se déduit du solde, payé sur vos factures."),)
        return plan.Part(now_("Avance sur la subvention"), amount, told) if amount else None
    open_ones = project.releases_open(file) if file.notified_on else []
    return next((_released(part) for part in open_ones if part.instrument == instrument), None)


def _released(part: GrantComponent) -> plan.Part:
    told: tuple[str, ...] = (
        plan.repayment(part.months, part.grace_months, part.every_months), plan.rate(part.annual_rate),
    )  # fmt: skip
    told += (by_success(part.success),) if part.success else ()
    return plan.Part(part.get_instrument_display(), part.amount, told)


# --- repayments


@require_safe
@login_required
def schedule(request: HttpRequest, reference: str) -> HttpResponse:
    """Each instalment of what was lent: paid, next, to come."""
    file = own_file(request, reference)
    grant = getattr(file, "agreement", None)
    parts = grant.components.prefetch_related("instalments").order_by("pk") if grant else []
    blocks = [_block(part) for part in parts]
    if not blocks:
        raise Http404
    context = {"file": file, "blocks": blocks, "today": clock.today(file.zone), **turnover.facts(file)}
    return render(request, "applicant/schedule.html", context)


def _block(part: GrantComponent) -> dict[str, Any]:
    rows = sorted(part.instalments.all(), key=lambda row: (row.due_on, row.number))
    return {
        "part": part, "rows": rows, "left": repayments.outstanding(part),
        "next": repayments.next_due(part), "lent": part.instrument != Instrument.GUARANTEE,
    }  # fmt: skip


# --- another provider


@login_required
@require_http_methods(GET_OR_POST)
def change_provider(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose another provider where the rules allow it; else the sentence that says why not."""
    file = own_file(request, reference)
    why = why_not(request, file, "change_provider")
    if why is None or not project.wants_provider(file):
        raise Http404
    form = ChangeProviderForm(posted(request), application=file)
    if not why and form.is_valid():
        given = {"provider": form.cleaned_data["provider"].pk, "reason": form.cleaned_data["reason"]}
        said = _("Votre prestataire est changé : le nouveau reçoit une demande de confirmation.")
        return perform(
            request, lambda: gate.record(person(request), "application", file.pk, "change_provider", **given), said,
            "file", reference,
        )  # fmt: skip
    asked = request.GET.get("q", "").strip()
    others = providers_for(file, asked).exclude(pk=file.provider_id or 0)
    page = Paginator(others, SHOWN).get_page(request.GET.get("page"))
    context = {
        "file": file, "why": why, "form": form, "asked": asked, "page": page, "directory": directory(file, list(page)),
    }  # fmt: skip
    return render(request, "applicant/change_provider.html", context)
