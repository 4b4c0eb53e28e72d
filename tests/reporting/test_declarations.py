"""The workbook of the declarations: State aid advances, appendices of annexes XXIII and XXIV, ties to the ledger."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from applications.enums import ClaimKind
from applications.models import Operation, PaymentApplication
from applications.services import store
from backoffice.demo.stories import partly_accepted
from backoffice.demo.world import World
from regions import clock
from regions.models import Programme, SchemeVersion
from reporting import runs
from reporting.models import ReportRun
from reporting.reconcile import released_reports
from reporting.runs import Asked
from reporting.writers.ooxml_check import check
from tests.cases import paid_case
from tests.walks import MIX, STUDY, Walk, offer
from tests.workflows.test_declaring import corrected, sent, verified
from tests.workflows.test_irregularity import found, move
from workflows import irregularities

pytestmark = pytest.mark.django_db
RELEASED = ReportRun.State.RELEASED


def workbook(world: World, language: str = "fr") -> Any:
    """The file as issued, once its totals tie; its OOXML is sound."""
    asked = Asked("declarations", world.region, clock.now(), language=language)
    run = runs.make(runs.begin(asked, world.staff["auditor"]))
    assert (run.state, run.differences, run.set_apart) == (RELEASED, [], 0)
    assert runs.rebuild(run).content_sha256 == run.content_sha256
    assert list(released_reports()) == []
    content = store.get(run.file_sha256)
    assert check(content) == []
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(book: Any, sheet: str) -> list[dict[str, Any]]:
    head, *found = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in found]


def advanced(world: World, legal_basis: str = "gber_18") -> Walk:
    """A grant of 6 000.00 (30 % of 20 000.00) under the mixed scheme, half of it, 3 000.00, paid in advance."""
    offered = offer(world, MIX)
    Operation.objects.update(scheme=offered.scheme)
    walk = Walk(offered, "F01").fill(STUDY)
    walk.file_it().running()  # type: ignore[attr-defined]
    walk.pay(walk.asks(ClaimKind.ADVANCE))
    version = walk.file.scheme_version
    SchemeVersion.objects.filter(pk=version.pk).update(rules=version.rules | {"legal_basis": legal_basis})
    return walk


def settle(walk: Walk) -> None:
    walk.paid()
    walk.results(8).act("officer", "complete")


def declare(world: World) -> None:
    verified(world)
    sent(world)


def amounts(row: dict[str, Any]) -> list[float]:
    return [value for value in row.values() if isinstance(value, int | float)]


def test_an_advance_of_a_settled_project_is_declared_and_covered(world: World) -> None:
    """6 000.00 declared, of which an advance of 3 000.00; 40 % of the aid would be 2 400.00."""
    settle(advanced(world))
    declare(world)
    book = workbook(world)
    (whole,) = rows(book, "Annexe XXIII")
    assert whole["Dépense éligible totale, engagée et payée [B]"] == 6000
    (table,) = rows(book, "Annexe XXIII, avances")
    assert list(table)[2:] == [
        "Avances dans les demandes de paiement [91(5)]", "Couvertes dans les trois ans [91(5)(c)]",
        "Non couvertes, délai en cours [91(5)(c)]", "Non couvertes, à déduire [91(5)(c)]",
    ]  # fmt: skip
    assert amounts(table) == [3000, 3000, 0, 0]
    (advance,) = rows(book, "Avances payées")
    assert (advance["Aide accordée"], advance["Maximum : 40 % de l’aide [91(5)(b)]"]) == (6000, 2400)
    assert (advance["Avance payée"], advance["Demandes de paiement"], advance["Non déclarée"]) == (3000, "1", 0)
    assert advance["À couvrir avant le [91(5)(c)]"].date() == date(2028, 12, 31)


def test_an_advance_waits_until_its_project_is_settled(world: World) -> None:
    walk = advanced(world)
    book = workbook(world)
    assert rows(book, "Annexe XXIII, avances") == []
    (advance,) = rows(book, "Avances payées")
    assert (advance["Dossier [25]"], advance["Projet soldé le"]) == (walk.file.reference, None)
    assert (advance["Avance payée"], advance["Non déclarée"]) == (3000, 3000)


def test_an_advance_settled_too_late_is_to_be_deducted(world: World) -> None:
    walk = advanced(world)
    settle(walk)
    declare(world)
    end = walk.file.completed_on
    assert end is not None
    Programme.objects.update(expenditure_end=end - timedelta(days=1))
    (table,) = rows(workbook(world, "en"), "Annex XXIII, advances")
    assert table["Not covered, to be deducted [91(5)(c)]"] == 3000
    assert amounts(table) == [3000, 0, 0, 3000]


def test_a_de_minimis_advance_is_no_state_aid(world: World) -> None:
    settle(advanced(world, "de_minimis"))
    declare(world)
    book = workbook(world)
    assert (rows(book, "Annexe XXIII, avances"), rows(book, "Avances payées")) == ([], [])


def test_each_appendix_says_whether_it_is_filled_empty_or_kept_elsewhere(world: World) -> None:
    """A loan of 30 % of 20 000.00, 6 000.00, was paid out: it stands outside the applications, in both annexes."""
    walk = advanced(world)
    walk.pay(walk.asks(ClaimKind.RELEASE, "loan"))
    settle(walk)
    declare(world)
    found = rows(workbook(world), "Appendices")
    assert [(row["Annexe"][:5], row["Situation"], row["Lignes"]) for row in found] == [
        ("XXIII", "rempli", 1), ("XXIII", "néant", 0), ("XXIII", "tenu ailleurs", 0), ("XXIII", "rempli", 1),
        ("XXIV,", "rempli", 1), ("XXIV,", "néant", 0), ("XXIV,", "néant", 0), ("XXIV,", "rempli", 1),
        ("XXIV,", "tenu ailleurs", 0),
    ]  # fmt: skip
    lent = [row["Versé hors des demandes"] for row in found if "instruments" in row["Appendice"]]
    assert lent == [6000, 6000]


def test_a_correction_of_a_year_that_the_accounts_leave_out_is_told(world: World) -> None:
    """2 200.00 declared, 150.50 corrected in the accounts: the tie reads the corrections' own rows."""
    case = paid_case(world)
    declare(world)
    corrected(world, case, "150.50", year_end=PaymentApplication.objects.get().year_end)
    clock.advance(minutes=1)
    asked = Asked("declarations", world.region, clock.now())
    run = runs.make(runs.begin(asked, world.staff["auditor"]))
    assert (run.state, run.totals["deductions"]) == (RELEASED, "150.50")
    book = openpyxl.load_workbook(io.BytesIO(store.get(run.file_sha256)))
    (accounts,) = rows(book, "Comptes, appendice 4")
    assert accounts["Comptes : dépense éligible totale [C]"] == 2049.5
    (one,) = rows(book, "Corrections")
    assert (one["Irrégularité"] or "", one["Inscrite dans"]) == ("", "Comptes de l’exercice")


def test_a_correction_names_its_irregularity_and_where_it_lands(world: World) -> None:
    case = paid_case(world)
    declare(world)
    row = move(case, found(case), "decider", "exempt")
    move(case, row, "authorising", "correct", amount=Decimal("300.00"))
    clock.advance(minutes=1)
    (one,) = rows(workbook(world), "Corrections")
    assert (one["Irrégularité"], one["Inscrite dans"]) == (row.number, "Prochaine demande de paiement de l’exercice")
    assert one["Exercice comptable"] == irregularities.lands(row, clock.today()).label


def test_what_a_year_took_back_of_an_earlier_one_is_withdrawn_in_it(world: World) -> None:
    """2 200.00 declared in 2024-25; in 2025-26, 2 320.00 is paid on another file and 300.00 of the first corrected.

    Appendix 2 of 2025-26: 300.00, found by an audit. Its applications and its accounts: 2 320.00 - 300.00.
    """
    case = paid_case(world)
    declare(world)
    clock.advance(days=150)
    corrected(world, case, "300.00")
    partly_accepted(world)
    declare(world)
    clock.advance(minutes=1)
    book = workbook(world)
    (withdrawn,) = rows(book, "Comptes, appendice 2")
    assert (withdrawn["Exercice comptable"], withdrawn["Déclarée au titre de"]) == ("2025-26", "2024-25")
    assert amounts(withdrawn) == [300, 300, 300, 300]
    told = {row["Exercice comptable"]: row for row in rows(book, "Comptes, appendice 4")}
    assert {year: row["Demandes : dépense éligible totale [A]"] for year, row in told.items()} == {
        "2024-25": 2200,
        "2025-26": 2020,
    }
    assert {row["Écart de dépense (A − C) [E]"] for row in told.values()} == {0}
    standing = [row for row in rows(book, "Appendices") if row["Appendice"].startswith("2 – Montants")]
    assert [(row["Situation"], row["Lignes"]) for row in standing] == [("rempli", 1)]
