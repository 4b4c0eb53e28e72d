"""A report run: every format, rows set apart, ties, expiry, the same for ever."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.conf import settings

from applications.models import Application, Operation
from applications.services import store
from backoffice.demo.actors import Case, days
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.money import ZERO
from reporting import canonical_rows, catalogue, jobs, runs
from reporting.checks import Tie
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.runs import Asked
from reporting.sheets import Sheet, Source
from reporting.writers import ooxml_check
from reporting.writers.formats import FORMATS
from tests.cases import paid_case

pytestmark = pytest.mark.django_db
State = ReportRun.State


@pytest.fixture
def settled(world: World) -> Case:
    case = paid_case(world)
    clock.advance(days=1)
    return case


def erdf(world: World, **more: Any) -> ReportRun:
    asked = Asked(
        "erdf", world.region, more.pop("as_of", clock.now()), Operation.objects.get(region=world.region), **more
    )
    return runs.make(runs.begin(asked, world.staff["auditor"]))


def listed(world: World, key: str, **more: Any) -> ReportRun:
    return runs.make(runs.begin(Asked(key, world.region, clock.now(), **more), world.staff["auditor"]))


def content(run: ReportRun) -> bytes:
    return store.get(run.file_sha256)


def work() -> list[Path]:
    """What is left of files being written."""
    return list(Path(settings.GUICHET_WORK_DIR).glob("*"))


@pytest.mark.parametrize("form", FORMATS)
def test_a_list_is_a_run_in_each_format_with_the_same_rows(world: World, settled: Case, form: str) -> None:
    run = listed(world, "dossiers", form=form)
    assert (run.state, run.problem) == (State.RELEASED, "")
    assert run.content_sha256 == listed(world, "dossiers", form="jsonl").content_sha256
    assert run.file_name.endswith(FORMATS[form].extension)
    assert run.size == len(content(run))
    assert run.total("paid") == Decimal("2200.00")
    assert [row.value("reference") for row in canonical_rows.of(run)] == [
        file.reference for file in Application.objects.order_by("reference")
    ]
    assert work() == []


@pytest.mark.parametrize("form", FORMATS)
def test_the_erdf_report_has_every_sheet_in_each_format(world: World, settled: Case, form: str) -> None:
    run = erdf(world, form=form)
    assert run.state == State.RELEASED
    assert run.content_sha256 == erdf(world).content_sha256
    if form == "xlsx":
        assert ooxml_check.check(content(run)) == []
    elif form != "ods":
        names = ZipFile(io.BytesIO(content(run))).namelist()
        ending = FORMATS[form].extension
        assert {f"{sheet}/{sheet}-001.{ending}" for sheet in run.rows} | {"report.json"} <= set(names)
        told = json.loads(ZipFile(io.BytesIO(content(run))).read("report.json"))
        assert {line["total"]: line["report"] for line in told["ties"]} == run.totals


def test_columns_and_filters_are_those_asked_and_are_said(world: World, settled: Case) -> None:
    Case(world, "F15").fill(SITE).file_it()
    run = listed(
        world, "dossiers", form="csv", columns=["dossiers.paid"], filters={"q": settled.file.reference},
        template_name="Payés",
    )  # fmt: skip
    lines = list(csv.reader(io.StringIO(content(run).decode(), newline="")))
    assert lines == [["Dossier", "Payé"], [settled.file.reference, "2200.00"]]
    book = openpyxl.load_workbook(io.BytesIO(content(listed(world, "dossiers", filters={"state": "granted"}))))
    told = dict(book["Provenance"].iter_rows(values_only=True))
    assert told["État"] == "Accordée"


def test_the_ledger_answers_for_the_list_of_files(world: World, settled: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reporting.reports.lists.BUCKETS", ("committed",))
    assert set(listed(world, "dossiers").totals) == {"committed"}


# --- a report of the tests' own: rows that go wrong

AMOUNTS = Sheet(
    "rows", "Lignes", "Rows", (Column("key", "Clé", "Key"), Column("amount", "Montant", "Amount", "money"),
                               Column("day", "Jour", "Day", "date")), ("key",),
)  # fmt: skip


def _broken(records: list[Any], ledger: str) -> Report:
    def row(record: Any) -> dict[str, Any]:
        if record is None:
            raise ValueError("cannot be read")
        return record

    return Report(
        "broken", "Essai", "Trial", (AMOUNTS,),
        read=lambda run: {"rows": Source(iter(records), row, lambda r: "sans nom" if r is None else r["key"])},
        ties=lambda run, totals: [Tie("paid", "Payé", "Paid", totals["rows"]["amount"], Decimal(ledger))],
        scope=REGION,
    )  # fmt: skip


def _line(key: str, amount: Any = Decimal("1.00"), day: Any = None) -> dict[str, Any]:
    return {"key": key, "amount": amount, "day": day}


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv-fr", "csv", "jsonl", "parquet"])
def test_a_bad_row_is_set_apart_and_named_and_its_money_still_counts(
    world: World, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    records = [_line("a"), _line("b", day="hier"), _line("c")]
    monkeypatch.setitem(catalogue.REPORTS, "broken", _broken(records, "3.00"))
    run = listed(world, "broken", form=form)
    assert (run.state, run.rows, run.set_apart) == (State.RELEASED, {"rows": 2}, 1)
    assert run.apart[0] | {"error": ""} == {"sheet": "rows", "name": "b", "column": "day", "error": ""}
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content(run)))
        assert list(book["Lignes écartées"].iter_rows(min_row=2, values_only=True))[0][:3] == ("Lignes", "b", "Jour")
        control = list(book["Totaux de contrôle"].iter_rows(values_only=True))
        assert control[0][1] == "Rapport, lignes écartées comprises"
    elif form == "ods":
        assert "Lignes écartées" in ZipFile(io.BytesIO(content(run))).read("content.xml").decode()
    else:
        told = json.loads(ZipFile(io.BytesIO(content(run))).read("report.json"))
        assert told["set_apart"][0]["name"] == "b"


@pytest.mark.parametrize(
    "bad", [None, _line("b", "1.00"), _line("b", Decimal("NaN")), _line("b", Decimal("1.001")), {"key": "b"}]
)
def test_a_bad_row_whose_money_is_unknown_keeps_the_report_from_release(
    world: World, monkeypatch: pytest.MonkeyPatch, bad: Any
) -> None:
    monkeypatch.setitem(catalogue.REPORTS, "broken", _broken([_line("a"), bad], "2.00"))
    run = listed(world, "broken")
    assert run.state == State.WITHHELD
    assert run.set_apart == 1
    assert not run.downloadable


def test_so_many_bad_rows_are_counted_and_the_first_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue.REPORTS, "broken", _broken([None] * 1_003, "0.00"))
    run = listed(world, "broken")
    assert (run.set_apart, len(run.apart)) == (1_003, 1_000)
    rows = list(openpyxl.load_workbook(io.BytesIO(content(run)))["Lignes écartées"].iter_rows(values_only=True))
    assert rows[-1][1] == "+ 3"


FORMULAS = ("=1+1", "+33 6 00", "-2", "@SUM(A1)", "\t=1", "\uff1d1", "ok\x00\x07\ud800\ufffe", "<b>&amp;")


@pytest.mark.parametrize("form", FORMATS)
def test_no_text_is_a_formula_nor_an_illegal_character_in_any_format(
    world: World, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    records = [_line(text) for text in FORMULAS]
    monkeypatch.setitem(catalogue.REPORTS, "broken", _broken(records, f"{len(FORMULAS)}.00"))
    run = listed(world, "broken", form=form)
    assert (run.state, run.rows) == (State.RELEASED, {"rows": len(FORMULAS)})
    found = content(run)
    if form == "xlsx":
        assert ooxml_check.check(found) == []
        sheet = openpyxl.load_workbook(io.BytesIO(found))["Lignes"]
        assert [cell.data_type for (cell, *_rest) in sheet.iter_rows(min_row=2)] == ["s"] * len(FORMULAS)
    elif form == "ods":
        assert "table:formula" not in ZipFile(io.BytesIO(found)).read("content.xml").decode()
    elif form.startswith("csv"):
        cells = [
            row[0]
            for row in csv.reader(io.StringIO(found.decode("utf-8-sig")), delimiter=";" if form == "csv-fr" else ",")
        ]
        assert all(cell.startswith("'") for cell in cells[1:7])
        assert "\x00" not in found.decode()


def test_a_sheet_beyond_its_rows_goes_on_in_another_and_the_workbook_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.writers.xlsx.MAX_ROWS", 5)
    records = [_line(f"{n}") for n in range(9)]
    monkeypatch.setitem(catalogue.REPORTS, "broken", _broken(records, "9.00"))
    book = openpyxl.load_workbook(io.BytesIO(content(listed(world, "broken"))))
    assert [name for name in book.sheetnames if name.startswith("Lignes")] == ["Lignes", "Lignes (2)", "Lignes (3)"]
    manifest = list(book["Découpage"].iter_rows(min_row=2, values_only=True))
    assert manifest == [("Lignes", "Lignes", 4), ("Lignes", "Lignes (2)", 4), ("Lignes", "Lignes (3)", 1)]


def test_flat_files_beyond_their_rows_are_parts_under_a_manifest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reporting.writers.split.LIMIT", 4)
    monkeypatch.setitem(catalogue.REPORTS, "broken", _broken([_line(f"{n}") for n in range(9)], "9.00"))
    archive = ZipFile(io.BytesIO(content(listed(world, "broken", form="csv"))))
    manifest = json.loads(archive.read("rows/manifest.json"))
    assert [part["rows"] for part in manifest["parts"]] == [4, 4, 1]
    assert manifest["totals"] == {"amount": "9.00"}
    assert {f"rows/{part['name']}" for part in manifest["parts"]} <= set(archive.namelist())


def test_a_format_that_cannot_hold_the_rows_says_which_to_take(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reporting.files.OdsWriter.__init__.__kwdefaults__", {"zone": "Europe/Paris", "limit": 3})
    monkeypatch.setitem(catalogue.REPORTS, "broken", _broken([_line(f"{n}") for n in range(9)], "9.00"))
    run = listed(world, "broken", form="ods")
    assert run.state == State.FAILED
    assert "choisir XLSX ou CSV" in run.problem
    assert work() == []


# --- the same for ever


def test_last_years_report_is_the_same_after_a_year_of_acts_and_an_erased_person(world: World, settled: Case) -> None:
    first = erdf(world)
    later = Case(world, "F15").fill(SITE).file_it().grant().notify()
    claim = later.claim()
    later.control(claim).certify(claim)
    days(366)
    for user in (world.staff["auditor"], world.staff["officer"], settled.manager):
        user.name, user.email, user.is_active = "Compte supprimé", f"efface.{user.pk}@guichet.invalid", False
        user.save()
    run = ReportRun.objects.get(pk=first.pk)
    again = runs.rebuild(run)
    assert again.content_sha256 == first.content_sha256
    assert again.file_sha256 == first.file_sha256
    assert runs.same_release(run)
    assert erdf(world).content_sha256 != first.content_sha256


def test_a_firm_that_was_erased_changes_bytes_and_never_the_row_hash(world: World, settled: Case) -> None:
    first, firm = erdf(world), settled.file.company
    type(firm).objects.filter(pk=firm.pk).update(name="Effacée")
    again = runs.rebuild(first)
    assert again.content_sha256 == first.content_sha256
    assert again.file_sha256 != first.file_sha256
    type(firm).objects.filter(pk=firm.pk).update(name=firm.name)
    assert runs.rebuild(ReportRun.objects.get(pk=first.pk)).file_sha256 == first.file_sha256


# --- expiry


def test_a_file_is_purged_when_its_time_is_over_and_the_record_stays(world: World, settled: Case) -> None:
    run, other = listed(world, "dossiers"), erdf(world)
    clock.advance(days=365)
    assert runs.purge() == 0
    clock.advance(days=2)
    assert runs.purge() == 1
    run.refresh_from_db()
    assert not run.downloadable
    assert not store.path_of(run.file_sha256).exists()
    assert (run.total("paid"), run.author_name) == (Decimal("2200.00"), "")
    assert store.path_of(other.file_sha256).exists()
    assert runs.purge() == 0


def test_a_file_that_another_run_names_is_kept(world: World, settled: Case) -> None:
    first, second = listed(world, "bordereaux"), listed(world, "bordereaux")
    ReportRun.objects.filter(pk=first.pk).update(kept_until="2020-01-01")
    assert first.content_sha256 == second.content_sha256
    assert runs.purge() == 1
    assert canonical_rows.kept(second)


# --- what changed, and why


def test_two_runs_are_compared_and_the_acts_between_explain(world: World, settled: Case) -> None:
    open_case = Case(world, "F15").fill(SITE).file_it()
    before = listed(world, "dossiers")
    clock.advance(days=1)
    open_case.grant()
    Case(world, "F05").fill(SITE).file_it()
    after = listed(world, "dossiers")
    run = runs.make(jobs.compare(after, before, world.staff["auditor"], "fr"))
    found = [{key: row.value(key) for key in row.columns} for row in canonical_rows.of(run)]
    assert {line["change"] for line in found} == {"added", "changed"}
    state = next(line for line in found if line["column"] == "État")
    assert (state["key"], state["before"], state["after"]) == (open_case.file.reference, "Déposée", "Accordée")
    assert "Aide accordée" in f"{state['why']}"
    assert not any(line["key"] == settled.file.reference for line in found)


def test_an_erdf_report_is_compared_with_an_earlier_watermark(world: World, settled: Case) -> None:
    before = erdf(world)
    clock.advance(days=1)
    Case(world, "F15").fill(SITE).file_it().grant()
    clock.advance(days=1)
    after = erdf(world)
    run = runs.make(jobs.compare(before, after, world.staff["auditor"], "en"))
    found = [{key: row.value(key) for key in row.columns} for row in canonical_rows.of(run)]
    assert {(line["sheet"], line["change"]) for line in found} >= {
        ("Aid granted (25)", "added"),
        ("Operations", "changed"),
    }
    assert run.total("paid") is None
    assert run.rows == {"changes": len(found)}


def test_runs_of_different_things_do_not_compare(world: World, settled: Case) -> None:
    first, second = listed(world, "dossiers"), listed(world, "mandats")
    assert not runs.comparable(first, second)
    assert not runs.comparable(first, first)
    assert Decimal(0) == ZERO
