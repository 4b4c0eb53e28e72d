"""A firm and who may bind it: entered once, from a register or by hand, with a dated declaration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.enums import LegalCategory, MandateKind
from applications.forms.fields import NafField, SiretField
from applications.models import Company, Mandate
from applications.models.application import live
from applications.services.directory import CompanyFacts, region_of
from regions import clock
from regions.models import Region, User

TAKEN = _(
    "Cette entreprise a déjà un représentant inscrit : lui demander de déposer la demande, "
    "ou écrire à la région si ce n’est plus lui."
)


class CompanyForm(forms.ModelForm):
    """Inscribe a firm with its declared representative; a firm that has one keeps him."""

    siret = SiretField()
    naf_code = NafField()
    commune = forms.RegexField(
        r"^(\d{2}|2[AB])\d{3}$", label=_("Code INSEE de la commune du siège"),
        help_text=_("Cinq caractères, par exemple 97411 pour Saint-Denis. Ce n’est pas toujours le code postal."),
        error_messages={"invalid": _("Écrire les cinq caractères du code INSEE, par exemple 97411.")},
    )  # fmt: skip
    created_on = forms.DateField(
        label=_("Date de création"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    representative = forms.BooleanField(
        label=_("Je déclare être le représentant légal de cette entreprise."),
        error_messages={"required": _("Cocher cette case : seul le représentant légal inscrit l’entreprise.")},
    )

    class Meta:
        model = Company
        fields = ["siret", "name", "legal_category", "naf_code", "commune", "created_on"]
        labels = {"name": _("Nom de l’entreprise"), "legal_category": _("Forme juridique")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_commune(self) -> str:
        commune: str = self.cleaned_data["commune"]
        if not region_of(commune):
            raise forms.ValidationError(_("Cette commune n’est dans aucune des régions françaises connues ici."))
        return commune

    def clean_created_on(self) -> Any:
        day = self.cleaned_data["created_on"]
        if day > clock.today():
            raise forms.ValidationError(_("La date de création est dans l’avenir : la vérifier."))
        return day

    def clean_siret(self) -> str:
        siret: str = self.cleaned_data["siret"]
        if represented(siret, self.user):
            raise forms.ValidationError(TAKEN)
        return siret

    def enter(self) -> Company | None:
        """Make the firm unless it is known, and the mandate; None when another person was faster."""
        data = self.cleaned_data
        found = CompanyFacts(
            siret=data["siret"], name=data["name"], naf_code=data["naf_code"], commune=data["commune"],
            legal_category=data["legal_category"], region=region_of(data["commune"]), created_on=data["created_on"],
        )  # fmt: skip
        return declare(self.user, found)


def represented(siret: str, user: User) -> bool:
    """Whether another person is the firm's representative today: then nobody declares himself over him."""
    mandates = live(Mandate.objects.filter(company__siren=siret[:9]), None)
    return mandates.exclude(user__person_id=user.person_id).exists()


def complete(facts: CompanyFacts) -> bool:
    """Whether a register said everything that a firm's row needs."""
    return bool(facts.name and facts.naf_code and facts.legal_category and facts.region and facts.created_on)


def declare(user: User, facts: CompanyFacts) -> Company | None:
    """The firm of these facts, once it is declared, today, that the user is its representative.

    None when another person is: the firm's row is locked, so two declarations cannot cross.
    """
    with transaction.atomic():
        company, _made = Company.objects.select_for_update(of=("self",)).get_or_create(
            siren=facts.siren, defaults=_row(facts)
        )
        if represented(company.siret, user):
            return None
        if not live(user.mandates, None).filter(company=company).exists():
            Mandate.objects.create(
                user=user, company=company, kind=MandateKind.REPRESENTATIVE,
                valid_from=clock.today(company.region.time_zone),
            )  # fmt: skip
        return company


def _row(facts: CompanyFacts) -> dict[str, Any]:
    return {
        "siret": facts.siret, "name": facts.name, "legal_category": facts.legal_category,
        "naf_code": facts.naf_code, "naf_nomenclature": facts.naf_nomenclature,
        "region": Region.objects.get(code=facts.region), "commune": facts.commune,
        "created_on": facts.created_on,
        "name_published": facts.name_published and facts.legal_category != LegalCategory.SOLE_TRADER,
    }  # fmt: skip
