"""What is typed to claim, verify, set aside and send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import Deduction
from applications.models import PaymentApplication
from backoffice.views.officer.fields import AmountField, day_field


class ClaimForm(forms.Form):
    """The last day of what the region asks for."""

    until = day_field(_("Paiements faits jusqu’au"))


class ReasonForm(forms.Form):
    """The conclusion of a verification, or why something is given back or cancelled."""

    reason = forms.CharField(label=_("Conclusion ou motif"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class WithholdForm(forms.Form):
    """What is kept of a payment, and why not all."""

    declared = AmountField(label=_("Montant retenu"))
    reason = forms.CharField(label=_("Pourquoi le reste est écarté"), max_length=200)


class CorrectionForm(forms.Form):
    """What is taken back of what a file declared: from the next claim, or in the accounts of a year."""

    amount = AmountField(label=_("Montant à retirer"), min_value=0)
    ground = forms.ChoiceField(label=_("Nature"), choices=Deduction.choices)
    audit = forms.BooleanField(label=_("Constatée par un audit"), required=False)
    year_end = forms.TypedChoiceField(
        label=_("Où la retirer"), required=False, coerce=date.fromisoformat, empty_value=None
    )
    reason = forms.CharField(label=_("Constat"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, years: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: Any = self.fields["year_end"]
        found.choices = [("", _("De la prochaine demande de paiement")), *years]


class BasisForm(forms.Form):
    """The calculation basis that the decision on the programme fixed."""

    basis = forms.ChoiceField(
        label=_("Base de calcul du programme"), choices=PaymentApplication.Basis.choices,
        initial=PaymentApplication.Basis.PUBLIC,
        help_text=_("Celle de la décision de la Commission sur le programme (à confirmer)."),
    )  # fmt: skip


class SendForm(forms.Form):
    """What SFC2021 gave."""

    reference = forms.CharField(label=_("Référence donnée par SFC2021"), max_length=60)
