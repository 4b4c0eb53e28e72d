"""The forms of a draft: the only writers of its facts. What they accept is saved, what they refuse is said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState
from applications.models import Application, ApplicationLine, Company
from applications.models.application import live
from regions import clock
from regions.models import Scheme, User


class OpenForm(forms.Form):
    """Open a draft for a firm under a scheme: takes the next number and the version in force."""

    company = forms.ModelChoiceField(Company.objects.none(), label=_("Entreprise"))

    def __init__(self, *args: Any, user: User, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.scheme = user, scheme
        companies = live(user.mandates, None).values("company")
        field: Any = self.fields["company"]
        field.queryset = Company.objects.filter(pk__in=companies)

    def save(self) -> Application:
        """Create the draft, prefilled with the latest figures known of the firm."""
        company: Company = self.cleaned_data["company"]
        with transaction.atomic():
            scheme = Scheme.objects.select_for_update(of=("self",)).get(pk=self.scheme.pk)
            number, scheme.next_number = scheme.next_number, scheme.next_number + 1
            scheme.save(update_fields=["next_number"])
            return self._create(scheme, company, number)

    def _create(self, scheme: Scheme, company: Company, number: int) -> Application:
        day = clock.today(scheme.region.time_zone)
        return Application.objects.create(
            reference=f"{scheme.prefix}-{day.year}-{number:05d}", region=scheme.region,
            scheme_version=scheme.version_on(day), company=company, representative=self.user,
            manager=self.user.person, headcount=company.headcount, turnover=company.turnover,
            balance_sheet=company.balance_sheet, naf_code=company.naf_code,
            naf_nomenclature=company.naf_nomenclature, legal_category=company.legal_category,
            commune=company.commune, created_at=clock.now(),
        )  # fmt: skip


class FactsForm(forms.ModelForm):
    """The firm's facts and declarations; a missing fact may wait, a wrong one is refused."""

    class Meta:
        model = Application
        fields = [
            "headcount",
            "turnover",
            "balance_sheet",
            "title",
            "works_start_on",
            "declared_de_minimis",
            "other_public_aid",
            "digital_intensity_before",
            "declared_accurate",
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in ("headcount", "turnover", "declared_de_minimis", "other_public_aid"):
            if data.get(name) is not None and data[name] < 0:
                self.add_error(name, _("Indiquer un nombre positif ou zéro."))
        level = data.get("digital_intensity_before")
        if level is not None and level > 12:
            self.add_error("digital_intensity_before", _("L’intensité numérique va de 0 à 12."))
        return _only_draft(self, data, self.instance)


def _only_draft(form: forms.BaseForm, data: dict[str, Any], application: Application) -> dict[str, Any]:
    """What was filed is frozen: a filed form cannot be rewritten."""
    if application.state not in (ApplicationState.DRAFT, ApplicationState.TO_COMPLETE):
        form.add_error(None, _("Ce dossier est déposé : il ne peut plus être modifié ici."))
    return data


class LineForm(forms.ModelForm):
    """A line of the quote, excl. VAT; its category is one of the scheme's."""

    category = forms.ChoiceField(label=_("Catégorie"))

    class Meta:
        model = ApplicationLine
        fields = ["category", "label", "amount", "hardware"]

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        field: Any = self.fields["category"]
        field.choices = [
            (c["code"], c["label"]["fr"]) for c in application.scheme_version.rule("what", "categories", default=[])
        ]

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("Indiquer le montant hors taxes de la ligne, supérieur à zéro."))
        return amount

    def clean(self) -> dict[str, Any]:
        return _only_draft(self, super().clean() or {}, self.application)

    def save(self, commit: bool = True) -> ApplicationLine:
        line: ApplicationLine = super().save(commit=False)
        line.application = self.application
        line.number = line.number or self.application.lines.count() + 1
        line.save()
        return line


class ProviderForm(forms.ModelForm):
    """The provider chosen: any accredited or listed one; he will confirm, he cannot file."""

    class Meta:
        model = Application
        fields = ["provider"]

    def clean(self) -> dict[str, Any]:
        return _only_draft(self, super().clean() or {}, self.instance)
