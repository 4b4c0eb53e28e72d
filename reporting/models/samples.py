"""Audit samples: the population as frozen, the draw, what the audit found, and what was concluded. Written once."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.fields import AppendOnly, CentsField
from regions.models import Programme, Region, User


class Sample(AppendOnly):
    """A sample as drawn once from the expenditure declared in an accounting year (art. 79 CPR). Euro.

    `population` is the frozen text of every unit, one row each, and `population_sha256` its canonical hash;
    `units` and `book` count the positive units, `negatives` and `negative_book` those kept apart. `plan`
    holds the method with every parameter and the seed: with the population it gives `drawn` again for ever.
    """

    class Unit(models.TextChoices):
        FILE = "file", _("Le dossier d’aide")
        TWO_STAGE = "two_stage", _("À deux degrés : les demandes de la région, puis leurs dossiers")
        CLAIM = "claim", _("La demande de paiement de la région")
        OPERATION = "operation", _("L’opération")

    class Strata(models.TextChoices):
        NONE = "", _("Aucune")
        PRIORITY = "priority", _("La priorité du programme")
        OPERATION = "operation", _("L’opération")

    class Side(models.TextChoices):
        POSITIVE = "positive", _("Les dépenses déclarées")
        NEGATIVE = "negative", _("Les montants négatifs (déductions), en valeur absolue")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="samples")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="samples")
    year_end = models.DateField()
    as_of = models.DateTimeField()
    unit = models.CharField(max_length=12, choices=Unit.choices)
    strata = models.CharField(max_length=12, choices=Strata.choices, blank=True)
    side = models.CharField(max_length=10, choices=Side.choices, default=Side.POSITIVE)
    population = models.TextField()
    population_sha256 = models.CharField(max_length=64)
    units = models.PositiveIntegerField()
    book = CentsField()
    negatives = models.PositiveIntegerField()
    negative_book = CentsField()
    plan = models.JSONField()
    seed = models.CharField(max_length=200)
    sub_size = models.PositiveSmallIntegerField(null=True, blank=True)
    drawn = models.JSONField()
    drawn_sha256 = models.CharField(max_length=64)
    drawn_units = models.PositiveIntegerField()
    release = models.CharField(max_length=40)
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(units__gt=0, book__gt=0, drawn_units__gt=0), name="sample_of_something"),
            models.CheckConstraint(condition=Q(negative_book__lte=0), name="negatives_below_zero"),
            models.CheckConstraint(
                condition=Q(unit="two_stage", sub_size__isnull=False) | Q(~Q(unit="two_stage"), sub_size__isnull=True),
                name="second_stage_has_a_size",
            ),
        ]
        indexes = [models.Index(fields=["region", "-drawn_at"], name="samples_of_region")]

    def __str__(self) -> str:
        return f"{self.programme} {self.year} {self.seed}"

    @property
    def year(self) -> str:
        """ "2025-26" """
        return f"{self.year_end.year - 1}-{self.year_end.year % 100:02d}"


class SampleResult(AppendOnly):
    """What was found on one drawn unit, in euro; the latest row of a unit counts, the earlier ones stay."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="results")
    key = models.CharField(max_length=200)
    random = CentsField(default=0)
    systemic = CentsField(default=0)
    anomalous = CentsField(default=0)
    corrected = models.BooleanField(default=False)
    comment = models.TextField(blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(systemic__gte=0, anomalous__gte=0), name="sample_errors_not_negative"),
        ]
        indexes = [models.Index(fields=["sample", "key", "-id"], name="results_of_unit")]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.key}"

    @property
    def found(self) -> Decimal:
        """All errors of the unit, corrected ones too, in euro."""
        return Decimal(self.random + self.systemic + self.anomalous)


class SampleConclusion(AppendOnly):
    """What a sample was concluded to say, with everything it relied on; a later one replaces it. Euro.

    `terms` holds what the auditor gave beside the results, `results` those results, `outcome` what came out;
    `sha256` covers the three and the draw.
    """

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="conclusions")
    terms = models.JSONField()
    results = models.JSONField()
    outcome = models.JSONField()
    sha256 = models.CharField(max_length=64)
    release = models.CharField(max_length=40)
    concluded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sample_id} {self.sha256[:12]}"
