"""What was told the Union of a file, audited and taken back, as tables of an audit pack. Euro.

A finding that is not sent is its author's alone: it is in no pack.
"""

from __future__ import annotations

from typing import Any

from applications.enums import Bucket, Deduction
from applications.models import Application, Correction, OperationClaimLine
from reporting.declared import label
from reporting.lists import IRREGULARITIES
from reporting.lists.audit import FINDINGS
from reporting.lists.base import column
from reporting.pack.model import Table
from reporting.pack.rows import Rows, listed, table

_DECLARED = (
    column("claim", "Demande du bénéficiaire", "Claim of the beneficiary"),
    column("verified_at", "Vérifiée le", "Verified", "moment"),
    column("application", "Demande de paiement n°", "Payment application no", "integer"),
    column("year", "Exercice comptable", "Accounting year"),
    column("sent_at", "Transmise le", "Submitted", "moment"),
    column("reference", "Référence donnée par SFC2021", "Reference given by SFC2021"),
    column("what", "Objet", "Kind", choices=Bucket),
    column("order", "Mandat", "Payment order"),
    column("booked", "Grand livre", "Ledger", "money"),
    column("declared", "Contribution publique déclarée", "Public contribution declared", "money"),
    column("expenditure", "Dépense éligible déclarée", "Eligible expenditure declared", "money"),
    column("reason", "Écart", "Difference"),
)
_DEDUCTED = (
    column("decided_on", "Décidée le", "Decided", "date"),
    column("kind", "Nature", "Type", choices=Deduction),
    column("expenditure", "Dépense concernée", "Expenditure affected", "money"),
    column("amount", "Contribution publique concernée", "Public contribution affected", "money"),
    column("audit", "Constatée par un audit", "Found by an audit", "boolean"),
    column("year", "Dans les comptes de", "In the accounts of"),
    column("claim", "Retirée de la demande", "Taken from the claim"),
    column("irregularity", "Irrégularité", "Irregularity"),
    column("made_by", "Décidée par", "Decided by"),
)


def tables(file: Application) -> list[Table]:
    """The tables of what was declared, empty ones included."""
    region = file.region
    return [
        table(3, "declarations--declarations", "Déclarations à l’Union", "Declarations to the Union", _DECLARED,
              _declared(file)),
        listed(7, "constats--findings", FINDINGS, region, application=file),
        listed(8, "irregularites--irregularities", IRREGULARITIES, region, application=file),
        table(11, "deductions--deductions", "Corrections et déductions (art. 98, § 6)",
              "Corrections and deductions (Art. 98(6))", _DEDUCTED, _deducted(file)),
    ]  # fmt: skip


def _declared(file: Application) -> Rows:
    """Each live line, in a payment application or not yet."""
    found = OperationClaimLine.objects.filter(application=file, live=True).order_by("pk")
    for line in found.select_related("claim__operation", "claim__payment_application", "entry__order"):
        amounts = {name: getattr(line, name) for name in ("booked", "declared", "expenditure", "reason")}
        yield _claim(line) | _application(line.claim.payment_application) | amounts


def _claim(line: OperationClaimLine) -> dict[str, Any]:
    entry = line.entry
    return {
        "claim": str(line.claim), "verified_at": line.claim.verified_at, "what": entry.bucket if entry else "",
        "order": entry.order.number if entry and entry.order else "",
    }  # fmt: skip


def _application(found: Any) -> dict[str, Any]:
    names = ("year", "sent_at", "reference")
    if found is None:
        return {"application": None, "year": "", "sent_at": None, "reference": ""}
    return {name: getattr(found, name) for name in names} | {"application": found.number}


def _deducted(file: Application) -> Rows:
    """Each correction: in the accounts of a year, or taken from a claim, or still to be taken from the next."""
    held = {line.correction_id: str(line.claim) for line in _held(file)}
    for found in Correction.objects.filter(application=file).select_related("irregularity", "made_by").order_by("pk"):
        yield {name: getattr(found, name) for name in ("decided_on", "kind", "expenditure", "amount", "audit")} | {
            "year": label(found.year_end) if found.year_end else "", "claim": held.get(found.pk, ""),
            "irregularity": found.irregularity.number if found.irregularity else "", "made_by": found.made_by.name,
        }  # fmt: skip


def _held(file: Application) -> Any:
    lines = OperationClaimLine.objects.filter(application=file, live=True, correction__isnull=False)
    return lines.select_related("claim__operation")
