"""Queues: named lists of files for a person today. They read the file's own columns, never a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.enums import ENDED, UNDECIDED, Actor, ApplicationState, Opinion
from applications.models import Application
from regions import clock
from regions.models import Absence, User, in_force
from workflows import impartiality
from workflows.chain import key
from workflows.models import Event
from workflows.told import told

Files = QuerySet[Application]
Cursor = tuple[date | None, int]
NEAREST_FIRST = (F("due_on").asc(nulls_last=True), "id")
FARTHEST_FIRST = (F("due_on").desc(nulls_first=True), "-id")
PAGE_SIZE = 50
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: its key in addresses, its words, and which of the visible files it holds."""

    key: str
    label: str | Promise
    holds: Callable[[User], Q]
    work: bool = True

    def files(self, user: User) -> Files:
        """The person's files in this queue, the nearest date first; no work where she declared an interest."""
        visible = Application.objects.for_user(user).exclude(state=ApplicationState.DRAFT)
        visible = visible.exclude(impartiality.barred_files(user)) if self.work else visible
        return visible.filter(self.holds(user)).order_by(*NEAREST_FIRST)


def _to_take(user: User) -> Q:
    return Q(next_actor=Actor.OFFICER, assigned_to__isnull=True)


def _mine(user: User) -> Q:
    """His own files, and those of the absent whom he replaces today."""
    replaced = Absence.objects.filter(
        in_force(clock.today()), user=OuterRef("assigned_to"), region=OuterRef("region"), substitute=user,
        cancelled_at__isnull=True,
    )  # fmt: skip
    return (Q(assigned_to=user) | Q(Exists(replaced))) & ~Q(state__in=ENDED)


def _waiting(user: User) -> Q:
    return Q(next_actor__in=[Actor.FIRM, Actor.PROVIDER])


def _with(actor: Actor) -> Callable[[User], Q]:
    def holds(user: User) -> Q:
        return Q(next_actor=actor)

    return holds


def _silent_soon(user: User) -> Q:
    """Undecided files that silence will reject within seven days, today included."""
    today = clock.today()
    return Q(state__in=UNDECIDED, decision_due_on__gte=today, decision_due_on__lt=today + SOON)


def _late(user: User) -> Q:
    """Past their legal date, as `Application.binding_on` tells it: an alert that passed is not lateness."""
    today = clock.today()
    elsewhere = ~Q(state__in=(*UNDECIDED, *ENDED))
    return Q(state__in=UNDECIDED, decision_due_on__lt=today) | (elsewhere & Q(due_on__lt=today))


def _waiting_list(user: User) -> Q:
    """Proposed to be granted, and no credits: their order is that of complete filing, whatever this list's."""
    return Q(state=ApplicationState.PROPOSED, opinion=Opinion.GRANT, waiting_since__isnull=False)


def _room_again(user: User) -> Q:
    return _waiting_list(user) & Q(room_since__isnull=False)


def _all(user: User) -> Q:
    return Q()


QUEUES: dict[str, Queue] = {
    queue.key: queue
    for queue in (
        Queue("to-take", _("À prendre"), _to_take),
        Queue("mine", _("Les miens"), _mine),
        Queue("waiting", _("En attente"), _waiting),
        Queue("silence", _("Silence dans 7 jours"), _silent_soon),
        Queue("to-decide", _("À décider"), _with(Actor.DECIDER)),
        Queue("room-again", _("Crédits revenus"), _room_again),
        Queue("waiting-list", _("Liste d’attente"), _waiting_list),
        Queue("to-notify", _("À notifier"), _with(Actor.NOTIFIER)),
        Queue("to-certify", _("À certifier"), _with(Actor.CERTIFIER)),
        Queue("to-order", _("À mandater"), _with(Actor.LIQUIDATOR)),
        Queue("to-sign", _("À signer"), _with(Actor.AUTHORISING)),
        Queue("at-accountant", _("Chez le comptable"), _with(Actor.ACCOUNTANT)),
        Queue("late", _("En retard"), _late),
        Queue("all", _("Tous"), _all, work=False),
    )
}


class Size(Subquery):
    """How many rows a subquery has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS held)"
    output_field = IntegerField()


def counts(user: User, limit: int = 1000) -> dict[str, int]:
    """Queue → number of files, capped, in one query: a counter never costs more than a page."""
    sizes = {
        f"size_{rank}": Size(queue.files(user).order_by().values("pk")[:limit])
        for rank, queue in enumerate(QUEUES.values())
    }
    found: Any = User.objects.filter(pk=user.pk).values(**sizes).get()
    return {name: found[f"size_{rank}"] for rank, name in enumerate(QUEUES)}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows a queue by; an empty value narrows nothing. `assigned` is an account's number."""

    scheme: int | None = None
    text: str = ""
    state: str = ""
    due_before: date | None = None
    assigned: int | None = None
    unassigned: bool = False

    def narrow(self, files: Files) -> Files:
        exact: Mapping[str, Any] = {
            "scheme_version__scheme": self.scheme, "state": self.state, "due_on__lte": self.due_before,
            "assigned_to": self.assigned, "assigned_to__isnull": self.unassigned or None,
        }  # fmt: skip
        files = files.filter(**{name: value for name, value in exact.items() if value})
        return files.filter(_named(self.text)) if self.text else files


def _named(text: str) -> Q:
    """A reference, a firm's name, or the beginning of a SIREN, spaces or not."""
    digits = "".join(text.split())
    return Q(reference__icontains=text) | Q(company__name__icontains=text) | Q(company__siren__startswith=digits)


@dataclass(frozen=True, slots=True)
class Page:
    """A keyset page: its files, and the cursors of the pages before and after, if any."""

    files: list[Application]
    before: Cursor | None
    after: Cursor | None


def cursor(file: Application) -> Cursor:
    """Where a file stands in the order of its queue."""
    return file.due_on, file.pk


def page(files: Files, *, after: Cursor | None = None, before: Cursor | None = None, size: int = PAGE_SIZE) -> Page:
    """A page after or before a place in the queue; never counts what it does not show."""
    if before is not None:
        return _backwards(files, before, size)
    rows = pages(files, after, size + 1)
    return _bounded(rows[:size], earlier=after is not None, later=len(rows) > size)


def _backwards(files: Files, before: Cursor, size: int) -> Page:
    rows = list(_ahead(files, before)[: size + 1])
    return _bounded(rows[:size][::-1], earlier=len(rows) > size, later=True)


def _bounded(rows: list[Application], *, earlier: bool, later: bool) -> Page:
    return Page(rows, cursor(rows[0]) if rows and earlier else None, cursor(rows[-1]) if rows and later else None)


def pages(files: Any, after: Cursor | None, size: int = PAGE_SIZE) -> list[Application]:
    """The files after a (due date, id), in the queue's order; nulls come last."""
    rows = files.order_by(*NEAREST_FIRST) if after is None else _beyond(files, after)
    return list(rows[:size])


def _beyond(files: Any, after: Cursor) -> Any:
    due, pk = after
    if due is None:
        return files.filter(due_on__isnull=True, id__gt=pk).order_by("id")
    later = Q(due_on__gt=due) | Q(due_on=due, id__gt=pk) | Q(due_on__isnull=True)
    return files.filter(later).order_by(*NEAREST_FIRST)


def _ahead(files: Any, before: Cursor) -> Any:
    """The files before a place, the farthest date first."""
    due, pk = before
    if due is None:
        return files.filter(Q(due_on__isnull=False) | Q(id__lt=pk)).order_by(*FARTHEST_FIRST)
    return files.filter(Q(due_on__lt=due) | Q(due_on=due, id__lt=pk)).order_by(*FARTHEST_FIRST)


def neighbours(files: Files, place: Cursor) -> tuple[Application | None, Application | None]:
    """The files just before and just after a place in a queue, even when the place's own file has left it."""
    return _ahead(files, place).first(), next(iter(pages(files, place, 1)), None)


def history(file: Application) -> list[tuple[Any, Any]]:
    """When and what happened to a file, oldest first; who acted is not for everybody to read."""
    events = Event.objects.filter(subject=key(file)).order_by("number").values_list("at", "act")
    return [(at, told(act)) for at, act in events]
