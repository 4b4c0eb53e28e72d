"""The forms of a payment claim's draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.enums import ClaimState
from applications.models import Application, ApplicationLine, Claim, ClaimLine
from regions import clock


class ClaimForm(forms.ModelForm):
    """A claim's own facts: the deliverable's address, and whether it is the last one."""

    class Meta:
        model = Claim
        fields = ["deliverable_url", "is_final"]

    deliverable_url = forms.URLField(label=_("Adresse du livrable"), required=False, assume_scheme="https")

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application

    def save(self, commit: bool = True) -> Claim:
        claim: Claim = super().save(commit=False)
        if claim.pk is None:
            with transaction.atomic():
                Application.objects.select_for_update(of=("self",)).get(pk=self.application.pk)
                claim.application, claim.created_at = self.application, clock.now()
                claim.number = self.application.claims.count() + 1
                claim.save()
        else:
            claim.save(update_fields=["deliverable_url", "is_final"])
        return claim


class ClaimLineForm(forms.ModelForm):
    """An invoice line of a claim, excl. VAT: on a line of the grant, once."""

    line = forms.ModelChoiceField(ApplicationLine.objects.none(), label=_("Ligne accordée"))

    class Meta:
        model = ClaimLine
        fields = ["line", "invoice_number", "supplier_siret", "invoiced_on", "paid_on", "amount"]

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim = claim
        field: Any = self.fields["line"]
        field.queryset = claim.application.lines.all()

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("Indiquer le montant hors taxes de la ligne, supérieur à zéro."))
        return amount

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.claim.state not in (ClaimState.DRAFT, ClaimState.TO_COMPLETE):
            self.add_error(None, _("Cette demande est déposée : elle ne peut plus être modifiée ici."))
        if self._already_claimed(data):
            self.add_error("invoice_number", _("Cette facture est déjà présentée pour cette ligne."))
        return data

    def _already_claimed(self, data: dict[str, Any]) -> bool:
        keys = ("supplier_siret", "invoice_number", "line")
        twins = ClaimLine.objects.filter(**{key: data.get(key) for key in keys}).exclude(pk=self.instance.pk)
        return all(data.get(key) for key in keys) and twins.exists()

    def save(self, commit: bool = True) -> ClaimLine:
        line: ClaimLine = super().save(commit=False)
        line.claim = self.claim
        line.save()
        return line
