"""Annexes VII and VIII: the state of a day, the tables that go with it, and what is still to be declared."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from applications.services import store
from backoffice.demo.actors import Case, days
from backoffice.demo.stories import SITE, partly_accepted
from backoffice.demo.world import World
from regions import clock
from regions.models import Priority, Programme
from reporting import runs, transmission
from reporting.claim_forecast import Piece, by_window, by_year, measures
from reporting.models import ReportRun
from reporting.reconcile import released_reports
from reporting.runs import Asked
from reporting.writers.ooxml_check import check
from tests.cases import paid_case
from tests.workflows.test_declaring import claimed, sent, verified
from workflows import gate

pytestmark = pytest.mark.django_db


def book(world: World, language: str = "fr") -> Any:
    asked = Asked("transmission", world.region, clock.now(), language=language)
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


def told(row: dict[str, Any], *names: str) -> list[Any]:
    """The values of the columns whose headings begin so."""
    return [next(value for heading, value in row.items() if heading.startswith(name)) for name in names]


MONEY = ("Dotation", "Coût total", "Contribution du Fonds", "Dépenses déclarées", "Opérations sélectionnées")


def test_tables_1_and_2_say_what_the_beneficiary_declared_before_anything_is_set_aside(world: World) -> None:
    """100 000.00 opened and selected, 85 000.00 of it from the Fund; 2 200.00 claimed, 100.00 set aside since."""
    paid_case(world)
    claim = claimed(world)
    line = claim.lines.order_by("-booked")[0]
    aside = {"line": line.pk, "declared": line.booked - 100, "reason": "Logo absent."}
    gate.record(world.staff["certifier2"], "operation_claim", claim.pk, "withhold", **aside)
    clock.advance(minutes=2)
    found = book(world)
    (financial,) = rows(found, "1 Données financières")
    assert told(financial, *MONEY) == [100000, 100000, 85000, 2200, 1]
    assert told(financial, "Part de la dotation", "Part déclarée") == [1, pytest.approx(0.022)]
    (kind,) = rows(found, "2 Types d’intervention")
    assert told(kind, "1 Domaine", "2 Forme", "5 Localisation", *MONEY[3:]) == ["013", "01", "FRY40", 2200, 1]
    (shown,) = rows(found, "Demandes des bénéficiaires")
    assert told(shown, "Grand livre", "Déclaré") == [2200, 2200]


def test_a_claim_given_back_leaves_later_states_and_not_earlier_ones(world: World) -> None:
    paid_case(world)
    claim = claimed(world)
    clock.advance(minutes=2)
    before = clock.now()
    clock.advance(minutes=2)
    gate.move(world.staff["certifier2"], "operation_claim", claim.pk, "give_back", reason="Pièce illisible.")
    assert [row["declared"] for row in transmission.claimed(world.region, before)] == [Decimal("2200.00")]
    assert list(transmission.claimed(world.region, clock.now())) == []
    (financial,) = rows(book(world), "1 Données financières")
    assert told(financial, "Dépenses déclarées") == [0]


def test_the_calculation_basis_is_that_of_the_latest_payment_application(world: World) -> None:
    paid_case(world)
    (financial,) = rows(book(world), "1 Données financières")
    assert told(financial, "Base de calcul") == [None]
    clock.advance(minutes=2)
    verified(world)
    sent(world)
    before = clock.now()
    clock.advance(minutes=2)
    (financial,) = rows(book(world, "en"), "1 Financial data")
    assert told(financial, "Calculation basis") == ["Public contribution"]
    programme = Programme.objects.get(region=world.region)
    assert transmission.bases(world.region, before) == {programme.pk: "public"}


def test_what_is_left_to_declare_falls_in_its_period(world: World) -> None:
    """On 16 April 2025, 2 200.00 are paid: the period ends on 31 May. 1 200.00 are granted, to be done by 16 October.

    90 days to claim, 80 to pay: 4 April 2026. At 85 %: 1 870.00 this year and 1 020.00 the next.
    """
    paid_case(world)
    case = Case(world, "F15").fill(SITE).file_it().grant().notify()
    assert (clock.today(), case.file.complete_by) == (date(2025, 4, 16), date(2025, 10, 16))
    found = book(world)
    kinds = ("Payé", "Certifié", "Accordé", "Part supposée", "Dépense", "Contribution")
    windows = {told(row, "Demande")[0].date(): told(row, *kinds) for row in rows(found, "Prévisions par période")}
    assert windows == {
        date(2025, 5, 31): [2200, 0, 0, 0, 2200, 1870], date(2026, 5, 31): [0, 0, 1200, 0, 1200, 1020],
    }  # fmt: skip
    (years,) = rows(found, "Annexe VIII")
    parts = ("Année en cours, janvier", "Année en cours, novembre", "Année suivante", "Au-delà")
    assert told(years, *parts) == [1870, 0, 1020, 0]


def test_what_was_sent_is_no_longer_to_come_and_gives_the_delay(world: World) -> None:
    """Ten days after the story's last payment the application is sent."""
    paid_case(world)
    days(10)
    verified(world)
    sent(world)
    clock.advance(minutes=2)
    found = book(world)
    assert rows(found, "Prévisions par période") == []
    first, delay = rows(found, "Hypothèses")[:2]
    assert told(first, "Valeur", "Mesurée") == [1, 1]
    assert told(delay, "Valeur", "Mesurée")[0] >= 10


def test_the_share_that_ends_paid_is_measured_on_settled_files(world: World) -> None:
    """2 200.00 paid of 2 200.00; then 2 320.00 of 2 800.00, the second line being cut from 1 000.00 to 400.00."""
    paid_case(world)
    partly_accepted(world)
    measured = measures(world.region, clock.now())
    assert (measured.share, measured.settled) == (Decimal("0.904"), 2)


PRIORITY = Priority(
    pk=1, code="1", cofinancing_percent=Decimal(85), programme=Programme(category_of_region="outermost"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("due", "delay", "end", "part"),
    [
        (date(2026, 10, 31), 0, date(2026, 10, 31), "first"), (date(2026, 10, 31), 1, date(2026, 11, 30), "second"),
        (date(2020, 1, 1), 0, date(2026, 7, 31), "first"), (date(2026, 12, 31), 1, date(2027, 2, 28), "next"),
        (date(2028, 1, 1), 0, date(2028, 2, 28), "later"),
    ],
)  # fmt: skip
def test_an_amount_falls_in_the_period_of_its_day(due: date, delay: int, end: date, part: str) -> None:
    """Seen from 15 July 2026: 1 000.00, of which 100.01 may never be paid, leave 899.99, and 764.99 of the Union."""
    day = date(2026, 7, 15)
    windows = by_window([Piece(PRIORITY, "awarded", due, Decimal(1000), Decimal("100.01"))], day, delay)
    assert [(row["window_end"], row["expenditure"]) for row in windows] == [(end, Decimal("899.99"))]
    (year,) = by_year(windows, day)
    assert {name: year[name] for name in ("first", "second", "next", "later") if year[name]} == {
        part: Decimal("764.99")
    }


@pytest.mark.parametrize(
    ("day", "due", "standing", "full"),
    [
        (date(2026, 12, 31), date(2027, 1, 31), "état du jour demandé", True),
        (date(2026, 12, 15), date(2027, 1, 31), "état provisoire", True),
        (date(2027, 1, 10), date(2027, 1, 31), "autre jour", True),
        (date(2027, 3, 31), date(2027, 4, 30), "état du jour demandé", False),
    ],
)
def test_a_day_says_which_transmission_it_prepares(
    world: World, day: date, due: date, standing: str, full: bool
) -> None:
    """Indicators and forecasts go on 31 January and 31 July alone."""
    clock.simulate(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    found = book(world)
    content = rows(found, "Transmission")
    assert {row["Transmission du [42]"].date() for row in content} == {due}
    assert all(row["Ce rapport"].startswith(standing) for row in content)
    assert [row["À transmettre à cette date"] for row in content] == [True, True, *[full] * 4]
    (present,) = [row for row in rows(found, "Calendrier") if row["Celle-ci"]]
    assert present["Tableaux"] == ("1, 2, 5, 9, 12, Annexe VIII" if full else "1, 2")


def test_the_english_workbook_has_its_sheets(world: World) -> None:
    assert book(world, "en").sheetnames[:4] == [
        "Transmission", "1 Financial data", "2 Types of intervention", "5 Outputs",
    ]  # fmt: skip
