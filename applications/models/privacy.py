"""What a person asks about his own data: a tracked row, answered within a month (GDPR, art. 12(3))."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import PrivacyKind
from regions.calendars import add_months, local_date
from regions.models import User

ANSWER_MONTHS = 1


class PrivacyRequest(models.Model):
    """A request of access, rectification or erasure; open until it has an answer."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="privacy_requests")
    kind = models.CharField(_("demande"), max_length=20, choices=PrivacyKind.choices)
    text = models.TextField(_("précisions"), blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at", "id"], condition=Q(answered_at__isnull=True), name="open_privacy_requests"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.asked_at:%Y-%m-%d}"

    @property
    def due_on(self) -> date:
        """The last day to answer: one month from the request, Paris time (GDPR, art. 12(3))."""
        return add_months(local_date(self.asked_at, "Europe/Paris"), ANSWER_MONTHS)
