"""The first step of a draft: the figures of the firm, for its latest closed year and the one before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.application import DraftForm
from applications.forms.fields import Euros, IndependenceField, NafField
from applications.models import Application

YEAR_BEFORE = ("previous_headcount", "previous_turnover", "previous_balance_sheet")
BEFORE = (*YEAR_BEFORE, "ownership_changed")


class FirmForm(DraftForm):
    """Step 1: the figures of the firm, as of its last closed year."""

    headcount = Euros(
        label=_("Effectif, en équivalents temps plein"), max_value=Decimal(100000), required=False,
        help_text=_("Une personne à mi-temps compte pour 0,5. Zéro si vous travaillez sans salarié."),
    )  # fmt: skip
    turnover = Euros(label=_("Chiffre d’affaires annuel hors taxes, en euros"), required=False)
    balance_sheet = Euros(label=_("Total du bilan, en euros (facultatif)"), required=False)
    naf_code = NafField(required=False, help_text=_("Par exemple 47.11A ; il est sur l’extrait d’immatriculation."))
    independent = IndependenceField()
    previous_headcount = Euros(label=_("Effectif, exercice précédent"), max_value=Decimal(100000), required=False)
    previous_turnover = Euros(label=_("Chiffre d’affaires hors taxes, exercice précédent, en euros"), required=False)
    previous_balance_sheet = Euros(label=_("Total du bilan, exercice précédent, en euros"), required=False)

    class Meta:
        model = Application
        fields = ["headcount", "turnover", "balance_sheet", "naf_code", "legal_category", "independent", *BEFORE]
        labels = {
            "legal_category": _("Forme juridique"),
            "ownership_changed": _("Une fusion ou un rachat a eu lieu depuis l’exercice précédent"),
        }

    def clean(self) -> dict[str, Any]:
        """A year before that holds one figure holds enough of them: else no threshold can be read in it."""
        data = super().clean()
        headcount, turnover, balance = (data.get(name) for name in YEAR_BEFORE)
        given = any(value is not None for value in (headcount, turnover, balance))
        if given and headcount is None and "previous_headcount" not in self.errors:
            self.add_error("previous_headcount", _("Indiquer aussi l’effectif de cet exercice, ou laisser tout vide."))
        if given and turnover is None and balance is None and not self.errors:
            words = _("Indiquer aussi le chiffre d’affaires ou le total du bilan de cet exercice.")
            self.add_error("previous_turnover", words)
        return data

    @property
    def latest(self) -> list[forms.BoundField]:
        """The questions on the latest year, the headcount apart."""
        return [field for field in self if field.name != "headcount" and field.name not in BEFORE]

    @property
    def before(self) -> list[forms.BoundField]:
        """The questions on the year before: a threshold counts as crossed after two years running (art. 4(2))."""
        return [self[name] for name in YEAR_BEFORE]

    @property
    def before_open(self) -> bool:
        """Whether the year before is shown unfolded: something is in it, or is wrong in it."""
        return any(self[name].value() for name in BEFORE) or any(name in self.errors for name in BEFORE)
