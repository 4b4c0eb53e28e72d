"""What the house asks of the account library: its users, its words, who may never sign in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from backoffice.views.account import representation
from regions.models import User

WRONG = _("Adresse électronique ou mot de passe incorrect : vérifier les deux, majuscules comprises.")


class Adapter(DefaultAccountAdapter):
    """Sign-up makes our user; a firm is bound to it at the first sign-in, when the address is proved."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Ce compte est fermé : écrire à la région pour le rouvrir."),
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "email_taken": _("Un compte existe déjà avec cette adresse : se connecter, ou demander un code."),
        "enter_current_password": _("Ce n’est pas le mot de passe actuel : le saisir à nouveau."),
        "incorrect_code": _("Ce code n’est pas celui du dernier courriel : le recopier, ou en demander un autre."),
        "incorrect_password": _("Mot de passe incorrect."),
        "too_many_login_attempts": _("Trop d’essais : attendre cinq minutes, puis recommencer."),
        "rate_limited": _("Trop de demandes à la suite : attendre un instant, puis recommencer."),
    }

    def save_user(self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True) -> Any:
        data = form.cleaned_data
        language = (get_language() or "fr")[:2]
        return User.objects.create_user(data["email"], data["name"], data.get("password1") or None, language=language)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """The system never signs in; an account opened by an administrator has an address he vouches for."""
        if user.is_system:
            messages.error(request, str(WRONG))
            return HttpResponseRedirect(reverse("sign-in"))
        if not EmailAddress.objects.filter(user=user).exists():
            EmailAddress.objects.create(user=user, email=user.email.lower(), verified=True, primary=True)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        email, siret = request.session.pop("declared", ("", ""))
        if not siret or email != user.email:  # declared by somebody else at this screen
            return response
        return representation.declare_at_sign_in(request, user, siret) or response
