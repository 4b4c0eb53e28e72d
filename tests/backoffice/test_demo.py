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
from applications.models import (
    Application,
    AuditFinding,
    Complaint,
    Irregularity,
    LedgerEntry,
    Operation,
    PaymentApplication,
)
from backoffice.demo.places import REUNION
from regions import clock
from regions.models import Region
from reporting import double_funding
from reporting.audit import drawing
from reporting.models import ReportRun, Sample
from reporting.runs import erdf_workbook
from reporting.writers import ooxml_check
from workflows import follow_up
from workflows.follow import expected_tasks, live_tasks
from workflows.models import OutboxMessage
from workflows.recompute import recompute

OUTCOMES = {
    "paid", "partly accepted", "question answered", "withdrawn", "lapsed", "envelope empty", "refused: size",
    "refused: sector", "refused: early start", "refused: de minimis", "payment rejected, then paid",
    "request expired, closed", "envelope reopened", "appeal won", "revoked, recovered",
    "accreditation expired, provider changed", "bank details changed during a payment", "group losing a member, paid",
    "advance, loan, guarantee and balance", "assignment, provider paid", "escrow, provider paid from the pot",
    "flat aid, paid", "level two by the day, provider paid", "refused: not recommended", "refused: below the floor",
    "irregularity, corrected in part", "refused: equivalent over the ceiling",
    "refused: age of the firm", "refused: seat",
}  # fmt: skip


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_the_demonstration_ends_with_a_workbook_that_ties(tmp_path: Path) -> None:
    output = io.StringIO()
    call_command("demo", folder=tmp_path, stdout=output)
    facts = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert set(facts["outcomes"]) >= OUTCOMES
    assert sum(row["files"] for row in facts["files"]) >= 30
    assert {row["kind"] for row in facts["files"]} == {"voucher", "consulting", "e_export"}
    zones = set(Application.objects.values_list("region__code", "region__time_zone"))
    assert len(zones) >= 5
    assert len({zone for _code, zone in zones}) >= 2
    assert set(facts["outcomes"].values()) <= set(Application.objects.values_list("reference", flat=True))
    assert facts["events"]["faults"] == 0
    for code in facts["control_totals"]:
        name = "erdf-report.xlsx" if code == REUNION.scheme else f"erdf/{code}.xlsx"
        _workbook_ties(tmp_path / name, code)
    _list_of_operations(tmp_path / "operations.csv")
    _letters(tmp_path / "letters")
    assert (tmp_path / "bordereau.pdf").read_bytes().startswith(b"%PDF")
    assert facts["amounts"]["paid"] in output.getvalue()
    _audited()
    _corrected()
    _followed()
    _held_twice()
    _same_for_ever(facts)
    _decisions_recompute()
    _tasks_agree()


def _audited() -> None:
    """The sample is drawn from what is declared, and drawn again; a finding waits for the auditor."""
    sample = Sample.objects.get()
    assert drawing.again(sample).identical
    assert (
        sample.book + sample.negative_book
        == PaymentApplication.objects.get(state="sent", programme=sample.programme).declared
    )
    assert sample.conclusions.count() == 1
    assert AuditFinding.objects.get().state == "answered"
    complaint = Complaint.objects.get()
    assert (complaint.channel, complaint.state, complaint.outcome) == ("provider", "answered", "partly")
    mails = OutboxMessage.objects.filter(event__subject=f"complaint:{complaint.pk}", sent_at__isnull=False)
    assert set(mails.values_list("template", flat=True)) == {"complaint_received", "complaint_answered"}


def _followed() -> None:
    """One firm said what became of its project, another is late, and a call waits for a second person."""
    regions = Region.objects.filter(applications__results_on__isnull=False).distinct()
    files, steps = follow_up.watched(regions), follow_up.steps(clock.today())
    found = {name: files.filter(step).count() for name, step in steps.items()}
    assert found["answered"] >= 1
    assert found["late"] >= 1
    assert found["to_confirm"] == 1


def _held_twice() -> None:
    """One invoice stands in two claims: one ordered, one to certify."""
    (row,) = double_funding.invoices(Region.objects.get(code=REUNION.region), "fr")
    assert {row["claim_state"], row["other_claim_state"]} == {"verified", "checked"}
    assert row["invoice"] == f"FA-{row['reference']}-1"


def _corrected() -> None:
    """160.00 of irregular aid, 100.00 of it taken back from the next application, the rest still to correct."""
    row = Irregularity.objects.get()
    one = row.corrections.get()
    assert (row.aid, one.amount, one.year_end, row.next_actor) == (Decimal(160), Decimal(100), None, "authorising")


def _workbook_ties(path: Path, code: str) -> None:
    """Every control total equals the ledger's own sum, and the sheets' columns add up to it."""
    assert ooxml_check.check(path.read_bytes()) == []
    book = openpyxl.load_workbook(path)
    entries = LedgerEntry.objects.filter(application__scheme_version__scheme__code=code, bucket=Bucket.PAID)
    paid = sum(e.amount for e in entries.filter(line__envelope__instrument="grant"))
    lent = sum(e.amount for e in entries.exclude(line__envelope__instrument="grant"))
    for row in book["Totaux de contrôle"].iter_rows(min_row=2, values_only=True):
        assert row[1] == row[2]
        assert row[3] == 0
    assert _column(book["Paiements"], "Payé [72]") == paid
    assert _column(book["Aides accordées (25)"], "Payé [72]") == paid
    assert _column(book["Prêts et garanties"], "Versé") == lent
    assert paid > 0


def _column(sheet: openpyxl.worksheet.worksheet.Worksheet, heading: str) -> Decimal:
    rows = list(sheet.iter_rows(values_only=True))
    at = rows[0].index(heading)
    return sum((Decimal(str(row[at] or 0)) for row in rows[1:]), Decimal(0))


def _list_of_operations(path: Path) -> None:
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert len(rows) == 1 + Operation.objects.count() == 10
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows[0]) >= 15


def _letters(folder: Path) -> None:
    letters = sorted(folder.glob("*.pdf"))
    for word in ("Accusé", "Octroi", "Rejet", "Caducité", "Versement", "Demande de pièces"):
        assert any(word in letter.name for letter in letters), word
    with pikepdf.open(letters[0]) as pdf:
        assert pdf.open_metadata()["pdfaid:part"] == "2"


def _same_for_ever(facts: dict) -> None:
    """Rebuilt at the same watermark the content hash is the same, though names have changed since."""
    run = ReportRun.objects.get(operation__scheme__code=REUNION.scheme)
    company = Application.objects.filter(agreement__isnull=False).first().company
    company.name = "Renommée"
    company.save()
    again = erdf_workbook(run.operation, run.author, run.as_of)
    assert again.content_sha256 == run.content_sha256 == facts["reports"][REUNION.scheme]["content_sha256"]


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
