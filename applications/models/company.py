"""The firm: its legal unit, who may act for it, and the firms it is linked with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.enums import LegalCategory, MandateKind
from regions.fields import CentsField
from regions.models import Provider, Region, User


class Company(models.Model):
    """A legal unit known by its SIREN; figures here are the latest known, the file freezes its own."""

    siren = models.CharField(max_length=9, unique=True)
    siret = models.CharField(_("SIRET du siège"), max_length=14)
    name = models.CharField(_("dénomination"), max_length=160)
    legal_category = models.CharField(max_length=20, choices=LegalCategory.choices)
    naf_code = models.CharField(max_length=6)
    naf_nomenclature = models.CharField(max_length=10, default="rev2")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="companies")
    commune = models.CharField(_("code INSEE de la commune"), max_length=5)
    created_on = models.DateField()
    headcount = CentsField(null=True)
    turnover = CentsField(null=True)
    balance_sheet = CentsField(null=True)
    name_published = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """Who may bind the firm: its legal representative, or a proxy with a written mandate."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mandates")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="mandates")
    kind = models.CharField(max_length=20, choices=MandateKind.choices)
    document = models.ForeignKey("applications.Document", on_delete=models.PROTECT, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="proxy") | models.Q(document__isnull=False),
                name="proxy_has_written_mandate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.company_id}"


class CompanyLink(models.Model):
    """A link that makes one single undertaking of two firms (Reg. (EU) 2023/2831, art. 2(2)).

    `source` is the file that declared it: a correction of that file ends it by its date and adds another.
    """

    parent_siren = models.CharField(max_length=9)
    child_siren = models.CharField(max_length=9, db_index=True)
    kind = models.CharField(max_length=20, default="voting_majority")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, related_name="company_links", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent_siren", "child_siren", "kind"],
                condition=models.Q(valid_to__isnull=True, source__isnull=True),
                name="one_company_link",
            ),
            models.UniqueConstraint(
                fields=["parent_siren", "child_siren", "kind", "source"],
                condition=models.Q(valid_to__isnull=True),
                name="one_declared_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent_siren} → {self.child_siren}"


class SirenLock(models.Model):
    """One row per SIREN, only to be locked: grants to the firms of one undertaking take turns."""

    siren = models.CharField(max_length=9, primary_key=True)

    def __str__(self) -> str:
        return self.siren


class BankDetails(models.Model):
    """Where a firm or a provider is paid; an order copies what stands here and hashes it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="bank_details", null=True, blank=True)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="bank_details", null=True, blank=True)
    holder = models.CharField(_("titulaire"), max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "bank details"
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(valid_to__isnull=True), name="one_live_bank_account"
            ),
            models.UniqueConstraint(
                fields=["provider"], condition=models.Q(valid_to__isnull=True), name="one_live_provider_account"
            ),
            models.CheckConstraint(
                condition=models.Q(company__isnull=True) ^ models.Q(provider__isnull=True), name="account_has_one_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"…{self.iban[-4:]}"
