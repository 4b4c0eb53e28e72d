"""What stands above the schemes, proposed by one administrator: it exists once another confirms it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.operation import Operation
from regions.fields import Chained
from regions.models import Priority, Programme, Region, User


class ProgrammeProposal(Chained):
    """A programme, a part of one, an operation or a change of either, waiting for a second person or answered.

    `facts` hold what was proposed: dates and amounts as text, rows by their number. Nothing stands in the tables
    that declare to the Union before the answer. `programme`, `priority` and `operation` name what the proposal
    completes or changes and, once confirmed, what it made. A trigger holds that facts never change and that an
    answer is given once.
    """

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("Programme")
        PRIORITY = "priority", _("Priorité")
        OBJECTIVE = "objective", _("Objectif spécifique")
        RATE = "rate", _("Taux de cofinancement")
        OPERATION = "operation", _("Opération")
        AMENDMENT = "amendment", _("Modification d’une opération")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="programme_proposals")
    facts = models.JSONField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="proposals", null=True)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="proposals", null=True)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="proposals", null=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    confirmed_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="programme_proposal_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(declined_at__isnull=True),
                name="programme_proposal_confirmed_or_declined",
            ),
        ]
        indexes = [models.Index(fields=["region", "confirmed_at", "declined_at"], name="programme_proposals_waiting")]

    def __str__(self) -> str:
        changed = self.operation if self.kind == self.Kind.AMENDMENT else self.priority
        code = self.facts.get("code") or self.facts.get("cci") or (changed.code if changed else "")
        return f"{self.get_kind_display()} {code}"

    @property
    def is_proposed(self) -> bool:
        """Waiting for a second person."""
        return self.confirmed_at is None and self.declined_at is None
