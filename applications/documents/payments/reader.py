"""The bank's answers, whatever their kind: bytes in, lines out."""

from __future__ import annotations

from collections.abc import Callable

from applications.documents.payments import safe_xml, statements, status_report
from applications.documents.payments.report import BankReport, Control
from applications.documents.payments.safe_xml import Message

Reader = Callable[[Message, Control | None], BankReport]
READERS: dict[str, Reader] = {
    **dict.fromkeys(status_report.VERSIONS, status_report.read),
    **dict.fromkeys(statements.VERSIONS, statements.read),
}


def read(content: bytes, control: Control | None = None) -> BankReport:
    """A bank's answer read (pain.002, camt.053, camt.054), compared with what was sent when given.

    Raises Unreadable with one sentence when the file as a whole cannot be read: not XML, a document
    type, too big, another message or version. A bad entry is set apart and loses none of the others.
    """
    message = safe_xml.message(content)
    if message.name not in READERS:
        raise safe_xml.unsupported(message.name, tuple(READERS))
    return READERS[message.name](message, control)
