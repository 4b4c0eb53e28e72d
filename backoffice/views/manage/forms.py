"""The forms of the administrator: people, absences, money, rules, contact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import BUDGET_BUCKETS, Bucket
from applications.forms.fields import SiretField
from backoffice.views.officer.fields import AmountField, day_field
from regions import clock
from regions.enums import Instrument, RoleKind
from regions.models import Envelope, Region, Scheme, User
from workflows.administration.house import CONTACT


class RegionalForm(forms.Form):
    """A form about one of the regions administered: the region is asked only when there are several."""

    region = forms.ModelChoiceField(Region.objects.none(), label=_("Région"), empty_label=_("Choisir"))

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions = regions
        field: Any = self.fields["region"]
        field.queryset = Region.objects.filter(pk__in=[region.pk for region in regions])
        if len(regions) == 1:
            del self.fields["region"]
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on the regions."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        return data | ({"region": self.regions[0]} if len(self.regions) == 1 else {})


class RoleForm(RegionalForm):
    """Propose a role for a person, who may not have an account yet."""

    field_order = ["email", "name", "kind", "region", "valid_from", "delegation"]
    email = forms.EmailField(label=_("Adresse électronique"), max_length=254)
    name = forms.CharField(
        label=_("Nom"), max_length=120, required=False,
        help_text=_("À remplir si cette personne n’a pas encore de compte."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Rôle"), choices=RoleKind.choices)
    valid_from = day_field(_("À partir du"))
    delegation = forms.CharField(
        label=_("Délégation"), max_length=120, required=False,
        help_text=_("L’acte qui lui permet de signer, pour un décideur ou un ordonnateur."),
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["valid_from"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        known = User.objects.filter(email__iexact=data.get("email", "")).exists()
        if data.get("email") and not known and not data.get("name", "").strip():
            self.add_error("name", _("Indiquer le nom de cette personne : elle n’a pas encore de compte."))
        return data


class LastDayForm(forms.Form):
    """The last day of a role."""

    last_day = day_field(_("Dernier jour"))


class AbsenceForm(RegionalForm):
    """Who is away, from when to when, and who sees his files meanwhile."""

    field_order = ["region", "user", "substitute", "first", "last"]
    user = forms.ModelChoiceField(User.objects.none(), label=_("Personne absente"), empty_label=_("Choisir"))
    substitute = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Remplaçant"),
        empty_label=_("Choisir"),
        help_text=_("Quelqu’un qui a déjà le même rôle."),
    )  # fmt: skip
    first = day_field(_("Premier jour"))
    last = day_field(_("Dernier jour"))

    def prepare(self) -> None:
        held = User.objects.filter(roles__region__in=self.regions, roles__confirmed_at__isnull=False)
        people = held.filter(is_active=True, is_system=False).distinct().order_by("name")
        for name in ("user", "substitute"):
            field: Any = self.fields[name]
            field.queryset = people


class CostForm(RegionalForm):
    """What a year cost the region, for a scheme or for all of them."""

    field_order = ["region", "scheme", "year", "staff", "amount", "source"]
    scheme = forms.ModelChoiceField(
        Scheme.objects.none(), label=_("Dispositif"), required=False, empty_label=_("Tous les dispositifs ensemble")
    )
    year = forms.IntegerField(label=_("Année"), min_value=2020, max_value=2100)
    staff = AmountField(label=_("Agents, en équivalents temps plein"), max_digits=8)
    amount = AmountField(
        label=_("Coût de l’année, en euros"), min_value=1,
        help_text=_("Salaires et charges, logiciels, prestations ; ce que la source compte."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("Par exemple : état de la paie du service et marchés de l’année."),
    )

    def prepare(self) -> None:
        field: Any = self.fields["scheme"]
        field.queryset = Scheme.objects.filter(region__in=self.regions).order_by("name_fr")
        self.fields["year"].initial = clock.today().year - 1


class BudgetForm(forms.Form):
    """Open credits or overbooking for a scheme and a year; a negative amount takes back."""

    scheme = forms.ModelChoiceField(Scheme.objects.none(), label=_("Dispositif"), empty_label=_("Choisir"))
    year = forms.IntegerField(label=_("Exercice"), min_value=2020, max_value=2100)
    bucket = forms.ChoiceField(
        label=_("Nature"),
        choices=[(bucket.value, bucket.label) for bucket in BUDGET_BUCKETS],
    )
    instrument = forms.ChoiceField(
        label=_("Instrument"), choices=Instrument.choices, initial=Instrument.GRANT,
        help_text=_("Un prêt, une avance remboursable ou une garantie a sa propre enveloppe."),
    )  # fmt: skip
    amount = AmountField(
        label=_("Montant, en euros"), min_value=None,
        help_text=_("Tous financeurs ensemble ; précédé du signe moins pour retirer des crédits."),
    )  # fmt: skip

    credit_year = forms.IntegerField(
        label=_("Année de paiement"), min_value=2020, max_value=2100, required=False,
        help_text=_("Pour des crédits de paiement seulement : l’année où les mandats les consomment."),
    )  # fmt: skip
    vote_reference = forms.CharField(
        label=_("Délibération"), max_length=60, required=False,
        help_text=_("Sa référence ; obligatoire pour une surprogrammation."),
    )  # fmt: skip
    voted_on = day_field(_("Votée le"), required=False)

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["scheme"]
        field.queryset = Scheme.objects.filter(region__in=regions).order_by("name_fr")
        self.fields["year"].initial = clock.today().year

    def clean(self) -> dict[str, Any]:
        """Payment credits have a year; overbooking has a vote; a reference goes with its day."""
        data: dict[str, Any] = super().clean() or {}
        reference, day = data.get("vote_reference", ""), data.get("voted_on")
        adds = data.get("bucket") == Bucket.OVERBOOKING and (data.get("amount") or 0) > 0
        if (adds or day) and not reference:
            self.add_error("vote_reference", _("Indiquer la référence de la délibération."))
        if (adds or reference) and not day and "voted_on" not in self.errors:
            self.add_error("voted_on", _("Indiquer le jour du vote."))
        if data.get("bucket") == Bucket.CREDITS and not data.get("credit_year") and "credit_year" not in self.errors:
            self.add_error("credit_year", _("Indiquer l’année où ces crédits paient."))
        return data


class TransferForm(forms.Form):
    """Move credits from one envelope to another; another person confirms."""

    source = forms.ModelChoiceField(Envelope.objects.none(), label=_("De l’enveloppe"), empty_label=_("Choisir"))
    target = forms.ModelChoiceField(Envelope.objects.none(), label=_("Vers l’enveloppe"), empty_label=_("Choisir"))
    amount = AmountField(label=_("Montant, en euros"))
    reason = forms.CharField(label=_("Motif"), max_length=200)

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            field: Any = self.fields[name]
            field.queryset = Envelope.objects.filter(scheme__region__in=regions).order_by("-year", "name")


class ContactForm(forms.ModelForm):
    """What the region’s letters say of it, and the number under which it grants."""

    siret = SiretField(
        label=_("SIRET de la région"), required=False,
        help_text=_("Le registre de minimis et les subventions publiées disent par lui qui accorde l’aide."),
    )  # fmt: skip

    class Meta:
        model = Region
        fields = list(CONTACT)
        labels = {
            "service": _("Service"), "email": _("Adresse électronique"), "phone": _("Téléphone"),
            "address": _("Adresse postale"), "court_name": _("Tribunal compétent"),
            "court_address": _("Adresse du tribunal"),
        }  # fmt: skip
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}


class AnswerForm(forms.Form):
    """The answer to a request about personal data."""

    answer = forms.CharField(label=_("Réponse"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class NoteForm(forms.Form):
    """What was found or done about a difference."""

    text = forms.CharField(label=_("Ce qui a été trouvé ou fait"), max_length=2000, widget=forms.Textarea({"rows": 2}))
