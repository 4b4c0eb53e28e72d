"""The form of a movement that the accountant saw on the account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.views.officer.fields import AmountField, day_field
from regions import clock


class ReceiptForm(forms.Form):
    """An amount, its reference on the account, and its value date, today at the latest."""

    amount = AmountField(label=_("Montant, en euros"), min_value=Decimal("0.01"))
    reference = forms.CharField(
        label=_("Référence du mouvement"), max_length=40, help_text=_("Telle qu’elle figure sur le relevé.")
    )
    value_date = day_field(_("Date de valeur"))

    def __init__(self, data: Any = None, *, zone: str, amount: Decimal | None = None, **kwargs: Any) -> None:
        self.today = clock.today(zone)
        first = {"amount": amount or None, "value_date": self.today}
        super().__init__(data, initial=first, auto_id=f"{kwargs.get('prefix', 'receipt')}-%s", **kwargs)

    def clean_value_date(self) -> date:
        day: date = self.cleaned_data["value_date"]
        if day > self.today:
            raise forms.ValidationError(_("Cette date est à venir."))
        return day
