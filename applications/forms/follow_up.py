"""The questionnaire on what became of a project: the questions of the scheme's version, in its order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.forms.fields import Euros, figure
from applications.models import FollowUp
from applications.rules.follow_up import QUESTIONS, Terms

YES_NO = [("yes", _("Oui")), ("no", _("Non"))]
SATISFIED = [
    (5, _("Très satisfait")), (4, _("Satisfait")), (3, _("Ni satisfait ni mécontent")), (2, _("Mécontent")),
    (1, _("Très mécontent")),
]  # fmt: skip
# What is asked of the firm may be left empty only here: counting twelve practices takes longer than the rest.
OPTIONAL = ("digital_intensity",)
CHOOSE = {"required": _("Choisir une réponse.")}


def _whole(least: int, most: int, **words: Any) -> Callable[..., forms.Field]:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": least, "max": most})
    return lambda required: forms.IntegerField(
        min_value=least, max_value=most, widget=widget, required=required, **words
    )


def _choice(choices: Any, coerce: Callable[[str], Any], **words: Any) -> Callable[..., forms.Field]:
    return lambda required: forms.TypedChoiceField(
        choices=choices, coerce=coerce, empty_value=None, widget=forms.RadioSelect, required=required,
        error_messages=CHOOSE, **words,
    )  # fmt: skip


ASKED: dict[str, Callable[..., forms.Field]] = {
    "headcount": lambda required: Euros(
        label=_("Effectif aujourd’hui, en équivalents temps plein"), required=required,
        help_text=_("Un mi-temps compte pour 0,5 ; le dirigeant non salarié compte aussi."),
    ),
    "turnover": lambda required: Euros(
        label=_("Chiffre d’affaires du dernier exercice clos, hors taxes, en euros"), required=required,
        help_text=_("Un ordre de grandeur sincère suffit."),
    ),
    "online_share": _whole(
        0, 100, label=_("Part vendue en ligne, en pourcentage du chiffre d’affaires"),
        help_text=_("Site, place de marché, commande par réseau social ; 0 si rien n’est vendu en ligne."),
    ),
    "export_share": _whole(
        0, 100, label=_("Part vendue hors de France, en pourcentage du chiffre d’affaires"),
        help_text=_("0 si rien n’est vendu hors de France."),
    ),
    "in_use": _choice(FollowUp.InUse.choices, str, label=_("Ce que l’aide a payé sert-il toujours ?")),
    "new_offer": _choice(
        YES_NO, lambda value: value == "yes",
        label=_("Le projet a-t-il amené un produit, un service ou un procédé nouveau ou nettement amélioré ?"),
    ),
    "new_methods": _choice(
        YES_NO, lambda value: value == "yes",
        label=_("A-t-il changé votre façon de vendre ou de vous organiser ?"),
    ),
    "digital_intensity": _whole(
        0, 12, label=_("Pratiques numériques en place, sur douze (facultatif)"),
        help_text=_("Les mêmes douze pratiques que lors de la demande."),
    ),
    "satisfaction": _choice(SATISFIED, int, label=_("Êtes-vous satisfait de l’aide et de son suivi ?")),
}  # fmt: skip


class FollowUpForm(forms.Form):
    """The questions of the terms; an officer on the telephone may leave some without an answer."""

    def __init__(self, data: Any = None, *, terms: Terms, partial: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name in terms.questions:
            self.fields[name] = ASKED[name](required=not partial and name not in OPTIONAL)

    def given(self) -> dict[str, Any]:
        """The answers; empty ones are left out."""
        known = {name: self.cleaned_data.get(name) for name in QUESTIONS}
        return {name: value for name, value in known.items() if value not in (None, "")}


def answered(row: FollowUp) -> list[tuple[Any, str]]:
    """Each question answered, with its answer in words."""
    words: dict[str, dict[Any, Any]] = {
        "in_use": dict(FollowUp.InUse.choices), "satisfaction": dict(SATISFIED),
        "new_offer": {True: _("Oui"), False: _("Non")}, "new_methods": {True: _("Oui"), False: _("Non")},
    }  # fmt: skip
    given = {name: getattr(row, name) for name in QUESTIONS}
    return [
        (ASKED[name](required=False).label, str(words[name][value]) if name in words else shown(name, value))
        for name, value in given.items()
        if value not in (None, "")
    ]


def shown(name: str, value: Any) -> str:
    """A number as the reader writes it, with its unit."""
    if name == "turnover":
        return now_("%(value)s €") % {"value": figure(value)}
    return f"{figure(value)} %" if name in ("online_share", "export_share") else figure(value)
