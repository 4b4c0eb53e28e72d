"""The ERDF operation: in grouped mode the region's own, above the vouchers it hands out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.fields import CentsField
from regions.models import Region, Scheme, SpecificObjective


class Operation(models.Model):
    """An operation in the sense of CPR art. 2(4); `beneficiary_mode` is the managing authority's choice.

    Grouped: the region is the beneficiary (art. 2(9)(d)) and each voucher is a line of field 25.
    Amounts in euro excl. VAT.
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

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


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
