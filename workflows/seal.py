"""The daily seal: every subject's length and head in one root that leaves the house.

Inside the house an administrator could rebuild a chain and its subject's row; he cannot change the
root that the auditor holds. Each seal is written to the configured folder and mailed to the
configured addresses. Where it is set so, an authority time-stamps it and the house's key signs it, afterwards: a
seal never waits for them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from regions import clock
from workflows.canonical import encode, sha256
from workflows.models import Seal
from workflows.seal_proofs import ask_for
from workflows.verify import SUBJECTS

RETRIED = 31
"""How many earlier seals are looked at each night: a mail server may have been down."""


def seal(day: date) -> Seal:
    """Seal the day: idempotent, one seal a day, linked to the one before; those that could not leave leave now."""
    with transaction.atomic():
        made = Seal.objects.filter(day=day).first() or _make(day)
    for late in Seal.objects.filter(day__lt=day).order_by("-day")[:RETRIED]:
        leave_the_house(late)
    leave_the_house(made)
    return made


def _make(day: date) -> Seal:
    last = Seal.objects.order_by("-day").first()
    previous = last.root if last else ""
    heads = _heads()
    content = encode({"day": day, "previous": previous, "subjects": heads})
    made = Seal(
        day=day, content=content, subjects=len(heads), previous=previous,
        root=sha256(previous.encode(), content), made_at=clock.now(),
    )  # fmt: skip
    made.save(force_insert=True)
    ask_for(made)
    return made


def _heads() -> list[list[object]]:
    return [
        [f"{model._meta.model_name}:{pk}", length, head]
        for model in SUBJECTS
        for pk, length, head in model.objects.exclude(chain_length=0)
        .order_by("pk")
        .values_list("pk", "chain_length", "chain_head")
    ]


def leave_the_house(made: Seal) -> Path:
    """Write the seal's bytes to the store and mail its root to those who keep it."""
    folder = Path(settings.GUICHET_SEALS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seal-{made.day}-{made.root[:16]}.json"
    if not path.exists():
        _mail(made)  # first: a seal whose mail failed has no file, and is sent the next night
        path.write_bytes(bytes(made.content))
    return path


def _mail(made: Seal) -> None:
    if settings.GUICHET_SEAL_ADDRESSES:
        EmailMessage(f"Guichet: seal of {made.day}", f"{made.root}\n", to=settings.GUICHET_SEAL_ADDRESSES).send()
