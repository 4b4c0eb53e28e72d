"""The grant: the decision's act, the funders' shares, and the voucher that it opens."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from regions.enums import Funder, Instrument
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


class GrantComponent(models.Model):
    """A part of an aid that is not a grant: a loan, a repayable advance, a guarantee, with its terms.

    Euro; `gross_grant_equivalent` is what counts against the ceiling (Reg. (EU) 2023/2831, art. 4);
    `annual_rate` is in percent a year. `success` says how it is repaid from the export turnover, in shares of 1
    and days; empty where a schedule alone holds. Terms were frozen at the grant.
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="components")
    instrument = models.CharField(max_length=10, choices=Instrument.choices)
    amount = CentsField()
    gross_grant_equivalent = CentsField()
    months = models.PositiveSmallIntegerField(default=0)
    grace_months = models.PositiveSmallIntegerField(default=0)
    every_months = models.PositiveSmallIntegerField(default=1)
    annual_rate = CentsField(default=0)
    method = models.CharField(max_length=40, blank=True)
    success = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "instrument"], name="one_component_per_instrument"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="component_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.grant} {self.instrument}"


class Instalment(models.Model):
    """An instalment of a schedule of repayment: what is due, and what the accountant received. Euro."""

    component = models.ForeignKey(GrantComponent, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    principal = CentsField()
    interest = CentsField(default=0)
    paid_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    late_told_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["component", "number"]
        constraints = [models.UniqueConstraint(fields=["component", "number"], name="one_instalment_number")]

    def __str__(self) -> str:
        return f"{self.component_id} {self.number}"

    @property
    def due(self) -> Decimal:
        """Principal and interest, in euro."""
        return Decimal(self.principal + self.interest)
