"""Sending what the outbox holds: made, kept by its hash, recorded on the file, then mailed.

Each message stands alone: one that fails is kept with its error and tried again later. The same
message has the same Message-ID, so a mail sent twice after a crash is recognised as one.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from applications.documents.letters import LETTERS
from applications.enums import DocumentKind
from applications.models import Document
from applications.services import store
from regions import clock
from regions.models import User
from workflows import emails, gate
from workflows.letters import letter_of
from workflows.models import OutboxMessage

log = logging.getLogger("guichet.delivery")
MAX_ATTEMPTS = 10


def deliver(limit: int = 200) -> int:
    """Send the messages that wait, oldest first; returns how many left the house."""
    waiting = OutboxMessage.objects.filter(sent_at__isnull=True, attempts__lt=MAX_ATTEMPTS).order_by("id")
    return sum(_send_one(pk) for pk in waiting.values_list("pk", flat=True)[:limit])


def _send_one(pk: int) -> bool:
    try:
        with transaction.atomic():
            return _send(pk)
    except Exception as error:  # one bad letter must not hold the others: it is kept with its reason
        log.exception("message %s failed", pk)
        message = OutboxMessage.objects.get(pk=pk)
        message.attempts, message.error = message.attempts + 1, f"{type(error).__name__}: {error}"
        message.save(update_fields=["attempts", "error"])
        return False


def _send(pk: int) -> bool:
    skip = connection.features.has_select_for_update_skip_locked
    rows = OutboxMessage.objects.select_for_update(of=("self",), skip_locked=skip)
    message = rows.filter(pk=pk, sent_at__isnull=True).first()
    if message is None:
        return False
    plain = message.kind == OutboxMessage.Kind.EMAIL
    document = None if plain else _keep(message)
    message.sent_at, message.attempts, message.error = clock.now(), message.attempts + 1, ""
    message.save(update_fields=["sent_at", "attempts", "error"])
    if document is None:
        _write(message)
    else:
        _mail(message, document)
    return True


def _write(message: OutboxMessage) -> None:
    """Send a plain e-mail: nothing of it is kept but that it left."""
    with translation.override(message.language):
        words = emails.compose(message)
    headers = {"Message-ID": _message_id(message)}
    EmailMessage(subject=words.subject, body=words.body, to=words.to, headers=headers).send()


def _message_id(message: OutboxMessage) -> str:
    """The same for each try of a message, another for a copy sent again on purpose."""
    return f"<{message.event.hash[:32]}.{message.template}.{message.pk}@{settings.GUICHET_MAIL_DOMAIN}>"


def _keep(message: OutboxMessage) -> Document:
    """Make the letter, keep it in the file, and record its hash in the chain."""
    file = message.application
    if file is None:
        raise ValueError("a letter without its file")
    with translation.override(message.language):
        content = letter_of(message)
        title = LETTERS[message.template].title(message.language)
    system = User.objects.system()
    document = Document.objects.create(
        application=file,
        kind=DocumentKind.LETTER,
        name=f"{file.reference} {title}.pdf"[:160],
        media_type="application/pdf",
        size=len(content),
        sha256=store.put(content),
        added_by=system,
        added_at=clock.now(),
    )
    gate.record(system, "application", file.pk, "letter", template=message.template, sha256=document.sha256)
    return document


def _mail(message: OutboxMessage, document: Document) -> None:
    """Mail the letter to its recipient; an account without a real address gets none."""
    recipient, file = message.recipient, message.application
    if recipient is None or file is None or not recipient.is_active:
        return
    with translation.override(message.language):
        title = LETTERS[message.template].title(message.language)
        mail = EmailMessage(
            subject=f"{file.reference} – {title}",
            body=_("Bonjour,\n\nLe courrier joint concerne votre dossier %(reference)s.\n\n%(region)s\n")
            % {"reference": file.reference, "region": _("Région %(name)s") % {"name": file.region.name}},
            to=[recipient.email],
            headers={"Message-ID": _message_id(message)},
        )
    mail.attach(document.name, store.get(document.sha256), document.media_type)
    mail.send()
