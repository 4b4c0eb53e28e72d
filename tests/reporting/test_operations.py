"""The public list of operations: the points of CPR art. 49(3), and no natural person's name."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from applications.enums import LegalCategory
from applications.models import Company, IndicatorTarget, Operation
from applications.services import store
from backoffice.demo.world import World
from regions import clock
from regions.models import Priority, Programme, Region, Scheme, SpecificObjective
from reporting import canonical_rows, runs
from reporting.columns import NONE, canonical
from reporting.models import ReportRun
from reporting.reports import operations
from reporting.reports.operations import COLUMNS, publication_csv, rows
from reporting.runs import Asked
from reporting.writers.ooxml_check import check

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture
def region() -> Region:
    return Region.objects.create(
        code="04", name="La Réunion", nuts1="FRY", nuts2="FRY4", iso_code="FR-974", seat="Saint-Denis",
        status="DROM", time_zone="Indian/Reunion",
    )  # fmt: skip


@pytest.fixture
def facts(region: Region) -> dict[str, Any]:
    """What every operation of the tests is made from."""
    programme = Programme.objects.create(
        cci="2021FR16RFPR000", name="Programme", region=region, category_of_region="outermost",
        starts_on=date(2021, 1, 1), expenditure_end=date(2029, 12, 31),
    )  # fmt: skip
    priority = Priority.objects.create(
        programme=programme, code="1", name="Priorité", cofinancing_percent=Decimal("85.00")
    )
    return {
        "name": "Chèque numérique 2025", "description": "Aides aux petites entreprises.", "region": region,
        "scheme": Scheme.objects.create(code="kap-numerik", region=region),
        "specific_objective": SpecificObjective.objects.create(priority=priority, code="RSO1.2", name="Numérique"),
        "beneficiary_mode": Operation.Mode.GROUPED, "beneficiary_name": "Région La Réunion",
        "beneficiary_id": "00000974000018", "contact": "aides@demo.example", "submitted_on": date(2025, 1, 2),
        "starts_on": date(2025, 1, 6), "ends_on": date(2026, 12, 31), "decided_by": "Autorité de gestion",
        "decided_on": date(2025, 1, 3), "total_cost": Decimal("100000.50"), "eligible_cost": Decimal("100000.00"),
        "erdf_support": Decimal("85000.00"), "intervention_field": "013", "form_of_support": "01",
        "territorial_delivery": "33", "economic_activity": "26", "location": "FRY40", "gender": "03",
    }  # fmt: skip


def single(facts: dict[str, Any], siren: str, category: str, published: bool = True) -> Operation:
    """An operation of one firm, which is its own beneficiary."""
    Company.objects.create(
        siren=siren, siret=f"{siren}00012", name="Payet Marie", legal_category=category, naf_code="47.11B",
        region=facts["region"], commune="97411", created_on=date(2020, 1, 1), name_published=published,
    )  # fmt: skip
    own = {"beneficiary_name": "Payet Marie", "beneficiary_id": f"{siren}00012", "code": f"OP-{siren}"}
    return Operation.objects.create(**facts | own | {"beneficiary_mode": Operation.Mode.SINGLE})


def test_each_point_of_the_law_has_its_column() -> None:
    references = {column.reference for column in COLUMNS if column.reference}
    points = {f"Art. 49(3)({letter})" for letter in "abdefghijklmn"}
    assert references == points | {"Art. 49(3)"}
    assert [column.key for column in COLUMNS if column.personal] == ["person"]


def test_a_grouped_operation_is_the_regions(facts: dict[str, Any]) -> None:
    operation = Operation.objects.create(code="RE-KAP-2025", **facts)
    for code, target in (("RCR02", "9000.5"), ("RCO01", "8"), ("PROG9", "3")):
        IndicatorTarget.objects.create(operation=operation, code=code, baseline=Decimal(0), target=Decimal(target))
    assert list(rows(Operation.objects.all(), DAY)) == [{
        "code": "RE-KAP-2025", "beneficiary": "Région La Réunion", "person": "", "name": "Chèque numérique 2025",
        "purpose": "Aides aux petites entreprises.",
        "achievements": "PROG9 : 3 ; RCO01 Entreprises bénéficiant d’un soutien : 8 entreprises ; "
        "RCR02 Investissements privés complétant un soutien public : 9000,5 euro",
        "starts_on": date(2025, 1, 6), "ends_on": date(2026, 12, 31), "total_cost": Decimal("100000.50"),
        "fund": "FEDER", "objective": "RSO1.2 Numérique", "cofinancing": Decimal("0.85"), "location": "FRY40",
        "country": "FR", "beneficiary_location": "Saint-Denis", "intervention": "013", "updated_on": DAY,
    }]  # fmt: skip


def test_every_value_is_of_its_columns_kind(facts: dict[str, Any]) -> None:
    Operation.objects.create(code="RE-KAP-2025", **facts)
    (row,) = rows(Operation.objects.all(), DAY)
    assert set(row) == {column.key for column in COLUMNS}
    assert NONE not in {canonical(row[column.key], column.kind) for column in COLUMNS}


@pytest.mark.parametrize(
    ("category", "published", "name", "person", "place"),
    [
        (LegalCategory.SOLE_TRADER, True, "Personne physique", "Payet Marie", "FRY4"),
        (LegalCategory.LIBERAL_UNREGULATED, True, "Personne physique", "Payet Marie", "FRY4"),
        (LegalCategory.LIBERAL_REGULATED, True, "Personne physique", "Payet Marie", "FRY4"),
        (LegalCategory.SOLE_TRADER, False, "Personne physique", "", "FRY4"),
        (LegalCategory.COMPANY, False, "Personne physique", "", "FRY4"),
        (LegalCategory.COMPANY, True, "Payet Marie", "", "97411"),
        (LegalCategory.ASSOCIATION, True, "Payet Marie", "", "97411"),
    ],
)
def test_a_natural_person_is_named_apart_and_never_who_opposed_it(
    facts: dict[str, Any], category: str, published: bool, name: str, person: str, place: str
) -> None:
    single(facts, "123456782", category, published)
    (row,) = rows(Operation.objects.all(), DAY)
    assert (row["beneficiary"], row["person"], row["beneficiary_location"]) == (name, person, place)
    assert (b"Payet" in publication_csv(Operation.objects.all(), day=DAY)) == ("Payet Marie" in (name, person))


@pytest.mark.parametrize(("day", "named"), [(date(2027, 1, 2), True), (date(2027, 1, 3), False)])
def test_a_natural_persons_name_leaves_two_years_after_the_decision(
    facts: dict[str, Any], day: date, named: bool
) -> None:
    """Decided on 3 January 2025: shown until 2 January 2027, whatever the day of the list."""
    single(facts, "123456782", LegalCategory.SOLE_TRADER)
    clock.simulate(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    for asked in (DAY, day):
        (row,) = rows(Operation.objects.all(), asked)
        assert row["person"] == ("Payet Marie" if named else "")


def test_an_unknown_firm_is_placed_in_its_region(facts: dict[str, Any]) -> None:
    own = {"code": "X", "beneficiary_mode": Operation.Mode.SINGLE, "beneficiary_id": "98765432100017"}
    Operation.objects.create(**facts | own)
    (row,) = rows(Operation.objects.all(), DAY)
    assert (row["beneficiary"], row["beneficiary_location"]) == ("Région La Réunion", "FRY4")


def test_only_operations_selected_by_the_day_in_the_order_of_codes(facts: dict[str, Any]) -> None:
    for code, day in (("C", DAY), ("A", date(2026, 3, 1)), ("B", date(2026, 3, 3))):
        Operation.objects.create(**facts | {"code": code, "decided_on": day})
    assert [row["code"] for row in rows(Operation.objects.all(), DAY)] == ["A", "C"]
    assert [row["code"] for row in rows(Operation.objects.exclude(code="A"), DAY)] == ["C"]


def test_the_number_of_queries_does_not_grow(
    facts: dict[str, Any], django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "CHUNK", 100)
    for number in range(7):
        Operation.objects.create(code=f"OP-{number}", **facts)
    with django_assert_num_queries(4):  # the operations, their targets, their amendments, the rates
        assert len(list(rows(Operation.objects.all(), DAY))) == 7


def test_the_french_file(facts: dict[str, Any]) -> None:
    Operation.objects.create(**facts | {"code": "RE-1", "name": "=Nom ; piégé"})
    content = publication_csv(Operation.objects.all(), day=DAY)
    heading, line = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert content.startswith(b"\xef\xbb\xbf")
    assert heading[:2] == ["Code de l’opération [49(3)]", "Bénéficiaire [49(3)(a)]"]
    assert heading[2:4] == ["Prénom et nom, pendant deux ans [49(3)(b)]", "Nom de l’opération [49(3)(d)]"]
    assert line[:4] == ["RE-1", "Région La Réunion", "", "'=Nom ; piégé"]
    assert line[6:9] == ["06/01/2025", "31/12/2026", "100000,50"]
    assert (line[11], line[-1]) == ("85,00 %", "02/03/2026")


def test_the_english_file(facts: dict[str, Any]) -> None:
    operation = Operation.objects.create(code="RE-1", **facts)
    IndicatorTarget.objects.create(operation=operation, code="RCO01", baseline=Decimal(0), target=Decimal("8.5"))
    IndicatorTarget.objects.create(operation=operation, code="PROG9", baseline=Decimal(0), target=Decimal(3))
    single(facts, "123456782", LegalCategory.SOLE_TRADER)
    content = publication_csv(Operation.objects.all(), day=DAY, language="en")
    person, region = csv.DictReader(io.StringIO(content.decode("utf-8")))
    assert person["Beneficiary [49(3)(a)]"] == "Natural person"
    assert region["Expected achievements [49(3)(e)]"] == "PROG9: 3; RCO01 Enterprises supported: 8.5 enterprises"
    assert region["Total cost (euro) [49(3)(h)]"] == "100000.50"
    assert (region["Fund [49(3)(i)]"], region["Union co-financing rate [49(3)(k)]"]) == ("ERDF", "0.85")


def test_an_empty_list_has_its_headings() -> None:
    content = publication_csv(Operation.objects.none(), day=DAY)
    assert len(content.decode("utf-8-sig").splitlines()) == 1


def test_it_is_a_run_whose_hash_holds_no_name(world: World) -> None:
    """The world has one operation; its total cost is that of the list, and of the database."""
    asked = Asked(operations.KEY, world.region, clock.now())
    run = runs.make(runs.begin(asked, world.staff["auditor"]))
    assert (run.state, run.rows) == (ReportRun.State.RELEASED, {"operations": 1})
    assert run.totals == {"total_cost": f"{Operation.objects.get().total_cost:.2f}"}
    assert check(store.get(run.file_sha256)) == []
    assert runs.rebuild(run).content_sha256 == run.content_sha256
    assert (run.kept_until - clock.today()).days == 730
    assert {row.value("person") for row in canonical_rows.of(run)} == {None}
