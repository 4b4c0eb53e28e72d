"""A fourth scheme of a known kind is one file of data: it is published, and a file runs to its payment."""

from __future__ import annotations

from decimal import Decimal

import pytest

from applications.booking import positions
from applications.enums import ApplicationState, Bucket
from backoffice.demo import steps
from backoffice.demo.actors import Case, days
from backoffice.demo.places import Place
from backoffice.demo.timetable import TIMETABLE
from backoffice.demo.world import settle
from regions import clock
from regions.schemes.loader import shipped
from regions.territory import load_regions
from tests.conftest import OPENING

CHANGES = (
    ("code: conseil-digital", "code: conseil-vente"),
    ("prefix: CSD", "prefix: CVE"),
    ('region: "84"', 'region: "28"'),
    ('value: "84"', 'value: "28"'),
    ('rate: "0.50"', 'rate: "0.40"'),
    ('cost_ceiling: "10000.00"', 'cost_ceiling: "6000.00"'),
)


@pytest.mark.django_db
def test_one_file_of_data_makes_a_scheme_that_runs_to_payment(tmp_path, monkeypatch) -> None:
    text = shipped()["conseil-digital"].read_text(encoding="utf-8")
    for old, new in CHANGES:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "conseil-vente.yaml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr("backoffice.demo.world.shipped", lambda: {"conseil-vente": path})
    clock.simulate(OPENING)
    load_regions()
    place = Place(
        "conseil-vente", "28", ".28", ("F33",), Decimal("20000.00"), "tribunal administratif de Caen", "FRD11"
    )
    case = _live(settle(place))
    assert case.file.state == ApplicationState.COMPLETED
    assert positions(case.file)[Bucket.PAID] == Decimal("2400.00")  # 40 % of a cost counted up to 6,000 €


def _live(world) -> Case:
    ended: list[Case] = []
    TIMETABLE.clear()
    TIMETABLE.add(_tale(world), clock.today(), ended.append)
    while TIMETABLE.busy:
        days(1)
    return ended[0]


def _tale(world):
    case = Case(world, "F33").fill(("digital_strategy", "Vendre en ligne", "9000.00"))
    yield from steps.until_running(case)
    claim = yield from steps.claimed(case)
    yield from steps.certified_and_paid(case, claim)
    return case.act("officer", "complete")
