"""What the bank booked (camt.053 statement, camt.054 notification): our debits, and what came back.

A debit that names an order paid it; a credit pays nothing of ours, unless it is one of our transfers
returned (its return reason, a reversal, or the bank's code for a return). An entry that is not
booked yet says « pending ». An entry may hold one transfer or a batch; its details must add up to it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from applications.documents.payments.fields import (
    compare,
    decimal,
    end_to_end,
    euros,
    first_amount,
    first_day,
    first_text,
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
from applications.documents.payments.transfers import BLOCK
from applications.rules.base import Reason
from regions.money import ZERO

# Message without version: its body, and what holds the entries.
BODIES = {
    "camt.053.001": ("BkToCstmrStmt", "Stmt"),
    "camt.054.001": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
VERSIONS = tuple(f"{message}.{version}" for message in BODIES for version in ("02", "04", "06", "08"))
AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")  # since 2013, and as it was in 2009
DAYS = ("ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm")
RETURNS = ("RRTN", "RPCR")  # bank transaction sub-family: returned, or cancelled at our request
NOT_OURS = {
    "credit": ("Crédit qui n’est pas le retour d’un de nos virements.", "Credit that is no transfer of ours returned."),
    "not_a_transfer": ("Débit qui n’est pas un virement émis.", "Debit that is not a transfer sent."),
    "no_order": ("Débit qui ne nomme aucun mandat.", "Debit that names no order."),
}


class _Foreign(Exception):
    """An entry, or a detail, that is no payment of ours; its key in NOT_OURS."""

    @property
    def reason(self) -> Reason:
        return Reason(str(self), *NOT_OURS[str(self)], blocking=False)


@dataclass(slots=True)
class _Reading:
    """What the file said so far, and its entries' count and sum, to compare with its own totals."""

    message_id: str
    control: Control | None
    lines: list[StatusLine] = field(default_factory=list)
    wholes: list[Whole] = field(default_factory=list)
    apart: list[Apart] = field(default_factory=list)
    foreign: list[Apart] = field(default_factory=list)
    warnings: list[Reason] = field(default_factory=list)


def read(message: Message, control: Control | None) -> BankReport:
    """A camt.053 or camt.054 read; a total of the file that is not the sum of its entries is a warning."""
    body, holder = BODIES[message.name.rpartition(".")[0]]
    if message.body.tag != body:
        raise _no_statement()
    reading = _Reading(text(message.body, "GrpHdr/MsgId"), control)
    for rank, entry in enumerate(message.body.findall(f"{holder}/Ntry"), start=1):
        _entry(reading, rank, entry)
    for statement in message.body.findall(holder):
        _check_summary(reading, statement)
    return _report(message, reading)


def _report(message: Message, reading: _Reading) -> BankReport:
    return BankReport(
        message=message.name, message_id=reading.message_id, lines=tuple(reading.lines),
        wholes=tuple(reading.wholes), apart=tuple(reading.apart), foreign=tuple(reading.foreign),
        warnings=tuple(reading.warnings),
    )  # fmt: skip


def _no_statement() -> Unreadable:
    return Unreadable(
        "no_statement",
        "Ce fichier ne contient pas de relevé ni d’avis d’opéré.",
        "This file holds neither a statement nor a notification.",
    )


# --- one entry


def _entry(reading: _Reading, rank: int, entry: ET.Element) -> None:
    """An entry as a whole is read or set apart; then each of its details is, alone."""
    try:
        amount = _entry_amount(entry)
        details = entry.findall("NtryDtls/TxDtls")
        if not details and _is_batch(entry):
            _batch(reading, rank, entry, amount)
            return
        _adds_up(details, amount)
    except BadEntry as error:
        reading.apart.append(Apart(rank, error.reason, _named(entry.find("NtryDtls/TxDtls"))))
    except _Foreign as other:
        reading.foreign.append(Apart(rank, other.reason))
    else:
        _details(reading, rank, entry, details or [ET.Element("TxDtls")], amount)


def _details(reading: _Reading, rank: int, entry: ET.Element, details: list[ET.Element], amount: Decimal) -> None:
    only = amount if len(details) == 1 else None
    for detail in details:
        try:
            reading.lines.append(_line(reading, rank, entry, detail, only))
        except BadEntry as error:
            reading.apart.append(Apart(rank, error.reason, _named(detail)))
        except _Foreign as other:
            reading.foreign.append(Apart(rank, other.reason, _named(detail)))


def _named(detail: ET.Element | None) -> str:
    return text(detail, "Refs/EndToEndId")[:35]


def _entry_amount(entry: ET.Element) -> Decimal:
    amount = entry.find("Amt")
    if amount is None:
        raise BadEntry("amount", "Cette écriture n’a pas de montant.", "This entry has no amount.")
    return euros(amount)


def _adds_up(details: list[ET.Element], amount: Decimal) -> None:
    """Several details must each have an amount, and add up to the entry; raises BadEntry."""
    if len(details) < 2:
        return
    amounts = [_readable_amount(detail) for detail in details]
    if None not in amounts and sum((each for each in amounts if each is not None), ZERO) != amount:
        raise BadEntry(
            "details_sum", "Les détails de cette écriture ne font pas son montant.",
            "The details of this entry do not add up to its amount.",
        )  # fmt: skip


def _readable_amount(detail: ET.Element) -> Decimal | None:
    """The amount of a detail; None when it cannot be read: that detail is set apart alone."""
    try:
        return first_amount(detail, *AMOUNTS)
    except BadEntry:
        return None


# --- one transfer


def _line(reading: _Reading, rank: int, entry: ET.Element, detail: ET.Element, only: Decimal | None) -> StatusLine:
    returned = _is_return(entry, detail)
    number = _number(detail, returned)
    return StatusLine(
        rank=rank, end_to_end_id=number, result=_result(entry, returned), amount=_amount(detail, only),
        value_date=_day(entry), reason_code=reason_code(detail.find("RtrInf")) if returned else "",
        reference=_reference(reading, entry, detail),
        booked=True,
    )  # fmt: skip


def _is_return(entry: ET.Element, detail: ET.Element) -> bool:
    """Whether this is one of our transfers coming back; raises _Foreign for what is no payment of ours."""
    direction = first_text((detail, "CdtDbtInd"), (entry, "CdtDbtInd"))
    if direction not in ("CRDT", "DBIT"):
        raise BadEntry("direction", "Ni débit ni crédit.", "Neither debit nor credit.")
    undone = _is_undone(entry, detail)
    if direction == "CRDT" and not undone:
        raise _Foreign("credit")
    if direction == "DBIT" and undone:
        raise _Foreign("not_a_transfer")
    return undone


def _is_undone(entry: ET.Element, detail: ET.Element) -> bool:
    """A return reason, a reversal, or the bank's own code for a return."""
    codes = (text(element, "BkTxCd/Domn/Fmly/SubFmlyCd") for element in (detail, entry))
    reversal = text(entry, "RvslInd") in ("true", "1")
    return reversal or detail.find("RtrInf") is not None or any(code in RETURNS for code in codes)


def _number(detail: ET.Element, returned: bool) -> str:
    number = end_to_end(text(detail, "Refs/EndToEndId"))
    if number:
        return number
    if returned:
        raise BadEntry("no_order", "Ce retour ne nomme aucun mandat.", "This return names no order.")
    raise _Foreign("no_order")


def _amount(detail: ET.Element, only: Decimal | None) -> Decimal:
    amount = first_amount(detail, *AMOUNTS)
    amount = only if amount is None else amount
    if amount is None:
        raise BadEntry("amount", "Ce virement n’a pas de montant.", "This transfer has no amount.")
    if not amount:
        raise BadEntry("amount", "Ce virement est d’un montant nul.", "The amount of this transfer is zero.")
    return amount


def _day(entry: ET.Element) -> date:
    found = first_day(entry, *DAYS)
    if found is None:
        raise BadEntry("day", "Cette écriture n’a pas de date.", "This entry has no date.")
    return found


def _result(entry: ET.Element, returned: bool) -> Result:
    """Booked is a fact; anything else is still to come. The status was a text until 2013, then a choice."""
    status = first_text((entry, "Sts/Cd"), (entry, "Sts"))
    if status != "BOOK":
        return Result.PENDING
    return Result.REJECTED if returned else Result.PAID


def _reference(reading: _Reading, entry: ET.Element, detail: ET.Element) -> str:
    """The bank's reference of the transfer, else of the entry, else what names the message."""
    places = ((detail, "Refs/AcctSvcrRef"), (entry, "AcctSvcrRef"), (detail, "Refs/TxId"), (entry, "NtryRef"))
    return reference(*places, message_id=reading.message_id)


# --- a batch booked in one entry, without its transfers


def _is_batch(entry: ET.Element) -> bool:
    return any(text(entry, f"NtryDtls/Btch/{name}") for name in ("PmtInfId", "MsgId"))


def _batch(reading: _Reading, rank: int, entry: ET.Element, amount: Decimal) -> None:
    returned = _is_return(entry, ET.Element("TxDtls"))
    batch = entry.find("NtryDtls/Btch")
    whole = Whole(
        rank=rank, batch=first_text((batch, "PmtInfId"), (batch, "MsgId")), result=_result(entry, returned),
        value_date=_day(entry), amount=amount,
        reference=reference((entry, "AcctSvcrRef"), (entry, "NtryRef"), message_id=reading.message_id),
        booked=True,
    )  # fmt: skip
    reading.wholes.append(whole)
    if reading.control and whole.batch in (reading.control.batch, reading.control.batch + BLOCK):
        reading.warnings += compare(reading.control, text(batch, "NbOfTxs"), str(amount))


# --- the file's own totals


def _check_summary(reading: _Reading, statement: ET.Element) -> None:
    """A file cut short, or edited, no longer has the count and sum that it announces."""
    entries = list(_booked(statement))
    count = text(statement, "TxsSummry/TtlNtries/NbOfNtries")
    total = decimal(text(statement, "TxsSummry/TtlNtries/Sum"))
    if count and count.lstrip("0") != str(len(entries) or ""):
        reading.warnings.append(_summary_differs(count[:35], str(len(entries))))
    found = sum((amount for amount in entries if amount is not None), ZERO)
    if total is not None and None not in entries and total != found:
        reading.warnings.append(_summary_differs(str(total), str(found)))


def _booked(statement: ET.Element) -> Iterator[Decimal | None]:
    return (decimal(text(entry, "Amt")) for entry in statement.findall("Ntry"))


def _summary_differs(announced: str, found: str) -> Reason:
    return Reason(
        "summary_differs",
        f"Ce fichier annonce {announced} et contient {found} : il est incomplet ou a été modifié.",
        f"This file announces {announced} and holds {found}: it is incomplete or was altered.",
    )
