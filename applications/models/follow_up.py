"""What a firm answered some months after its project: a row for each answer, never changed."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from regions.fields import AppendOnly, CentsField
from regions.models import User


class FollowUp(AppendOnly):
    """One answer to the scheme's questionnaire. Written by the gate only; numbers and choices, no free text.

    What the firm enters counts at once. What an officer enters from a telephone call counts once another person has
    confirmed it: by a row of the same answers that `confirms` the first. A later answer replaces an earlier one.
    Headcount in full-time equivalents, turnover in euro excluding VAT, shares of it in percent.
    """

    class Channel(models.TextChoices):
        ONLINE = "online", _("En ligne, par l’entreprise")
        PHONE = "phone", _("Par téléphone, saisie par la région")

    class InUse(models.TextChoices):
        YES = "yes", _("Oui")
        PARTLY = "partly", _("En partie")
        NO = "no", _("Non")
        NOT_CONCERNED = "none", _("Sans objet : ni site ni boutique en ligne")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="follow_ups")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    confirms = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="confirmation", null=True, blank=True
    )
    headcount = CentsField(null=True, blank=True)
    turnover = CentsField(null=True, blank=True)
    online_share = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(100)])
    export_share = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(100)])
    in_use = models.CharField(max_length=10, choices=InUse.choices, blank=True)
    new_offer = models.BooleanField(null=True, blank=True)
    new_methods = models.BooleanField(null=True, blank=True)
    digital_intensity = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(12)])
    satisfaction = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    answered_on = models.DateField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(headcount__isnull=True) | Q(headcount__gte=0))
                & (Q(turnover__isnull=True) | Q(turnover__gte=0)),
                name="follow_up_not_negative",
            ),
            models.CheckConstraint(
                condition=(Q(online_share__isnull=True) | Q(online_share__lte=100))
                & (Q(export_share__isnull=True) | Q(export_share__lte=100))
                & (Q(digital_intensity__isnull=True) | Q(digital_intensity__lte=12))
                & (Q(satisfaction__isnull=True) | Q(satisfaction__gte=1, satisfaction__lte=5)),
                name="follow_up_within_bounds",
            ),
            models.CheckConstraint(
                condition=Q(channel="phone") | Q(confirms__isnull=True), name="only_a_call_is_confirmed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.answered_on}"
