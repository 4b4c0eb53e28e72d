"""What came after the payment stands in the pack: declared, audited, corrected, checked again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from applications.models import Application
from backoffice.demo import stories
from backoffice.demo.actors import Case, days
from backoffice.demo.world import World
from reporting.pack.tables import tables
from tests.cases import paid_case
from tests.kinds import drafted, notified, opened
from tests.reporting.pack.made import verified
from tests.reporting.pack.test_collect import made
from tests.walks import MIX, STUDY, Walk, offer, undue
from tests.workflows import test_declaring, test_declaring_firms, test_durability, test_findings, test_irregularity
from tests.workflows.test_claims import at_desk, report, visit
from tests.workflows.test_findings import soon

pytestmark = pytest.mark.django_db


def of(file: Application) -> dict[str, Any]:
    """Key of each table of a file → its rows."""
    return {table.key.partition("--")[2]: list(table.rows) for table in tables(file)}


def empty(folder: Path) -> set[str]:
    return {path.parent.name[:2] for path in folder.rglob("SANS_PIECE--NO_DOCUMENT.txt")}


def test_what_was_declared_and_taken_back_is_told_line_by_line(world: World, tmp_path: Path) -> None:
    case = paid_case(world)
    test_declaring.verified(world)
    application = test_declaring.sent(world)
    test_declaring.corrected(world, case, "100.00")
    test_declaring.corrected(world, case, "50.00", year_end=application.year_end)
    days(1)
    test_declaring.claimed(world)
    found = of(case.file)
    told = [(row["application"], row["what"], row["declared"], row["expenditure"]) for row in found["declarations"]]
    assert sum(amount for _number, _what, amount, _spent in told) == Decimal("2100.00")
    assert {row["reference"] for row in found["declarations"]} == {"SFC-2025-1", ""}
    assert told[-1] == (None, "", Decimal("-100.00"), Decimal("-100.00"))
    assert [(row["amount"], row["year"], bool(row["claim"])) for row in found["deductions"]] == [
        (Decimal("100.00"), "", True), (Decimal("50.00"), application.year, False),
    ]  # fmt: skip
    folder = made(world, case.file, tmp_path / "pack")
    assert verified(folder)[0] == 0
    assert not empty(folder) & {"03", "11"}


def test_a_firm_s_expenditure_stands_beside_the_aid(world: World) -> None:
    claim = test_declaring_firms.declared(world)
    rows = of(claim.operation.applications.get())["declarations"]
    assert sum(row["expenditure"] for row in rows) == Decimal("8000.00")
    assert sum(row["declared"] for row in rows) == Decimal("4000.00")


def test_a_finding_is_told_once_it_is_sent(world: World, tmp_path: Path) -> None:
    finding = test_findings.drafted(world)
    file = finding.application
    assert "findings" not in of(file)
    test_findings.act(world, "auditor", "send", answer_by=soon())
    assert [row["title"] for row in of(file)["findings"]] == [finding.title]
    assert "07" not in empty(made(world, file, tmp_path / "pack", "en"))


def test_irregularities_and_recoveries_are_told(world: World) -> None:
    case, recovery = undue(world)
    row = test_irregularity.found(case)
    found = of(case.file)
    assert [each["irregularity"] for each in found["irregularities"]] == [row.number]
    assert [each["recovery"] for each in found["recoveries"]] == [recovery.number]


def test_a_check_of_durability_is_told(world: World, tmp_path: Path) -> None:
    case = stories.paid(world)
    assert "durability" not in of(case.file)
    days(366)
    test_durability.made(case, "kept")
    assert [row["outcome"] for row in of(case.file)["durability"]] == ["kept"]
    assert "04" not in empty(made(world, case.file, tmp_path / "pack"))


def test_the_risk_of_a_claim_and_the_lines_drawn_are_told(world: World) -> None:
    case = paid_case(world)
    (risk,) = of(case.file)["risks"]
    assert (risk["claim"], risk["points"] >= 0) == (1, True)


def test_a_loan_and_its_instalments_are_told(world: World) -> None:
    walk = Walk(offer(world, MIX), "F01").fill(STUDY)
    walk.file_it().running()
    assert {row["instrument"] for row in of(walk.file)["loans"]} >= {"loan"}


def test_simplified_costs_tell_their_method_and_real_costs_none(world: World, tmp_path: Path) -> None:
    """A flat sum of 500.00: the function and its amounts, in the element of simplified costs."""
    case = notified(drafted(opened(world, "forfait-numerique"), ("online_sales", "Vente en ligne", "450.00")))
    assert [row["function"] for row in of(case.file)["method"]] == ["flat"]
    assert "amount = 500.00" in of(case.file)["method"][0]["parameters"]
    assert "13" not in empty(made(world, case.file, tmp_path / "flat"))
    voucher = Case(world, "F02").fill(stories.SITE).file_it()
    assert "method" not in of(voucher.file)


def test_a_check_on_the_spot_is_told_with_its_report(world: World) -> None:
    case = Case(world, "F01").fill(stories.SITE).file_it().grant().notify()
    visit(case, case.claim(), at_desk(case), report=report())
    (told,) = of(case.file)["on_the_spot"]
    assert (told["place"], told["report"]) == ("Saint-Denis, au siège", "rapport.pdf")
    assert told["made_by"] == world.staff["officer"].name
