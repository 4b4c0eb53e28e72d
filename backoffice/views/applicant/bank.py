"""A firm's bank details: entered once, then changed only with the region's confirmation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.enums import BankChangeState
from applications.forms.bank import BankChangeForm, BankForm
from applications.models import BankChange, BankDetails, Company
from applications.models.application import live
from backoffice.views.base import perform, person
from workflows import gate


def own_companies(request: HttpRequest) -> Any:
    """The firms that the person may bind today."""
    mandates = live(person(request).mandates, None).values("company")
    return Company.objects.filter(pk__in=mandates).select_related("region").order_by("name", "pk")


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """One firm: its page at once; several: a list; none: the page does not exist."""
    companies = list(own_companies(request)[:100])
    if not companies:
        raise Http404
    if len(companies) == 1:
        return redirect("firm-bank", companies[0].pk)
    return render(request, "applicant/bank_choose.html", {"companies": companies})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, company: int) -> HttpResponse:
    """The details in force, the change that waits, and the form: the first time, or for a change."""
    firm = get_object_or_404(own_companies(request), pk=company)
    details = firm.bank_details.filter(valid_to__isnull=True).first()
    form = _form(request, firm, details)
    if form.is_valid():
        return _save(request, firm, form)
    changes = BankChange.objects.for_user(person(request)).filter(company=firm).exclude(state=BankChangeState.NEW)
    context = {
        "company": firm, "details": details, "form": form, "changes": list(changes.order_by("-pk")[:20]),
        "pending": changes.filter(state=BankChangeState.ASKED).first(),
    }  # fmt: skip
    return render(request, "applicant/bank.html", context)


def _form(request: HttpRequest, firm: Company, details: BankDetails | None) -> BankForm | BankChangeForm:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if details is None:
        return BankForm(data, company=firm)
    return BankChangeForm(data, files, company=firm, user=person(request))


def _save(request: HttpRequest, firm: Company, form: BankForm | BankChangeForm) -> HttpResponse:
    if isinstance(form, BankForm):
        form.save()
        messages.success(request, now_("Vos coordonnées bancaires sont enregistrées."))
        return redirect("firm-bank", firm.pk)
    said = _("Changement demandé. Les versements attendent la confirmation de la région.")
    return perform(request, lambda: _ask(request, firm, form), said, "firm-bank", firm.pk)


def _ask(request: HttpRequest, firm: Company, form: BankChangeForm) -> None:
    """The paper is kept only if the request is made."""
    with transaction.atomic():
        gate.ask_bank_change(person(request), firm.pk, **form.save())


@login_required
@require_POST
def withdraw(request: HttpRequest, company: int, pk: int) -> HttpResponse:
    """Keep the old details: the change is no longer asked for."""
    firm = get_object_or_404(own_companies(request), pk=company)
    change = get_object_or_404(BankChange.objects.for_user(person(request)), pk=pk, company=firm)
    return perform(
        request, lambda: gate.move(person(request), "bank", change.pk, "withdraw"),
        _("Le changement n’est plus demandé : vos coordonnées restent les mêmes."), "firm-bank", firm.pk,
    )  # fmt: skip
