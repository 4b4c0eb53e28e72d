"""The forms of a payee's bank details: the first ones, and those it asks to change to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from applications.enums import DocumentKind
from applications.forms.document import ACCEPT, checked, keep
from applications.models import BankDetails, Company
from regions import clock
from regions.models import Provider, Region, User


class AccountForm(forms.Form):
    """Holder and IBAN; the IBAN's keys are checked, its account is not."""

    holder = forms.CharField(
        label=_("Titulaire du compte"), max_length=70, help_text=_("Comme sur le relevé d’identité bancaire.")
    )
    iban = forms.CharField(
        label="IBAN", max_length=42, help_text=_("Il commence par deux lettres, FR en France."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, company: Company | None = None, provider: Provider | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.company, self.provider = company, provider

    def live(self) -> BankDetails | None:
        """The details in force."""
        rows = BankDetails.objects.filter(company=self.company, provider=self.provider)
        return rows.filter(valid_to__isnull=True).first()

    def clean_iban(self) -> str:
        try:
            return str(IBAN(self.cleaned_data["iban"]).compact)
        except SchwiftyException as error:
            raise forms.ValidationError(
                _("Cet IBAN n’est pas valable : le recopier depuis le relevé d’identité bancaire.")
            ) from error


class BankForm(AccountForm):
    """The first bank details of a firm or a provider; a later change is confirmed by the region."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.live() is not None:
            self.add_error(None, _("Des coordonnées sont déjà enregistrées : demander leur changement à la région."))
        return data

    def save(self) -> BankDetails:
        return BankDetails.objects.create(
            company=self.company, provider=self.provider, holder=self.cleaned_data["holder"],
            iban=self.cleaned_data["iban"], valid_from=clock.today(),
        )  # fmt: skip


class BankChangeForm(AccountForm):
    """Other bank details, with the paper that proves them; the gate makes the request."""

    file = forms.FileField(
        label=_("Relevé d’identité bancaire"), help_text=_("PDF, PNG ou JPEG, 10 Mo au plus."), allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_file(self) -> UploadedFile:
        return checked(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        live = self.live()
        if live is not None and (live.holder, live.iban) == (data.get("holder"), data.get("iban")):
            self.add_error("iban", _("Ce sont déjà les coordonnées enregistrées."))
        return data

    def save(self) -> dict[str, Any]:
        """Keep the paper; returns what the gate asks for: holder, iban and document."""
        data = self.cleaned_data
        document = keep(data["file"], DocumentKind.BANK_DETAILS, self.user, None, None)
        return {"holder": data["holder"], "iban": data["iban"], "document": document}


class ProviderBankChangeForm(BankChangeForm):
    """Other bank details of a provider, and the region that confirms: one where it is accredited."""

    region = forms.ModelChoiceField(
        Region.objects.none(), label=_("Région qui confirmera"), empty_label=None,
        help_text=_("Une région où vous êtes habilité : elle vous appellera."),
    )  # fmt: skip

    def __init__(self, *args: Any, regions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["region"]
        field.queryset = regions

    def save(self) -> dict[str, Any]:
        return super().save() | {"region": self.cleaned_data["region"]}
