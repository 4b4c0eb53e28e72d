"""The accountant's returns: a file of lines that alone make an order paid, or rejected.

A return is tried first: each line says what it would do, and nothing is written. Read for good, a
line moves one order or is set apart with its reason; a bad line loses none of the good ones.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
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
from workflows import eyes, gate
from workflows.acts import Refused

COLUMNS = ("mandat", "resultat", "date", "reference", "montant", "motif")
RESULTS = {"PAYE": PaymentReturn.Result.PAID, "REJETE": PaymentReturn.Result.REJECTED}
MOVES = {PaymentReturn.Result.PAID: "pay", PaymentReturn.Result.REJECTED: "reject"}
APPROVED = ("claim.verify", "order.prepare", "order.sign")
MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 5_000
LONGEST = 40

PAID, REJECTED, ALREADY, APART = "paid", "rejected", "already", "apart"
WORDS: dict[str, str | Promise] = {
    PAID: gettext_lazy("Paiement constaté"),
    REJECTED: gettext_lazy("Rejet constaté"),
    ALREADY: gettext_lazy("Déjà lue : rien ne change"),
    APART: gettext_lazy("Mise à part"),
}


class BadFile(ValueError):
    """A file that cannot be read at all: the sentence says why."""


class BadLine(ValueError):
    """A line that cannot be read or applied: the sentence says what is wrong with it."""


@dataclass(slots=True)
class Reading:
    """What a return did: lines paid, rejected, already read, and those set apart with a reason."""

    paid: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    apart: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """A line of the accountant's return; the amount in euro."""

    number: str
    result: str
    value_date: date
    reference: str
    amount: Decimal
    rejection_code: str


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


def read_return(content: bytes, *, by: User, region: Region | None = None) -> Reading:
    """Read the accountant's return (CSV, « ; », UTF-8): each line moves one order, or is set apart.

    `by` is a public accountant: only the orders of his regions (or of the one given) are known to
    him, and none that he prepared, signed or certified. The file is kept by its content. The same line twice changes
    nothing. Raises BadFile.
    """
    rows, reading, orders = rows_of(content), Reading(), orders_known_to(by, region)
    digest = store.put(content)
    for rank, row in rows:
        try:
            _apply(parse(row), digest, by, orders, reading)
        except (BadLine, Refused) as error:
            reading.apart.append((rank, str(error)))
    return reading


def preview(content: bytes, *, by: User, region: Region | None = None) -> list[Trial]:
    """What each line of a return would do; nothing is written. Raises BadFile."""
    trials = [_parsed(rank, row) for rank, row in rows_of(content)]
    known = _Known(by, orders_known_to(by, region).filter(number__in={trial.number for trial in trials}))
    return [_tried(trial, known) for trial in trials]


# --- reading the file


def rows_of(content: bytes) -> list[tuple[int, dict[str, Any]]]:
    """The file's lines with their rank, the first after the headings being 2. Raises BadFile before any."""
    rows = csv.DictReader(io.StringIO(_text(content), newline=""), delimiter=";")
    try:
        _headings(rows.fieldnames or ())
        found = list(enumerate(rows, start=2))
    except csv.Error as error:
        raise BadFile(_("Ce fichier n’est pas un CSV lisible.")) from error
    if len(found) > MAX_LINES:
        raise BadFile(_("Ce fichier a plus de %s lignes : le partager.") % MAX_LINES)
    return found


def _text(content: bytes) -> str:
    if not content.strip():
        raise BadFile(_("Ce fichier est vide."))
    if len(content) > MAX_BYTES:
        raise BadFile(_("Ce fichier dépasse 5 Mo : le partager."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(_("Ce fichier n’est pas en UTF-8 : l’enregistrer en CSV UTF-8, puis recommencer.")) from error
    if "\0" in text:
        raise BadFile(_("Ce fichier n’est pas un CSV lisible."))
    return text


def _headings(found: Sequence[str]) -> None:
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise BadFile(_("Colonnes absentes : %s.") % ", ".join(missing))


def parse(row: dict[str, Any]) -> ReturnLine:
    """A line with its types; raises BadLine."""
    if any(row.get(name) is None for name in COLUMNS):
        raise BadLine(_("Cette ligne n’a pas toutes les colonnes attendues."))
    values = {name: row[name].strip() for name in COLUMNS}
    if values["resultat"] not in RESULTS:
        raise BadLine(_("Résultat inconnu : %s. Attendu : PAYE ou REJETE.") % values["resultat"])
    return ReturnLine(
        values["mandat"], RESULTS[values["resultat"]], _day(values["date"]), _reference(values["reference"]),
        _amount(values["montant"]), values["motif"][:LONGEST],
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError as error:
        raise BadLine(_("Date illisible : %s. Attendu : jj/mm/aaaa.") % text) from error


def _reference(text: str) -> str:
    if not text or len(text) > LONGEST:
        raise BadLine(_("La référence du comptable est absente, ou dépasse 40 caractères."))
    return text


def _amount(text: str) -> Decimal:
    """A French amount in euro: « 1 234,56 », with any kind of space; to the cent."""
    try:
        amount = Decimal("".join(text.split()).replace(",", "."))
    except InvalidOperation as error:
        raise BadLine(_("Montant illisible : %s.") % text) from error
    if not amount.is_finite() or abs(amount) >= 10**12 or amount * 100 != int(amount * 100):
        raise BadLine(_("Montant illisible : %s.") % text)
    return amount


# --- what a line may do


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
        raise BadLine(_("Mandat inconnu : %s.") % line.number)
    if line.amount != order.total:
        raise BadLine(_("Le montant n’est pas celui du mandat %s.") % line.number)
    if line.value_date > clock.today(order.application.region.time_zone):
        raise BadLine(_("La date est à venir."))
    if order.sent_on and line.value_date < order.sent_on:
        raise BadLine(_("La date précède la transmission du mandat."))
    return order


def _apply(line: ReturnLine, digest: str, by: User, orders: QuerySet[PaymentOrder], reading: Reading) -> None:
    order = orders.filter(number=line.number).first()
    if order and order.returns.filter(reference=line.reference, result=line.result).exists():
        reading.already.append(line.number)
        return
    order = _check(order, line)
    sentence = eyes.barred_by(by, [order], APPROVED)[0]
    if sentence:
        raise BadLine(sentence)
    _move(order, line, digest, by)
    (reading.paid if line.result == PaymentReturn.Result.PAID else reading.rejected).append(line.number)


def _move(order: PaymentOrder, line: ReturnLine, digest: str, by: User) -> None:
    gate.move(
        User.objects.system(), "order", order.pk, MOVES[PaymentReturn.Result(line.result)], amount=line.amount,
        value_date=line.value_date, reference=line.reference, rejection_code=line.rejection_code,
        file_sha256=digest, read_by=by.pk,
    )  # fmt: skip


# --- the trial


def _parsed(rank: int, row: dict[str, Any]) -> Trial:
    number = (row.get("mandat") or "").strip()
    try:
        return Trial(rank, number, "", line=parse(row))
    except BadLine as error:
        return Trial(rank, number, APART, str(error))


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
        return Trial(trial.rank, trial.number, ALREADY, line=line)
    try:
        _possible(line, known)
    except BadLine as error:
        return Trial(trial.rank, trial.number, APART, str(error), line)
    known.states[line.number] = line.result
    known.read.add((line.number, line.reference, line.result))
    effect = PAID if line.result == PaymentReturn.Result.PAID else REJECTED
    return Trial(trial.rank, trial.number, effect, line=line)


def _possible(line: ReturnLine, known: _Known) -> None:
    _check(known.orders.get(line.number), line)
    if known.barred[line.number]:
        raise BadLine(known.barred[line.number])
    state = known.states[line.number]
    if state not in SOURCES[PaymentReturn.Result(line.result)]:
        raise BadLine(_("Le mandat est « %s » : cette ligne ne s’applique pas.") % OrderState(state).label)
