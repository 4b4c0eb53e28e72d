"""Fields that several forms share: numbers of the register, amounts as people type them, a scheme's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

from applications.services.directory import region_of
from regions.money import CENT, ZERO

PLACE = re.compile(r"^(\d{5}|2[AB]\d{3})$")
NAF = re.compile(r"^(\d{2})\.?(\d{2})\s?([A-Z])$")


def tongue() -> str:
    """The language in which a scheme's own words are shown: English, else French."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def figure(amount: Any) -> str:
    """An amount as the reader writes it: thousands grouped, cents only when there are some."""
    number = Decimal(amount)
    places = 0 if number == number.to_integral_value() else 2
    return str(number_format(number, places, use_l10n=True, force_grouping=True))


def categories(rules: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The scheme's categories of expense: code and words in the reader's language."""
    return [(c["code"], c["label"][tongue()]) for c in rules["what"]["categories"]]


class Euros(forms.DecimalField):
    """An amount in euro typed as people write it: spaces, a comma, a sign are understood."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        given: dict[str, Any] = {
            "max_digits": 12,
            "decimal_places": 2,
            "min_value": ZERO,
            "localize": True,
            "widget": widget,
        }
        super().__init__(**given | kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split()).replace("€", "").replace(",", ".")
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else number.quantize(CENT)


class Days(Euros):
    """A number of days, halves and quarters understood: above zero."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if number == ZERO:
            raise forms.ValidationError(_("Indiquer un nombre de jours supérieur à zéro."))
        return number


class SirenField(forms.CharField):
    """A SIREN, with or without spaces; a SIRET is read for its first nine digits. The key is checked."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        given: dict[str, Any] = {"label": "SIREN", "max_length": 20, "widget": forms.TextInput(attrs=attrs)}
        super().__init__(**given | kwargs)

    def clean(self, value: Any) -> str:
        text = "".join(super().clean(value).split())
        if not text:
            return ""
        try:
            return siren_number.validate(text[:9] if len(text) == 14 else text)
        except NumberError as error:
            raise forms.ValidationError(_("Ce SIREN n’est pas valable : recopier ses neuf chiffres.")) from error


class SiretField(forms.CharField):
    """A SIRET, with or without spaces; its key is checked (La Poste has its own)."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        given: dict[str, Any] = {"label": "SIRET", "max_length": 20, "widget": forms.TextInput(attrs=attrs)}
        super().__init__(**given | kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return siret_number.validate(text)
        except NumberError as error:
            raise forms.ValidationError(
                _("Ce SIRET n’est pas valable : recopier les 14 chiffres de l’extrait d’immatriculation.")
            ) from error


class PlaceField(forms.CharField):
    """A postcode or the INSEE code of a commune: both begin with the département."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "postal-code"}
        given: dict[str, Any] = {"max_length": 10, "required": False, "widget": forms.TextInput(attrs=attrs)}
        super().__init__(**given | kwargs)

    def clean(self, value: Any) -> str:
        text = "".join(super().clean(value).split()).upper()
        if text and not (PLACE.match(text) and region_of(text)):
            raise forms.ValidationError(_("Écrire les cinq chiffres du code postal, par exemple 97411."))
        return text


class NafField(forms.CharField):
    """An activity code of four digits and a letter, written « 47.11A »."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {"label": _("Code d’activité (NAF ou APE)"), "max_length": 20}
        super().__init__(**given | kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        parts = NAF.match(text.strip().upper())
        if parts is None:
            raise forms.ValidationError(_("Écrire quatre chiffres et une lettre, par exemple 47.11A."))
        return f"{parts[1]}.{parts[2]}{parts[3]}"


class YesNoField(forms.TypedChoiceField):
    """A question answered by yes or no; no answer yet is None."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "choices": [("", _("Choisir")), ("yes", _("Oui")), ("no", _("Non"))],
            "coerce": lambda value: value == "yes",
            "empty_value": None,
            "required": False,
        }
        super().__init__(**given | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class IndependenceField(YesNoField):
    """One question: yes for most firms, and nothing more is asked of them."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "label": _("Votre entreprise est-elle indépendante ?"),
            "help_text": _(
                "Oui, sauf si une autre société ou un organisme public en détient au moins 25 %, si elle détient au "
                "moins 25 % d’une autre, ou si ses propriétaires en contrôlent une autre."
            ),
        }
        super().__init__(**given | kwargs)
