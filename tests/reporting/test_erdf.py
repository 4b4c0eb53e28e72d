"""The ERDF workbook: what it reads, what it refuses to release, and its hash for ever."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection

from applications.enums import Payee
from applications.models import Operation
from applications.services import store
from backoffice.demo.actors import Case, days
from backoffice.demo.returns import accountant_return
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock, guards
from reporting import canonical_rows
from reporting.models import ReportRun
from reporting.reports.erdf import SHEETS, vat_number
from reporting.runs import erdf_workbook
from tests.cases import paid_case
from tests.walks import ANALYSIS, ASSIGNED, Walk, offer
from workflows import gate, payments

pytestmark = pytest.mark.django_db


def _run(world: World, **more: object) -> ReportRun:
    return erdf_workbook(Operation.objects.get(), world.staff["auditor"], more.pop("as_of", clock.now()), **more)


def test_an_earlier_watermark_gives_what_was_known_then(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    before, first = clock.now(), _run(world)
    claim = case.claim()
    case.control(claim).certify(claim)
    days(3)
    again = _run(world, as_of=before)
    assert again.content_sha256 == first.content_sha256
    assert again.totals["verified"] == "0.00"
    assert _run(world).totals["verified"] == "1200.00"


def test_a_report_that_does_not_tie_is_kept_and_not_released(world: World) -> None:
    paid_case(world)
    with connection.cursor() as cursor:
        on = " ON applications_caseversion" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER guard_applications_caseversion_update{on}")
        cursor.execute("UPDATE applications_caseversion SET paid = paid - 1 WHERE paid > 0")
    guards.install()
    run = _run(world)
    assert run.state == ReportRun.State.WITHHELD
    assert any("paid_vouchers" in difference for difference in run.differences)


def test_the_same_run_has_the_same_bytes(world: World) -> None:
    paid_case(world)
    assert _run(world).file_sha256 == _run(world).file_sha256


def test_in_english_headings_and_states_are_english(world: World) -> None:
    paid_case(world)
    book = openpyxl.load_workbook(io.BytesIO(store.get(_run(world, language="en").file_sha256)))
    assert book.sheetnames[:2] == ["Operations", "Aid granted (25)"]
    cells = [cell for row in book["Aid granted (25)"].iter_rows(values_only=True) for cell in row]
    assert "Soldée" not in cells
    assert "completed" not in cells


def test_names_stay_outside_the_hash() -> None:
    personal = [column.key for sheet in SHEETS for column in sheet.columns if column.personal]
    assert personal == ["firm"]


def test_the_french_vat_number() -> None:
    assert vat_number("404833048") == "FR83404833048"


def test_each_voucher_ties_to_its_funders(world: World) -> None:
    paid_case(world)
    run = _run(world)
    book = openpyxl.load_workbook(io.BytesIO(store.get(run.file_sha256)))
    headings, row = list(book["Paiements"].iter_rows(values_only=True))[:2]
    facts = dict(zip(headings, row, strict=True))
    parts = Decimal(str(facts["dont FEDER [80]"])) + Decimal(str(facts["dont part nationale"]))
    assert parts == Decimal(str(facts["Payé [72]"])) == Decimal("2200")


def test_an_aid_paid_to_two_payees_has_a_row_for_each_order_and_ties(world: World) -> None:
    """3 000.00 certified: 999.99 to the provider, 2 000.01 to the firm, who is paid later."""
    other = offer(world, ASSIGNED, provider_share="0.333333")
    Operation.objects.update(scheme=other.scheme)
    walk = Walk(other, "F01").fill(ANALYSIS).file_it().running().report()
    claim = walk.claim(paid=False)
    walk.control(claim).certify(claim)
    moments = []
    for payee in (Payee.PROVIDER, Payee.FIRM):
        event = gate.open_order(walk.by("liquidator"), claim.pk, payee)
        gate.move(walk.by("authorising"), "order", int(event.object.partition(":")[2]), "sign", delegation="D")
        sent = payments.send_run(world.region, by=walk.by("authorising"))
        assert sent is not None
        clock.advance(days=3)
        payments.read_return(accountant_return(sent, clock.today(), "PAYE"), by=walk.by("accountant"))
        moments.append(clock.now())
        clock.advance(days=1)
    both, first = _run(world), _run(world, as_of=moments[0])
    assert (both.state, both.totals["paid_orders"], both.rows["payments"]) == ("released", "3000.00", 2)
    assert (first.state, first.totals["paid_orders"]) == ("released", "999.99")
    rows = [row for row in canonical_rows.of(both) if row.sheet == "payments"]
    told = {row.value("order_number"): row.value("paid") for row in rows}
    assert told == {f"M-{walk.file.reference}-1-P": "999.99", f"M-{walk.file.reference}-1-E": "2000.01"}
