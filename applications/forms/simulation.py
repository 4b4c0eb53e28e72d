"""What a firm types before it has an account: enough for the rules, kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import LegalCategory
from applications.forms.fields import Days, Euros, NafField, PlaceField, SiretField, categories
from applications.rules import terms
from applications.rules.amounts import Line
from applications.simulation import assumed, of_level, to_come
from regions.models import Region

MAX_LINES = 8


class SimulationForm(forms.Form):
    """The firm's facts; all that the conditions ask and nothing more."""

    siret = SiretField(
        label=_("SIRET (facultatif)"), required=False,
        help_text=_("Avec lui, le registre remplit l’activité, la forme juridique et la région."),
    )  # fmt: skip
    headcount = Euros(
        label=_("Effectif, en équivalents temps plein"), max_value=Decimal(100000),
        help_text=_("Une personne à mi-temps compte pour 0,5. Zéro si vous travaillez sans salarié."),
    )  # fmt: skip
    turnover = Euros(label=_("Chiffre d’affaires annuel hors taxes, en euros"))
    naf = NafField(help_text=_("Par exemple 47.11A ; il est sur l’extrait d’immatriculation."))
    legal_category = forms.ChoiceField(label=_("Forme juridique"))
    seat_region = forms.ChoiceField(label=_("Région du siège"))
    place = PlaceField(
        label=_("Code postal (facultatif)"), help_text=_("Il montre les prestataires proches, s’il en faut un.")
    )
    works_start_on = forms.DateField(
        label=_("Devis déjà signé ou acompte versé : à quelle date ?"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Laisser vide si rien n’est signé. Ne signez pas avant notre courrier."),
    )  # fmt: skip
    prior = Euros(
        label=_("Aides de minimis reçues sur trois ans, en euros"), required=False,
        help_text=_("Le courrier d’octroi de ces aides porte les mots « de minimis ». Vide : aucune."),
    )  # fmt: skip

    def __init__(self, *args: Any, rules: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        choose = [("", _("Choisir"))]
        fields: Any = self.fields
        fields["legal_category"].choices = choose + LegalCategory.choices
        fields["seat_region"].choices = choose + [(r.code, r.name) for r in Region.objects.all()]
        if terms.levels(rules):
            fields["level"] = _level_field(rules)
        if terms.group_terms(rules):
            fields["members"] = forms.IntegerField(
                label=_("Nombre d’entreprises du groupement, la vôtre comprise"), min_value=1, max_value=50
            )

    def facts(self, day: Any) -> dict[str, Any]:
        """The facts that conditions may name; the house's history of the firm is taken as empty."""
        data = self.cleaned_data
        named = ("headcount", "turnover", "naf", "legal_category", "seat_region", "works_start_on")
        project = of_level(self.rules, data.get("level", 1)) | {"members": data.get("members")}
        return assumed(day) | to_come(self.rules) | {name: data[name] for name in named} | project


def _level_field(rules: Mapping[str, Any]) -> forms.TypedChoiceField:
    choices = [(entry["level"], entry["level"]) for entry in terms.levels(rules)]
    return forms.TypedChoiceField(
        label=_("Niveau"), coerce=int, choices=choices, initial=1,
        help_text=_("Le premier est l’analyse ; le suivant ne s’ouvre qu’une fois l’analyse soldée."),
    )  # fmt: skip


class QuoteLineForm(forms.Form):
    """A line of the quote: its category and its amount; an empty line is no line."""

    category = forms.ChoiceField(label=_("Dépense"), required=False)
    quantity = Days(label=_("Nombre de jours, si le prix est à la journée"), required=False)
    amount = Euros(label=_("Montant hors taxes, en euros"), required=False)

    def __init__(self, *args: Any, rules: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [("", _("Choisir")), *categories(rules)]
        if not terms.prices_days(rules):
            del self.fields["quantity"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("category") and not data.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Indiquer le montant hors taxes de cette dépense."))
        if data.get("amount") and not data.get("category") and "category" not in self.errors:
            self.add_error("category", _("Choisir la dépense à laquelle ce montant correspond."))
        return data


class _QuoteLines(forms.BaseFormSet):
    def clean(self) -> None:
        if not any(self.errors) and not self.filled():
            raise forms.ValidationError(_("Indiquer au moins une dépense et son montant."))

    def filled(self) -> list[dict[str, Any]]:
        """The lines that hold something."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("category")]

    def lines(self, rules: Mapping[str, Any]) -> list[Line]:
        """The lines as the rules read them."""
        labels = dict(categories(rules))
        return [
            Line(str(rank), row["category"], labels[row["category"]], row["amount"], quantity=row.get("quantity"))
            for rank, row in enumerate(self.filled(), 1)
        ]


QuoteLines: Any = forms.formset_factory(
    QuoteLineForm, formset=_QuoteLines, extra=0, min_num=1, max_num=MAX_LINES, absolute_max=MAX_LINES
)
