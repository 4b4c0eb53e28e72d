"""The forms of sign-in, sign-up and recovery: our words on the account library's checks."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as base
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applications.forms.fields import SiretField

EMAIL = _("Adresse électronique")
CODE_HINT = _("Le code reçu par courriel ; les tirets et les majuscules ne comptent pas.")
PASSWORD_HINT = _("12 caractères au moins ; une suite de mots sans rapport avec vous convient très bien.")


def _dress(form: forms.BaseForm, name: str, label: Any, **extra: Any) -> None:
    """Give a field our label and hint, and take away the placeholder that some readers cannot see."""
    field = form.fields.get(name)
    if field is None:
        return
    field.label, field.help_text = label, extra.get("hint", "")
    field.widget.attrs.pop("placeholder", None)
    if "autocomplete" in extra:
        field.widget.attrs["autocomplete"] = extra["autocomplete"]


class SignInForm(base.LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, "login", EMAIL, autocomplete="username")
        _dress(self, "password", _("Mot de passe"), autocomplete="current-password")


class AskCodeForm(base.RequestLoginCodeForm):
    """The address to which a sign-in code is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, "email", EMAIL, autocomplete="username")


class _CodeMixin:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form: Any = self
        _dress(form, "code", _("Code"), hint=CODE_HINT, autocomplete="one-time-code")


class CodeForm(_CodeMixin, base.ConfirmLoginCodeForm):
    """The code that signs in."""


class AddressCodeForm(_CodeMixin, base.ConfirmEmailVerificationCodeForm):
    """The code that proves an address at sign-up."""


class RecoveryCodeForm(_CodeMixin, base.ConfirmPasswordResetCodeForm):
    """The code that lets a new password be chosen."""


class RecoveryForm(base.ResetPasswordForm):
    """The address of the account whose password is lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, "email", EMAIL, autocomplete="username")


class _NewPasswordMixin:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form: Any = self
        _dress(form, "oldpassword", _("Mot de passe actuel"), autocomplete="current-password")
        _dress(form, "password1", _("Nouveau mot de passe"), hint=PASSWORD_HINT, autocomplete="new-password")
        _dress(form, "password2", _("Le même, une seconde fois"), autocomplete="new-password")


class NewPasswordForm(_NewPasswordMixin, base.ResetPasswordKeyForm):
    """A new password after recovery."""


class ChangePasswordForm(_NewPasswordMixin, base.ChangePasswordForm):
    """A new password in place of the present one."""


class SetPasswordForm(_NewPasswordMixin, base.SetPasswordForm):
    """A first password for an account that signs in by code."""


class SignUpForm(base.SignupForm):
    """A firm's representative: who, which firm, and the declaration that he may bind it."""

    name = forms.CharField(
        label=_("Prénom et nom"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    siret = SiretField(required=False, help_text=_("14 chiffres. Vous pouvez aussi l’indiquer plus tard."))
    representative = forms.BooleanField(
        label=_("Je déclare être le représentant légal de cette entreprise."), required=False
    )
    field_order = ["email", "name", "siret", "representative", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, "email", EMAIL, autocomplete="email")
        hint = _("Facultatif : sans mot de passe, un code vous est envoyé par courriel à chaque connexion.")
        _dress(self, "password1", _("Mot de passe"), hint=hint, autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if data.get("siret") and not data.get("representative"):
            self.add_error("representative", _("Cocher cette case : seul le représentant légal inscrit l’entreprise."))
        return data

    def save(self, request: HttpRequest) -> Any:
        """Open the account; the firm is bound once the address is proved (see the adapter)."""
        request.session["declared"] = [self.cleaned_data["email"], self.cleaned_data.get("siret", "")]
        return super().save(request)
