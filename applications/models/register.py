"""De minimis awards, and corrections of exempted grants: what the registers and the ceiling are told."""

from django.db import models
from django.db.models import F, Q
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


class GrantCorrection(AppendOnly):
    """That the equivalent of a grant exempted under the GBER changed, from `previous` to `equivalent`. Euro.

    `event` names the act that made it. `publish_by` binds only where the grant was published before: its first
    publication carries the corrections made until then.
    """

    class Cause(models.TextChoices):
        AMENDED = "amended", _("Aide réduite par avenant")
        UNUSED = "unused", _("Fin du dossier : aide non utilisée")
        RECOVERED = "recovered", _("Aide recouvrée")
        LEFT = "left", _("Entreprise sortie du groupement")
        JOINED = "joined", _("Entreprise entrée dans le groupement")
        EARLIER = "earlier", _("Actes d’avant ce registre")

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    previous = CentsField()
    equivalent = CentsField()
    corrected_on = models.DateField()
    cause = models.CharField(max_length=10, choices=Cause.choices)
    event = models.CharField(max_length=60, blank=True)
    publish_by = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "number"], name="one_correction_number"),
            models.CheckConstraint(
                condition=Q(equivalent__gte=0, previous__gte=0) & ~Q(equivalent=F("previous")),
                name="grant_correction_changes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant}/{self.number}"


class RegisterFiling(AppendOnly):
    """That an award was entered in a national register, or a grant published: when, under which reference, by whom.

    `carried` is the number of the last correction that the publication of a grant carries; later ones follow it.
    """

    class Register(models.TextChoices):
        DE_MINIMIS = "de_minimis", _("Registre des aides de minimis")
        TRANSPARENCY = "transparency", _("Publication des aides de plus de 100 000 €")

    register = models.CharField(max_length=12, choices=Register.choices)
    award = models.OneToOneField(DeMinimisAward, on_delete=models.PROTECT, related_name="filing", null=True, blank=True)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="publication", null=True, blank=True)
    correction = models.OneToOneField(
        GrantCorrection, on_delete=models.PROTECT, related_name="filing", null=True, blank=True
    )
    carried = models.PositiveSmallIntegerField(default=0)
    filed_on = models.DateField()
    reference = models.CharField(max_length=60)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(register="de_minimis", award__isnull=False, grant__isnull=True, correction__isnull=True)
                | Q(register="transparency", award__isnull=True, grant__isnull=False, correction__isnull=True)
                | Q(register="transparency", award__isnull=True, grant__isnull=True, correction__isnull=False),
                name="filing_of_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="filing_has_reference"),
        ]

    def __str__(self) -> str:
        return self.reference
