"""The forms of a recovery: what was found, and what each act asks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import ClaimState, RecoveryReason
from applications.models import Application, Claim
from backoffice.views.officer.fields import ActForm, AmountField, PlainForm, ReasonForm, words_field
from workflows.conditions_project import room_to_recover


class FoundForm(forms.Form):
    """Note what was paid and has to come back: how much, why, and on which claim."""

    amount = AmountField(label=_("Montant à recouvrer, en euros"), min_value=Decimal("0.01"))
    reason_code = forms.ChoiceField(label=_("Motif"), choices=RecoveryReason.choices)
    claim = forms.ModelChoiceField(
        Claim.objects.none(), label=_("Demande de paiement concernée"), required=False, empty_label=_("Tout le dossier")
    )
    words = words_field(_("Constat"), help_text=_("Ce qui a été constaté ; ce texte est repris dans le courrier."))

    def __init__(self, data: Any = None, *, file: Application) -> None:
        super().__init__(data, auto_id="found-%s")
        self.room = room_to_recover(file)
        claims: Any = self.fields["claim"]
        claims.queryset = file.claims.filter(state=ClaimState.SETTLED).order_by("number")
        self.fields["amount"].help_text = _("Au plus ce qui a été payé et n’est pas déjà en recouvrement.")

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount > self.room:
            raise forms.ValidationError(_("Le montant dépasse ce qui a été payé et n’est pas déjà en recouvrement."))
        return amount

    def given(self) -> dict[str, Any]:
        """The facts of the opening."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


class OrderForm(ActForm):
    """Issue the order: its number in the accounts, and why the observations do not change the finding."""

    order_number = forms.CharField(label=_("Numéro du titre de recettes"), max_length=40)
    reason = words_field(_("Réponse aux observations"), help_text=_("Ce texte est repris dans le courrier."))


class WriteOffForm(ActForm):
    """Give up what remains: the vote that decides it."""

    vote = forms.CharField(
        label=_("Délibération"), max_length=120,
        help_text=_("Date et numéro du vote qui admet la somme en non-valeur ou en fait remise."),
    )  # fmt: skip
    reason = words_field(_("Motif"))


RECOVERY_ACTS: dict[str, type[ActForm]] = {
    "hear": PlainForm,
    "order": OrderForm,
    "confirm": ReasonForm,
    "drop": ReasonForm,
    "write_off": WriteOffForm,
}
# What a form will bring, for the questions asked before it is filled.
SUPPOSING: dict[str, dict[str, Any]] = {"write_off": {"vote": "-"}}
