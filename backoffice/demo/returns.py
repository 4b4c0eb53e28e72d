"""The public accountant of the demo and his bank: they answer a batch with a return file, as their tools would."""

from __future__ import annotations

import csv
import io
from datetime import date

from applications.models import PaymentOrder, PaymentRun
from workflows.payments import COLUMNS, lines_of
from workflows.run_files import ACCOUNTANT

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
REFUSAL = "AC04"  # account closed


def answer(run: PaymentRun, day: date, result: str) -> bytes:
    """The answer to a batch, from the accountant or from the bank: all its orders paid, or all rejected."""
    if run.output == ACCOUNTANT:
        return accountant_return(run, day, result)
    return bank_notification(run, day) if result == "PAYE" else bank_refusal(run, day)


def accountant_return(run: PaymentRun, day: date, result: str) -> bytes:
    """A return for every order of a batch: all paid, or all rejected for the bank account."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for rank, order in enumerate(lines_of(run), start=1):
        reason = "" if result == "PAYE" else "COMPTE_CLOS"
        amount = f"{order.total:.2f}".replace(".", ",")
        writer.writerow([order.number, result, f"{day:%d/%m/%Y}", f"H{run.number[2:]}-{rank}", amount, reason])
    return stream.getvalue().encode("utf-8-sig")


def bank_notification(run: PaymentRun, day: date) -> bytes:
    """A camt.054: one debit booked for each order of a batch."""
    entries = "".join(_debit(order, f"{run.number}-{rank}", day) for rank, order in enumerate(lines_of(run), start=1))
    return _message(
        "camt.054.001.08",
        f"<BkToCstmrDbtCdtNtfctn>{_header(run, day)}<Ntfctn><Id>N-{run.number}</Id>{entries}</Ntfctn>"
        "</BkToCstmrDbtCdtNtfctn>",
    )


def _debit(order: PaymentOrder, reference: str, day: date) -> str:
    amount = f'<Amt Ccy="EUR">{order.total:.2f}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
    family = "<Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>"
    return (
        f"<Ntry>{amount}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><BkTxCd>{family}</BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{order.number}</EndToEndId></Refs>{amount}</TxDtls></NtryDtls></Ntry>"
    )


def bank_refusal(run: PaymentRun, day: date) -> bytes:
    """A pain.002: every transfer of a batch refused, the account being closed."""
    reason = f"<StsRsnInf><Rsn><Cd>{REFUSAL}</Cd></Rsn></StsRsnInf>"
    refused = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{order.number}</OrgnlEndToEndId><TxSts>RJCT</TxSts>{reason}</TxInfAndSts>"
        for order in lines_of(run)
    )
    return _message(
        "pain.002.001.10",
        f"<CstmrPmtStsRpt>{_header(run, day)}<OrgnlGrpInfAndSts><OrgnlMsgId>{run.number}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>{run.output}</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{run.number}-1</OrgnlPmtInfId>{refused}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt>",
    )


def _header(run: PaymentRun, day: date) -> str:
    return f"<GrpHdr><MsgId>R-{run.number}</MsgId><CreDtTm>{day}T18:00:00Z</CreDtTm></GrpHdr>"


def _message(name: str, body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}{name}">{body}</Document>'.encode()
