"""How a claim was controlled: the risk scored when it was filed, and the checks made on the spot."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import Finding
from applications.models.claim import Claim
from applications.models.document import Document
from regions.fields import AppendOnly
from regions.models import User


class ClaimRisk(AppendOnly):
    """The score of a claim by its scheme's method, frozen with the facts, the seed and the lines to check."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="risks")
    method = models.CharField(max_length=20)
    facts = models.JSONField()
    points = models.PositiveSmallIntegerField()
    met = models.JSONField(default=list)
    on_the_spot = models.BooleanField(default=False)
    seed = models.CharField(max_length=32)
    chosen = models.JSONField(default=list)
    scored_at = models.DateTimeField()

    class Meta:
        ordering = ["claim", "id"]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.points}"


class SiteVisit(AppendOnly):
    """A check on the spot: when, where, by whom, what was found, and its report."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="visits")
    held_on = models.DateField(_("jour"))
    place = models.CharField(_("lieu"), max_length=200)
    met = models.CharField(_("personne rencontrée"), max_length=120)
    finding = models.CharField(max_length=10, choices=Finding.choices)
    words = models.TextField()
    report = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["claim", "id"]
        constraints = [models.CheckConstraint(condition=~Q(place="") & ~Q(words=""), name="visit_has_place_and_words")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.held_on}"
