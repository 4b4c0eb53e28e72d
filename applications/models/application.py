"""The application: draft facts written by forms, legal facts written by the gate."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import ENDED, UNDECIDED, Actor, ApplicationState, CheckKind, Finding, LegalCategory, Opinion
from applications.models.company import Company
from applications.models.operation import Operation
from regions import clock
from regions.fields import AppendOnly, CentsField, Chained, StateField, Stateful
from regions.models import Envelope, Expert, Person, Provider, Region, Role, SchemeVersion, User, in_force


class ApplicationQuerySet(models.QuerySet["Application"]):
    def for_user(self, user: User) -> ApplicationQuerySet:
        """What a person may know of: his firms' files, his provider's, his regions'; else nothing.

        A role whose dates are over still shows nothing: rights end with the day.
        """
        if user.is_system:
            return self
        return self.filter(visible_to(user))


def visible_to(user: User, prefix: str = "", day: date | None = None) -> Q:
    """The condition under which an application (or what hangs on it, by prefix) is a person's."""
    from_role = Q(**{f"{prefix}region__in": live(user.roles, day).values("region")})
    firms = live(user.mandates, day).values("company")
    from_mandate = Q(**{f"{prefix}company__in": firms})
    grouped = ApplicationMember.objects.filter(company__in=firms, left_on__isnull=True).values("application")
    from_group = Q(**{f"{prefix}pk__in": grouped})
    from_provider = Q(**{f"{prefix}provider__in": live(user.provider_memberships, day).values("provider")})
    drafts = Q(**{f"{prefix}state": ApplicationState.DRAFT})
    return from_mandate | ((from_role | from_provider | from_group) & ~drafts)


def live(manager: Any, day: date | None) -> Any:
    """Rows of a dated relation in force on a day (today in Paris by default).

    A role is in force only once a second person has confirmed it.
    """
    rows = manager.filter(in_force(day or clock.today()))
    return rows.filter(confirmed_at__isnull=False) if rows.model is Role else rows


class Application(Stateful, Chained):
    """A firm's request under one version of a scheme. Amounts in euro excl. VAT.

    Facts of the draft are written by `applications.forms` only; state, dates, amounts and actors by
    the gate only. `headcount` is in annual work units, in hundredths.
    """

    reference = models.CharField(max_length=24, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="applications")
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="applications")
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="applications", null=True)
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="applications", null=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="applications")
    representative = models.ForeignKey(User, on_delete=models.PROTECT, related_name="filed")
    manager = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="managed_applications")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="applications", null=True, blank=True)

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="applications", null=True, blank=True)
    provider_chosen_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=1)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, related_name="followed_by", null=True, blank=True)
    asked_components = models.JSONField(default=dict, blank=True)
    recommended = models.JSONField(default=list, blank=True)
    amount_to_cut = CentsField(default=0)

    headcount = CentsField(_("effectif en équivalents temps plein"), null=True)
    turnover = CentsField(_("chiffre d’affaires hors taxes"), null=True)
    balance_sheet = CentsField(_("total du bilan"), null=True)
    independent = models.BooleanField(_("entreprise indépendante"), null=True, blank=True)
    previous_headcount = CentsField(_("effectif de l’exercice précédent"), null=True, blank=True)
    previous_turnover = CentsField(_("chiffre d’affaires de l’exercice précédent"), null=True, blank=True)
    previous_balance_sheet = CentsField(_("total du bilan de l’exercice précédent"), null=True, blank=True)
    ownership_changed = models.BooleanField(_("fusion ou acquisition depuis l’exercice précédent"), default=False)
    # Whether it is in difficulty (GBER, art. 2(18)): asked only where the scheme’s legal basis asks it.
    capital_lost = models.BooleanField(_("plus de la moitié du capital perdue"), null=True, blank=True)
    insolvent = models.BooleanField(_("procédure collective ou cessation des paiements"), null=True, blank=True)
    rescue_aid = models.BooleanField(_("aide au sauvetage ou à la restructuration en cours"), null=True, blank=True)
    naf_code = models.CharField(max_length=6, blank=True)
    naf_nomenclature = models.CharField(max_length=10, default="rev2")
    legal_category = models.CharField(max_length=20, choices=LegalCategory.choices, blank=True)
    commune = models.CharField(max_length=5, blank=True)
    title = models.CharField(_("projet"), max_length=160, blank=True)
    works_start_on = models.DateField(_("devis signé le"), null=True, blank=True)
    declared_de_minimis = CentsField(_("autres aides de minimis sur trois ans"), null=True)
    other_public_aid = CentsField(_("autres aides publiques sur le projet"), null=True)
    declared_accurate = models.BooleanField(default=False)
    self_diagnosis = models.CharField(max_length=70, blank=True)  # the reference of a result, which holds the answers
    digital_intensity_before = models.PositiveSmallIntegerField(null=True, blank=True)
    digital_intensity_after = models.PositiveSmallIntegerField(null=True, blank=True)

    state = StateField(default=ApplicationState.DRAFT, choices=ApplicationState.choices)
    next_actor = models.CharField(max_length=12, choices=Actor.choices, default=Actor.FIRM, blank=True)
    assigned_to = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="assigned_applications", null=True, blank=True
    )
    due_on = models.DateField(null=True, blank=True)
    decision_due_on = models.DateField(null=True, blank=True)
    implicit_rejection_on = models.DateField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    # The last thing that the firm filed before its file was found complete: its rank in the waiting list.
    filed_complete_at = models.DateTimeField(null=True, blank=True)
    room_since = models.DateTimeField(null=True, blank=True)
    lapse_proposed_on = models.DateField(null=True, blank=True)

    opinion = models.CharField(max_length=10, choices=Opinion.choices, blank=True)
    refusal_codes = models.JSONField(default=list, blank=True)

    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    complete_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    notified_on = models.DateField(null=True, blank=True)
    complete_by = models.DateField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    # From which day the firm is asked what became of its project, and until when: set when the file is completed.
    results_on = models.DateField(null=True, blank=True)
    results_by = models.DateField(null=True, blank=True)

    amount_requested = CentsField(null=True, blank=True)
    amount_proposed = CentsField(null=True, blank=True)
    amount_granted = CentsField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["region", "state", "due_on", "id"], name="queue_by_due"),
            models.Index(fields=["region", "next_actor", "due_on", "id"], name="queue_by_actor"),
            models.Index(fields=["assigned_to", "due_on", "id"], name="queue_mine"),
            models.Index(fields=["company", "state"], name="files_of_company"),
            models.Index(fields=["manager", "submitted_at"], name="files_of_manager"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_granted__isnull=True) | Q(amount_granted__gte=0),
                name="granted_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False) | Q(state="withdrawn"),
                name="submitted_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "running", "completed"]) | Q(amount_granted__isnull=False),
                name="granted_has_amount",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def zone(self) -> str:
        """The time zone in which this file's deadlines fall."""
        return self.region.time_zone

    @property
    def binding_on(self) -> date | None:
        """The date after which the file is late: the decision's while it is awaited, never the alert before it."""
        return self.decision_due_on if self.state in UNDECIDED else self.due_on

    @property
    def is_open(self) -> bool:
        return self.state != ApplicationState.DRAFT and self.state not in ENDED


class ApplicationMember(models.Model):
    """A firm of a group besides the lead: it confirms for itself, and may leave.

    A form writes it until filing, the gate afterwards; `share` is its part of the grant in euro.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="members")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    declared_de_minimis = CentsField(_("autres aides de minimis sur trois ans"), null=True, blank=True)
    share = CentsField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "company"], condition=Q(left_on__isnull=True), name="one_membership_per_firm"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}:{self.company_id}"


class ApplicationLine(models.Model):
    """A line of the quote: what the firm wants to buy, and what the rules make of it.

    `amount` is the quote excl. VAT, `quantity` its days when it is sold by the day; `eligible` and `aid`
    are written by the gate at proposal.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=40)
    label = models.CharField(max_length=160)
    amount = CentsField()
    quantity = CentsField(_("nombre de jours"), null=True, blank=True)
    hardware = models.BooleanField(default=False)
    eligible = CentsField(null=True, blank=True)
    aid = CentsField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="one_line_number"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="line_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return self.label


class ItemRequest(models.Model):
    """A request for required missing items: the only thing that stops the clock (CRPA L. 114-5)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="item_requests")
    claim = models.ForeignKey(
        "applications.Claim", on_delete=models.PROTECT, related_name="item_requests", null=True, blank=True
    )
    kinds = models.JSONField()
    message = models.TextField(blank=True)
    asked_on = models.DateField()
    deadline = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    expired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_on__isnull=True, expired_on__isnull=True, claim__isnull=True),
                name="one_open_request_per_application",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(answered_on__isnull=True, expired_on__isnull=True),
                name="one_open_request_per_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.asked_on}"


class CheckResult(AppendOnly):
    """What a machine or a person found on a point; the latest of a kind counts."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=20, choices=CheckKind.choices)
    finding = models.CharField(max_length=10, choices=Finding.choices)
    codes = models.JSONField(default=list)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["application", "kind", "id"], name="latest_check")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.get_finding_display()}"


class Decision(AppendOnly):
    """What an act relied on, frozen: rules, law, engine, inputs and outcome, so it can be recomputed.

    `inputs` and `outcome` are canonical JSON bytes without names; `sha256` covers both.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    act = models.CharField(max_length=20)
    scheme_fingerprint = models.CharField(max_length=64)
    law_version = models.CharField(max_length=40)
    engine_version = models.CharField(max_length=20)
    inputs = models.BinaryField()
    outcome = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id} {self.act} {self.sha256[:8]}"
