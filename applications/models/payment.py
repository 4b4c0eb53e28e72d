"""Payment orders, the batches they travel in, and the returns that alone make them paid."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import Actor, OrderState, Payee
from applications.models.application import Application, visible_to
from applications.models.claim import Claim
from applications.models.document import Document
from regions.fields import AppendOnly, CentsField, StateField, Stateful
from regions.models import Provider, Region, User


class PaymentRun(models.Model):
    """A batch sent to the public accountant or to a bank: the bordereau, its control total and its hash.

    `output` is the kind of file (a key of `documents.payments.writers.FORMATS`). `kept` is what makes that file
    again, byte for byte: the transfer order itself, or the manifest of the package; `file_sha256` its digest.
    `signatures` says how many persons had to sign each of its orders.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="payment_runs")
    number = models.CharField(max_length=30, unique=True)
    created_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    total = CentsField()
    sha256 = models.CharField(max_length=64)
    bordereau = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", null=True)
    listing = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", null=True)
    output = models.CharField(max_length=20, default="accountant")
    kept = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", null=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    signatures = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(signatures__gte=1), name="run_signed_at_least_once")]

    def __str__(self) -> str:
        return self.number


class PaymentOrderQuerySet(models.QuerySet["PaymentOrder"]):
    def for_user(self, user: User) -> PaymentOrderQuerySet:
        """Orders of the files a person may know of."""
        return self if user.is_system else self.filter(visible_to(user, "application__"))


class PaymentOrder(Stateful):
    """An order to pay a verified claim (mandat), or one payee's part of it. Payee and amount are a snapshot, hashed.

    `amount` is the aid, booked in the ledger; `own_share` the firm's own money held in escrow and paid
    with it; `payee_provider` is set when the provider is paid in the firm's place. Euro. Each payee has one live
    order per claim, and a trigger refuses to order more than was certified on the claim, whoever is paid.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="orders")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(max_length=30, unique=True)
    state = StateField(default=OrderState.NEW, choices=OrderState.choices)
    next_actor = models.CharField(max_length=12, choices=Actor.choices, blank=True)
    due_on = models.DateField(null=True, blank=True)
    amount = CentsField()
    own_share = CentsField(default=0)
    payee = models.CharField(max_length=10, choices=Payee.choices, default=Payee.FIRM)
    payee_name = models.CharField(max_length=70)
    payee_iban = models.CharField(max_length=34)
    payee_provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="orders", null=True, blank=True)
    snapshot_sha256 = models.CharField(max_length=64)
    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="orders", null=True, blank=True)
    prepared_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    accountant_reference = models.CharField(max_length=40, blank=True)
    rejection_code = models.CharField(max_length=40, blank=True)

    objects = PaymentOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, own_share__gte=0), name="order_positive"),
            models.UniqueConstraint(
                fields=["claim", "payee"],
                condition=~Q(state__in=["rejected", "cancelled"]),
                name="one_live_order_per_claim_and_payee",
            ),
            models.CheckConstraint(
                condition=Q(payee="provider", payee_provider__isnull=False)
                | Q(payee="firm", payee_provider__isnull=True),
                name="order_names_its_provider",
            ),
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_on__isnull=False), name="paid_order_has_date"),
        ]
        indexes = [models.Index(fields=["state", "due_on", "id"], name="orders_by_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Decimal:
        """What leaves the account: the aid and the firm's own share, in euro."""
        return Decimal(self.amount + self.own_share)


class PaymentReturn(AppendOnly):
    """A line of the accountant's or the bank's return, kept as read; the same line twice changes nothing.

    `booked` tells an entry of the account from a word of the bank that announces one.
    """

    class Result(models.TextChoices):
        PAID = "paid", _("Payé")
        REJECTED = "rejected", _("Rejeté")

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="returns")
    result = models.CharField(max_length=10, choices=Result.choices)
    value_date = models.DateField()
    reference = models.CharField(max_length=40)
    amount = CentsField()
    rejection_code = models.CharField(max_length=40, blank=True)
    file_sha256 = models.CharField(max_length=64)
    booked = models.BooleanField(default=True)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "reference", "result"], name="one_return_line"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.result}"
