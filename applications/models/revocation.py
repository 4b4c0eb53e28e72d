"""A grant that the region means to take back: proposed by one, heard by the firm, decided by another."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import RevocationEffect, RevocationGround, RevocationOutcome
from applications.models.application import Application
from regions.fields import CentsField


class Revocation(models.Model):
    """A proposal to withdraw or repeal a grant, and what became of it. Written by the gate only. Euro.

    `amount` is the paid aid that the firm was told may come back; `everything` says that it is all of it.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="revocations")
    ground = models.CharField(_("motif"), max_length=20, choices=RevocationGround.choices)
    effect = models.CharField(_("effet"), max_length=12, choices=RevocationEffect.choices)
    amount = CentsField(_("aide à reverser"), default=0)
    everything = models.BooleanField(default=True)
    proposed_on = models.DateField()
    answer_by = models.DateField()
    observed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=RevocationOutcome.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="revocation_not_negative"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_on__isnull=True), name="one_open_revocation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.get_effect_display()} {self.proposed_on}"
