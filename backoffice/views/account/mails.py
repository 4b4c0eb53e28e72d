"""The local catcher: messages that the demonstration would have sent, kept as files and read here."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SHOWN = 50
SEPARATOR = b"-" * 79 + b"\n"


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as its reader would see it."""

    to: str
    subject: str
    sent: datetime | None
    text: str
    attachments: list[str]


@require_safe
def caught(request: HttpRequest) -> HttpResponse:
    """The latest messages, newest first; outside the demonstration there is no such page."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not settings.GUICHET_SIMULATED_CLOCK or folder is None:
        raise Http404
    return render(request, "account/mails.html", {"mails": list(_latest(Path(folder)))})


def _latest(folder: Path) -> Iterator[Mail]:
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[:SHOWN]:
        parts = [part for part in path.read_bytes().split(SEPARATOR) if part.strip()]
        yield from (_read(part) for part in reversed(parts))


def _read(content: bytes) -> Mail:
    message = email.message_from_bytes(content, policy=default)
    body = message.get_body(("plain",))
    return Mail(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent=message["Date"].datetime if message["Date"] else None,
        text=body.get_content() if body else "",
        attachments=_attachments(message),
    )


def _attachments(message: EmailMessage) -> list[str]:
    return [part.get_filename() or "" for part in message.iter_attachments()]
