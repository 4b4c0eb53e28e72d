"""The form of a firm's first bank details; a later change is confirmed by the region."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from applications.models import BankDetails, Company
from regions import clock


class BankForm(forms.Form):
    """Holder and IBAN; the IBAN's keys are checked, its account is not."""

    holder = forms.CharField(label=_("Titulaire du compte"), max_length=70)
    iban = forms.CharField(label="IBAN", max_length=42)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company

    def clean_iban(self) -> str:
        try:
            return str(IBAN(self.cleaned_data["iban"]).compact)
        except SchwiftyException as error:
            raise forms.ValidationError(
                _("Cet IBAN n’est pas valable : le recopier depuis le relevé d’identité bancaire.")
            ) from error

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.company.bank_details.filter(valid_to__isnull=True).exists():
            self.add_error(None, _("Des coordonnées sont déjà enregistrées : demander leur changement à la région."))
        return data

    def save(self) -> BankDetails:
        return BankDetails.objects.create(
            company=self.company, holder=self.cleaned_data["holder"], iban=self.cleaned_data["iban"],
            valid_from=clock.today(),
        )  # fmt: skip
