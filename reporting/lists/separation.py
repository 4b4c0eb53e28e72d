"""Separation of duties: each euro paid, with who examined, decided, controlled, certified, ordered and signed.

The officer who orders may not be the accountant, and nobody may approve his own act (financial regulation
2024/2509, art. 73 and 77; decree 2012-1246, art. 9). The list asks the recorded acts, not the present rights.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.enums import OrderState
from applications.models import PaymentOrder
from regions.models import Region, User
from reporting.columns import Column
from reporting.keyset import LATEST_FIRST
from reporting.lists.base import Filter, Listing, between, column, contains
from workflows import eyes, signatures
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
# An order bears one signature, or several of different persons: all of them are signatories.
SIGNATORY = "signatory"
Hands = Mapping[str, Sequence[User]]
KEPT, BROKEN = "kept", "broken"
WORDS: dict[str, tuple[str, str]] = {KEPT: ("Oui", "Yes"), BROKEN: ("Non", "No")}


def _orders(regions: Iterable[Region]) -> QuerySet[PaymentOrder]:
    paid = PaymentOrder.objects.filter(application__region__in=regions, state=OrderState.PAID)
    return paid.select_related("application", "claim", "run")


def _with_hands(orders: Sequence[Any]) -> None:
    """Give each order the person who held each duty; a fixed number of queries for any number of orders."""
    hands = _hands(orders)
    for order in orders:
        order.hands = hands[order.pk]


def _hands(orders: Sequence[Any]) -> dict[int, dict[str, list[User]]]:
    about: dict[str, list[int]] = defaultdict(list)
    for order in orders:
        for row in (order, order.claim, order.application):
            about[key(row)].append(order.pk)
    held: dict[int, dict[str, list[User]]] = defaultdict(lambda: defaultdict(list))
    for duty, user, named in _acts(about):
        for pk in about[named]:
            held[pk][duty].append(user)
    return held


def _acts(objects: Iterable[str]) -> Iterator[tuple[str, User, str]]:
    """The latest act of each duty on each object, and every signature: duty, person, object."""
    duties = {act: duty for duty, act in DUTIES.items()} | dict.fromkeys(signatures.SIGNATURES, SIGNATORY)
    asked = Event.objects.filter(object__in=list(objects), act__in=list(duties))
    last = asked.order_by().values("object", "act").annotate(last=Max("id")).values("last")
    counted = asked.filter(Q(pk__in=last) | Q(act__in=signatures.SIGNATURES))
    events = list(counted.select_related("actor").order_by("id"))
    people = eyes.asked_by(events)
    for event in events:
        yield duties[event.act], people.get(event.pk, event.actor), event.object


def faults(hands: Hands, asked: int = 1) -> list[tuple[str, str]]:
    """The pairs of duties that one natural person held together, and those that nobody is known to have held.

    The signatories count as a pair when one signed twice, or fewer persons than were `asked` signed.
    """
    found = [pair for pair in APART if _same(hands.get(pair[0], ()), hands.get(pair[1], ()))]
    return found + [(SIGNATORY, SIGNATORY)] if _signed_short(hands.get(SIGNATORY, ()), asked) else found


def _same(one: Sequence[User], other: Sequence[User]) -> bool:
    """A duty without a person proves nothing, so it counts as a fault."""
    return not one or not other or not _persons(one).isdisjoint(_persons(other))


def _signed_short(signatories: Sequence[User], asked: int) -> bool:
    return bool(signatories) and len(_persons(signatories)) < max(asked, len(signatories))


def _persons(users: Sequence[User]) -> set[int]:
    return {user.person_id for user in users}


def _row(order: Any) -> dict[str, Any]:
    broken = faults(order.hands, order.run.signatures if order.run else 1)
    return {duty: ", ".join(user.name for user in order.hands.get(duty, ())) for duty in DUTIES} | {
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
