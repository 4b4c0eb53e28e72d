"""The forms of an irregularity: what was found, and what each act asks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import DetectedHow, IrregularityNature
from applications.models import Application, Claim, Recovery
from backoffice.views.officer.fields import ActForm, AmountField, ReasonForm, day_field, words_field
from workflows.irregularities import correctable, linkable

NOT_YET = _("À laisser vide si la dépense n’a pas été déclarée.")


class FoundForm(forms.Form):
    """Note an irregularity, in the fields that annex XII asks for."""

    nature = forms.ChoiceField(label=_("Nature"), choices=IrregularityNature.choices)
    provision = forms.CharField(label=_("Disposition enfreinte"), max_length=200)
    detected_on = day_field(_("Détectée le"))
    detected_how = forms.ChoiceField(label=_("Mode de détection"), choices=DetectedHow.choices)
    committed_from = day_field(_("Commise à partir du"), required=False)
    committed_to = day_field(_("Commise jusqu’au"), required=False)
    expenditure = AmountField(label=_("Dépense irrégulière, en euros"), min_value=Decimal("0.01"))
    aid = AmountField(label=_("Aide qui s’y rapporte, en euros"), min_value=Decimal("0.01"))
    claim = forms.ModelChoiceField(
        Claim.objects.none(), label=_("Demande de paiement concernée"), required=False, empty_label=_("Tout le dossier")
    )
    recovery = forms.ModelChoiceField(
        Recovery.objects.none(),
        label=_("Recouvrement engagé"),
        required=False,
        empty_label=_("Aucun recouvrement engagé"),
    )
    declared_on = day_field(_("Déclarée à la Commission le"), required=False, help_text=NOT_YET)
    suspected_fraud = forms.BooleanField(label=_("Il y a un soupçon de fraude"), required=False)
    bankruptcy_only = forms.BooleanField(label=_("Elle tient seulement à une faillite"), required=False)
    disclosed = forms.BooleanField(
        label=_("L’entreprise l’a signalée d’elle-même, avant tout contrôle"), required=False
    )
    words = words_field(_("Constat"), help_text=_("Les faits, et ce qui les établit."))

    def __init__(self, data: Any = None, *, file: Application) -> None:
        super().__init__(data, auto_id="found-%s")
        fields: Any = self.fields
        fields["claim"].queryset = file.claims.order_by("number")
        fields["recovery"].queryset = file.recoveries.order_by("pk")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        spent, aid = data.get("expenditure"), data.get("aid")
        if spent is not None and aid is not None and aid > spent:
            self.add_error("aid", _("L’aide ne peut pas dépasser la dépense irrégulière."))
        return data

    def given(self) -> dict[str, Any]:
        """The facts of the opening."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class ReportForm(ActForm):
    """Where and when it was reported."""

    reference = forms.CharField(label=_("Référence du signalement"), max_length=60)
    reported_on = day_field(_("Signalée le"))


class CorrectForm(ActForm):
    """Take irregular expenditure back from the Union: how much, and on what finding."""

    amount = AmountField(label=_("Dépense à retirer, en euros"), min_value=Decimal("0.01"))
    reason = words_field(_("Constat et motif de la correction"))

    def prepare(self) -> None:
        """All that may still be corrected, unless less is typed."""
        self.fields["amount"].initial = correctable(self.target)
        self.fields["amount"].help_text = _("Au plus ce qui reste à corriger et ce qui est déclaré pour ce dossier.")


class LinkForm(ActForm):
    """Tie a recovery of the file to the irregularity."""

    recovery = forms.ModelChoiceField(Recovery.objects.none(), label=_("Recouvrement"), empty_label=None)
    reason = words_field(_("Pourquoi ce recouvrement répond à cette irrégularité"))

    def prepare(self) -> None:
        """The recoveries of the file that still stand."""
        field: Any = self.fields["recovery"]
        field.queryset = linkable(self.target)


IRREGULARITY_ACTS: dict[str, type[ActForm]] = {
    "confirm": ReasonForm,
    "exempt": ReasonForm,
    "drop": ReasonForm,
    "report": ReportForm,
    "correct": CorrectForm,
    "link": LinkForm,
    "waive": ReasonForm,
    "follow": ReasonForm,
    "close": ReasonForm,
}
