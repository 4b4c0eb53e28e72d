"""What firms say after their projects, in each report: the yearly one, the indicators, the figures, the meter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from applications.models import Application
from backoffice.demo.actors import Case, days
from backoffice.demo.world import World
from regions import clock
from regions.calendars import add_months
from reporting import annex_17, annual, census, follow_up
from reporting.figures.scheme import figures
from reporting.figures.told import told
from reporting.pack.tables import tables
from tests.cases import paid_case
from workflows import gate

ANSWER: dict[str, Any] = {
    "headcount": Decimal("5.50"), "turnover": Decimal("210000.00"), "online_share": 20, "export_share": 0,
    "in_use": "yes", "new_offer": True, "new_methods": False, "digital_intensity": 9, "satisfaction": 4,
}  # fmt: skip


def a_year_later(world: World) -> Case:
    case = paid_case(world)
    days((add_months(case.file.completed_on, 12) - clock.today(world.region.time_zone)).days + 1)
    return case


def answered(world: World) -> Case:
    case = a_year_later(world)
    gate.record(case.manager, "application", case.pk, "follow_up", **ANSWER)
    return case


def row(world: World) -> dict[str, Any]:
    (found,) = annual.answers(annual.tally(world.region, clock.now()))
    return found


@pytest.mark.django_db
def test_the_yearly_report_says_who_answered_and_what(world: World) -> None:
    case = answered(world)
    file, told_ = case.file, row(world)
    assert (told_["asked"], told_["answered"], told_["late"]) == (1, 1, 0)
    assert (told_["headcount_before"], told_["headcount_after"]) == (file.headcount, Decimal("5.50"))
    assert told_["jobs"] == Decimal("5.50") - file.headcount
    assert told_["grew"] == (Decimal("210000.00") > file.turnover)
    assert (told_["in_use"], told_["concerned"], told_["new_offer"], told_["new_methods"]) == (1, 1, 1, 0)
    assert (told_["online_share"], told_["satisfaction"]) == (Decimal("20.0"), Decimal("4.0"))


@pytest.mark.django_db
def test_without_an_answer_it_is_late_and_no_number_is_invented(world: World) -> None:
    a_year_later(world)
    assert (row(world)["asked"], row(world)["late"], row(world)["jobs"]) == (1, 0, None)
    days(31)
    told_ = row(world)
    assert (told_["answered"], told_["late"]) == (0, 1)
    assert told_["headcount_after"] is None
    assert told_["satisfaction"] is None
    (taken,) = census.of_region(world.region, clock.now())
    assert taken.unanswered == 1
    assert "RCR01" not in taken.achieved


@pytest.mark.django_db
def test_the_result_indicators_take_the_answers(world: World) -> None:
    case = answered(world)
    (taken,) = census.of_region(world.region, clock.now())
    created = Decimal("5.50") - case.file.headcount
    assert (taken.achieved["RCR01"], taken.achieved["RCR03"], taken.achieved["RCR04"]) == (created, 1, 0)
    assert taken.firms[case.file.company.siren].jobs == created
    firm = taken.firms[case.file.company.siren]
    assert (firm.turnover_before, firm.turnover_after) == (case.file.turnover, ANSWER["turnover"])
    assert (firm.grew, taken.achieved["RCR19"]) == (False, 0)
    (table,) = [one for one in tables(Application.objects.get(pk=case.pk)) if one.key.startswith("resultats")]
    assert [(line["headcount"], line["confirmed"]) for line in table.rows] == [(Decimal("5.50"), True)]
    higher = {"turnover": case.file.turnover + Decimal("0.01")}
    gate.record(case.manager, "application", case.pk, "follow_up", **ANSWER | higher)
    (taken,) = census.of_region(world.region, clock.now())
    assert (taken.firms[case.file.company.siren].grew, taken.achieved["RCR19"]) == (True, 1)


@pytest.mark.django_db
def test_the_meter_lacks_the_results_once_they_are_due(world: World) -> None:
    case = paid_case(world)
    last = case.file.results_on
    assert 55 not in [gap.field.number for gap in annex_17.meter(case.file, clock.today()).missing]
    promised = case.file.operation.targets.filter(code="RCR01").exists()
    late = [gap.field.number for gap in annex_17.meter(case.file, last).missing]
    assert (55 in late) == promised


@pytest.mark.django_db
def test_one_firm_is_not_published(world: World) -> None:
    answered(world)
    assert not figures(world.scheme).told.shown


def version(siren: str, turnover: int, **said: Any) -> Any:
    """A completed file of a firm, with its answer."""
    given = {
        "answered_on": date(2026, 1, 2), "headcount": Decimal(3), "turnover": Decimal(turnover),
        "online_share": None, "export_share": None, "in_use": "", "new_offer": None,
        "new_methods": None, "digital_intensity": None, "satisfaction": None,
    }  # fmt: skip
    return SimpleNamespace(
        siren=siren, headcount=Decimal(2), turnover=Decimal(turnover), results_on=date(2026, 1, 1),
        results_by=date(2026, 2, 1), follow_up=SimpleNamespace(**given | said),
    )  # fmt: skip


def test_what_would_tell_one_firm_is_not_published() -> None:
    """Two firms tell nothing; of four, a turnover that is nearly all one's is hidden, and an answer that all share."""
    day = date(2026, 3, 1)
    assert not told(follow_up.of([version("1", 10), version("2", 10), version("2", 30)], day)).shown
    four = [version(str(n), 10, in_use="yes", new_offer=n == 1, satisfaction=n) for n in range(1, 4)]
    four.append(version("4", 1_000, in_use="yes", new_offer=False))
    found = told(follow_up.of(four, day))
    assert found.headcount is not None
    assert (found.headcount.before, found.headcount.after, found.turnover) == (Decimal(8), Decimal(12), None)
    assert found.yes == {"new_offer": (1, 4)}
    assert found.means == {"satisfaction": (Decimal("2.0"), 3)}
