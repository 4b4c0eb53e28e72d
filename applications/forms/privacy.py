"""What a person asks about his own data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import PrivacyKind
from applications.models import PrivacyRequest
from regions import clock
from regions.models import User


class PrivacyForm(forms.ModelForm):
    """A request of rectification, erasure or access; what to correct is said in words."""

    class Meta:
        model = PrivacyRequest
        fields = ["kind", "text"]
        labels = {"kind": _("Votre demande")}

    text = forms.CharField(
        label=_("Précisions"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce qui est à corriger ou à effacer. 2 000 caractères au plus."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["kind"].choices = [("", _("Choisir")), *PrivacyKind.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == PrivacyKind.RECTIFICATION and not data.get("text"):
            self.add_error("text", _("Dire ce qui est à corriger."))
        if self.user.privacy_requests.filter(kind=data.get("kind") or "", answered_at__isnull=True).exists():
            self.add_error("kind", _("Vous avez déjà fait cette demande : la réponse est en préparation."))
        return data

    def save(self, commit: bool = True) -> PrivacyRequest:
        request: PrivacyRequest = super().save(commit=False)
        request.user, request.asked_at = self.user, clock.now()
        request.save()
        return request
