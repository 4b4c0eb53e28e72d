"""The ERDF programme above the schemes: programme, priority, specific objective and rate."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from regions.enums import CategoryOfRegion
from regions.fields import AppendOnly, CentsField
from regions.models.people import User
from regions.models.region import Region


class Programme(models.Model):
    """An ERDF programme; `cci` is its Commission number, `expenditure_end` a parameter (CPR art. 63(2)).

    `decision` is the number and the day of the Commission's decision, which heads annex XXIII; "" while unknown.
    """

    cci = models.CharField(max_length=20, unique=True)
    decision = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=160)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="programmes")
    category_of_region = models.CharField(max_length=20, choices=CategoryOfRegion.choices)
    starts_on = models.DateField()
    expenditure_end = models.DateField()

    def __str__(self) -> str:
        return self.name


class Priority(models.Model):
    """A priority of a programme; `cofinancing_percent` is its first rate, which a `PriorityRate` changes from a day."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="priorities")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=160)
    cofinancing_percent = CentsField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="one_priority_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def rate_on(self, day: date, known: datetime | None = None) -> Decimal:
        """The rate in force on a day, in %, as it was known at a moment (all that is known now)."""
        heard = (row for row in self.rates.all() if known is None or row.recorded_at <= known)
        begun = [row for row in heard if row.valid_from <= day]
        return max(begun, key=lambda row: (row.valid_from, row.pk)).percent if begun else self.cofinancing_percent


class PriorityRate(AppendOnly):
    """A co-financing rate, in %, from a day on; what was declared before it was recorded keeps the earlier one."""

    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="rates")
    percent = CentsField()
    valid_from = models.DateField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="priority_rate_is_a_percentage"),
            models.CheckConstraint(condition=~Q(confirmed_by=F("proposed_by")), name="priority_rate_by_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.priority_id} {self.percent} % {self.valid_from}"


class SpecificObjective(models.Model):
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="objectives")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["priority", "code"], name="one_objective_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
