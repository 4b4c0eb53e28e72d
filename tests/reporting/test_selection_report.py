"""The register of selection: checks, other aid as the decision froze it, appeals, and what is not kept here."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from applications.models import Complaint, Operation
from applications.services import store
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from reporting import runs
from reporting.models import ReportRun
from reporting.reconcile import released_reports
from reporting.runs import Asked
from reporting.writers.ooxml_check import check
from workflows import administration, gate, impartiality

pytestmark = pytest.mark.django_db


def book(world: World, language: str = "fr") -> Any:
    clock.advance(minutes=2)
    asked = Asked("selection", world.region, clock.now(), language=language)
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


def refused(world: World) -> Case:
    """A firm whose turnover is too high, as the rules find."""
    return Case(world, "F01").fill(SITE, turnover="2000000").file_it().refuse()


def test_the_other_aid_is_that_of_the_decision_whatever_the_file_says_since(world: World) -> None:
    """5 000.00 of earlier de minimis aid was declared; the file's own field, emptied since, is not read."""
    case = Case(world, "F01").fill(SITE, declared_de_minimis="5000").file_it().grant()
    type(case.file).objects.filter(pk=case.pk).update(declared_de_minimis=0)
    (row,) = rows(book(world), "Autres aides")
    told = ("Dossier", "Aide engagée", "Autres aides publiques sur le projet", "Aides antérieures comptées")
    assert [row[name] for name in told] == [case.file.reference, 1200, 0, 1]
    assert (row["Montant de ces aides"], row["Contrôle des aides antérieures"]) == (5000, "Conforme")


def test_each_check_says_who_made_it_the_rules_or_a_person(world: World) -> None:
    case = refused(world)
    found = [row for row in rows(book(world), "Contrôles des dossiers") if row["Dossier"] == case.file.reference]
    by_rules = [row for row in found if row["Contrôle"] == "Conditions d’éligibilité"]
    assert {(row["Conclusion"], row["Fait par les règles"], row["Fait par"]) for row in by_rules} == {
        ("Non conforme", True, None),
    }  # fmt: skip
    (papers,) = [row for row in found if row["Contrôle"] == "Pièces justificatives"]
    assert (papers["Conclusion"], papers["Fait par"]) == ("Conforme", world.staff["officer"].name)


def test_an_appeal_waits_then_has_its_answer(world: World) -> None:
    case = refused(world)
    gate.record(case.manager, "application", case.pk, "appeal", reason="Mon activité est admise.")
    (row,) = rows(book(world), "Recours")
    assert (row["Dossier"], row["Issue"], row["Répondu le"]) == (case.file.reference, "en cours", None)
    assert row["Réponse due le"] > row["Formé le"]
    answer = {"outcome": "rejected", "reason": "Le secteur reste exclu."}
    gate.record(world.staff["decider"], "application", case.pk, "appeal_answer", **answer)
    (row,) = rows(book(world, "en"), "Appeals")
    assert (row["Outcome"], row["Answered by"]) == ("rejected", world.staff["decider"].name)


def test_what_is_not_kept_here_is_said(world: World) -> None:
    """One operation, which began before its application once its start is moved; what the authority keeps is said."""
    operation = Operation.objects.get()
    Operation.objects.update(starts_on=date(operation.submitted_on.year - 1, 12, 31))
    found = book(world)
    points = {row["Point"]: (row["Situation"], row["Nombre"]) for row in rows(found, "Points de contrôle")}
    assert len(points) == 15
    assert points["Type d’intervention attribué"] == ("tenu ici", 1)
    assert points["Droit respecté si l’opération a commencé avant sa demande"] == ("tenu ici", 1)
    assert points["Déclarations d’intérêts"] == ("tenu ici", 0)
    assert points["Conflits d’intérêts constatés"] == ("tenu ici", 0)
    assert points["Autres réclamations (art. 69, § 7)"] == ("tenu ici", 0)
    assert points["Absence de délocalisation"] == ("tenu par l’autorité de gestion", None)
    (shown,) = rows(found, "Opérations sélectionnées")
    assert (shown["Commencée avant sa demande"], shown["Dimensions attribuées"]) == (True, "013 01 33 26 FRY40 03")


def test_each_declaration_of_interests_has_its_row_and_its_proof(world: World) -> None:
    """Declared on 3 March 2025, for six months under the rule of that day: until 2 September."""
    first = impartiality.declare(world.staff["officer"], ["732829320"])
    administration.set_integrity_terms(world.staff["admin"], world.region, clock.today(), True, 6)
    second = impartiality.declare(world.staff["officer"])
    found = rows(book(world), "Déclarations d’intérêts")
    told = ("N°", "Déclarée par", "Entreprises nommées", "Empreinte (SHA-256)")
    assert [[row[name] for name in told] for row in found] == [
        [one.pk, world.staff["officer"].name, firms, one.sha256] for one, firms in ((first, 1), (second, 0))
    ]
    assert found[1]["Valable jusqu’au"].date() == date(2025, 9, 2)


def test_each_complaint_has_its_row_as_of_the_day(world: World) -> None:
    given = {"source": "other", "channel": "mail", "from_whom": "X", "title": "Bruit", "reason": "Lent."}
    gate.open_complaint(world.staff["officer"], world.region, scheme=world.scheme, **given)
    (row,) = rows(book(world), "Réclamations")
    assert (row["De la part de"], row["Dispositif"], row["Issue"]) == ("Un tiers", world.scheme.code, None)
    found = Complaint.objects.get()
    gate.move(world.staff["decider"], "complaint", found.pk, "answer", reason="Vu.", outcome="upheld")
    (row,) = rows(book(world, "en"), "Complaints")
    assert (row["Outcome"], row["Answered by"]) == ("Founded", world.staff["decider"].name)
