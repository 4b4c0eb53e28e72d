"""Messages leave by a real SMTP conversation, on a server that listens on this machine for the test."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from workflows import delivery, jobs
from workflows.models import OutboxMessage

REPLIES = {"EHLO": "250 localhost", "MAIL": "250 ok", "RCPT": "250 ok", "RSET": "250 ok", "QUIT": "221 bye"}


class Mailbox(socketserver.ThreadingTCPServer):
    """Keeps what it receives; `refuses` makes it turn every recipient away."""

    daemon_threads = True
    refuses = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[EmailMessage] = []


class Conversation(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self._say("220 localhost")
        for line in self.rfile:
            verb = line[:4].decode().upper()
            if verb == "DATA":
                self._say("354 go on")
                self._keep()
            elif verb == "RCPT" and self.server.refuses:
                self._say("550 no such user")
            else:
                self._say(REPLIES.get(verb, "502 what"))
            if verb == "QUIT":
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _keep(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        content = b"".join(line.removeprefix(b".") for line in lines)
        self.server.received.append(email.message_from_bytes(content, policy=default))
        self._say("250 kept")


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with Mailbox() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()


def post() -> None:
    delivery.deliver()
    jobs.drain()


@pytest.mark.django_db(transaction=True)
def test_a_letter_arrives_with_its_paper(world: World, mailbox: Mailbox) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    (received,) = [one for one in mailbox.received if case.manager.email in one["To"]]
    assert case.file.reference in received["Subject"]
    assert "é" in received.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (paper,) = list(received.iter_attachments())
    assert paper.get_content_type() == "application/pdf"
    assert paper.get_content().startswith(b"%PDF-")


@pytest.mark.django_db(transaction=True)
def test_a_server_that_refuses_is_noted_and_tried_again(world: World, mailbox: Mailbox) -> None:
    mailbox.refuses = True
    Case(world, "F01").fill(SITE).file_it()
    waiting = OutboxMessage.objects.filter(sent_at=None)
    assert waiting
    assert all("550" in message.error for message in waiting)
    mailbox.refuses = False
    post()
    assert not OutboxMessage.objects.filter(sent_at=None)
    assert mailbox.received
