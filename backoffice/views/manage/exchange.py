"""A scheme as one file, taken over by another region, and completed there before it is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.views.base import person
from backoffice.views.manage.guard import administrators, done, posted, regions_administered
from backoffice.views.manage.ruleforms import AdoptionForm, CompletionForm
from backoffice.views.manage.schemes import readers, version_of
from regions.models import SchemeVersion
from regions.schemes import exchange
from workflows import administration


@require_safe
@readers
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The version as one file, which another region can take over; its fingerprint tells that it is whole."""
    found = version_of(request, pk)
    heading = (f"{found.scheme}, {found.scheme.region}, version {found.number}, {found.valid_from}", found.fingerprint)
    name = f"{found.scheme.code}-v{found.number}.yaml"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(exchange.write(found.rules, *heading), "application/yaml; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def adopt(request: HttpRequest) -> HttpResponse:
    """Take over a scheme as a draft of one’s own region: what belonged to another one is a gap to fill."""
    form = AdoptionForm(posted(request), request.FILES or None, regions=regions_administered(request))
    said = _("Le projet est repris : compléter ce qui est propre à la région, puis un autre administrateur le publie.")
    return _proposed(request, form, said) or render(request, "manage/adopt.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill what belongs to the region: a version that is proposed does not change, so a new one is proposed."""
    found = version_of(request, pk)
    if found.scheme.region not in regions_administered(request) or not _incomplete(found):
        raise Http404
    form = CompletionForm(posted(request), rules=found.rules, region=found.scheme.region)
    form.fields["valid_from"].initial = found.valid_from
    said = _("Le projet est complété dans une nouvelle version : un autre administrateur peut la publier.")
    context = {"form": form, "version": found}
    return _proposed(request, form, said) or render(request, "manage/complete.html", context)


def _incomplete(found: SchemeVersion) -> bool:
    return found.published_on is None and bool(exchange.open_parts(found.rules))


def _proposed(request: HttpRequest, form: Form, said: Any) -> HttpResponse | None:
    """The page of the version that a valid form proposes; None while the form is still to be filled."""
    made: list[SchemeVersion] = []
    if request.method == "POST" and done(request, form, _proposal(request, form, made), said):
        return HttpResponseRedirect(resolve_url("manage-version", made[0].pk))
    return None


def _proposal(request: HttpRequest, form: Form, made: list[SchemeVersion]) -> Callable[[], None]:
    def propose() -> None:
        data = form.cleaned_data
        made.append(administration.propose_version(person(request), data["definition"], data["valid_from"]))

    return propose
