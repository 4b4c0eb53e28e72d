"""The order to a bank to make transfers: ISO 20022 pain.001.001.03 and pain.001.001.09, written and read back.

The message identifier is the batch's number, so that a bank which receives the same batch twice can
see it; nothing comes from a clock or from chance, so the same batch gives the same bytes. Each
transfer is asked to be booked alone (`BtchBookg` false): the bank's answer then names each order.
No postal address is given: none is needed, and a badly structured one is refused.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from applications.documents.payments import safe_xml
from applications.documents.payments.report import Unreadable
from applications.documents.payments.safe_xml import text
from applications.documents.payments.transfers import BLOCK, Transfer, TransferBatch

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
HEADER = b'<?xml version="1.0" encoding="UTF-8"?>\n'
NOT_PROVIDED = "NOTPROVIDED"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where two versions differ: the path of the execution date, and the name of a bank's identifier."""

    execution_date: str
    bic: str


VERSIONS = {
    "pain.001.001.03": Dialect("ReqdExctnDt", "BIC"),
    "pain.001.001.09": Dialect("ReqdExctnDt/Dt", "BICFI"),
}


# --- writing


def write(batch: TransferBatch, version: str) -> bytes:
    """The file of a batch in a version (a key of VERSIONS); raises KeyError for another."""
    dialect, written = VERSIONS[version], batch.as_written()
    document = ET.Element("Document", xmlns=NAMESPACE + version)
    body = ET.SubElement(document, "CstmrCdtTrfInitn")
    _header(body, written)
    _block(body, written, dialect)
    ET.indent(document, " ")
    return HEADER + ET.tostring(document, encoding="utf-8") + b"\n"


def _put(parent: ET.Element, path: str, content: str) -> ET.Element:
    """The element at the end of a path, each step added anew, with its text."""
    for tag in path.split("/"):
        parent = ET.SubElement(parent, tag)
    parent.text = content
    return parent


def _sums(parent: ET.Element, batch: TransferBatch) -> None:
    _put(parent, "NbOfTxs", str(len(batch.transfers)))
    _put(parent, "CtrlSum", f"{batch.total:.2f}")


def _header(body: ET.Element, batch: TransferBatch) -> None:
    header = ET.SubElement(body, "GrpHdr")
    _put(header, "MsgId", batch.number)
    _put(header, "CreDtTm", batch.created.isoformat(timespec="seconds"))
    _sums(header, batch)
    _put(header, "InitgPty/Nm", batch.debtor_name)


def _block(body: ET.Element, batch: TransferBatch, dialect: Dialect) -> None:
    block = ET.SubElement(body, "PmtInf")
    _put(block, "PmtInfId", batch.number + BLOCK)
    _put(block, "PmtMtd", "TRF")
    _put(block, "BtchBookg", "false")
    _sums(block, batch)
    _put(block, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _put(block, dialect.execution_date, batch.execution_date.isoformat())
    _put(block, "Dbtr/Nm", batch.debtor_name)
    _put(block, "DbtrAcct/Id/IBAN", batch.debtor_iban)
    _debtor_bank(block, batch, dialect)
    _put(block, "ChrgBr", "SLEV")
    for transfer in batch.transfers:
        _transfer(block, transfer)


def _debtor_bank(block: ET.Element, batch: TransferBatch, dialect: Dialect) -> None:
    """The schema asks for the debtor's bank: its BIC, or the word agreed for « known by the IBAN »."""
    if batch.debtor_bic:
        _put(block, f"DbtrAgt/FinInstnId/{dialect.bic}", batch.debtor_bic)
    else:
        _put(block, "DbtrAgt/FinInstnId/Othr/Id", NOT_PROVIDED)


def _transfer(block: ET.Element, transfer: Transfer) -> None:
    element = ET.SubElement(block, "CdtTrfTxInf")
    _put(element, "PmtId/EndToEndId", transfer.order_number)
    _put(element, "Amt/InstdAmt", f"{transfer.amount:.2f}").set("Ccy", "EUR")
    _put(element, "Cdtr/Nm", transfer.creditor_name)
    _put(element, "CdtrAcct/Id/IBAN", transfer.iban)
    if transfer.remittance:
        _put(element, "RmtInf/Ustrd", transfer.remittance)


# --- reading back


def read(content: bytes) -> TransferBatch:
    """The batch that a file of ours says; raises Unreadable, also when its own sums do not agree."""
    message = safe_xml.message(content)
    if message.name not in VERSIONS:
        raise safe_xml.unsupported(message.name, tuple(VERSIONS))
    try:
        batch = _batch(message.body, VERSIONS[message.name])
    except (ValueError, InvalidOperation) as error:
        raise _not_ours() from error
    _check_sums(message.body, batch)
    return batch


def _batch(body: ET.Element, dialect: Dialect) -> TransferBatch:
    (block,) = body.findall("PmtInf")
    return TransferBatch(
        number=text(body, "GrpHdr/MsgId"),
        created=datetime.fromisoformat(text(body, "GrpHdr/CreDtTm")),
        execution_date=date.fromisoformat(text(block, dialect.execution_date)),
        debtor_name=text(block, "Dbtr/Nm"),
        debtor_iban=text(block, "DbtrAcct/Id/IBAN"),
        debtor_bic=text(block, f"DbtrAgt/FinInstnId/{dialect.bic}"),
        transfers=tuple(_read_transfer(element) for element in block.findall("CdtTrfTxInf")),
    )


def _read_transfer(element: ET.Element) -> Transfer:
    (amount,) = element.findall("Amt/InstdAmt")
    if amount.get("Ccy") != "EUR":
        raise ValueError("an amount is not in euro")
    return Transfer(
        order_number=text(element, "PmtId/EndToEndId"),
        amount=Decimal(text(amount, ".")),
        creditor_name=text(element, "Cdtr/Nm"),
        iban=text(element, "CdtrAcct/Id/IBAN"),
        remittance=text(element, "RmtInf/Ustrd"),
    )


def _check_sums(body: ET.Element, batch: TransferBatch) -> None:
    """Header and block both carry the count and the sum of the transfers."""
    expected = (str(len(batch.transfers)), f"{batch.total:.2f}")
    for part in ("GrpHdr", "PmtInf"):
        if (text(body, f"{part}/NbOfTxs"), text(body, f"{part}/CtrlSum")) != expected:
            raise Unreadable(
                "control_sum",
                "Le nombre ou le total de contrôle de ce fichier n’est pas celui de ses virements.",
                "The count or control sum of this file is not that of its transfers.",
            )


def _not_ours() -> Unreadable:
    return Unreadable(
        "not_ours",
        "Ce fichier n’est pas un ordre de virement de ce produit : un montant, un compte ou un identifiant ne va pas.",
        "This file is not a transfer order of this product: an amount, an account or an identifier is wrong.",
    )
