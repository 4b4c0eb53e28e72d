"""Annex XVII exported: every field stands in a heading or is explained, and what is missing is named."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application, IndicatorTarget, Operation
from applications.services import store
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from reporting import catalogue, runs
from reporting.annex_17_standing import WHY, fields_of
from reporting.models import ReportRun
from reporting.reports.annex_17_export import SHEETS
from reporting.runs import Asked
from reporting.writers.ooxml_check import check
from tests.backoffice.declarations.test_pages import walked
from tests.cases import paid_case

pytestmark = pytest.mark.django_db
KEY, WHOLE = "annexe-xvii", "annexe-xvii-programme"


@pytest.fixture
def settled(world: World) -> Case:
    return paid_case(world)


def made(world: World, key: str = KEY, **more: Any) -> ReportRun:
    operation = Operation.objects.order_by("pk").first() if key == KEY else None
    asked = Asked(key, world.region, more.pop("as_of", clock.now()), operation, **more)
    return runs.make(runs.begin(asked, world.staff["auditor"]))


def sheets(run: ReportRun) -> dict[str, list[dict[str, Any]]]:
    """The rows of each sheet by its headings; the file has no fault."""
    content = store.get(run.file_sha256)
    assert check(content) == []
    return dict(_read(openpyxl.load_workbook(io.BytesIO(content))))


def _read(book: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name in book.sheetnames:
        head, *found = book[name].iter_rows(values_only=True)
        yield name, [dict(zip(head, row, strict=True)) for row in found]


def standings(run: ReportRun) -> dict[int, tuple[str, str | None]]:
    rows = sheets(run)["Les 142 champs"]
    return {row["Champ"]: (row["Situation"], row["Pourquoi il ne s’applique pas"]) for row in rows}


def test_a_paid_file_fills_its_fields_and_the_others_say_why(world: World, settled: Case) -> None:
    run = made(world)
    assert (run.state, run.differences) == (ReportRun.State.RELEASED, [])
    found = standings(run)
    assert list(found) == list(range(1, 143))
    for number in (1, 2, 4, 7, 9, 18, 20, 21, 25, 28, 35, 46, 49, 50, 52, 56, 58, 70, 71, 72, 76, 78, 79, 80):
        assert found[number] == ("rempli", None), number
    assert found[6] == ("sans objet", WHY["never"][0])
    assert found[36] == ("sans objet", WHY["instrument"][0])
    assert found[86] == ("sans objet", WHY["costs"][0])
    assert found[102] == ("sans objet", WHY["no_deduction"][0])
    assert found[105] == ("pas encore dû", WHY["not_yet"][0])
    assert all(why for standing, why in found.values() if standing == "sans objet")


def test_declared_and_in_the_accounts_to_the_cent(world: World, settled: Case) -> None:
    """2 200.00 paid, 100.00 set aside by the authority: 2 100.00 applied for and in the accounts, 2 200.00 paid."""
    application = walked(world)
    run = made(world)
    assert (run.state, run.differences) == (ReportRun.State.RELEASED, [])
    assert run.totals["applications"] == "2100.00"
    found = sheets(run)
    (line,) = found["Demandes de paiement"]
    assert (line["Demande n°"], line["Dépense éligible [106]"], line["Contribution publique [107]"]) == (1, 2100, 2100)
    (year,) = found["Comptes"]
    assert year["Exercice comptable"] == application.year
    assert (year["Dépense éligible dans les comptes [125]"], year["Payé au bénéficiaire [127]"]) == (2100, 2200)
    assert [row["Nature"] for row in found["Vérifications"]] == ["vérification administrative", "demande de la région"]
    assert [row["Résultat [76-77]"] for row in found["Vérifications"]][1] == "dépense retenue en partie"
    assert standings(run)[107] == ("rempli", None)


def test_what_is_missing_is_named_and_a_result_is_awaited_for_a_year(world: World, settled: Case) -> None:
    Operation.objects.update(contact="", gender="")
    IndicatorTarget.objects.filter(code__startswith="RCR").delete()
    code, reference = Operation.objects.get().code, settled.file.reference
    run = made(world)
    missing = {(row["Champ"], row["Ligne"]) for row in sheets(run)["Valeurs manquantes"]}
    assert missing == {(7, code), (46, code), (52, code), (55, code)}
    assert standings(run)[7][0] == "manquant"
    assert standings(run)[46][0] == "rempli en partie"
    assert (55, reference) not in missing
    assert not Application.objects.filter(pk=settled.pk, digital_intensity_before=None).exists()


def test_the_region_has_all_its_operations_in_one_book(world: World, settled: Case) -> None:
    own = Operation.objects.get()
    Operation.objects.create(
        **{
            f.name: getattr(own, f.name)
            for f in Operation._meta.concrete_fields
            if f.name not in ("id", "code")
        },
        code="AUTRE",
    )  # fmt: skip
    one, run = made(world), made(world, WHOLE)
    assert (run.state, run.differences) == (ReportRun.State.RELEASED, [])
    assert [row["Code de l’opération [9]"] for row in sheets(run)["Opérations"]] == sorted([own.code, "AUTRE"])
    assert run.totals["paid_claims"] == one.totals["paid_claims"] == "2200.00"
    missing = {(row["Champ"], row["Ligne"]) for row in sheets(run)["Valeurs manquantes"]}
    assert missing == {(number, "AUTRE") for number in (49, 50, 52, 55)}


def test_made_again_it_has_the_same_hash(world: World, settled: Case) -> None:
    run, then = made(world), clock.now()
    clock.advance(days=2)
    Case(world, "F15").fill(SITE).file_it().grant().notify()
    assert runs.rebuild(run).content_sha256 == run.content_sha256
    assert made(world, as_of=then, form="jsonl").content_sha256 == run.content_sha256
    assert made(world).content_sha256 != run.content_sha256


def test_in_english_everything_is_english(world: World, settled: Case) -> None:
    found = sheets(made(world, language="en"))
    assert found["The 142 fields"][5]["Why it does not apply"] == WHY["never"][1]
    assert found["The 142 fields"][0]["Standing"] == "filled"
    assert found["Verifications"][0]["Kind"] == "administrative verification"


def test_the_queries_do_not_grow_with_the_files(world: World, settled: Case) -> None:
    made(world, WHOLE)  # the first run of a series opens its counter
    with CaptureQueriesContext(connection) as few:
        made(world, WHOLE)
    Case(world, "F15").fill(SITE).file_it().grant().notify()
    with CaptureQueriesContext(connection) as many:
        made(world, WHOLE)
    assert len(many) == len(few)


def test_a_cell_answers_the_fields_of_its_heading() -> None:
    column = next(c for sheet in SHEETS for c in sheet.columns if c.key == "target")
    assert fields_of("indicators", column, {"code": "RCO01"}) == {50}
    assert fields_of("indicators", column, {"code": "RCR02"}) == {52, 55}
    first = SHEETS[0].columns[1]
    assert fields_of("operations", first, {}) == {1, 2}
    assert {report.key for report in catalogue.REPORTS.values()} >= {KEY, WHOLE}
