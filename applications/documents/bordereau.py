"""The bordereau: the payment orders of one batch, for the public accountant, on paper and as a file.

Both carry the control total and refuse one that is not the sum of the rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from applications.documents import formats
from applications.documents.pdf import compile_pdf
from applications.documents.wording import Tongue
from regions.money import ZERO, to_cents

# A spreadsheet runs a cell that begins so; the wide forms are read as the plain ones in some locales.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
COLUMNS = (
    "bordereau",
    "ordre",
    "dossier",
    "demande de paiement",
    "bénéficiaire",
    "IBAN",
    "montant (euros)",
    "échéance",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One payment order; `amount` in euro to the cent, `due_on` None when no delay runs."""

    order_number: str
    file_reference: str
    payee_name: str
    iban: str
    amount: Decimal
    due_on: date | None
    claim_number: str


def _check(rows: Sequence[Row], total: Decimal) -> None:
    """Every amount positive, the total equal to their sum: ValueError otherwise."""
    for row in rows:
        if to_cents(row.amount) <= 0:
            raise ValueError(f"order {row.order_number}: {row.amount} is not a positive amount")
    if sum((row.amount for row in rows), ZERO) != total:
        raise ValueError(f"the control total {total} is not the sum of the rows")


def pdf(
    rows: Sequence[Row],
    *,
    number: str,
    region_name: str,
    created: datetime,
    total: Decimal,
    sha256: str,
    signatures: int,
    signers: Sequence[str],
    language: str,
) -> bytes:
    """The bordereau to sign: orders, count, control total, hash of the file sent, who signed; dated `created`."""
    _check(rows, total)
    t = Tongue(language)
    values = {
        "language": "en" if t.english else "fr",
        "region": region_name,
        "number": number,
        "words": _words(t),
        "day": t.day(created.date()),
        "rows": [_cells(row, t) for row in rows],
        "count": str(len(rows)),
        "total": t.money(total),
        "sha256": sha256,
        "signatures": str(signatures),
        "signers": ", ".join(signers),
    }
    return compile_pdf("bordereau", values, created=created)


def _cells(row: Row, t: Tongue) -> list[str]:
    due = f"{row.due_on:%d/%m/%Y}" if row.due_on else "–"
    return [
        row.order_number,
        row.file_reference,
        row.claim_number,
        row.payee_name,
        formats.iban(row.iban),
        due,
        t.money(row.amount),
    ]


def _words(t: Tongue) -> dict[str, Any]:
    return {
        "title": t("Bordereau de mandatement", "Payment order schedule"),
        "number": t("n°", "no."),
        "issued": t("Établi le", "Issued on"),
        "head": _head(t),
        "count": t("Nombre d’ordres de paiement", "Number of payment orders"),
        "total": t("Total de contrôle", "Control total"),
        "sha256": t("Empreinte SHA-256 du fichier transmis", "SHA-256 of the file sent"),
        "signatures": t("Signatures demandées par ordre", "Signatures asked of each order"),
        "signers": t("Ordres signés par", "Orders signed by"),
        "boxes": [
            t("L’ordonnateur ou son délégataire", "The authorising officer or delegate"),
            t("Le comptable public", "The public accountant"),
        ],
        "signing": t("Date, nom, qualité et signature", "Date, name, capacity and signature"),
    }


def _head(t: Tongue) -> list[str]:
    return [
        t("Ordre", "Order"),
        t("Dossier", "File"),
        t("Demande", "Claim"),
        t("Bénéficiaire", "Payee"),
        "IBAN",
        t("Échéance", "Due on"),
        t("Montant", "Amount"),
    ]


def csv_bytes(rows: Sequence[Row], *, number: str, total: Decimal) -> bytes:
    """The same rows for a spreadsheet: UTF-8 with BOM, « ; », decimal comma, last line the total."""
    _check(rows, total)
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_line(row, number) for row in rows)
    writer.writerow([safe_cell(number), "TOTAL", str(len(rows)), "", "", "", _comma(total), ""])
    return output.getvalue().encode("utf-8-sig", errors="replace")


def _line(row: Row, number: str) -> list[str]:
    texts = (number, row.order_number, row.file_reference, row.claim_number, row.payee_name, row.iban)
    due = f"{row.due_on:%d/%m/%Y}" if row.due_on else ""
    return [*(safe_cell(text) for text in texts), _comma(row.amount), due]


def safe_cell(content: str) -> str:
    """A text that a spreadsheet will not run: an apostrophe before what could begin a formula."""
    starts = content.startswith(FORMULA_STARTS) or content.lstrip().startswith(FORMULA_STARTS)
    return f"'{content}" if starts else content


def _comma(amount: Decimal) -> str:
    """Euro with two decimals and a comma, without thousands: « 1234,56 »."""
    euros, cents = divmod(to_cents(amount), 100)
    return f"{euros},{cents:02d}"
