"""Who is a provider here: an account that acts for one today."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from applications.models import Application
from applications.models.application import live
from backoffice.views.base import View, person
from regions.models import Provider, User


def providers_of(user: User) -> QuerySet[Provider]:
    """The providers for which an account acts today."""
    return Provider.objects.filter(pk__in=live(user.provider_memberships, None).values("provider")).order_by("name")


def files_of(user: User) -> QuerySet[Application]:
    """The files that name one of his providers; what he sees as a firm or as staff is not here."""
    visible = Application.objects.for_user(user).filter(provider__in=providers_of(user)).exclude(state="draft")
    return visible.select_related("company", "region", "scheme_version__scheme", "provider", "assigned_to")


def own_file(user: User, reference: str) -> Application:
    """A file that names him, or 404."""
    return get_object_or_404(files_of(user), reference=reference)


def for_providers(view: View) -> View:
    """Only for accounts that act for a provider today; for anyone else the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not providers_of(person(request)).exists():
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)
