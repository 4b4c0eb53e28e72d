"""The ERDF programme above the schemes: programme, priority, specific objective and rate."""

from django.db import models

from regions.fields import CentsField
from regions.models.region import Region


class Programme(models.Model):
    """An ERDF programme; `cci` is its Commission number, `expenditure_end` a parameter (CPR art. 63(2))."""

    cci = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="programmes")
    category_of_region = models.CharField(max_length=20)
    starts_on = models.DateField()
    expenditure_end = models.DateField()

    def __str__(self) -> str:
        return self.name


class Priority(models.Model):
    """A priority of a programme with its co-financing rate in hundredths of a percent point."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="priorities")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=160)
    cofinancing_percent = CentsField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="one_priority_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SpecificObjective(models.Model):
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="objectives")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["priority", "code"], name="one_objective_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
