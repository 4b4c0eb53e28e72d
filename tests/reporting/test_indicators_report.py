"""The indicators of an objective: a firm of several operations counts once, and what files do not tell is no zero."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Company, IndicatorTarget, Operation
from applications.services import store
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE, paid
from backoffice.demo.world import World
from regions import clock
from reporting import census, runs
from reporting.models import ReportRun
from reporting.reconcile import released_reports
from reporting.runs import Asked
from reporting.writers.ooxml_check import check
from tests.cases import paid_case
from tests.walks import GROUP, MANAGER, MIX, STUDY, Walk, offer

pytestmark = pytest.mark.django_db


def book(world: World, language: str = "fr") -> Any:
    asked = Asked("indicateurs", world.region, clock.now(), language=language)
    run = runs.make(runs.begin(asked, world.staff["auditor"]))
    assert (run.state, run.differences, run.set_apart) == (ReportRun.State.RELEASED, [], 0)
    assert runs.rebuild(run).content_sha256 == run.content_sha256
    assert list(released_reports()) == []
    content = store.get(run.file_sha256)
    assert check(content) == []
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(found: Any, sheet: str) -> list[dict[str, Any]]:
    head, *lines = found[sheet].iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def another_operation(world: World) -> World:
    """A second operation under the same objective, which promises five firms more."""
    offered = offer(world, MIX)
    operation = Operation.objects.get()
    operation.pk, operation.code, operation.scheme = None, "OP-2", offered.scheme
    operation.save(force_insert=True)
    IndicatorTarget.objects.create(operation=operation, code="RCO01", baseline=Decimal(0), target=Decimal(5))
    IndicatorTarget.objects.create(operation=operation, code="RCR01", baseline=Decimal(2), target=Decimal(4))
    return offered


def laid_out(world: World) -> None:
    """F01 is paid a site and a community manager (2 200.00 of 3 000.00), and granted 6 000.00 of another operation."""
    first = paid(world)
    Company.objects.filter(pk=first.file.company_id).update(created_on=first.file.decided_on)
    Case(world, "F05", "P02").fill(SITE).file_it().grant()
    walk = Walk(another_operation(world), "F01").fill(STUDY)
    walk.file_it().running()  # type: ignore[attr-defined]


def test_a_firm_of_two_operations_counts_once(world: World) -> None:
    """Three files, two firms: F01 twice, F05 once; one of them paid. Targets add up: 8 and 5.

    Services 3 000 + 1 500 + 20 000; private parts 3 000 - 2 200, 1 500 - 1 200, 20 000 - 6 000.
    """
    laid_out(world)
    found = book(world)
    values = {row["Indicateur"]: row for row in rows(found, "Indicateurs") if row["Ventilation"] is None}
    told = ("Cible des opérations", "Opérations sélectionnées", "Réalisé")
    assert {code: tuple(row[name] for name in told) for code, row in values.items() if code[:4] == "RCO0"} == {
        "RCO01": (13, 2, 1), "RCO02": (8, 2, 1), "RCO05": (None, 1, 1),
    }  # fmt: skip
    assert values["RCO01"]["Taux de réalisation"] == pytest.approx(1 / 13)
    assert (values["RCR13"]["Réalisé"], values["RCR13"]["Valeur de référence"]) == (1, 0)
    assert (values["RCR01"]["Réalisé"], values["RCR01"]["Valeur de référence"]) == (None, 2)
    assert "Aucune réponse" in values["RCR01"]["Remarque"]
    money = {
        code: (row["Opérations sélectionnées"], row["Réalisé"])
        for code, row in values.items()
        if row["Unité"] == "euro"
    }
    assert money == {"RCO13": (24500, 3000), "RCR02": (15100, 800)}
    sizes = {row["Ventilation"]: row["Opérations sélectionnées"] for row in rows(found, "Indicateurs")}
    assert sizes["micro"] + sizes["petite"] + sizes["moyenne"] + sizes["grande"] == 2
    (checked,) = rows(found, "Cohérence")
    assert [checked[name] for name in ("Entreprises distinctes", "Soutiens", "Entreprises aidées plusieurs fois")] == [
        2, 3, 1,
    ]  # fmt: skip
    assert checked["Valeurs cohérentes"] is True


def test_each_firm_stands_behind_the_figure(world: World) -> None:
    laid_out(world)
    firms = {row["SIREN"]: row for row in rows(book(world, "en"), "Firms counted")}
    lead = firms[world.companies["F01"].siren]
    assert (lead["Files"], lead["Operations"]) == (2, "OP-2, " + Operation.objects.exclude(code="OP-2").get().code)
    assert (lead["Aid committed"], lead["Aid paid"]) == (8200, 2200)
    assert (lead["New enterprise (RCO05)"], lead["High digital intensity (RCR13)"]) == (True, True)
    assert firms[world.companies["F05"].siren]["New enterprise (RCO05)"] is False
    assert (lead["Turnover at application"], lead["Higher turnover (RCR19)"]) == (None, None)


def test_the_members_of_a_group_count_and_bring_no_money(world: World) -> None:
    """A group of four: four firms, one file each; its whole grant stands with the lead."""
    offered = offer(world, GROUP)
    Operation.objects.update(scheme=offered.scheme)
    walk = Walk(offered, "F01").join("F02", "F05", "F15").fill(MANAGER, STUDY).file_it()
    walk.granted()  # type: ignore[attr-defined]
    firms = {row["SIREN"]: row for row in rows(book(world), "Entreprises comptées")}
    granted = {key: firms[world.companies[key].siren]["Aide engagée"] for key in ("F01", "F02", "F05", "F15")}
    assert granted == {"F01": float(walk.file.amount_granted or 0), "F02": 0, "F05": 0, "F15": 0}
    assert len(firms) == 4


def test_a_census_costs_the_same_however_many_files(world: World) -> None:
    paid_case(world)
    with CaptureQueriesContext(connection) as one:
        list(census.of_region(world.region, clock.now()))
    Case(world, "F05", "P02").fill(SITE).file_it().grant()
    with CaptureQueriesContext(connection) as two:
        list(census.of_region(world.region, clock.now()))
    assert len(one) == len(two)
