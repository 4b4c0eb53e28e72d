"""Separation of duties: each euro paid, with who examined, decided, controlled, certified, ordered and signed.

The officer who orders may not be the accountant, and nobody may approve his own act (financial regulation
2024/2509, art. 73 and 77; decree 2012-1246, art. 9). The list asks the recorded acts, not the present rights.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.enums import OrderState
from applications.models import PaymentOrder
from regions.models import Region, User
from reporting.columns import Column
from reporting.keyset import LATEST_FIRST
from reporting.lists.base import Filter, Listing, between, column, contains
from workflows import eyes
from workflows.chain import key
from workflows.models import Event

# Who did what on the way of a euro: duty → the act that shows it.
DUTIES: dict[str, str] = {
    "examiner": "application.propose", "decider": "application.grant", "controller": "claim.control",
    "certifier": "claim.verify", "liquidator": "order.prepare", "signatory": "order.sign",
    "sender": "order.send", "accountant": "order.pay",
}  # fmt: skip
# The duties that two different natural persons must hold, as the gate asks of each act.
APART: tuple[tuple[str, str], ...] = (
    ("examiner", "decider"), ("controller", "certifier"), ("decider", "liquidator"), ("controller", "liquidator"),
    ("certifier", "liquidator"), ("decider", "signatory"), ("controller", "signatory"), ("certifier", "signatory"),
    ("liquidator", "signatory"), ("signatory", "accountant"), ("sender", "accountant"),
)  # fmt: skip
KEPT, BROKEN = "kept", "broken"
WORDS: dict[str, tuple[str, str]] = {KEPT: ("Oui", "Yes"), BROKEN: ("Non", "No")}


def _orders(regions: Iterable[Region]) -> QuerySet[PaymentOrder]:
    paid = PaymentOrder.objects.filter(application__region__in=regions, state=OrderState.PAID)
    return paid.select_related("application", "claim")


def _with_hands(orders: Sequence[Any]) -> None:
    """Give each order the person who held each duty; a fixed number of queries for any number of orders."""
    hands = _hands(orders)
    for order in orders:
        order.hands = hands[order.pk]


def _hands(orders: Sequence[Any]) -> dict[int, dict[str, User]]:
    about: dict[str, list[int]] = defaultdict(list)
    for order in orders:
        for row in (order, order.claim, order.application):
            about[key(row)].append(order.pk)
    held: dict[int, dict[str, User]] = defaultdict(dict)
    for duty, user, named in _acts(about):
        for pk in about[named]:
            held[pk][duty] = user
    return held


def _acts(objects: Iterable[str]) -> Iterator[tuple[str, User, str]]:
    """The latest act of each duty on each object: duty, person, object."""
    duties = {act: duty for duty, act in DUTIES.items()}
    asked = Event.objects.filter(object__in=list(objects), act__in=list(duties))
    last = asked.order_by().values("object", "act").annotate(last=Max("id")).values("last")
    events = list(Event.objects.filter(pk__in=last).select_related("actor"))
    people = eyes.asked_by(events)
    for event in events:
        yield duties[event.act], people.get(event.pk, event.actor), event.object


def faults(hands: Mapping[str, User]) -> list[tuple[str, str]]:
    """The pairs of duties that one natural person held together, and those that nobody is known to have held."""
    return [pair for pair in APART if _same(hands.get(pair[0]), hands.get(pair[1]))]


def _same(one: User | None, other: User | None) -> bool:
    """A duty without a person proves nothing, so it counts as a fault."""
    return one is None or other is None or one.person_id == other.person_id


def _row(order: Any) -> dict[str, Any]:
    broken = faults(order.hands)
    return {duty: order.hands[duty].name if duty in order.hands else "" for duty in DUTIES} | {
        "order_number": order.number, "reference": order.application.reference, "claim": order.claim.number,
        "paid_on": order.paid_on, "amount": order.amount, "total": order.total,
        "apart": BROKEN if broken else KEPT,
        "faults": ", ".join(f"{_said(one)} = {_said(other)}" for one, other in broken),
    }  # fmt: skip


def _said(duty: str) -> str:
    return HANDS[duty][str(get_language()).startswith("en")]


HANDS: dict[str, tuple[str, str]] = {
    "examiner": ("Instruit par", "Examined by"), "decider": ("Décidé par", "Decided by"),
    "controller": ("Contrôlé par", "Controlled by"), "certifier": ("Certifié par", "Certified by"),
    "liquidator": ("Liquidé par", "Ordered by"), "signatory": ("Signé par", "Signed by"),
    "sender": ("Transmis par", "Sent by"), "accountant": ("Payé, lu par", "Return read by"),
}  # fmt: skip

SEPARATION = Listing(
    key="separation-des-fonctions",
    name_fr="Séparation des fonctions",
    name_en="Separation of duties",
    columns=(
        column("order_number", "Mandat", "Payment order"),
        column("reference", "Dossier", "File"),
        column("claim", "Demande n°", "Claim no", "integer"),
        column("paid_on", "Payé le", "Paid on", "date"),
        column("amount", "Aide", "Aid", "money"),
        column("total", "Total du mandat", "Order total", "money"),
        *(column(duty, *words) for duty, words in HANDS.items()),
        Column("apart", "Fonctions séparées", "Duties separated", words=WORDS),
        column("faults", "À expliquer", "To be explained"),
    ),
    shown=(
        "order_number", "reference", "paid_on", "amount", "examiner", "decider", "certifier", "liquidator",
        "signatory", "apart",
    ),
    keys=LATEST_FIRST,
    source=_orders,
    row=_row,
    filters=(
        Filter("q", _("Dossier ou mandat"), contains("number", "application__reference")),
        *between("paid_on"),
    ),
    prepare=_with_hands,
)  # fmt: skip
