"""Totals against the ledger: a report that does not tie is not released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from applications.enums import Bucket
from applications.models import Operation
from regions.money import ZERO
from reporting import facts

Totals = Mapping[str, Mapping[str, Decimal]]
"""Sheet → money column → euro."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One control total: what the report says, rows set apart included, and what the ledger says. Euro."""

    key: str
    label_fr: str
    label_en: str
    report: Decimal
    ledger: Decimal

    def label(self, language: str) -> str:
        return self.label_en if language.startswith("en") else self.label_fr

    @property
    def difference(self) -> Decimal:
        return self.report - self.ledger

    @property
    def holds(self) -> bool:
        return self.difference == ZERO


def ties(operation: Operation, watermark: datetime, totals: Totals) -> list[Tie]:
    """Each total of the workbook against the ledger's bucket at the same watermark."""
    booked = facts.ledger_totals(operation, watermark)
    repaid = facts.instrument_totals(operation, watermark)
    erdf = facts.funder_totals(operation, watermark, Bucket.PAID).get("erdf", ZERO)
    return [
        Tie("committed", "Engagé", "Committed", totals["vouchers"]["committed"], booked[Bucket.COMMITTED]),
        Tie("verified", "Service fait certifié", "Verified", totals["vouchers"]["verified"],
            booked[Bucket.VERIFIED]),
        Tie("ordered", "Mandaté", "Ordered", totals["vouchers"]["ordered"], booked[Bucket.ORDERED]),
        Tie("paid_vouchers", "Payé (aides)", "Paid (vouchers)", totals["vouchers"]["paid"],
            booked[Bucket.PAID]),
        Tie("paid_claims", "Payé (demandes)", "Paid (claims)", totals["expenditure"]["paid"],
            booked[Bucket.PAID]),
        Tie("paid_orders", "Payé (mandats)", "Paid (orders)", totals["payments"]["paid"], booked[Bucket.PAID]),
        Tie("paid_erdf", "Payé, part FEDER", "Paid, ERDF part", totals["payments"]["paid_erdf"], erdf),
        Tie("recovered", "Recouvré", "Recovered", totals["vouchers"]["recovered"], booked[Bucket.RECOVERED]),
        Tie("instruments_committed", "Prêts et garanties engagés", "Loans and guarantees committed",
            totals["instruments"]["committed"], repaid[Bucket.COMMITTED]),
        Tie("instruments_paid", "Prêts et avances versés", "Loans and advances paid out",
            totals["instruments"]["paid"], repaid[Bucket.PAID]),
        Tie("operations", "Dépense éligible des opérations", "Eligible expenditure of operations",
            totals["operations"]["paid"], booked[Bucket.PAID]),
    ]  # fmt: skip
