"""Opening a draft: for which firm, under which scheme, with what the simulator was told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.enums import ApplicationState
from applications.forms.application import AidForm, LineForm, OpenForm, ProjectForm
from applications.forms.firm import FirmForm
from applications.models import Application, Company
from applications.models.application import live
from backoffice.views.applicant.progress import shortest
from backoffice.views.base import person, sent
from backoffice.views.public.carried import carried, forget
from backoffice.views.public.gives import gives
from regions import clock
from regions.models import Scheme, SchemeVersion


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the firm and open its draft; a person without a firm inscribes one first."""
    scheme = _open_scheme(code)
    user = person(request)
    companies = Company.objects.filter(pk__in=live(user.mandates, None).values("company")).order_by("name")
    if not companies:
        return _inscribe_first(request, code)
    form = OpenForm(sent(request), user=user, scheme=scheme, initial={"company": companies[0]})
    if request.method == "POST" and form.is_valid():
        return _opened(request, form.save(), code)
    rules = scheme.version_on(clock.today(scheme.region.time_zone)).rules
    context = {
        "scheme": scheme, "form": form, "companies": companies, "drafts": _drafts(request, scheme),
        "steps": len(shortest(rules)), "gives": gives(rules),
    }  # fmt: skip
    return render(request, "applicant/start.html", context)


def _open_scheme(code: str) -> Scheme:
    """The scheme, if a version of its rules is in force today."""
    scheme = get_object_or_404(Scheme.objects.select_related("region"), code=code)
    try:
        scheme.version_on(clock.today(scheme.region.time_zone))
    except SchemeVersion.DoesNotExist as error:
        raise Http404 from error
    return scheme


def _inscribe_first(request: HttpRequest, code: str) -> HttpResponse:
    known = {"siret": carried(request, code).get("siret", ""), "next": request.path}
    return HttpResponseRedirect(f"{reverse('my-firm')}?{urlencode({k: v for k, v in known.items() if v})}")


def _drafts(request: HttpRequest, scheme: Scheme) -> Any:
    """Her drafts under this scheme: better resumed than opened twice."""
    mine = Application.objects.for_user(person(request)).filter(state=ApplicationState.DRAFT)
    return mine.filter(scheme_version__scheme=scheme).select_related("company").order_by("-id")


def _opened(request: HttpRequest, file: Application, code: str) -> HttpResponse:
    told = carried(request, code)
    if told:
        prefill(file, told)
        forget(request)
        messages.success(request, _("Votre brouillon est ouvert avec vos réponses au simulateur : les vérifier."))
    else:
        messages.success(request, _("Votre brouillon est ouvert : il est enregistré à chaque étape."))
    return redirect("step", file.reference, "entreprise")


def prefill(file: Application, told: dict[str, Any]) -> None:
    """Put the simulator's answers in the draft, by the steps' own forms; what they refuse is left out."""
    facts: dict[str, str] = told.get("facts", {})
    naf = facts.get("naf") or file.naf_code
    firm = {
        "headcount": facts.get("headcount", ""), "turnover": facts.get("turnover", ""), "naf_code": naf,
        "balance_sheet": file.balance_sheet, "legal_category": facts.get("legal_category") or file.legal_category,
    }  # fmt: skip
    _keep(FirmForm(firm, instance=file))
    _keep(ProjectForm({"works_start_on": facts.get("works_start_on", "")}, instance=file))
    _keep(AidForm({"declared_de_minimis": facts.get("prior", "")}, instance=file))
    for line in told.get("lines", []):
        _keep(LineForm({**line, "label": line["label"][:160]}, application=file))


def _keep(form: BaseForm) -> None:
    if form.is_valid():
        form.save()  # type: ignore[attr-defined]
