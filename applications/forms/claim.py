"""The forms of a payment claim's draft."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siret

from applications.enums import ClaimKind, ClaimState
from applications.forms.fields import Days, Euros
from applications.models import Application, ApplicationLine, Claim, ClaimLine
from applications.rules.payment_models import model_of, redeemed_once
from regions import clock
from regions.enums import Instrument

OPEN = (ClaimState.DRAFT, ClaimState.TO_COMPLETE)
FILED = _("Cette demande est déposée : elle ne peut plus être modifiée ici.")


def day_input() -> forms.DateInput:
    """A date as the browser's own calendar asks for it."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ClaimForm(forms.ModelForm):
    """A claim's own facts: the deliverable's address, and whether it is the last one."""

    class Meta:
        model = Claim
        fields = ["deliverable_url", "is_final"]
        labels = {"is_final": _("C’est ma dernière demande : le projet est terminé")}

    deliverable_url = forms.URLField(
        label=_("Adresse du livrable"), required=False, assume_scheme="https",
        help_text=_("L’adresse du site ou du service réalisé, s’il y en a une."),
    )  # fmt: skip

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.instance.state not in OPEN:
            self.add_error(None, FILED)
        return data

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


class AskForm(forms.Form):
    """Begin a claim without invoices: the advance on the grant, or the release of an instrument that is repaid."""

    kind = forms.ChoiceField(choices=[(k, k) for k in (ClaimKind.ADVANCE, ClaimKind.RELEASE)])
    instrument = forms.ChoiceField(choices=Instrument.choices)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application

    def save(self) -> Claim:
        """The draft of the claim; one begun before is taken up again. It is never the file's last claim."""
        wanted = {"kind": self.cleaned_data["kind"], "instrument": self.cleaned_data["instrument"]}
        with transaction.atomic():
            Application.objects.select_for_update(of=("self",)).get(pk=self.application.pk)
            begun = self.application.claims.filter(state=ClaimState.DRAFT, **wanted).first()
            return begun or Claim.objects.create(
                application=self.application, number=self.application.claims.count() + 1, is_final=False,
                created_at=clock.now(), **wanted,
            )  # fmt: skip


class ClaimLineForm(forms.ModelForm):
    """An invoice line of a claim, excl. VAT: on a line of the grant, once."""

    line = forms.ModelChoiceField(ApplicationLine.objects.none(), label=_("Ligne accordée"))

    class Meta:
        model = ClaimLine
        fields = ["line", "invoice_number", "supplier_siret", "invoiced_on", "paid_on", "quantity", "amount"]
        labels = {"invoice_number": _("Numéro de la facture")}

    quantity = Days(label=_("Nombre de jours facturés"))
    amount = Euros(label=_("Montant hors taxes, en euros"))
    supplier_siret = forms.CharField(
        label=_("SIRET du fournisseur"), max_length=20, help_text=_("14 chiffres, écrits sur la facture."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    invoiced_on = forms.DateField(label=_("Date de la facture"), widget=day_input())
    paid_on = forms.DateField(
        label=_("Date du paiement"), widget=day_input(), required=False,
        help_text=_("Le jour où l’argent a quitté votre compte. Une facture non payée n’est pas remboursée."),
    )  # fmt: skip

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim = claim
        lines = list(claim.application.lines.all())
        fields: Any = self.fields
        fields["line"].queryset = claim.application.lines.all()
        if not any(line.quantity for line in lines):
            del self.fields["quantity"]
        elif not all(line.quantity for line in lines):
            fields["quantity"].required = False
        if not model_of(claim.application.scheme_version.rules).paid_invoices:
            fields["paid_on"].label = _("Date du paiement (facultatif)")
            fields["paid_on"].help_text = _("Si vous avez déjà payé votre part ; la part aidée est payée par l’aide.")

    def clean_supplier_siret(self) -> str:
        number = str(siret.compact(self.cleaned_data["supplier_siret"]))
        if not siret.is_valid(number):
            raise forms.ValidationError(_("Ce SIRET n’est pas valable : recopier les 14 chiffres de la facture."))
        return number

    def clean_invoiced_on(self) -> date:
        return self._past(self.cleaned_data["invoiced_on"])

    def clean_paid_on(self) -> date | None:
        day = self.cleaned_data["paid_on"]
        return self._past(day) if day else None

    def _past(self, day: date) -> date:
        if day > clock.today(self.claim.application.zone):
            raise forms.ValidationError(_("Cette date est dans l’avenir."))
        return day

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("Indiquer le montant hors taxes de la ligne, supérieur à zéro."))
        return amount

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.claim.state not in OPEN:
            self.add_error(None, FILED)
        if self._already_claimed(data):
            self.add_error("invoice_number", _("Cette facture est déjà présentée pour cette ligne."))
        return data

    def _already_claimed(self, data: dict[str, Any]) -> bool:
        keys = ("supplier_siret", "invoice_number", "line")
        twins = ClaimLine.objects.filter(live=True, **{key: data.get(key) for key in keys}).exclude(pk=self.instance.pk)
        return all(data.get(key) for key in keys) and twins.exists()

    def save(self, commit: bool = True) -> ClaimLine:
        """A line that changes is to be controlled again."""
        line: ClaimLine = super().save(commit=False)
        line.claim, line.accepted, line.reason, line.finding = self.claim, None, "", ""
        line.parked = False
        line.save()
        return line


class StartForm(forms.Form):
    """The firm says that the work is done, all or part of it, before it asks to be paid."""

    ALL, PART = "all", "part"

    extent = forms.ChoiceField(
        label=_("Où en sont les travaux ?"), widget=forms.RadioSelect,
        choices=[
            (ALL, _("Ils sont terminés : je demande le solde")),
            (PART, _("Une partie est faite et payée : je demande un premier versement")),
        ],
    )  # fmt: skip
    done_on = forms.DateField(
        label=_("Jour de fin des travaux"), required=False, widget=day_input(),
        help_text=_("À indiquer si tout est terminé."),
    )  # fmt: skip

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        field: Any = self.fields["extent"]
        if not model_of(application.scheme_version.rules).paid_invoices:
            field.choices = [
                (self.ALL, _("Ils sont terminés et facturés : je demande le solde")),
                (self.PART, _("Une partie est faite et facturée : je demande un premier versement")),
            ]
        if redeemed_once(application.scheme_version.rules):
            field.choices = list(field.choices)[:1]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("extent") == self.ALL and "done_on" not in self.errors:
            self._check_end(data.get("done_on"))
        return data

    def _check_end(self, day: date | None) -> None:
        start = self.application.notified_on
        if day is None:
            self.add_error("done_on", _("Indiquer le jour où les travaux se sont achevés."))
        elif day > clock.today(self.application.zone):
            self.add_error("done_on", _("Cette date est dans l’avenir."))
        elif start is not None and day < start:
            self.add_error("done_on", _("Cette date précède la notification de l’aide."))

    @property
    def is_final(self) -> bool:
        return bool(self.cleaned_data["extent"] == self.ALL)


class ResultsForm(forms.Form):
    """The firm's digital intensity once the project is done: how many of twelve practices it has (RCR13)."""

    digital_intensity_after = forms.IntegerField(
        label=_("Pratiques numériques en place, sur douze"), min_value=0, max_value=12,
        help_text=_("Les mêmes douze pratiques que lors de la demande."),
    )  # fmt: skip


def remove(line: ClaimLine) -> bool:
    """Take an invoice out of a claim that is not filed, or sent back for completion; False when it is too late."""
    if line.claim.state not in OPEN:
        return False
    line.delete()
    return True
