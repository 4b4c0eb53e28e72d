"""A finding of the audit on a file: its author's alone until it is sent, then answered and followed to its closure."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import AuditFindingKind, AuditFindingState
from applications.models.application import Application, live
from regions.fields import CentsField, Chained, StateField, Stateful
from regions.models import Region, User


class AuditFindingQuerySet(models.QuerySet["AuditFinding"]):
    def for_user(self, user: User) -> AuditFindingQuerySet:
        """Findings sent to the regions where the person holds a role today, and her own drafts."""
        if user.is_system:
            return self
        mine = self.filter(region__in=live(user.roles, None).values("region"))
        return mine.filter(Q(sent_at__isnull=False) | Q(author=user))


class AuditFinding(Stateful, Chained):
    """What an auditor found on a file, kept apart from it: the file's own history never tells of it. Euro.

    It has a chain of events of its own. `amount` is the irregular expenditure found, `retained` what stands at
    the closure, `agreed` whether the region accepts it. The exchange stands with the events.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="audit_findings")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="audit_findings")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="audit_findings")
    state = StateField(default=AuditFindingState.NEW, choices=AuditFindingState.choices)
    number = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=AuditFindingKind.choices)
    systemic = models.BooleanField(default=False)
    title = models.CharField(_("objet"), max_length=160)
    words = models.TextField()
    asked = models.TextField()
    amount = CentsField(default=0)
    answer_by = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True, blank=True)
    retained = CentsField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = AuditFindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="finding_amount_not_negative"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_finding_of_a_number"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "answered", "closed"])
                | (Q(sent_at__isnull=False, answer_by__isnull=False) & ~Q(number="")),
                name="sent_finding_has_number_and_day",
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "answer_by"], name="findings_by_state")]

    def __str__(self) -> str:
        return self.number or f"{self.pk}"
