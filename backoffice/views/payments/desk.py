"""What every page of the paying side knows: whose desk it is, its tabs, and what a mass act did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.enums import BankChangeState, ClaimState, OrderState
from applications.models import BankChange, BankDetails, Claim, Company, PaymentOrder
from applications.models.application import live
from backoffice.views.base import View
from regions.enums import RoleKind
from regions.models import Provider, Region, User
from workflows import payees

PAYING = (RoleKind.LIQUIDATOR, RoleKind.AUTHORISING, RoleKind.ACCOUNTANT)
RESULT = "payments-result"


@dataclass(slots=True)
class Desk:
    """Where a person prepares, signs or reads returns today: regions by role, and his delegations."""

    user: User
    regions: dict[int, Region] = field(default_factory=dict)
    by_role: dict[str, set[int]] = field(default_factory=dict)
    delegations: dict[int, str] = field(default_factory=dict)

    def may(self, kind: RoleKind, region: int) -> bool:
        return region in self.by_role.get(kind, set())

    def of(self, kind: RoleKind) -> list[Region]:
        """The regions where he holds a role."""
        return [region for pk, region in self.regions.items() if self.may(kind, pk)]


def desk_of(user: User) -> Desk:
    """The desk of a person, from his roles of the day. One query."""
    desk = Desk(user)
    roles = live(user.roles, None).filter(kind__in=PAYING).select_related("region")
    for role in roles.order_by("region__code", "pk"):
        desk.regions[role.region_id] = role.region
        desk.by_role.setdefault(role.kind, set()).add(role.region_id)
        if role.kind == RoleKind.AUTHORISING:
            desk.delegations[role.region_id] = role.delegation
    return desk


def claims_to_order(desk: Desk) -> QuerySet[Claim]:
    """The verified claims of a desk that live orders do not pay whole; `ordered` is what they pay. Euro."""
    waiting = Claim.objects.for_user(desk.user).filter(
        application__region__in=list(desk.regions), state=ClaimState.VERIFIED
    )
    found: QuerySet[Claim] = payees.with_ordered(waiting).filter(ordered__lt=F("aid_due"))
    return found


def orders_of(desk: Desk) -> QuerySet[PaymentOrder]:
    """The orders of a desk, with what a line of a list shows."""
    orders = PaymentOrder.objects.for_user(desk.user).filter(application__region__in=list(desk.regions))
    return orders.select_related(
        "application__company", "application__provider", "application__scheme_version", "payee_provider", "claim", "run"
    )


def with_accounts(payees: Sequence[Any]) -> None:
    """Give each payee, firm or provider, his live account and a change of it that waits: two queries for a list."""
    firms = {payee.pk for payee in payees if isinstance(payee, Company)}
    providers = {payee.pk for payee in payees if isinstance(payee, Provider)}
    owned = Q(company__in=firms) | Q(provider__in=providers)
    accounts = _by_owner(BankDetails.objects.filter(owned, valid_to__isnull=True))
    changes = _by_owner(BankChange.objects.filter(owned, state=BankChangeState.ASKED))
    for payee in payees:
        key = type(payee).__name__, payee.pk
        payee.accounts, payee.changes = accounts.get(key, []), changes.get(key, [])


def _by_owner(rows: Any) -> dict[tuple[str, int], list[Any]]:
    found: dict[tuple[str, int], list[Any]] = {}
    for row in rows:
        key = ("Company", row.company_id) if row.company_id else ("Provider", row.provider_id)
        found.setdefault(key, []).append(row)
    return found


# A rejected order whose part of a claim waits to be ordered again: a person takes it up.
TO_TAKE_UP = Q(state=OrderState.REJECTED, claim__state=ClaimState.VERIFIED) & ~Q(
    Exists(PaymentOrder.objects.exclude(state__in=payees.GONE).filter(claim=OuterRef("claim"), payee=OuterRef("payee")))
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the paying side: its address, its words, and how much waits there."""

    key: str
    url: str
    label: Any
    count: int | None = None


STAGES = {"a-signer": OrderState.PREPARED, "a-transmettre": OrderState.SIGNED, "chez-le-comptable": OrderState.SENT}
LABELS = {"a-signer": _("À signer"), "a-transmettre": _("À transmettre"), "chez-le-comptable": _("Chez le comptable")}


def tabs(desk: Desk) -> list[Tab]:
    """The tabs with their counters: three queries."""
    live_orders = Q(state__in=list(STAGES.values()))
    orders = PaymentOrder.objects.filter(live_orders, application__region__in=list(desk.regions)).order_by()
    counts = dict(orders.values_list("state").annotate(Count("pk")))
    return [
        Tab("a-mandater", reverse("payments"), _("À mandater"), claims_to_order(desk).count()),
        *(
            Tab(key, reverse("payment-orders", args=[key]), LABELS[key], counts.get(state, 0))
            for key, state in STAGES.items()
        ),
        Tab("rejetes", reverse("payment-orders", args=["rejetes"]), _("Rejetés"), _to_take_up(desk)),
        Tab("tous", reverse("payment-orders", args=["tous"]), _("Tous les mandats")),
        Tab("bordereaux", reverse("payment-batches"), _("Bordereaux")),
        Tab("retours", reverse("payment-returns"), _("Retours")),
        Tab("encaissements", reverse("receipts-first"), _("Encaissements")),
        Tab("enveloppes", reverse("payment-envelopes"), _("Enveloppes")),
    ]


def _to_take_up(desk: Desk) -> int:
    return PaymentOrder.objects.filter(TO_TAKE_UP, application__region__in=list(desk.regions)).count()


def posted(to: str, *names: str) -> Callable[[View], View]:
    """For an address that only acts: who comes to it by a link or after signing in again lands on its list."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            return redirect(to, *(kwargs.get(name, name) for name in names))

        return guarded

    return guard


def pks(request: HttpRequest, name: str) -> list[int]:
    """The numbers ticked in a list; what is not a number is left out."""
    return [int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 19]


def keep_result(request: HttpRequest, title: Any, done: list[int], refused: list[tuple[str, str]]) -> None:
    """Keep what a mass act did, for the page that follows it."""
    request.session[RESULT] = {"title": str(title), "done": done, "refused": refused}
