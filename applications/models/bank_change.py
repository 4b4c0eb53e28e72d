"""A change of bank details: asked by the payee, confirmed by the region before it takes effect."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import BankChangeState
from applications.models.application import live
from applications.models.company import Company
from applications.models.document import Document
from regions.fields import Chained, StateField, Stateful
from regions.models import Provider, Region, User


class BankChangeQuerySet(models.QuerySet["BankChange"]):
    def for_user(self, user: User) -> BankChangeQuerySet:
        """Those of the person's own firms and providers, and of the regions where he holds a role today."""
        if user.is_system:
            return self
        firms = Q(company__in=live(user.mandates, None).values("company"))
        providers = Q(provider__in=live(user.provider_memberships, None).values("provider"))
        return self.filter(firms | providers | Q(region__in=live(user.roles, None).values("region")))


class BankChange(Stateful, Chained):
    """New bank details asked for by a firm or a provider; its payments are held until the region has answered.

    `region` is the one whose officers confirm: the firm's seat, or where the provider is accredited.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="bank_changes", null=True, blank=True)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="bank_changes", null=True, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="bank_changes")
    holder = models.CharField(_("titulaire"), max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="bank_changes")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = StateField(default=BankChangeState.NEW, choices=BankChangeState.choices)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = BankChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company"], condition=Q(state="asked"), name="one_bank_change_at_a_time"),
            models.UniqueConstraint(
                fields=["provider"], condition=Q(state="asked"), name="one_provider_bank_change_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(company__isnull=True) ^ Q(provider__isnull=True), name="bank_change_has_one_owner"
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="bank_changes_by_state")]

    def __str__(self) -> str:
        return f"{self.payee} …{self.iban[-4:]}"

    @property
    def payee(self) -> Any:
        """The firm or the provider whose details change."""
        return self.company or self.provider
