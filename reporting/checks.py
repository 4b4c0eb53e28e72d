"""Totals against the ledger: a report that does not tie is not released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications.enums import Bucket
from applications.models import Operation
from regions.money import ZERO
from reporting import facts


@dataclass(frozen=True, slots=True)
class Tie:
    """One control total: what the report says, what the ledger says. Euro."""

    key: str
    label_fr: str
    label_en: str
    report: Decimal
    ledger: Decimal

    @property
    def difference(self) -> Decimal:
        return self.report - self.ledger

    @property
    def holds(self) -> bool:
        return self.difference == ZERO


def ties(operation: Operation, watermark: datetime, rows: dict[str, list[dict[str, Any]]]) -> list[Tie]:
    """Each total of the workbook against the ledger's bucket at the same watermark."""
    booked = facts.ledger_totals(operation, watermark)
    repaid = facts.instrument_totals(operation, watermark)
    erdf = facts.funder_totals(operation, watermark, Bucket.PAID).get("erdf", ZERO)
    return [
        Tie("committed", "Engagé", "Committed", _sum(rows["vouchers"], "committed"), booked[Bucket.COMMITTED]),
        Tie("verified", "Service fait certifié", "Verified", _sum(rows["vouchers"], "verified"),
            booked[Bucket.VERIFIED]),
        Tie("ordered", "Mandaté", "Ordered", _sum(rows["vouchers"], "ordered"), booked[Bucket.ORDERED]),
        Tie("paid_vouchers", "Payé (aides)", "Paid (vouchers)", _sum(rows["vouchers"], "paid"),
            booked[Bucket.PAID]),
        Tie("paid_claims", "Payé (demandes)", "Paid (claims)", _sum(rows["expenditure"], "paid"),
            booked[Bucket.PAID]),
        Tie("paid_orders", "Payé (mandats)", "Paid (orders)", _sum(rows["payments"], "paid"), booked[Bucket.PAID]),
        Tie("paid_erdf", "Payé, part FEDER", "Paid, ERDF part", _sum(rows["payments"], "paid_erdf"), erdf),
        Tie("recovered", "Recouvré", "Recovered", _sum(rows["vouchers"], "recovered"), booked[Bucket.RECOVERED]),
        Tie("instruments_committed", "Prêts et garanties engagés", "Loans and guarantees committed",
            _sum(rows["instruments"], "committed"), repaid[Bucket.COMMITTED]),
        Tie("instruments_paid", "Prêts et avances versés", "Loans and advances paid out",
            _sum(rows["instruments"], "paid"), repaid[Bucket.PAID]),
        Tie("operations", "Dépense éligible des opérations", "Eligible expenditure of operations",
            _sum(rows["operations"], "paid"), booked[Bucket.PAID]),
    ]  # fmt: skip


def _sum(rows: list[dict[str, Any]], key: str) -> Decimal:
    return sum((row[key] or ZERO for row in rows), ZERO)
