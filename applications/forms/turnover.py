"""The form by which a firm declares the export turnover of a year."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.fields import Euros


class TurnoverForm(forms.Form):
    """One amount, in euro excluding VAT; zero is an answer, an empty box is none."""

    amount = Euros(
        label=_("Chiffre d’affaires à l’export de l’année, hors taxes, en euros"),
        help_text=_("Ce que vous avez facturé hors de France cette année-là ; écrire 0 si vous n’avez rien vendu."),
    )  # fmt: skip
    accurate = forms.BooleanField(
        label=_("Ce montant est celui de mes comptes ; je peux le justifier si la région le demande."),
        error_messages={"required": _("Confirmer que ce montant est celui de vos comptes.")},
    )
