"""Fields of the region’s forms: an amount as people type it, a day, and the base of every act’s form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from regions.schemes.words import reasons_of

SPACES = " \u00a0\u202f€"


class AmountField(forms.DecimalField):
    """An amount in euro excl. VAT: « 1 200,50 », « 1200.5 » and « 1200 € » are all read."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, "min_value": 0, **kwargs})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.translate({ord(space): None for space in SPACES}).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """An amount shown again as it is written in French, what was typed as it was typed."""
        plain = value is None or isinstance(value, str)
        return value if plain or not (get_language() or "fr").startswith("fr") else str(value).replace(".", ",")


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day, from the browser’s calendar or typed as 31/12/2026."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)


def words_field(label: Any, **kwargs: Any) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **kwargs)


class ActForm(forms.Form):
    """The form of one act: what it asks, and the facts that it gives to the gate."""

    button: Any = ""

    def __init__(self, data: Any = None, *, name: str, target: Any, **kwargs: Any) -> None:
        self.act, self.target = name, target
        super().__init__(data, auto_id=f"{name}-%s", **kwargs)
        self.prepare()

    @property
    def file(self) -> Application:
        """The file that the act is about, or that its claim belongs to."""
        return getattr(self.target, "application", self.target)

    def prepare(self) -> None:
        """Choices and first values that depend on the file."""

    def given(self) -> dict[str, Any]:
        """The facts of the act; empty ones are left out."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}


class PlainForm(ActForm):
    """An act that asks nothing but to be made."""


class ReasonForm(ActForm):
    """An act that asks for its reason in words."""

    reason = words_field(_("Motif"))


def sentences(file: Application) -> list[tuple[str, str]]:
    """Code and words of each reason that the file’s scheme knows; the figure of the case stands as « … »."""
    tongue = "en" if (get_language() or "fr").startswith("en") else "fr"
    reasons = reasons_of(file.scheme_version.rules)
    return [(code, words[tongue].replace("{found}", "…")) for code, words in reasons.items()]
