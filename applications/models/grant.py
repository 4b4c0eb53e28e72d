"""The grant: the decision's act, the funders' shares, and the voucher that it opens."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from regions.enums import Funder
from regions.fields import CentsField
from regions.models import User


class Grant(models.Model):
    """What was granted, by which act: number, date, signatory and delegation. Euro."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="agreement")
    number = models.CharField(_("numéro de décision"), max_length=30, unique=True)
    amount = CentsField()
    gross_grant_equivalent = CentsField()
    decided_on = models.DateField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    delegation = models.CharField(max_length=120, blank=True)
    voucher_code = models.CharField(max_length=20, unique=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="grant_positive")]

    def __str__(self) -> str:
        return self.number


class GrantShare(models.Model):
    """A funder's part of a grant; the parts add up to the grant, to the cent."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="shares")
    funder = models.CharField(max_length=10, choices=Funder.choices)
    amount = CentsField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grant", "funder"], name="one_share_per_funder")]

    def __str__(self) -> str:
        return f"{self.funder} {self.amount}"
