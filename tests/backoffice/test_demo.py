"""The main job, whole: the demonstration, what it writes, and that it can be told again."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from django.core.management import CommandError, call_command

from applications.enums import Bucket
from applications.models import Application, LedgerEntry
from reporting.models import ReportRun
from reporting.runs import erdf_workbook
from reporting.writers import ooxml_check
from workflows.follow import expected_tasks, live_tasks
from workflows.recompute import recompute

OUTCOMES = {
    "paid", "partly accepted", "question answered", "withdrawn", "lapsed", "envelope empty", "refused: size",
    "refused: sector", "refused: early start", "refused: de minimis", "payment rejected, then paid",
}  # fmt: skip


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_the_demonstration_ends_with_a_workbook_that_ties(tmp_path: Path) -> None:
    output = io.StringIO()
    call_command("demo", folder=tmp_path, stdout=output)
    facts = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert set(facts["outcomes"]) >= OUTCOMES
    assert sum(row["files"] for row in facts["files"]) >= 12
    assert facts["events"]["faults"] == 0
    _workbook_ties(tmp_path / "erdf-report.xlsx")
    _list_of_operations(tmp_path / "operations.csv")
    _letters(tmp_path / "letters")
    assert (tmp_path / "bordereau.pdf").read_bytes().startswith(b"%PDF")
    assert facts["amounts"]["paid"] in output.getvalue()
    _same_for_ever(facts)
    _decisions_recompute()
    _tasks_agree()


def _workbook_ties(path: Path) -> None:
    """Every control total equals the ledger's own sum, and the sheets' columns add up to it."""
    assert ooxml_check.check(path.read_bytes()) == []
    book = openpyxl.load_workbook(path)
    paid = sum(e.amount for e in LedgerEntry.objects.filter(bucket=Bucket.PAID))
    for row in book["Totaux de contrôle"].iter_rows(min_row=2, values_only=True):
        assert row[1] == row[2]
        assert row[3] == 0
    assert _column(book["Paiements"], "Payé [72]") == paid
    assert _column(book["Aides accordées (25)"], "Payé [72]") == paid
    assert paid > 0


def _column(sheet: openpyxl.worksheet.worksheet.Worksheet, heading: str) -> Decimal:
    rows = list(sheet.iter_rows(values_only=True))
    at = rows[0].index(heading)
    return sum((Decimal(str(row[at] or 0)) for row in rows[1:]), Decimal(0))


def _list_of_operations(path: Path) -> None:
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert len(rows) == 2
    assert len(rows[0]) == len(rows[1]) >= 15


def _letters(folder: Path) -> None:
    letters = sorted(folder.glob("*.pdf"))
    for word in ("Accusé", "Octroi", "Rejet", "Caducité", "Versement", "Demande de pièces"):
        assert any(word in letter.name for letter in letters), word
    with pikepdf.open(letters[0]) as pdf:
        assert pdf.open_metadata()["pdfaid:part"] == "2"


def _same_for_ever(facts: dict) -> None:
    """Rebuilt at the same watermark the content hash is the same, though names have changed since."""
    run = ReportRun.objects.get()
    company = Application.objects.filter(agreement__isnull=False).first().company
    company.name = "Renommée"
    company.save()
    again = erdf_workbook(run.operation, run.author, run.as_of)
    assert again.content_sha256 == run.content_sha256 == facts["report"]["content_sha256"]


def _decisions_recompute() -> None:
    results = [recompute(d) for file in Application.objects.all() for d in file.decisions.all()]
    assert len(results) > 30
    assert all(result.intact and result.same for result in results)


def _tasks_agree() -> None:
    for file in Application.objects.all():
        assert set(live_tasks(file)) == set(expected_tasks(file)), file


def test_a_place_with_a_real_clock_refuses_the_demonstration(settings: object) -> None:
    settings.GUICHET_SIMULATED_CLOCK = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="calendar"):
        call_command("demo")
