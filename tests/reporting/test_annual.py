"""The yearly report of the schemes: figures counted by hand from the stories, tied to the ledger."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.services import store
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE, partly_accepted
from backoffice.demo.world import World
from regions import clock
from regions.models import Scheme, WorkingCost
from reporting import annual, runs, working_cost
from reporting.models import ReportRun
from reporting.reconcile import released_reports
from reporting.runs import Asked
from reporting.writers.ooxml_check import check
from tests.cases import paid_case
from tests.walks import MIX, STUDY, Walk, offer
from workflows import administration
from workflows.acts import Denied, Forbidden
from workflows.chain import facts_of
from workflows.models import Event
from workflows.verify import verify

pytestmark = pytest.mark.django_db


def book(world: World, language: str = "fr") -> Any:
    clock.advance(minutes=2)
    asked = Asked("bilan-annuel", world.region, clock.now(), language=language)
    run = runs.make(runs.begin(asked, world.staff["auditor"]))
    assert (run.state, run.differences, run.set_apart) == (ReportRun.State.RELEASED, [], 0), run.apart
    assert runs.rebuild(run).content_sha256 == run.content_sha256
    assert list(released_reports()) == []
    content = store.get(run.file_sha256)
    assert check(content) == []
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(found: Any, sheet: str) -> list[dict[str, Any]]:
    head, *lines = found[sheet].iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def three_files(world: World) -> None:
    """2 200.00 granted and paid; 2 800.00 granted, 2 320.00 paid; one refused for its turnover."""
    paid_case(world)
    partly_accepted(world)
    Case(world, "F15").fill(SITE, turnover="2000000").file_it().refuse()


def test_files_and_money_by_state_and_year(world: World) -> None:
    three_files(world)
    found = book(world)
    states = {row["État"]: row for row in rows(found, "Dossiers par état")}
    told = ("Dossiers", "Entreprises", "Accordé", "Payé", "Recouvré")
    assert [states["Soldée"][name] for name in told] == [2, 2, 5000, 4520, 0]
    assert [states["Refusée"][name] for name in told] == [1, 1, 0, 0, 0]
    (year,) = rows(found, "Par année")
    told = ("Année", "Déposés", "Accordés", "Refusés", "Montant accordé", "Payé")
    assert [year[name] for name in told] == [2025, 3, 2, 1, 5000, 4520]
    refused = [(row["Motif"], row["Dossiers"]) for row in rows(found, "Motifs de refus")]
    assert refused == [("turnover", 1), ("turnover_small", 1)]


def test_delays_are_those_of_the_stories(world: World) -> None:
    """Filed, taken after two days, checked in three, decided in four: nine days; a claim is certified after three."""
    three_files(world)
    found = {row["Étape"]: row for row in rows(book(world), "Délais")}
    told = ("Cas", "Médiane (jours)", "Neuf sur dix (jours)")
    assert [found["du dépôt à la décision"][name] for name in told] == [3, 9, 9]
    assert [found["de la décision à la notification"][name] for name in told] == [2, 1, 1]
    assert [found["de la demande de paiement au service fait"][name] for name in told] == [2, 3, 3]
    assert [found["de la demande de paiement au paiement"][name] for name in told] == [2, 12, 12]


def test_activities_sizes_and_results(world: World) -> None:
    """Intensity from 3 to 8 and from 3 to 7, both high; nothing is due before twelve months have passed."""
    three_files(world)
    found = book(world, "en")
    assert sum(row["Files"] for row in rows(found, "Activities")) == 2
    assert sum(row["Granted"] for row in rows(found, "Sizes")) == 5000
    (result,) = rows(found, "Digital intensity")
    told = ("Settled files", "Whose result is due", "of which not measured", "Files measured")
    assert [result[name] for name in told] == [2, 0, 0, 2]
    assert (result["Intensity before, out of 12"], result["Intensity after, out of 12"]) == (3, 7.5)
    assert result["Brought to a high intensity"] == 2
    later = clock.now() + timedelta(days=366)
    assert [row["due"] for row in annual.results(annual.tally(world.region, later))] == [2]
    assert "is not recorded" in rows(found, "Remarks")[0]["Remark"]
    assert rows(found, "Working cost") == []


def test_loans_stay_outside_and_schemes_apart(world: World) -> None:
    paid_case(world)
    walk = Walk(offer(world, MIX), "F02").fill(STUDY)
    walk.file_it().running()  # type: ignore[attr-defined]
    walk.pay(walk.asks("release", "loan"))
    found = {row["Dispositif"]: row for row in rows(book(world), "Par année")}
    assert (found["impulsion-export"]["Montant accordé"], found["impulsion-export"]["Payé"]) == (6000, 0)
    assert found["kap-numerik"]["Payé"] == 2200


def test_the_number_of_queries_does_not_grow_with_files(world: World) -> None:
    paid_case(world)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            annual.tally(world.region, clock.now())
        return len(queries)

    one = cost()
    partly_accepted(world)
    assert cost() == one


def test_a_recorded_cost_is_divided_by_what_its_year_handled(world: World) -> None:
    """12 000 € over 3 files filed, 2 granted and 4 520.00 € paid; a correction counts, and the first row stays."""
    three_files(world)
    admin = world.staff["admin"]

    def cost(scheme: Scheme | None, amount: str) -> None:
        clock.advance(minutes=1)
        administration.record_cost(admin, world.region, scheme, 2025, Decimal("0.50"), Decimal(amount), "Paie 2025")

    before = clock.now()
    cost(world.scheme, "9000.00")
    cost(world.scheme, "12000.00")
    cost(None, "15000.00")
    made_ = book(world)
    found = {row["Dispositif (vide : tous)"]: row for row in rows(made_, "Coût de gestion")}
    head, first = made_["Coût de gestion"].iter_rows(max_row=2)
    formats = {name.value: cell.number_format for name, cell in zip(head, first, strict=True)}
    money = {name for name, form in formats.items() if "€" in form}
    assert money == {"Coût de l’année", "Payé", "Coût par dossier déposé", "Coût par aide accordée"}
    own, every = found["kap-numerik"], found[None]
    told = ("Coût de l’année", "Coût par dossier déposé", "Coût par aide accordée", "Coût par euro payé")
    assert [own[name] for name in told] == [12000, 4000, 6000, 2.655]
    assert [every[name] for name in told] == [15000, 5000, 7500, 3.319]
    assert WorkingCost.objects.count() == 3
    noted = list(Event.objects.filter(act="role.working_cost").order_by("pk"))
    first, second, _whole = map(facts_of, noted)
    assert (first["replaces"], second["replaces"], second["amount"]) == (None, first["cost"], "12000.00")
    assert all("Paie" not in bytes(event.payload).decode() and event.note.text == "Paie 2025" for event in noted)
    assert verify().faults == []
    assert list(working_cost.rows(annual.tally(world.region, before), world.region, before)) == []


@pytest.mark.parametrize(
    ("year", "staff", "amount", "source", "words"),
    [(2031, "1", "10", "Paie", "pas commencé"), (2025, "1", "0", "Paie", "supérieur à zéro"),
     (2025, "-1", "10", "Paie", "supérieur à zéro"), (2025, "1", "10", " ", "la source")],
)  # fmt: skip
def test_a_cost_that_cannot_be_is_refused(
    world: World, year: int, staff: str, amount: str, source: str, words: str
) -> None:
    with pytest.raises(Denied, match=words):
        administration.record_cost(
            world.staff["admin"], world.region, None, year, Decimal(staff), Decimal(amount), source
        )
    with pytest.raises(Forbidden):
        administration.record_cost(world.staff["officer"], world.region, None, 2025, Decimal(1), Decimal(10), "Paie")
