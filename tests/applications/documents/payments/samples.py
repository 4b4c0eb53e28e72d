"""Batches to pay, and the answers of a bank, in each version it may use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from applications.documents.payments.transfers import Transfer, TransferBatch

CREATED = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
IBAN = "FR7630006000011234567890189"
DEBTOR = "FR1420041010050500013M02606"
BATCH = "B-04-20260302-01"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"


def transfer(number: int = 1, **changes: Any) -> Transfer:
    """Transfer n is of 1,000.37 + n euro."""
    values: dict[str, Any] = {
        "order_number": f"MD-{number:05d}",
        "amount": Decimal("1000.37") + number,
        "creditor_name": "Epicerie du Coeur SARL",
        "iban": IBAN,
        "remittance": f"Kap Numerik 04-2026-{number:06d}",
    }
    return Transfer(**{**values, **changes})


def transfers(count: int = 3, **changes: Any) -> TransferBatch:
    """A batch of that many transfers, already in the characters of the file."""
    values: dict[str, Any] = {
        "number": BATCH,
        "created": CREATED,
        "execution_date": date(2026, 3, 4),
        "debtor_name": "Operateur de la region Reunion",
        "debtor_iban": DEBTOR,
        "debtor_bic": "AGRIFRPP882",
        "transfers": tuple(transfer(number) for number in range(1, count + 1)),
    }
    return TransferBatch(**{**values, **changes})


# --- the bank's status report


def reasons(code: str) -> str:
    """The reason of a status, or nothing."""
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" if code else ""


def status(number: str, word: str, code: str = "", amount: str = "", extra: str = "") -> str:
    """One transfer of a pain.002."""
    original = f'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{amount}</InstdAmt></Amt></OrgnlTxRef>' if amount else ""
    said = f"<TxSts>{word}</TxSts>" if word else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{number}</OrgnlEndToEndId>{said}{reasons(code)}{extra}{original}</TxInfAndSts>"
    )


def pain002(
    entries: Sequence[str] = (),
    *,
    version: str = "pain.002.001.10",
    group: str = "",
    block: str = "",
    code: str = "",
    sums: str = "",
    batch: str = BATCH,
) -> bytes:
    """A status report: `group` and `block` are statuses of the whole, `code` the group's reason."""
    said = f"<GrpSts>{group}</GrpSts>{reasons(code)}" if group else ""
    block_said = f"<PmtInfSts>{block}</PmtInfSts>" if block else ""
    blocks = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch}-1</OrgnlPmtInfId>{block_said}{''.join(entries)}</OrgnlPmtInfAndSts>"
        if entries or block
        else ""
    )
    return document(
        version,
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>R-1</MsgId><CreDtTm>2026-03-04T18:05:11+01:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{batch}</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>{sums}{said}"
        f"</OrgnlGrpInfAndSts>{blocks}</CstmrPmtStsRpt>",
    )


def document(version: str, body: str) -> bytes:
    """A message in its envelope."""
    return f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}{version}">{body}</Document>'.encode()


# --- the bank's statement and notification


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a statement; `details` are (end-to-end identifier, amount)."""

    amount: str
    details: tuple[tuple[str, str], ...] = ()
    side: str = "DBIT"
    status: str = "BOOK"
    reference: str = "REF-1"
    code: str = ""
    day: str = "2026-03-05"
    currency: str = "EUR"
    reversal: bool = False
    family: str = "ESCT"
    batch: str = ""


def entry(number: str, amount: str, **changes: Any) -> Entry:
    """An entry for one transfer; `side` CRDT and a `code` make it a return."""
    return Entry(amount=amount, **{"details": ((number, amount),), **changes})


def camt(entries: Sequence[Entry], version: str = "camt.053.001.08", summary: str = "") -> bytes:
    """A statement (camt.053) or a notification (camt.054) in one of the versions."""
    body, holder = ("BkToCstmrStmt", "Stmt") if version.startswith("camt.053") else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    balance = BALANCE if holder == "Stmt" else ""
    content = "".join(_entry(each, int(version[-2:])) for each in entries)
    return document(
        version,
        f"<{body}><GrpHdr><MsgId>S-1</MsgId><CreDtTm>2026-03-05T20:00:00Z</CreDtTm></GrpHdr><{holder}>"
        f"<Id>S-1</Id><CreDtTm>2026-03-05T20:00:00Z</CreDtTm><Acct><Id><IBAN>{DEBTOR}</IBAN></Id></Acct>"
        f"{balance}{summary}{content}</{holder}></{body}>",
    )


BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
    "<Dt><Dt>2026-03-05</Dt></Dt></Bal>"
)


def _entry(each: Entry, version: int) -> str:
    booked = f"<Sts><Cd>{each.status}</Cd></Sts>" if version >= 7 else f"<Sts>{each.status}</Sts>"
    reversal = "<RvslInd>true</RvslInd>" if each.reversal else ""
    details = "".join(_detail(each, number, amount, version) for number, amount in each.details)
    batch = f"<Btch><PmtInfId>{each.batch}</PmtInfId></Btch>" if each.batch else ""
    inside = f"<NtryDtls>{batch}{details}</NtryDtls>" if batch or details else ""
    return (
        f'<Ntry><Amt Ccy="{each.currency}">{each.amount}</Amt><CdtDbtInd>{each.side}</CdtDbtInd>{reversal}{booked}'
        f"<BookgDt><Dt>2026-03-05</Dt></BookgDt><ValDt><Dt>{each.day}</Dt></ValDt>"
        f"<AcctSvcrRef>{each.reference}</AcctSvcrRef>{_code(each)}{inside}</Ntry>"
    )


def _code(each: Entry) -> str:
    return f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>{each.family}</SubFmlyCd></Fmly></Domn></BkTxCd>"


def _detail(each: Entry, number: str, amount: str, version: int) -> str:
    """Until 2013 a transfer's amount stood apart, and its side was that of its entry."""
    value = f'<Amt Ccy="{each.currency}">{amount}</Amt>'
    old = f"<AmtDtls><TxAmt>{value}</TxAmt></AmtDtls>"
    new = f"{value}<CdtDbtInd>{each.side}</CdtDbtInd>"
    name = "<Pty><Nm>N</Nm></Pty>" if version >= 7 else "<Nm>N</Nm>"
    returned = f"<RtrInf><Rsn><Cd>{each.code}</Cd></Rsn></RtrInf>" if each.code else ""
    named = f"<EndToEndId>{number}</EndToEndId>" if number else ""
    return (
        f"<TxDtls><Refs>{named}</Refs>{new if version > 2 else old}"
        f"<RltdPties><Cdtr>{name}</Cdtr></RltdPties>{returned}</TxDtls>"
    )
