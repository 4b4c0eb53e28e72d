"""The export turnover from which an advance is repaid: declared year by year, checked by the region."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.grant import GrantComponent
from regions.fields import CentsField
from regions.models import User


class ExportTurnover(models.Model):
    """One year's export turnover on an advance repaid by its success. Euro, excluding VAT.

    `accepted` is what the region's check keeps of it, `owed` what the advance owed altogether once it was counted.
    A declaration that is returned stays and another follows; an accepted one is counted once and for all.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Retenue")
        RETURNED = "returned", _("Renvoyée")

    component = models.ForeignKey(GrantComponent, on_delete=models.PROTECT, related_name="turnovers")
    year = models.PositiveSmallIntegerField()
    period_from = models.DateField()
    period_to = models.DateField()
    declared = CentsField()
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    accepted = CentsField(null=True, blank=True)
    owed = CentsField(null=True, blank=True)
    finding = models.TextField(blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["component", "year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["component", "year"], condition=~Q(outcome="returned"), name="one_turnover_per_year"
            ),
            models.CheckConstraint(condition=Q(declared__gte=0), name="turnover_not_negative"),
            models.CheckConstraint(
                condition=Q(outcome="accepted", accepted__gte=0, owed__gte=0, checked_on__isnull=False)
                | (~Q(outcome="accepted") & Q(accepted__isnull=True, owed__isnull=True)),
                name="accepted_turnover_is_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component_id} {self.year}"
