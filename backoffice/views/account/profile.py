"""One's own account: name, telephone, language, password, firms."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models.application import live
from backoffice.views.base import person, sent
from regions.models import User


class ProfileForm(forms.ModelForm):
    """What the person may change alone; the address is the account's key and stays."""

    language = forms.ChoiceField(label=gettext_lazy("Langue des pages et des courriers"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "phone", "language"]
        labels = {"name": gettext_lazy("Prénom et nom"), "phone": gettext_lazy("Téléphone")}


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Read and change one's own account."""
    user = person(request)
    form = ProfileForm(sent(request), instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Votre compte est à jour."))
        return _in_language(HttpResponseRedirect(reverse("account")), user.language)
    mandates = live(user.mandates, None).select_related("company").order_by("pk")
    context = {"form": form, "mandates": mandates, "region_side": live(user.roles, None).exists()}
    return render(request, "account/profile.html", context)


def _in_language(response: HttpResponse, code: str) -> HttpResponse:
    """The next page is in the language chosen, whatever this device remembered."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
