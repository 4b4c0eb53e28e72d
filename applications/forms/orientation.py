"""« May I get an aid? »: a SIRET or five answers; what is left empty is unknown, and refuses nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import LegalCategory
from applications.forms.fields import Euros, NafField, PlaceField, SiretField
from applications.services.directory import look_up, region_of

EXAMPLE_COST = Decimal("5000.00")
FIGURES = ("headcount", "turnover", "naf", "legal_category", "created_on", "cost")
BEFORE = "was"  # the prefix of the answers before
NAMES = ("siret", "place", *FIGURES)


class OrientationForm(forms.Form):
    """What the conditions of the open schemes ask of a firm; a SIRET fills what the register knows."""

    siret = SiretField(
        label=_("SIRET (facultatif)"), required=False,
        help_text=_("Avec lui, le registre remplit la commune, l’activité, la forme juridique et l’ancienneté."),
    )  # fmt: skip
    place = PlaceField(
        label=_("Code postal de votre siège"), help_text=_("Il dit votre région et les prestataires proches.")
    )
    headcount = Euros(
        label=_("Effectif, en équivalents temps plein"), required=False, max_value=Decimal(100000),
        help_text=_("Une personne à mi-temps compte pour 0,5. Zéro si vous travaillez sans salarié."),
    )  # fmt: skip
    turnover = Euros(label=_("Chiffre d’affaires annuel hors taxes, en euros"), required=False)
    naf = NafField(required=False, help_text=_("Par exemple 47.11A ; il est sur l’extrait d’immatriculation."))
    legal_category = forms.ChoiceField(label=_("Forme juridique"), required=False)
    created_on = forms.DateField(
        label=_("Date de création de l’entreprise"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    cost = Euros(
        label=_("Coût du projet hors taxes, en euros"), required=False, max_value=Decimal(10_000_000),
        help_text=_("Une idée suffit. Vide : un projet de 5 000 €."),
    )  # fmt: skip

    def __init__(self, *args: Any, asked: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["legal_category"].choices = [("", _("Je ne sais pas")), *LegalCategory.choices]
        if kwargs.get("prefix"):
            del self.fields["siret"]  # what it filled is sent again; the register is asked once
        if "age_months" not in asked and "created_on" not in asked:
            del self.fields["created_on"]
        self.notice = self.nomenclature = ""

    def clean(self) -> dict[str, Any]:
        """What the register knows fills what was left empty; without it, the place must be told."""
        data: dict[str, Any] = super().clean() or {}
        found = self._registered(data["siret"]) if data.get("siret") else {}
        data |= {n: value for n, value in found.items() if n in self.fields and (not data.get(n) or self._stale(n))}
        if not data.get("place") and not self.errors:
            words = _("Indiquer un code postal : sans lui, ni votre région ni ses aides ne sont connues.")
            self.add_error("place", words)
        return data

    def _registered(self, siret: str) -> dict[str, Any]:
        answer = look_up(siret)
        facts = answer.facts
        self.notice = str(answer.sentence) if facts is None else ""
        if facts is None:
            return {}
        self.nomenclature = facts.naf_nomenclature
        return {
            "place": facts.commune, "naf": facts.naf_code, "legal_category": facts.legal_category,
            "created_on": facts.created_on,
        }  # fmt: skip

    def _stale(self, name: str) -> bool:
        """Whether a box still holds what was filled for another SIRET; the answers before are sent again beside."""
        earlier, now = (self.data.get(f"{BEFORE}-{key}", "") for key in ("siret", name))
        return earlier != "".join(self.data.get("siret", "").split()) and now == self.data.get(name, "") != ""

    @property
    def region(self) -> str:
        """The INSEE code of the seat's region."""
        return region_of(self.cleaned_data["place"])

    @property
    def cost_told(self) -> Decimal:
        return self.cleaned_data["cost"] or EXAMPLE_COST

    def facts(self) -> dict[str, Any]:
        """The facts as the conditions name them; None where nobody told."""
        data = self.cleaned_data
        known = {name: data.get(name) for name in ("headcount", "turnover", "created_on")}
        codes = {name: data.get(name) or None for name in ("naf", "legal_category")}
        more = {"naf_nomenclature": self.nomenclature} if self.nomenclature else {}
        return known | codes | more | {"seat_region": self.region}


def told(data: Mapping[str, Any]) -> dict[str, str]:
    """Answers as plain text, to be sent again: dates in ISO form, nothing for what is unknown."""
    return {name: "" if data.get(name) is None else str(data[name]) for name in NAMES if name in data}
