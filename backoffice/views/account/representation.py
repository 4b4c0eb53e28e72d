"""Binding a firm to an account: by its SIRET at sign-up, or on its own page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.company import TAKEN, CompanyForm, complete, declare, represented
from applications.forms.fields import SiretField
from applications.models import Company
from applications.services.directory import CompanyFacts, look_up
from backoffice.views.base import person
from regions.models import User


class LookUpForm(forms.Form):
    """The SIRET that is looked up."""

    siret = SiretField(
        help_text=gettext_lazy("14 chiffres ; ils sont sur l’extrait d’immatriculation et sur vos factures.")
    )


def declare_at_sign_in(request: HttpRequest, user: User, siret: str) -> HttpResponse | None:
    """Bind the firm named at sign-up; when that cannot be done at once, go and say why."""
    if represented(siret, user):
        messages.warning(request, str(TAKEN))
        return None
    answer = look_up(siret)
    if answer.facts is None or not complete(answer.facts):
        return HttpResponseRedirect(f"{reverse('my-firm')}?{urlencode({'siret': siret})}")
    _tell(request, declare(user, answer.facts))
    return None


def _tell(request: HttpRequest, company: Company | None) -> None:
    """Say that the firm is bound, or that another person was faster."""
    if company is None:
        messages.warning(request, str(TAKEN))
    else:
        messages.success(request, _("%s est inscrite : vous pouvez déposer sa demande.") % company.name)


@login_required
def my_firm(request: HttpRequest) -> HttpResponse:
    """Look a firm up by its SIRET, complete what the register says, declare, and go on."""
    if request.method == "POST":
        return _declare(request)
    asked = LookUpForm(request.GET or None)
    form = None
    if asked.is_bound and asked.is_valid():
        form = _prefilled(request, asked.cleaned_data["siret"])
    return _page(request, asked, form)


def _prefilled(request: HttpRequest, siret: str) -> CompanyForm | None:
    user = person(request)
    if represented(siret, user):
        messages.warning(request, str(TAKEN))
        return None
    answer = look_up(siret)
    if answer.facts is None:
        messages.warning(request, str(answer.sentence))
    return CompanyForm(initial=_initial(siret, answer.facts), user=user)


def _initial(siret: str, facts: CompanyFacts | None) -> dict[str, object]:
    if facts is None:
        return {"siret": siret}
    names = ("siret", "name", "legal_category", "naf_code", "commune", "created_on")
    return {name: getattr(facts, name) for name in names}


def _declare(request: HttpRequest) -> HttpResponse:
    form = CompanyForm(request.POST, user=person(request))
    if not form.is_valid():
        return _page(request, LookUpForm(initial={"siret": request.POST.get("siret", "")}), form)
    _tell(request, form.enter())
    return HttpResponseRedirect(_next(request))


def _next(request: HttpRequest) -> str:
    """The page that sent here, when it is one of ours; else home."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours else resolve_url("home")


def _page(request: HttpRequest, asked: LookUpForm, form: CompanyForm | None) -> HttpResponse:
    context = {"asked": asked, "form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "account/my_firm.html", context)
