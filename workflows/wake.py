"""Serving a waiting list: the first files that what came back can pay are told, and their deciders see them."""

from __future__ import annotations

from typing import Any

from regions.models import Envelope, User
from regions.money import ZERO
from workflows import gate, jobs, waiting
from workflows.acts import Refused


@jobs.handler(waiting.JOB)
def wake(envelope: int) -> dict[str, Any]:
    """Go down the list in its order while there is room; done again, it tells nobody twice."""
    row = Envelope.objects.get(pk=envelope)
    left, told = waiting.room(row), 0
    for file in waiting.listed(row).select_related("scheme_version"):
        if waiting.fits(file, left):
            told += _tell(file)
            for instrument, amount in waiting.needs(file).items():
                left[instrument] = left.get(instrument, ZERO) - amount
        elif file.scheme_version.rule("funding", "waiting_list", default=waiting.STRICT) == waiting.STRICT:
            break
    return {"told": told}


def _tell(file: Any) -> bool:
    if file.room_since is not None:
        return False
    try:
        gate.record(User.objects.system(), "application", file.pk, "room")
    except Refused:
        return False  # decided meanwhile
    return True
