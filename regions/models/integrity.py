"""Declarations of interests: what a region asks of its people, and what each of them declared.

Art. 61 of Regulation (EU, Euratom) 2024/2509: whoever takes part in spending the Union's money, preparatory acts, audit
and control included, takes no act that may bring his own interests into conflict with it.
"""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.fields import AppendOnly
from regions.models.people import User
from regions.models.region import Region


class IntegrityTerms(AppendOnly):
    """Whether a region refuses decisions and payments of whoever declared nothing, from a day until the next terms.

    `months` is how long a declaration holds. The regulation gives no period: twelve months is usual, to be confirmed by
    each region. `complaint_months` is how long it takes to answer a complaint (art. 69(7) of Regulation (EU) 2021/1060
    leaves it to each State): two months, to be confirmed. `notice_days` and `complaint_notice_days`: how many days
    before the end of a declaration, and the last day to answer a complaint, people are reminded; the house's own.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="integrity_terms")
    valid_from = models.DateField(_("à partir du"))
    required = models.BooleanField(_("déclaration exigée"))
    months = models.PositiveSmallIntegerField(
        _("durée d’une déclaration, en mois"), default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    complaint_months = models.PositiveSmallIntegerField(
        _("délai de réponse à une réclamation, en mois"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    notice_days = models.PositiveSmallIntegerField(
        _("rappel avant la fin d’une déclaration, en jours"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    complaint_notice_days = models.PositiveSmallIntegerField(
        _("rappel avant le dernier jour de réponse à une réclamation, en jours"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(months__gte=1, months__lte=60), name="integrity_months_in_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(complaint_months__gte=1, complaint_months__lte=12), name="complaint_months_in_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(notice_days__range=(1, 90), complaint_notice_days__range=(1, 90)),
                name="integrity_notices_in_reason",
            ),
        ]
        indexes = [models.Index(fields=["region", "valid_from"], name="integrity_terms_in_force")]

    def __str__(self) -> str:
        return f"{self.region} {self.valid_from}"

    @classmethod
    def in_force(cls, region_id: int, day: date) -> IntegrityTerms | None:
        """The terms of a region on a day: the latest that began."""
        return cls.objects.filter(region=region_id, valid_from__lte=day).order_by("-valid_from", "-pk").first()


class InterestDeclaration(AppendOnly):
    """What a person declared on a day, under which wording; a later declaration replaces it and it stays.

    `sha256` proves the whole: person, day, the wording's own hash and the firms named, salted.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interest_declarations")
    wording = models.CharField(max_length=20)
    wording_sha256 = models.CharField(max_length=64)
    declared_on = models.DateField()
    declared_at = models.DateTimeField()
    salt = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.user_id} {self.declared_on}"


class DeclaredInterest(AppendOnly):
    """A firm or a provider in which the person declared an interest, by its SIREN."""

    declaration = models.ForeignKey(InterestDeclaration, on_delete=models.PROTECT, related_name="interests")
    siren = models.CharField("SIREN", max_length=9)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration", "siren"], name="one_interest_per_firm")]

    def __str__(self) -> str:
        return self.siren
