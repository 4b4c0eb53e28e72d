"""Who owns the firm and what it owns: the ties of a draft, one form each, and the figures of the year before."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.enums import Control, Direction, HolderKind
from applications.forms.application import only_draft
from applications.forms.fields import Euros, SirenField
from applications.models import Application, OwnershipLink
from applications.rules import declared_ownership as rules
from applications.rules.base import InputError
from applications.rules.ownership import INVESTORS

MAX_LINKS = 60
UNKNOWN_YES_NO = [("", _("Je ne sais pas, ou sans objet")), ("yes", _("Oui")), ("no", _("Non"))]


def percent(label: Any, **kwargs: Any) -> Euros:
    """A percentage of 0 to 100, two decimals."""
    return Euros(label=label, max_value=Decimal(100), **kwargs)


def _figure(label: Any) -> Euros:
    return Euros(label=label, required=False)


class LinkFields(forms.Form):
    """What is said of a tie; shared by the draft's form and by the officer's correction."""

    name = forms.CharField(label=_("Nom de l’entreprise, de l’organisme ou de la personne"), max_length=160)
    kind = forms.ChoiceField(label=_("C’est"), choices=HolderKind.choices, initial=HolderKind.ENTERPRISE)
    siren = SirenField(
        required=False, help_text=_("Pour une entreprise française ; vide pour une personne ou une firme étrangère.")
    )
    around = forms.TypedChoiceField(
        label=_("Le lien est avec"), coerce=int, empty_value=None, required=False,
        help_text=_("Votre entreprise, ou une entreprise ou personne déjà dans la liste."),
    )  # fmt: skip
    direction = forms.ChoiceField(label=_("Sens du lien"), choices=[], initial=Direction.OWNER)
    capital = percent(_("Part du capital, en %"))
    votes = percent(_("Part des votes, en %, si elle diffère"), required=False)
    control = forms.ChoiceField(label=_("Autre moyen de contrôle"), required=False)
    headcount = _figure(_("Effectif, dernier exercice clos"))
    turnover = _figure(_("Chiffre d’affaires hors taxes, dernier exercice, en euros"))
    balance_sheet = _figure(_("Total du bilan, dernier exercice, en euros"))
    previous_headcount = _figure(_("Effectif, exercice précédent"))
    previous_turnover = _figure(_("Chiffre d’affaires hors taxes, exercice précédent, en euros"))
    previous_balance_sheet = _figure(_("Total du bilan, exercice précédent, en euros"))
    same_market = forms.TypedChoiceField(
        label=_("Même marché que votre entreprise, ou marché voisin ?"), choices=UNKNOWN_YES_NO, required=False,
        coerce=lambda value: value == "yes", empty_value=None,
        help_text=_("Utile quand la même personne contrôle les deux entreprises."),
    )  # fmt: skip
    invested = Euros(
        label=_("Montant investi par l’investisseur providentiel, en euros"), required=False,
        help_text=_("Sous 1 250 000 €, il ne fait pas perdre l’indépendance (à confirmer)."),
    )  # fmt: skip
    budget = Euros(label=_("Budget annuel de la collectivité, en euros"), required=False)
    inhabitants = forms.IntegerField(label=_("Habitants de la collectivité"), required=False, min_value=0)

    def of_file(self, file: Application, row: OwnershipLink | None) -> None:
        """Choices and first values that depend on the file, and on the tie being changed."""
        self.tied_file, self.tie = file, row
        others = [one for one in file.ownership_links.live() if row is None or one.number != row.number]
        fields: Any = self.fields
        fields["around"].choices = [("", file.company.name), *((one.number, _named(one)) for one in others)]
        fields["direction"].choices = [
            (Direction.OWNER, _("Elle détient une part de l’autre")),
            (Direction.OWNED, _("L’autre détient une part d’elle")),
        ]
        fields["control"].choices = [("", _("Aucun")), *Control.choices]
        if row is not None:
            self.initial = {name: getattr(row, name) for name in LinkFields.base_fields}
            self.initial["same_market"] = {True: "yes", False: "no", None: ""}[row.same_market]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self._needs(data)
        if not self.errors:
            self._possible(data)
        return data

    def _needs(self, data: Mapping[str, Any]) -> None:
        """An enterprise that counts gives its figures; a tie names a percentage or a control."""
        if not data["capital"] and not data.get("votes") and not data.get("control"):
            self.add_error("capital", _("Indiquer une part du capital ou des votes, ou un autre moyen de contrôle."))
        counts = data["kind"] == HolderKind.ENTERPRISE or data["kind"] in INVESTORS
        known = data.get("headcount") is not None and (
            data.get("turnover") is not None or data.get("balance_sheet") is not None
        )
        if data["kind"] == HolderKind.ENTERPRISE and not known:
            self.add_error("headcount", _("Indiquer l’effectif, et le chiffre d’affaires ou le total du bilan."))
        if data.get("siren") and not counts:
            self.add_error("siren", _("Un SIREN est celui d’une entreprise : l’effacer, ou choisir « Entreprise »."))
        if data.get("siren") == self.tied_file.company.siren:
            self.add_error("siren", _("C’est le SIREN de votre entreprise : indiquer celui de l’autre."))

    def _possible(self, data: Mapping[str, Any]) -> None:
        """All the ties together: no stake above the whole, no enterprise that is not described."""
        rows = [row for row in _plain(self.tied_file) if self.tie is None or row["number"] != self.tie.number]
        number = self.tie.number if self.tie else next_number(self.tied_file)
        given = {name: data.get(name) for name in rules.Tie.__slots__ if name in data} | {"number": number}
        try:
            rules.Declared(self.tied_file.company.siren, (None,), rules.ties([*rows, given])).graph()
        except InputError:
            self.add_error(
                "capital", _("Avec les liens déjà déclarés, les parts d’une même entreprise dépassent 100 %.")
            )


def _named(row: OwnershipLink) -> str:
    return f"{row} · {row.name}"


def _plain(file: Application) -> list[dict[str, Any]]:
    return list(file.ownership_links.live().values(*rules.Tie.__slots__))


def next_number(file: Application) -> int:
    """The number of the next tie: a number is never used twice while the other stands."""
    return int(file.ownership_links.aggregate(last=Max("number"))["last"] or 0) + 1


class LinkForm(LinkFields):
    """A tie of a draft: a new one, or one that is changed."""

    def __init__(self, *args: Any, application: Application, row: OwnershipLink | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_file(application, row)

    def clean(self) -> dict[str, Any]:
        if self.tie is None and self.tied_file.ownership_links.count() >= MAX_LINKS:
            self.add_error(None, _("La liste tient 60 liens au plus : déclarer d’abord les plus importants."))
        return only_draft(self, super().clean(), self.tied_file)

    def save(self) -> OwnershipLink:
        with transaction.atomic():
            Application.objects.select_for_update(of=("self",)).get(pk=self.tied_file.pk)
            row = self.tie or OwnershipLink(application=self.tied_file, number=next_number(self.tied_file))
            for name, value in self.cleaned_data.items():
                setattr(row, name, value)
            row.save()
        return row


class LinkRemoval(forms.Form):
    """Take a tie out of a draft; not one on which another hangs."""

    link = forms.ModelChoiceField(OwnershipLink.objects.none())

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        field: Any = self.fields["link"]
        field.queryset = application.ownership_links.live()

    def clean_link(self) -> OwnershipLink:
        row: OwnershipLink = self.cleaned_data["link"]
        if hangs_on(self.application, row.number):
            raise forms.ValidationError(now_("Un autre lien part de %s : le retirer d’abord.") % row.name)
        return row

    def clean(self) -> dict[str, Any]:
        return only_draft(self, super().clean() or {}, self.application)

    def save(self) -> None:
        self.cleaned_data["link"].delete()


def hangs_on(file: Application, number: int) -> bool:
    """Whether another tie starts from the enterprise or person of this one."""
    return file.ownership_links.live().filter(around=number).exists()
