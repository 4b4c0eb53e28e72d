"""What it costs a region in a year to run a scheme, or all of them: staff and euro. A correction is a new row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from regions.fields import AppendOnly, CentsField
from regions.models.people import User
from regions.models.region import Region
from regions.models.scheme import Scheme


class WorkingCost(AppendOnly):
    """The working cost of a year, of a scheme or (without one) of all the region's schemes together.

    `staff` in full-time equivalents, `amount` in euro, `source` where both come from. The latest row of a region,
    scheme and year counts; the earlier ones stay.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="working_costs")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="working_costs", null=True, blank=True)
    year = models.PositiveSmallIntegerField()
    staff = CentsField()
    amount = CentsField()
    source = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(staff__gte=0, amount__gt=0), name="working_cost_positive"),
            models.CheckConstraint(condition=~Q(source=""), name="working_cost_has_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme or self.region} {self.year}"
