"""Documents by content: the file is stored under its SHA-256, once, whoever attached it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.enums import DocumentKind
from applications.models.application import Application
from regions.models import User


class Document(models.Model):
    """A piece of a file. A deleted one leaves a tombstone: hash, rule, date and actor remain."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="documents", null=True, blank=True
    )
    claim = models.ForeignKey(
        "applications.Claim", on_delete=models.PROTECT, related_name="documents", null=True, blank=True
    )
    kind = models.CharField(max_length=24, choices=DocumentKind.choices)
    name = models.CharField(_("nom du fichier"), max_length=160)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_rule = models.CharField(max_length=60, blank=True)
    deleted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["application", "kind"], name="documents_of_file")]

    def __str__(self) -> str:
        return self.name
