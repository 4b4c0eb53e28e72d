"""The bank's first answer (pain.002): which transfers it takes, has made, or refuses.

A status is given to a transfer, to a payment block, or to the whole message; the nearest to the
transfer counts. « Accepted » is not paid: only a settlement that is complete (ACSC), or a payee
credited (ACCC), is.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from applications.documents.payments.fields import (
    compare,
    end_to_end,
    first_amount,
    first_day,
    reason_code,
    reference,
)
from applications.documents.payments.report import (
    Apart,
    BadEntry,
    BankReport,
    Control,
    Result,
    StatusLine,
    Unreadable,
    Whole,
)
from applications.documents.payments.safe_xml import Message, text
from applications.rules.base import Reason

VERSIONS = ("pain.002.001.03", "pain.002.001.10")
RESULTS = {
    "ACSC": Result.PAID, "ACCC": Result.PAID,
    "RJCT": Result.REJECTED, "CANC": Result.REJECTED,
    "ACCP": Result.PENDING, "ACSP": Result.PENDING, "ACTC": Result.PENDING, "ACWC": Result.PENDING,
    "ACFC": Result.PENDING, "ACWP": Result.PENDING, "PDNG": Result.PENDING, "RCVD": Result.PENDING,
}  # fmt: skip
HEADER = 0  # the rank of what the file says before its entries
PARTLY = ("PART", "PATC")  # a word on the whole that says nothing of each
VALUE_DATES = ("FctvIntrBkSttlmDt/Dt", "FctvIntrBkSttlmDt/DtTm", "AccptncDtTm", "OrgnlTxRef/IntrBkSttlmDt")
AMOUNTS = ("OrgnlTxRef/Amt/InstdAmt", "OrgnlTxRef/IntrBkSttlmAmt")


@dataclass(slots=True)
class _Reading:
    """What the file said so far, and what its entries inherit from its header."""

    message_id: str
    day: date | None
    lines: list[StatusLine] = field(default_factory=list)
    wholes: list[Whole] = field(default_factory=list)
    apart: list[Apart] = field(default_factory=list)


def read(message: Message, control: Control | None) -> BankReport:
    """A pain.002 read; with `control`, what it says of the batch sent is compared. Raises Unreadable."""
    body = message.body
    group = body.find("OrgnlGrpInfAndSts")
    if body.tag != "CstmrPmtStsRpt" or group is None:
        raise _no_group()
    reading = _Reading(text(body, "GrpHdr/MsgId"), _header_day(body))
    _whole(reading, group, "OrgnlMsgId", "GrpSts")
    for rank, (block, entry) in enumerate(_entries(body), start=1):
        _entry(reading, rank, entry, block, group)
    for block in body.findall("OrgnlPmtInfAndSts"):
        _whole(reading, block, "OrgnlPmtInfId", "PmtInfSts")
    return BankReport(
        message=message.name, message_id=reading.message_id, lines=tuple(reading.lines), apart=tuple(reading.apart),
        wholes=tuple(reading.wholes), warnings=tuple(_warnings(group, control)),
    )  # fmt: skip


def _no_group() -> Unreadable:
    return Unreadable(
        "no_group",
        "Ce compte rendu ne nomme pas le fichier auquel il répond.",
        "This report does not name the file that it answers.",
    )


def _header_day(body: ET.Element) -> date | None:
    """The day of the message; one that cannot be read dates nothing."""
    try:
        return first_day(body, "GrpHdr/CreDtTm")
    except BadEntry:
        return None


def _entries(body: ET.Element) -> Iterator[tuple[ET.Element, ET.Element]]:
    for block in body.findall("OrgnlPmtInfAndSts"):
        for entry in block.findall("TxInfAndSts"):
            yield block, entry


def _entry(reading: _Reading, rank: int, entry: ET.Element, block: ET.Element, group: ET.Element) -> None:
    try:
        reading.lines.append(_line(reading, rank, entry, block, group))
    except BadEntry as error:
        named = text(entry, "OrgnlEndToEndId")[:35]
        reading.apart.append(Apart(rank, error.reason, named))


def _line(reading: _Reading, rank: int, entry: ET.Element, block: ET.Element, group: ET.Element) -> StatusLine:
    number = end_to_end(text(entry, "OrgnlEndToEndId"))
    if not number:
        raise BadEntry("no_order", "Cette ligne ne nomme aucun mandat.", "This entry names no order.")
    status, bearer = _status((entry, "TxSts"), (block, "PmtInfSts"), (group, "GrpSts"))
    return StatusLine(
        rank=rank, end_to_end_id=number, result=_result(status),
        value_date=first_day(entry, *VALUE_DATES) or reading.day,
        amount=first_amount(entry, *AMOUNTS), reason_code=_reason(bearer),
        reference=reference((entry, "AcctSvcrRef"), (entry, "StsId"), message_id=reading.message_id),
        booked=False,
    )  # fmt: skip


def _status(*levels: tuple[ET.Element, str]) -> tuple[str, ET.Element]:
    """The nearest status that says something of a transfer, and the element that bears it."""
    for element, path in levels:
        status = text(element, path)
        if status and status not in PARTLY:
            return status, element
    raise BadEntry("no_status", "Cette ligne n’a pas de statut.", "This entry has no status.")


def _result(status: str) -> Result:
    if status not in RESULTS:
        shown = status[:35]
        raise BadEntry("status", f"Statut inconnu : « {shown} ».", f"Unknown status: “{shown}”.")
    return RESULTS[status]


def _reason(element: ET.Element) -> str:
    """The first code among the reasons of a status: the standard allows several, in order of weight."""
    return next((code for each in element.findall("StsRsnInf") if (code := reason_code(each))), "")


def _whole(reading: _Reading, element: ET.Element, named: str, status: str) -> None:
    """A word on a message or block, kept for the orders not named; « partly » says nothing of them."""
    word = text(element, status)
    if not word or word in PARTLY:
        return
    try:
        reading.wholes.append(_word(reading, element, text(element, named), word))
    except BadEntry as error:
        reading.apart.append(Apart(HEADER, error.reason))


def _word(reading: _Reading, element: ET.Element, batch: str, word: str) -> Whole:
    return Whole(
        rank=HEADER, batch=batch, result=_result(word), value_date=reading.day, amount=None,
        reference=reference(message_id=reading.message_id), reason_code=_reason(element), booked=False,
    )  # fmt: skip


def _warnings(group: ET.Element, control: Control | None) -> list[Reason]:
    if control is None:
        return []
    named = text(group, "OrgnlMsgId")
    if named != control.batch:
        return [_other_batch(named[:35], control.batch)]
    return compare(control, text(group, "OrgnlNbOfTxs"), text(group, "OrgnlCtrlSum"))


def _other_batch(named: str, expected: str) -> Reason:
    return Reason(
        "other_batch",
        f"Ce compte rendu répond au fichier « {named} », non au lot {expected}.",
        f"This report answers the file “{named}”, not the batch {expected}.",
    )
