"""What leaves the house: messages written in the transaction of the act, sent after it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows.models import Event, OutboxMessage


def post(file: Any, event: Event, letters: Iterable[str]) -> None:
    """Queue the letters of an act for the firm's representative, in his language."""
    for template in letters:
        OutboxMessage.objects.create(
            kind=OutboxMessage.Kind.LETTER, template=template, application=file, event=event,
            recipient=file.representative, language=file.representative.language, created_at=event.at,
        )  # fmt: skip
