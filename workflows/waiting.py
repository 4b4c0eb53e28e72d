"""The waiting list of an envelope without room: in the order in which the files were filed complete.

A scheme says how the list is served (`funding.waiting_list`): `strict`, nobody passes a file filed complete
before his own; `fitting`, one may pass those that what is left would not pay; `none`, there is no order. The
legal state stays: a file that waits remains proposed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from applications.booking import NoRoom, holdings
from applications.enums import ApplicationState, Bucket, Opinion
from applications.models import Application, EnvelopePosition
from regions.models import Envelope
from regions.money import ZERO
from workflows import jobs

JOB = "waiting_list"
STRICT, FITTING = "strict", "fitting"
FREED = (Bucket.RESERVED, Bucket.COMMITTED)
Room = dict[str, Decimal]


class OutOfTurn(NoRoom):
    """Another file, filed complete before, waits for the same credits: the act is denied."""

    sentence = _(
        "D’autres dossiers, complets avant celui-ci, attendent les mêmes crédits : il prend son rang dans la liste "
        "d’attente."
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file stands in the list, among how many, and since when there is room for it."""

    rank: int
    among: int
    room_since: datetime | None


def listed(envelope: Envelope) -> QuerySet[Application]:
    """The files that wait for the credits of a scheme's year, in the order in which they were filed complete."""
    waiting = Application.objects.filter(
        state=ApplicationState.PROPOSED, opinion=Opinion.GRANT, waiting_since__isnull=False,
        envelope__scheme=envelope.scheme_id, envelope__year=envelope.year,
    )  # fmt: skip
    return waiting.annotate(ranked_at=Coalesce("filed_complete_at", "submitted_at")).order_by("ranked_at", "pk")


def place(file: Application) -> Place | None:
    """The rank of a file in its list; None when it does not wait."""
    if file.waiting_since is None or file.state != ApplicationState.PROPOSED or file.envelope is None:
        return None
    order = list(listed(file.envelope).values_list("pk", flat=True))
    return Place(order.index(file.pk) + 1, len(order), file.room_since) if file.pk in order else None


def in_turn(file: Any) -> None:
    """Refuse to commit for a file while another, filed complete before it, waits for the same credits."""
    rule = file.scheme_version.rule("funding", "waiting_list", default=STRICT)
    if rule not in (STRICT, FITTING) or file.envelope is None:
        return
    before = list(_before(file))
    left = room(file.envelope) if before and rule == FITTING else {}
    if any(rule == STRICT or fits(other, left) for other in before):
        raise OutOfTurn(str(file.envelope))


def _before(file: Any) -> Iterator[Application]:
    mine = (file.filed_complete_at or file.submitted_at, file.pk)
    for other in listed(file.envelope).exclude(pk=file.pk):
        if (other.filed_complete_at or other.submitted_at, other.pk) > mine:
            return
        yield other


def room(envelope: Envelope) -> Room:
    """Instrument → what the envelopes of a scheme's year may still commit. Euro."""
    rows = EnvelopePosition.objects.filter(
        line__envelope__scheme=envelope.scheme_id, line__envelope__year=envelope.year
    )
    sums = rows.values_list("line__envelope__instrument").annotate(Sum("ceiling"), Sum("overbooking"), Sum("committed"))
    return {instrument: ceiling + over - used for instrument, ceiling, over, used in sums}


def needs(file: Application) -> Room:
    """Instrument → what a file proposed reserves. Euro."""
    return {name: held[Bucket.RESERVED] for name, held in holdings(file).items() if held[Bucket.RESERVED]}


def fits(file: Application, left: Room) -> bool:
    return all(amount <= left.get(instrument, ZERO) for instrument, amount in needs(file).items())


def wake_later(envelope: Envelope | None, cause: str) -> None:
    """Credits came back, or a file left the list: serve it after commit, when somebody waits."""
    if envelope is not None and listed(envelope).exists():
        jobs.enqueue(JOB, f"waiting:{envelope.pk}:{cause}"[:80], envelope=envelope.pk)
