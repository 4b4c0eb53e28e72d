"""Queues: named lists of files for a person today. They read the file's own columns, never a task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.enums import ENDED, Actor, ApplicationState
from applications.models import Application
from regions import clock
from regions.models import User
from workflows.chain import key
from workflows.gate import act_label
from workflows.models import Event

Files = QuerySet[Application]
NEAREST_FIRST = (F("due_on").asc(nulls_last=True), "id")


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: its key in addresses, its words, and which of the visible files it holds."""

    key: str
    label: str | Promise
    holds: Callable[[User], Q]

    def files(self, user: User) -> Files:
        """The person's files in this queue, the nearest date first."""
        visible = Application.objects.for_user(user).exclude(state=ApplicationState.DRAFT)
        return visible.filter(self.holds(user)).order_by(*NEAREST_FIRST)


def _to_take(user: User) -> Q:
    return Q(next_actor=Actor.OFFICER, assigned_to__isnull=True)


def _mine(user: User) -> Q:
    return Q(assigned_to=user) & ~Q(state__in=ENDED)


def _waiting(user: User) -> Q:
    return Q(next_actor__in=[Actor.FIRM, Actor.PROVIDER])


def _with(actor: Actor) -> Callable[[User], Q]:
    def holds(user: User) -> Q:
        return Q(next_actor=actor)

    return holds


def _late(user: User) -> Q:
    return Q(due_on__lt=clock.today()) & ~Q(state__in=ENDED)


def _all(user: User) -> Q:
    return Q()


QUEUES: dict[str, Queue] = {
    queue.key: queue
    for queue in (
        Queue("to-take", _("À prendre"), _to_take),
        Queue("mine", _("Les miens"), _mine),
        Queue("waiting", _("En attente"), _waiting),
        Queue("to-decide", _("À décider"), _with(Actor.DECIDER)),
        Queue("to-notify", _("À notifier"), _with(Actor.NOTIFIER)),
        Queue("to-certify", _("À certifier"), _with(Actor.CERTIFIER)),
        Queue("to-order", _("À mandater"), _with(Actor.LIQUIDATOR)),
        Queue("to-sign", _("À signer"), _with(Actor.AUTHORISING)),
        Queue("at-accountant", _("Chez le comptable"), _with(Actor.ACCOUNTANT)),
        Queue("late", _("En retard"), _late),
        Queue("all", _("Tous"), _all),
    )
}


def counts(user: User, limit: int = 1000) -> dict[str, int]:
    """Queue → number of files, capped: a counter never costs more than a page."""
    return {key: queue.files(user).order_by()[:limit].count() for key, queue in QUEUES.items()}


def pages(files: Any, after: tuple[Any, int] | None, size: int = 50) -> list[Application]:
    """A keyset page: the files after a (due date, id), in the queue's order; nulls come last."""
    rows = files.order_by(*NEAREST_FIRST) if after is None else _beyond(files, after)
    return list(rows[:size])


def _beyond(files: Any, after: tuple[Any, int]) -> Any:
    due, pk = after
    if due is None:
        return files.filter(due_on__isnull=True, id__gt=pk).order_by("id")
    later = Q(due_on__gt=due) | Q(due_on=due, id__gt=pk) | Q(due_on__isnull=True)
    return files.filter(later).order_by(*NEAREST_FIRST)


def history(file: Application) -> list[tuple[Any, Any]]:
    """When and what happened to a file, oldest first; who acted is not for everybody to read."""
    events = Event.objects.filter(subject=key(file)).order_by("number").values_list("at", "act")
    return [(at, act_label(act)) for at, act in events]
