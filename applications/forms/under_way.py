"""What a firm types while its project is under way: words, another provider, another firm, its own declaration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.application import providers_for
from applications.forms.fields import Euros, SirenField
from applications.models import Application
from regions.models import Provider


class WordsForm(forms.Form):
    """A text that goes with an act: observations, a contest, the reason to leave."""

    reason = forms.CharField(
        max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Écrire quelques mots.")},
    )  # fmt: skip

    def __init__(self, *args: Any, label: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text


class ChangeProviderForm(forms.Form):
    """Another provider, accredited today, and why."""

    provider = forms.ModelChoiceField(
        Provider.objects.none(),
        error_messages={"required": _("Choisir un prestataire."), "invalid_choice": _("Choisir un autre prestataire.")},
    )
    reason = forms.CharField(
        label=_("Pourquoi changer ? (facultatif)"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["provider"]
        field.queryset = providers_for(application).exclude(pk=application.provider_id or 0)


class JoinForm(forms.Form):
    """The firm that takes a free place in a group."""

    siren = SirenField(
        label=_("SIREN de l’entreprise"),
        help_text=_("Neuf chiffres. L’entreprise doit s’être inscrite ici ; elle confirmera elle-même."),
    )


class ParticipationForm(forms.Form):
    """A firm of a group says for itself what other de minimis aid it had, and that it takes part."""

    declared_de_minimis = Euros(
        label=_("Aides de minimis reçues sur trois ans, en euros"),
        help_text=_(
            "Le total pour votre entreprise et celles qui lui sont liées. Le courrier d’octroi de ces aides "
            "porte les mots « de minimis ». Écrire 0 s’il n’y en a pas."
        ),
    )
    accurate = forms.BooleanField(
        label=_("Mon entreprise participe au projet commun, et ces informations sont exactes."),
        error_messages={"required": _("Cocher cette case pour confirmer la participation.")},
    )
