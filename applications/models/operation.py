"""The ERDF operation: in grouped mode the region's own, above the vouchers it hands out."""

from __future__ import annotations

import copy
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from regions.calendars import local_date
from regions.fields import AppendOnly, CentsField
from regions.models import Region, Scheme, SpecificObjective, User

AMENDED = ("total_cost", "eligible_cost", "erdf_support", "ends_on")  # what an amendment changes


class OperationQuerySet(models.QuerySet["Operation"]):
    def grouped(self) -> OperationQuerySet:
        """Those of which the region is the beneficiary: few enough to choose from."""
        return self.filter(beneficiary_mode=Operation.Mode.GROUPED)

    def known(self, moment: datetime) -> OperationQuerySet:
        """Those recorded by a moment: one confirmed later, even with an earlier decision, was in no report then."""
        return self.filter(Q(recorded_at__isnull=True) | Q(recorded_at__lte=moment))

    def of_region(self, region: Region, moment: datetime) -> OperationQuerySet:
        """Those of a region that were decided and recorded by a moment."""
        return self.known(moment).filter(region=region, decided_on__lte=local_date(moment, region.time_zone))

    def covering(self, first: date, last: date, moment: datetime) -> OperationQuerySet:
        """Those that go on during a part of some days, with the end known at a moment."""
        rows: Any = self.amended(moment)
        found: OperationQuerySet = rows.filter(starts_on__lte=last, known_ends_on__gte=first)
        return found

    def amended(self, moment: datetime) -> OperationQuerySet:
        """Each with `known_total_cost` and its like: what its last amendment known at a moment says, else itself."""
        told = OperationAmendment.objects.filter(operation=OuterRef("pk"), recorded_at__lte=moment).order_by("-pk")
        return self.annotate(
            **{f"known_{name}": Coalesce(Subquery(told.values(name)[:1]), F(name)) for name in AMENDED}
        )


class Operation(models.Model):
    """An operation in the sense of CPR art. 2(4); `beneficiary_mode` is the managing authority's choice.

    Grouped: the region is the beneficiary (art. 2(9)(d)) and each voucher is a line of field 25.
    Amounts in euro excl. VAT, as first decided: an amendment is a row of its own, and `at` tells what holds.
    """

    class Mode(models.TextChoices):
        GROUPED = "grouped", _("Groupée : la région est bénéficiaire")
        SINGLE = "single", _("Individuelle : l’entreprise est bénéficiaire")

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=160)
    description = models.TextField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="operations")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="operations")
    specific_objective = models.ForeignKey(SpecificObjective, on_delete=models.PROTECT, related_name="operations")
    beneficiary_mode = models.CharField(max_length=10, choices=Mode.choices)
    beneficiary_name = models.CharField(max_length=160)
    beneficiary_id = models.CharField(max_length=14)
    contact = models.CharField(max_length=160)
    submitted_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    decided_by = models.CharField(max_length=160)
    decided_on = models.DateField()
    total_cost = CentsField()
    eligible_cost = CentsField()
    erdf_support = CentsField()
    intervention_field = models.CharField(max_length=3)
    form_of_support = models.CharField(max_length=2)
    territorial_delivery = models.CharField(max_length=2)
    economic_activity = models.CharField(max_length=2)
    location = models.CharField(max_length=5)
    gender = models.CharField(max_length=2)
    strategic = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(null=True)  # when a second person confirmed it; empty: before two were needed

    objects = OperationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_grouped(self) -> bool:
        """The region is the beneficiary (CPR art. 2(9)(d)); else the firm that receives the aid is (art. 2(9)(c))."""
        return self.beneficiary_mode == self.Mode.GROUPED

    def at(self, moment: datetime) -> Operation:
        """A copy with the figures known at a moment: those of the last amendment recorded by then, else its own."""
        found, told = copy.copy(self), [row for row in self.amendments.all() if row.recorded_at <= moment]
        for name in AMENDED if told else ():
            setattr(found, name, getattr(max(told, key=lambda row: row.pk), name))
        return found


class OperationAmendment(AppendOnly):
    """A decision that changes an operation's figures or its end: the whole of what holds from then on. Euro.

    Of a grouped operation one administrator proposes it and another confirms; of a firm's, it is the amendment of its
    grant, made through the gate by who decides: nobody proposes it.
    """

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="amendments")
    total_cost = CentsField()
    eligible_cost = CentsField()
    erdf_support = CentsField()
    ends_on = models.DateField()
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=160)
    reason = models.CharField(max_length=400)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    erdf_support__gte=0, eligible_cost__gte=F("erdf_support"), total_cost__gte=F("eligible_cost")
                ),
                name="amended_figures_in_order",
            ),
            models.CheckConstraint(condition=~Q(confirmed_by=F("proposed_by")), name="amendment_by_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.operation.code} {self.decided_on}"


class IndicatorTarget(models.Model):
    """What an operation promised for an indicator (Reg. (EU) 2021/1058, Annex I)."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="targets")
    code = models.CharField(max_length=8)
    baseline = CentsField()
    target = CentsField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "code"], name="one_target_per_indicator")]

    def __str__(self) -> str:
        return self.code
