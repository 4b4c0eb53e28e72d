"""The register of management verifications: risk, sample, findings, amounts rejected, by whom and when."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.services import store
from backoffice.demo.actors import Case
from backoffice.demo.stories import SHOP, SITE, SOCIAL, partly_accepted
from backoffice.demo.world import World
from regions import clock
from reporting import runs, verifications
from reporting.models import ReportRun
from reporting.reconcile import released_reports
from reporting.runs import Asked
from reporting.writers.ooxml_check import check
from tests.cases import paid_case
from tests.workflows.test_claims import ONE_LINE, at_desk, method, visit
from tests.workflows.test_claims import report as paper
from tests.workflows.test_declaring import claimed
from workflows import gate

pytestmark = pytest.mark.django_db


def book(world: World, language: str = "fr") -> Any:
    asked = Asked("verifications", world.region, clock.now(), language=language)
    run = runs.make(runs.begin(asked, world.staff["auditor"]))
    assert (run.state, run.differences, run.set_apart) == (ReportRun.State.RELEASED, [], 0), run.apart
    assert runs.rebuild(run).content_sha256 == run.content_sha256
    assert list(released_reports()) == []
    content = store.get(run.file_sha256)
    assert check(content) == []
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(found: Any, sheet: str) -> list[dict[str, Any]]:
    head, *lines = found[sheet].iter_rows(values_only=True)
    return [dict(zip((name.partition(" [")[0] for name in head), line, strict=True)) for line in lines]


def test_a_desk_control_says_what_was_rejected_why_and_by_whom(world: World) -> None:
    """3 000.00 and 1 000.00 claimed; 600.00 of the second rejected: 2 000.00 and 320.00 of aid certified."""
    case = partly_accepted(world)
    found = book(world)
    (desk,) = rows(found, "Contrôles sur pièces")
    assert [desk[name] for name in ("Dossier", "Déclaré HT", "Retenu HT", "Écarté HT", "Aide certifiée", "Lignes")] == [
        case.file.reference, 4000, 3400, 600, 2320, 2,
    ]  # fmt: skip
    assert (desk["Méthode de risque"], desk["Points de risque"], desk["Visite exigée"]) == ("2025-1", 0, False)
    assert desk["Contrôlée par"] == world.staff["officer"].name
    assert desk["Certifiée ou rejetée par"] == world.staff["certifier"].name
    first, second = rows(found, "Lignes contrôlées")
    assert (first["Écarté HT"], first["Motif"]) == (0, None)
    assert (second["Écarté HT"], second["Motif"]) == (600, "Obligations de publicité non respectées")
    assert "Logos" in second["Constat"]
    assert second["Contrôlée par"] == world.staff["officer"].name


def test_a_visit_stands_with_the_risk_that_asked_for_it(world: World) -> None:
    """One line of two is drawn, one point is enough for a visit: one was held, not in order, then another."""
    case = Case(world, "F05").fill(SHOP, SOCIAL).file_it().grant().notify()
    method(case, **ONE_LINE | {"on_the_spot_from": 1})
    claim, client = case.claim(), at_desk(case)
    case.control(claim)
    visit(case, claim, client, report=paper(), finding="red")
    visit(case, claim, client, report=paper())
    case.certify(claim)
    found = book(world)
    (desk,) = rows(found, "Contrôles sur pièces")
    told = ("Méthode de risque", "Points de risque", "Visite exigée", "Visites faites", "Lignes", "Lignes tirées")
    assert [desk[name] for name in told] == ["T-1", 1, True, 2, 2, 1]
    assert desk["Critères remplis"].endswith("(1)")
    assert sorted(row["Tirée"] for row in rows(found, "Lignes contrôlées")) == [False, True]
    visits = rows(found, "Contrôles sur place")
    assert [(row["Conclusion"], row["Exigée par la méthode"]) for row in visits] == [
        ("Non conforme", True), ("Conforme", True),
    ]  # fmt: skip
    assert {row["Faite par"] for row in visits} == {world.staff["officer"].name}
    (criterion,) = rows(found, "Méthodes de risque")
    assert criterion["Visite exigée à partir de"] == 1


def test_the_authority_sets_a_payment_aside(world: World) -> None:
    paid_case(world)
    claim = claimed(world)
    line = claim.lines.order_by("-booked")[0]
    aside = {"line": line.pk, "declared": line.booked - 100, "reason": "Logo absent."}
    gate.record(world.staff["certifier2"], "operation_claim", claim.pk, "withhold", **aside)
    gate.move(world.staff["certifier2"], "operation_claim", claim.pk, "verify", reason="Conforme pour le reste.")
    clock.advance(minutes=2)
    found = book(world, "en")
    (head,) = rows(found, "Claims of the region")
    assert (head["Ledger"], head["Set aside"], head["Verified by"]) == (2200, 100, world.staff["certifier2"].name)
    (shown,) = rows(found, "Payments set aside")
    assert (shown["Paid"] - shown["Accepted"], shown["Set aside"], shown["Reason"]) == (100, 100, "Logo absent.")


def test_an_earlier_moment_does_not_know_a_later_control(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = case.claim()
    before = clock.now()
    clock.advance(minutes=2)
    case.control(claim).certify(claim)
    (row,) = verifications.register(world.region, before)
    assert (row["state"], row["controller"], row["controlled_on"], row["aid_due"]) == ("submitted", "", None, None)
    assert list(verifications.lines(world.region, before)) == []
    (row,) = verifications.register(world.region, clock.now() - timedelta(minutes=1))
    assert (row["state"], row["aid_due"]) == ("verified", 1200)


def test_the_number_of_queries_does_not_grow_with_claims(world: World) -> None:
    paid_case(world)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            list(verifications.register(world.region, clock.now()))
            list(verifications.lines(world.region, clock.now()))
        return len(queries)

    one = cost()
    partly_accepted(world)
    assert cost() == one
