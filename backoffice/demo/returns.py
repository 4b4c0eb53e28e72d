"""The public accountant of the demo: answers a batch with a return file, as his tool would."""

from __future__ import annotations

import csv
import io
from datetime import date

from applications.models import PaymentRun
from workflows.payments import COLUMNS, lines_of


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
