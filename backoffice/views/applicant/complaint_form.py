"""What a firm complains of."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.views.officer.fields import words_field


class ComplaintForm(forms.Form):
    """A subject and some words; the file is that of the page."""

    title = forms.CharField(label=_("Objet"), max_length=160)
    reason = words_field(_("Votre réclamation"), help_text=_("Quelques phrases suffisent."))
