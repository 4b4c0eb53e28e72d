"""Returns of the accountant or of a bank: files of lines that alone make an order paid, or rejected.

A return is tried first: each line says what it would do, and nothing is written. Read for good, a
line moves one order or is set apart with its reason; a bad line loses none of the good ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.enums import OrderState
from applications.models import PaymentOrder, PaymentReturn
from applications.models.application import live
from applications.services import store
from regions import clock
from regions.enums import RoleKind
from regions.models import Region, User
from workflows import bank_returns, eyes, gate, return_lines
from workflows.acts import Refused
from workflows.return_lines import COLUMNS, XML, BadFile, BadLine, ReturnLine

__all__ = ["COLUMNS", "BadFile", "BadLine", "Reading", "ReturnLine", "Trial", "preview", "read_return"]

MOVES = {PaymentReturn.Result.PAID: "pay", PaymentReturn.Result.REJECTED: "reject"}
APPROVED = ("claim.verify", "order.prepare", "order.sign", "order.countersign")

PAID, REJECTED, ALREADY, APART = "paid", "rejected", "already", "apart"
PARTLY, UNKNOWN, PENDING, CONFLICT, CONFIRMED, FOREIGN = (
    "partly", "unknown", "pending", "conflict", "confirmed", "foreign",
)  # fmt: skip
WORDS: dict[str, str | Promise] = {
    PAID: gettext_lazy("Paiement constaté"),
    REJECTED: gettext_lazy("Rejet constaté"),
    CONFIRMED: gettext_lazy("Paiement confirmé par le relevé"),
    ALREADY: gettext_lazy("Déjà lue : rien ne change"),
    PENDING: gettext_lazy("En cours à la banque"),
    PARTLY: gettext_lazy("Autre montant que le mandat"),
    UNKNOWN: gettext_lazy("Mandat inconnu"),
    CONFLICT: gettext_lazy("À vérifier avec la banque"),
    APART: gettext_lazy("Mise à part"),
    FOREIGN: gettext_lazy("Sans rapport avec un mandat"),
}
ASIDE = (APART, PARTLY, UNKNOWN, CONFLICT)
WRITTEN = (PAID, REJECTED, CONFIRMED, CONFLICT)


class AnotherAmount(BadLine):
    """A line that names a known order for another amount."""


class UnknownOrder(BadLine):
    """A line that names no order known to this person."""


EFFECT_OF = {AnotherAmount: PARTLY, UnknownOrder: UNKNOWN}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a line would do, before anything is done; `line` is None when it cannot be read."""

    rank: int
    number: str
    effect: str
    why: str = ""
    line: ReturnLine | None = None

    @property
    def words(self) -> str | Promise:
        return WORDS[self.effect]


@dataclass(slots=True)
class Reading:
    """What a return did: orders by effect, and the lines that moved nothing, each with its rank and its reason."""

    effects: dict[str, list[str]] = field(default_factory=dict)
    apart: list[tuple[int, str]] = field(default_factory=list)

    @property
    def paid(self) -> list[str]:
        return self.effects.get(PAID, [])

    @property
    def rejected(self) -> list[str]:
        return self.effects.get(REJECTED, [])

    @property
    def already(self) -> list[str]:
        return self.effects.get(ALREADY, [])

    def add(self, trial: Trial) -> None:
        self.effects.setdefault(trial.effect, []).append(trial.number)
        if trial.effect in ASIDE:
            self.apart.append((trial.rank, trial.why))


def read_return(content: bytes, *, by: User, region: Region | None = None) -> Reading:
    """Read a return for good: each line moves one order, or is set apart. Raises BadFile.

    `by` is a public accountant: only the orders of his regions (or of the one given) are known to
    him, and none that he prepared, signed or certified. The file is kept by its content. The same line
    twice changes nothing.
    """
    trials, reading = preview(content, by=by, region=region), Reading()
    known, digest = orders_known_to(by, region), store.put(content)
    # A return follows the payment that it undoes, in whatever order a bank lists them.
    in_turn = sorted(trials, key=lambda t: t.effect == REJECTED) if return_lines.kind_of(content) == XML else trials
    done = {trial: _done(trial, known, digest, by) for trial in in_turn}
    for trial in trials:
        reading.add(done[trial])
    return reading


def _done(trial: Trial, orders: QuerySet[PaymentOrder], digest: str, by: User) -> Trial:
    """The trial made true, or set apart when the gate says no."""
    if trial.effect not in WRITTEN or trial.line is None:
        return trial
    order = orders.get(number=trial.number)
    try:
        _write(trial, trial.line, order, digest, by)
    except Refused as refusal:
        return replace(trial, effect=APART, why=str(refusal))
    return trial


def _write(trial: Trial, line: ReturnLine, order: PaymentOrder, digest: str, by: User) -> None:
    system = User.objects.system()
    given: dict[str, Any] = {
        "amount": line.amount, "value_date": line.value_date, "reference": line.reference, "booked": line.booked,
        "rejection_code": line.rejection_code, "file_sha256": digest, "read_by": by.pk,
    }  # fmt: skip
    if trial.effect == CONFLICT:
        bank_returns.note_conflict(order, given, trial.why)
    elif trial.effect == CONFIRMED:
        gate.record(system, "order", order.pk, "bank_booked", **given)
    else:
        gate.move(system, "order", order.pk, MOVES[PaymentReturn.Result(line.result)], **given)


# --- the trial


def preview(content: bytes, *, by: User, region: Region | None = None) -> list[Trial]:
    """What each line of a return would do; nothing is written. Raises BadFile."""
    if return_lines.kind_of(content) == XML:
        return _bank_trials(return_lines.checked(content), by, region)
    lines = list(return_lines.typed(return_lines.rows_of(content)))
    known = _Known(by, orders_known_to(by, region).filter(number__in={number for _rank, number, *_more in lines}))
    return [
        _tried(Trial(rank, number, "", why, line), known) if line else Trial(rank, number, APART, why)
        for rank, number, line, why in lines
    ]


def _bank_trials(content: bytes, by: User, region: Region | None) -> list[Trial]:
    """The lines of a bank beside the orders sent; those that would move one pass the accountant's questions too."""
    found = bank_returns.lines_of(content, orders_known_to(by, region))
    known = _Known(by, found.orders)
    trials = [Trial(each.rank, each.number, each.effect, each.why, each.line) for each in found.lines]
    asked = {t: _questioned(t, known) for t in sorted(trials, key=lambda t: t.effect == REJECTED)}
    return [asked[trial] for trial in trials]


def _questioned(trial: Trial, known: _Known) -> Trial:
    if trial.line is None or trial.effect not in (PAID, REJECTED):
        return trial
    return _tried(trial, known)


def orders_known_to(by: User, region: Region | None) -> QuerySet[PaymentOrder]:
    """The orders of the region, or regions, where the person is the public accountant today."""
    day = clock.today(region.time_zone) if region else clock.today()
    regions = live(by.roles, day).filter(kind=RoleKind.ACCOUNTANT).values("region")
    orders = PaymentOrder.objects.filter(application__region__in=regions)
    orders = orders.filter(application__region=region) if region else orders
    return orders.select_related("application__region", "claim")


def _check(order: PaymentOrder | None, line: ReturnLine) -> PaymentOrder:
    """The order that a line names, once what it says of it is possible; raises BadLine."""
    if order is None:
        raise UnknownOrder(_("Mandat inconnu : %s.") % line.number)
    if line.amount != order.total:
        raise AnotherAmount(_("Le montant n’est pas celui du mandat %s.") % line.number)
    if line.value_date > clock.today(order.application.region.time_zone):
        raise BadLine(_("La date est à venir."))
    if order.sent_on and line.value_date < order.sent_on:
        raise BadLine(_("La date précède la transmission du mandat."))
    return order


class _Known:
    """What the trial of a whole file needs, in a few queries; it follows the lines as they would apply."""

    def __init__(self, by: User, found: Iterable[PaymentOrder]) -> None:
        orders = list(found)
        self.orders = {order.number: order for order in orders}
        self.states = {order.number: str(order.state) for order in orders}
        barred = eyes.barred_by(by, orders, APPROVED)
        self.barred = {order.number: sentence for order, sentence in zip(orders, barred, strict=True)}
        read = PaymentReturn.objects.filter(order__in=orders).values_list("order__number", "reference", "result")
        self.read = set(read)


SOURCES = {
    PaymentReturn.Result.PAID: (OrderState.SENT,),
    PaymentReturn.Result.REJECTED: (OrderState.SENT, OrderState.PAID),
}


def _tried(trial: Trial, known: _Known) -> Trial:
    line = trial.line
    if line is None:
        return trial
    if (line.number, line.reference, line.result) in known.read:
        return replace(trial, effect=ALREADY, why="")
    try:
        _possible(line, known)
    except BadLine as error:
        return replace(trial, effect=EFFECT_OF.get(type(error), APART), why=str(error))
    known.states[line.number] = line.result
    known.read.add((line.number, line.reference, line.result))
    return replace(trial, effect=PAID if line.result == PaymentReturn.Result.PAID else REJECTED)


def _possible(line: ReturnLine, known: _Known) -> None:
    _check(known.orders.get(line.number), line)
    if known.barred[line.number]:
        raise BadLine(known.barred[line.number])
    state = known.states[line.number]
    if state not in SOURCES[PaymentReturn.Result(line.result)]:
        raise BadLine(_("Le mandat est « %s » : cette ligne ne s’applique pas.") % OrderState(state).label)
