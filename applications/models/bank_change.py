"""A change of a firm's bank details: asked by the firm, confirmed by the region before it takes effect."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from applications.enums import BankChangeState
from applications.models.application import live
from applications.models.company import Company
from applications.models.document import Document
from regions.fields import Chained, Stateful
from regions.models import Region, User


class BankChangeQuerySet(models.QuerySet["BankChange"]):
    def for_user(self, user: User) -> BankChangeQuerySet:
        """Those of the person's own firms and of the regions where he holds a role today."""
        if user.is_system:
            return self
        firms = Q(company__in=live(user.mandates, None).values("company"))
        return self.filter(firms | Q(company__region__in=live(user.roles, None).values("region")))


class BankChange(Stateful, Chained):
    """New bank details asked for by a firm; its payments are held until the region has answered."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="bank_changes")
    holder = models.CharField(_("titulaire"), max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="bank_changes")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = FSMField(default=BankChangeState.NEW, choices=BankChangeState.choices, protected=True, max_length=20)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = BankChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company"], condition=Q(state="asked"), name="one_bank_change_at_a_time"),
        ]
        indexes = [models.Index(fields=["state", "id"], name="bank_changes_by_state")]

    def __str__(self) -> str:
        return f"{self.company} …{self.iban[-4:]}"

    @property
    def region(self) -> Region:
        """The region of the firm's seat, whose officers confirm the change."""
        return self.company.region

    @property
    def region_id(self) -> int:
        return self.company.region_id
