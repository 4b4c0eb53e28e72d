"""What the workflows remember: events in chains, seals, deadlines, messages, jobs, processes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from applications.models import Application, Claim
from regions.fields import AppendOnly, CentsField
from regions.models import User


class Event(AppendOnly):
    """One act, in the chain of its subject. `payload` is the canonical JSON that was hashed.

    `hash` = SHA-256(previous hash ‖ payload). The other columns repeat the payload for queries; the
    verifier compares them. No name, e-mail, IBAN or free text stands here.
    """

    subject = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=30)
    object = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person_id_value = models.BigIntegerField()
    at = models.DateTimeField()
    payload = models.BinaryField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="one_event_per_rank"),
        ]
        indexes = [
            models.Index(fields=["object", "act"], name="acts_on_object"),
            models.Index(fields=["at"], name="events_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} #{self.number} {self.act}"


class EventNote(models.Model):
    """The free text of an act: kept beside the chain so retention can empty it; the event holds its hash."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="note")
    text = models.TextField()
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.text[:40]


class Seal(AppendOnly):
    """The day's seal: every subject with its length and head, linked to the previous seal."""

    day = models.DateField(unique=True)
    content = models.BinaryField()
    subjects = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    root = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day} {self.root[:12]}"


class SealProof(AppendOnly):
    """What an authority's clock, or the house's key, says of a day's seal: over the letters of its root.

    `content` is kept as it came, in DER: an RFC 3161 response, or a detached CMS signature. The other
    columns repeat it for screens: the moment it attests, policy, number, nonce, who signed.
    """

    class Kind(models.TextChoices):
        TIMESTAMP = "timestamp", _("Horodatage")
        SIGNATURE = "signature", _("Cachet électronique")

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    content = models.BinaryField()
    certificate = models.TextField(blank=True)
    signer = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    policy = models.CharField(max_length=80, blank=True)
    serial = models.CharField(max_length=50, blank=True)
    nonce = models.CharField(max_length=50, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "kind"], name="one_proof_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.seal_id}"


class Deadline(models.Model):
    """A date that binds: the sweeper calls the gate when it passes."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("Réponse aux pièces demandées")
        WARNING = "warning", _("Alerte avant silence")
        SILENCE = "silence", _("Rejet implicite")
        COMPLETION = "completion", _("Achèvement du projet")
        CLAIM_ANSWER = "claim_answer", _("Réponse sur la demande de paiement")
        PAYMENT = "payment", _("Paiement")
        EXPIRY = "expiry", _("Fin d’habilitation")
        APPEAL = "appeal", _("Réponse au recours")
        INSTALMENT = "instalment", _("Échéance de remboursement")
        REVOCATION = "revocation", _("Observations avant retrait de l’aide")
        REPORT = "irregularity", _("Signalement d’une irrégularité")
        REPORT_SOON = "irregularity_soon", _("Signalement d’une irrégularité proche")
        FOLLOW_UP = "follow_up", _("Résultats du projet, quelques mois après")
        TURNOVER = "turnover", _("Déclaration du chiffre d’affaires à l’export")
        COMPLAINT = "complaint", _("Réponse à une réclamation")
        COMPLAINT_SOON = "complaint_soon", _("Réponse à une réclamation, proche")

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="deadlines", null=True, blank=True
    )
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="deadlines", null=True, blank=True)
    accreditation = models.ForeignKey(
        "regions.Accreditation", on_delete=models.PROTECT, related_name="deadlines", null=True, blank=True
    )
    complaint = models.ForeignKey(
        "applications.Complaint", on_delete=models.PROTECT, related_name="deadlines", null=True, blank=True
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="open_deadlines"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%Y-%m-%d}"


class OutboxMessage(models.Model):
    """Something to leave the house after commit: written with the act, sent by the worker."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("Courrier")
        EMAIL = "email", _("Message électronique")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    template = models.CharField(max_length=40)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="outbox", null=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="outbox")
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    language = models.CharField(max_length=2, default="fr")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(sent_at__isnull=True), name="unsent_messages")]

    def __str__(self) -> str:
        return f"{self.kind} {self.template}"


class Job(models.Model):
    """Background work: this row is the truth, the broker's message only a wake-up."""

    class State(models.TextChoices):
        WAITING = "waiting", _("En attente")
        RUNNING = "running", _("En cours")
        DONE = "done", _("Terminée")
        FAILED = "failed", _("En échec")

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=80, unique=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "running"]), name="jobs_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class FileOpened(models.Model):
    """That an auditor opened a file, first, last and how often: his own reading trail, and no evidence of the case.

    Only he reads it; neither the region nor another auditor does. It goes when he no longer audits the region.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "application"], name="one_trail_of_reader_and_file"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.application_id}"


class LedgerDifference(models.Model):
    """A comparison of the nightly check that does not agree, open until a later check finds it agreeing.

    Nobody closes it by hand: what was altered is put right, and the check says so. Euro.
    """

    class Kind(models.TextChoices):
        POSITION = "position", _("Position et grand livre")
        ORDER = "order", _("Mandat et retour du comptable")
        CLAIM = "claim", _("Demande de paiement et service fait certifié")
        GRANT = "grant", _("Aide accordée et parts des financeurs")
        AWARD = "award", _("Aides de minimis et aides accordées")
        PUBLISHED = "published", _("Aides exemptées publiées et aides accordées")
        ESCROW = "escrow", _("Part de l’entreprise et ses mouvements")
        REPORT = "report", _("Rapport publié et grand livre")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    where = models.CharField(max_length=80)
    bucket = models.CharField(max_length=30)
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="ledger_differences")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="differences", null=True)
    line = models.ForeignKey("regions.EnvelopeLine", on_delete=models.PROTECT, related_name="differences", null=True)
    held = CentsField()
    proof = CentsField()
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "where", "bucket"], condition=Q(resolved_at__isnull=True), name="one_open_difference"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.where}, {self.bucket}"

    @property
    def named(self) -> str:
        """The number of the order, claim, grant or report; a line and a file are shown by themselves."""
        shown = (self.Kind.ORDER, self.Kind.CLAIM, self.Kind.GRANT, self.Kind.REPORT)
        return self.where.rpartition(" ")[2] if self.kind in shown else ""


class DifferenceNote(AppendOnly):
    """What a person found or did about a difference; a note is never changed."""

    difference = models.ForeignKey(LedgerDifference, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]


class CaseProcess(Process):
    """The process of human tasks that follows a file."""

    case = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="process")

    class Meta:
        verbose_name_plural = "Case process list"

    def __str__(self) -> str:
        return f"Process of {self.case_id}"
