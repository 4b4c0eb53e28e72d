"""What is typed when an award was entered or published."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.views.officer.fields import day_field


class FilingForm(forms.Form):
    """The day and the reference that the register gave."""

    filed_on = day_field(_("Inscrite le"))
    reference = forms.CharField(label=_("Référence du registre"), max_length=60)
