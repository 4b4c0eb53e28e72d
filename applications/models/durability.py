"""The yearly check that an aided investment lasts: what was found, by whom, and what it would cost the firm."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import DurabilityOutcome
from applications.models.application import Application
from regions.fields import AppendOnly, CentsField
from regions.models import User

WITHOUT_DAY = (DurabilityOutcome.KEPT, DurabilityOutcome.NOT_BOUND)


class DurabilityCheck(AppendOnly):
    """What one check found (CPR art. 65). Written by the gate only; `amount` is the aid to give back, in euro.

    `until` is the end of the commitment as it stood that day; `happened_on` the day since which it is not kept.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="durability_checks")
    outcome = models.CharField(_("constat"), max_length=30, choices=DurabilityOutcome.choices)
    happened_on = models.DateField(null=True, blank=True)
    until = models.DateField()
    amount = CentsField(_("aide à reverser"), default=0)
    made_on = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["application", "made_on"], name="durability_checks_of_file")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="durability_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(outcome__in=WITHOUT_DAY, happened_on__isnull=True, amount=0)
                | (~Q(outcome__in=WITHOUT_DAY) & Q(happened_on__isnull=False)),
                name="durability_breach_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.made_on}"
