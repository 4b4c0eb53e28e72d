"""The parts of a draft that some schemes ask for: level, members of a group, amounts of each instrument."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState
from applications.forms.application import DraftForm, only_draft
from applications.forms.fields import Euros, SirenField, figure, tongue
from applications.models import Application, ApplicationMember, Company
from applications.rules import terms
from regions.enums import Instrument
from regions.money import ZERO

MAX_MEMBERS = 50


# --- the level


def settled_before(file: Application) -> QuerySet[Application]:
    """The firm's own settled files under the scheme, of any earlier level: what a next level may follow."""
    settled = Application.objects.filter(company=file.company_id, state=ApplicationState.COMPLETED)
    same = settled.filter(scheme_version__scheme=file.scheme_version.scheme_id)
    return same.exclude(pk=file.pk).order_by("-completed_on", "-pk")


def category_words(file: Application) -> dict[str, str]:
    """Code → words of a file's categories, in the reader's language."""
    return {c["code"]: c["label"][tongue()] for c in file.scheme_version.rule("what", "categories", default=[])}


class LevelForm(DraftForm):
    """The level asked for; from the second on, the settled file whose report opens it."""

    level = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect, label=_("Ce que vous demandez"))

    class Meta:
        model = Application
        fields = ["level", "follows"]
        labels = {"follows": _("L’analyse soldée que cette demande suit")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["level"].choices = [
            (entry["level"], self._words(entry)) for entry in terms.levels(self.instance.scheme_version.rules)
        ]
        fields["follows"].queryset = settled_before(self.instance)
        fields["follows"].label_from_instance = _earlier
        fields["follows"].empty_label = _("Aucune")

    def _words(self, entry: Any) -> str:
        """« Niveau 2 : cybersécurité, marketing en ligne »."""
        labels = category_words(self.instance)
        listed = ", ".join(labels.get(code, code) for code in entry["categories"])
        return now_("Niveau %(level)s : %(listed)s") % {"level": entry["level"], "listed": listed}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        level, earlier = data.get("level"), data.get("follows")
        if level == 1:
            data["follows"] = None
        elif level is not None and "follows" not in self.errors and (earlier is None or earlier.level != level - 1):
            self.add_error("follows", _("Choisir votre dossier soldé du niveau précédent : il ouvre ce niveau."))
        return data


def _earlier(file: Application) -> str:
    labels = category_words(file)
    listed = ", ".join(labels.get(code, code) for code in file.recommended) or now_("rien")
    return now_("%(reference)s, qui recommande : %(listed)s") % {"reference": file.reference, "listed": listed}


# --- the group


class MemberForm(forms.Form):
    """Another firm of the group, by its SIREN: it is known here, and will confirm for itself."""

    siren = SirenField(
        label=_("SIREN de l’entreprise"),
        help_text=_("Neuf chiffres. L’entreprise doit s’être inscrite ici ; elle confirmera elle-même."),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application

    def clean_siren(self) -> str:
        siren: str = self.cleaned_data["siren"]
        if not Company.objects.filter(siren=siren).exists():
            raise forms.ValidationError(
                _("Cette entreprise n’est pas encore inscrite : lui demander de créer son compte, puis la choisir.")
            )
        if siren == self.application.company.siren:
            raise forms.ValidationError(_("C’est votre entreprise : elle est déjà le chef de file."))
        if self.application.members.filter(company__siren=siren, left_on__isnull=True).exists():
            raise forms.ValidationError(_("Cette entreprise est déjà dans le groupement."))
        return siren

    def clean(self) -> dict[str, Any]:
        if self.application.members.count() >= MAX_MEMBERS:
            self.add_error(None, _("Un groupement compte 50 entreprises au plus."))
        return only_draft(self, super().clean() or {}, self.application)

    def save(self) -> ApplicationMember:
        company = Company.objects.get(siren=self.cleaned_data["siren"])
        return ApplicationMember.objects.create(application=self.application, company=company)


class MemberRemoval(forms.Form):
    """Take a firm out of a draft's group."""

    member = forms.ModelChoiceField(ApplicationMember.objects.none())

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        field: Any = self.fields["member"]
        field.queryset = application.members.all()

    def clean(self) -> dict[str, Any]:
        return only_draft(self, super().clean() or {}, self.application)

    def save(self) -> None:
        self.cleaned_data["member"].delete()


# --- the instruments


class InstrumentsForm(forms.Form):
    """The amount asked of each instrument: an empty box asks for the most, zero asks for nothing."""

    def __init__(self, *args: Any, instance: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = instance
        for entry in terms.instruments(instance.scheme_version.rules):
            self.fields[entry["instrument"]] = _asked_field(entry, instance.asked_components)

    def clean(self) -> dict[str, Any]:
        data = only_draft(self, super().clean() or {}, self.instance)
        for entry in terms.instruments(self.instance.scheme_version.rules):
            sentence = _beyond(entry, data.get(entry["instrument"]))
            if sentence:
                self.add_error(entry["instrument"], sentence)
        return data

    def save(self) -> Application:
        """Amounts are kept as text: a JSON number would lose its cents."""
        asked = {name: str(amount) for name, amount in self.cleaned_data.items() if amount is not None}
        self.instance.asked_components = asked
        self.instance.save(update_fields=["asked_components"])
        return self.instance


def ceiling_of(entry: Any) -> str | None:
    """The most that the scheme gives of an instrument, in euro, if it names a sum."""
    found = entry.get("amount_ceiling") or entry.get("how", {}).get("aid_ceiling")
    return str(found) if found is not None else None


def _asked_field(entry: Any, asked: dict[str, str]) -> Euros:
    label = _("%s : montant demandé, en euros") % Instrument(entry["instrument"]).label
    given = asked.get(entry["instrument"])
    return Euros(
        label=label, required=False, initial=Decimal(given) if given is not None else None,
        help_text=_("Vide : le plus possible. Zéro : rien."),
    )  # fmt: skip


def _beyond(entry: Any, amount: Decimal | None) -> str:
    """Why an amount cannot be asked: above the scheme's ceiling, or below its floor."""
    most, least = ceiling_of(entry), entry.get("amount_floor", "0")
    if amount is not None and most is not None and amount > Decimal(most):
        return now_("Le règlement donne au plus %s €.") % figure(most)
    if amount is not None and ZERO < amount < Decimal(least):
        return now_("Le règlement donne au moins %s €, ou rien : écrire 0 pour ne rien demander.") % figure(least)
    return ""
