"""The firm declares the export turnover of a year, from which an advance is repaid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.forms.turnover import TurnoverForm
from applications.models import Application
from backoffice.views.applicant.common import own_file, posted
from backoffice.views.base import perform, person
from backoffice.views.public.wording import figure_of
from regions import clock
from workflows import gate, success


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, reference: str) -> HttpResponse:
    """The year asked, with its dates; what is typed comes back when it is refused."""
    file = own_file(request, reference)
    year = success.to_declare(file, clock.today(file.zone))
    if success.component_of(file) is None:
        raise Http404
    form = TurnoverForm(posted(request))
    if year is not None and form.is_valid():
        return _made(request, file, form)
    context = {"file": file, "form": form, "year": year, **facts(file)}
    return render(request, "applicant/turnover.html", context)


def _made(request: HttpRequest, file: Application, form: TurnoverForm) -> HttpResponse:
    said = _("Votre chiffre d’affaires est déclaré : la région le contrôle, puis vous dit ce qui est à rembourser.")
    amount = form.cleaned_data["amount"]
    return perform(
        request, lambda: gate.record(person(request), "application", file.pk, "turnover_declared", amount=amount),
        said, "firm-schedule", file.reference,
    )  # fmt: skip


def facts(file: Application) -> dict[str, Any]:
    """How the advance is repaid, each year of it, and the one to declare now; nothing without such an advance."""
    component = success.component_of(file)
    if component is None:
        return {"success": None}
    terms: dict[str, Any] = component.success or {}
    return {
        "success": component, "years": success.years(component), "to_declare": success.to_declare(file, _today(file)),
        "least": _percent(terms["least_share"]), "share": _percent(terms["turnover_share"]), "today": _today(file),
        "turnover": success.turnover_so_far(component), "planned": success.planned(component),
    }  # fmt: skip


def _today(file: Application) -> Any:
    return clock.today(file.zone)


def _percent(share: str) -> str:
    """« 30 » from 0.30, in the reader's figures."""
    return figure_of(Decimal(share) * 100)
