"""Report runs: what was asked, from what, by whom, and the hashes of what came out."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Operation
from regions.models import Region, User

AUDIT_FROM = 1_000_000_000  # the audit's runs are numbered from here on, shown as A1, A2…


class RunSeries(models.Model):
    """The last number of the audit's runs, and that of the region's: neither series has gaps where the other worked."""

    audit = models.BooleanField(unique=True)
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.audit} {self.last}"

    @classmethod
    def following(cls, audit: bool) -> int:
        """The next key of a series, its row locked until the run is there; runs made before keep their number."""
        among = Q(pk__gte=AUDIT_FROM) if audit else Q(pk__lt=AUDIT_FROM)
        last = ReportRun.objects.filter(among).aggregate(last=models.Max("pk"))["last"]
        begun = {"last": last if last is not None else AUDIT_FROM if audit else 0}
        series, _made = cls.objects.select_for_update().get_or_create(audit=audit, defaults=begun)
        series.last += 1
        series.save(update_fields=["last"])
        return series.last


class ReportRun(models.Model):
    """A report as made once: its watermark, filters, rows, totals, hashes and author.

    `content_sha256` covers canonical rows, columns and language without names: it stays the same for
    ever. It is also the name under which those rows are kept. `file_sha256` is the issued file's. A run
    whose totals do not tie is kept, and not released. `apart` names the records set apart.
    `step` and `rows_done` tell how far the work is. The file stays until `kept_until`; this record stays.
    `author_name` is what the file bears, so that the file made again bears it too. `audit` is true of a run
    asked in the name of the audit: the region does not know of it before `sent_at`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Demandé")
        RUNNING = "running", _("En cours")
        RELEASED = "released", _("Publié")
        WITHHELD = "withheld", _("Retenu : les totaux ne concordent pas")
        FAILED = "failed", _("En échec")

    report = models.CharField(max_length=40)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="report_runs")
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="report_runs", null=True)
    as_of = models.DateTimeField()
    filters = models.JSONField(default=dict)
    language = models.CharField(max_length=2, default="fr")
    form = models.CharField(max_length=10, default="xlsx")
    columns = models.JSONField(default=list)
    template_name = models.CharField(max_length=80, blank=True)
    versions = models.JSONField(default=dict)
    rows = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    apart = models.JSONField(default=list)
    set_apart = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    size = models.BigIntegerField(null=True, blank=True)
    audit = models.BooleanField(default=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    author_name = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="report_runs")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    step = models.PositiveSmallIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    kept_until = models.DateField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "-created_at"], name="runs_of_region"),
            models.Index(fields=["kept_until"], condition=models.Q(purged_at=None), name="runs_to_purge"),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.as_of:%Y-%m-%d}"

    @property
    def number(self) -> str:
        """What people call the run: 12, or A12 in the audit's own series."""
        return f"A{self.pk - AUDIT_FROM}" if self.pk > AUDIT_FROM else str(self.pk)

    @property
    def in_progress(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def downloadable(self) -> bool:
        """Released, and its file still kept."""
        return self.state == self.State.RELEASED and self.purged_at is None

    def total(self, key: str) -> Decimal | None:
        """A control total in euro; None until it is known."""
        return Decimal(self.totals[key]) if key in self.totals else None


class ReportTemplate(models.Model):
    """A way of asking for a report shared under a name: columns, format, filters.

    Those of the audit (`audit`) are its own, those of the region the region’s: neither reads the other’s.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="report_templates")
    report = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=2, default="fr")
    form = models.CharField(max_length=10, default="xlsx")
    columns = models.JSONField(default=list)
    filters = models.JSONField(default=dict)
    audit = models.BooleanField(default=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "report", "name", "audit"], name="one_template_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
