"""What leaves the house: messages written in the transaction of the act, sent after it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from regions.models import User
from workflows.models import Event, OutboxMessage


def post(file: Any, event: Event, letters: Iterable[str], emails: Iterable[str] = ()) -> None:
    """Queue the letters of an act for the firm's representative, in his language, and its plain e-mails."""
    for template in letters:
        OutboxMessage.objects.create(
            kind=OutboxMessage.Kind.LETTER, template=template, application=file, event=event,
            recipient=file.representative, language=file.representative.language, created_at=event.at,
        )  # fmt: skip
    for template in emails:
        email(event, template, None, file)


def email(event: Event, template: str, recipient: User | None, file: Any = None) -> None:
    """Queue a plain e-mail of an act: to an account, or without one to those whom its words name."""
    OutboxMessage.objects.create(
        kind=OutboxMessage.Kind.EMAIL, template=template, application=file, event=event, recipient=recipient,
        language=recipient.language if recipient else "fr", created_at=event.at,
    )  # fmt: skip
