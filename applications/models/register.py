"""De minimis awards: what the ceiling is measured on, and what the national register is told."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.grant import Grant
from regions.fields import AppendOnly, CentsField
from regions.models import User


class DeMinimisAward(AppendOnly):
    """An award under a de minimis regulation, gross grant equivalent in euro; a correction is a new row.

    `source` says whether the house granted it, the firm declared it, or the national register showed
    it. `granted_on` is the day the legal right was conferred (Reg. (EU) 2023/2831, art. 3(3)).
    """

    class Source(models.TextChoices):
        OWN = "own"
        DECLARED = "declared"
        REGISTER = "register"

    siren = models.CharField(max_length=9, db_index=True)
    amount = CentsField()
    granted_on = models.DateField()
    authority = models.CharField(max_length=160)
    authority_siret = models.CharField(max_length=14, blank=True)
    regulation = models.CharField(max_length=20, default="2023/2831")
    instrument = models.CharField(max_length=20, default="grant")
    nace = models.CharField(max_length=6, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    aid_number = models.CharField(max_length=40, unique=True)
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="de_minimis_awards", null=True, blank=True
    )
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    register_by = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["siren", "granted_on"], name="awards_of_siren")]

    def __str__(self) -> str:
        return self.aid_number


class RegisterFiling(AppendOnly):
    """That an award was entered in a national register, or a grant published: when, under which reference, by whom."""

    class Register(models.TextChoices):
        DE_MINIMIS = "de_minimis", _("Registre des aides de minimis")
        TRANSPARENCY = "transparency", _("Publication des aides de plus de 100 000 €")

    register = models.CharField(max_length=12, choices=Register.choices)
    award = models.OneToOneField(DeMinimisAward, on_delete=models.PROTECT, related_name="filing", null=True, blank=True)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="publication", null=True, blank=True)
    filed_on = models.DateField()
    reference = models.CharField(max_length=60)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(register="de_minimis", award__isnull=False, grant__isnull=True)
                | Q(register="transparency", award__isnull=True, grant__isnull=False),
                name="filing_of_an_award_or_a_grant",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="filing_has_reference"),
        ]

    def __str__(self) -> str:
        return self.reference
