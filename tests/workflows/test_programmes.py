"""Programmes, priorities, operations and their changes: two persons, each refusal, nothing before the answer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from applications.models import IndicatorTarget, Operation, OperationAmendment, ProgrammeProposal
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import Priority, PriorityRate, Programme, Region, SpecificObjective, User
from tests.conftest import OPENING
from tests.roles import hold
from workflows.acts import Denied, Forbidden
from workflows.administration import (
    confirm_in_programme,
    decline_in_programme,
    facts_of_proposal,
    propose_in_programme,
)
from workflows.chain import facts_of, key
from workflows.models import Event
from workflows.verify import verify

pytestmark = pytest.mark.django_db
Kind = ProgrammeProposal.Kind
both = pytest.mark.both
PROGRAMME = {
    "cci": "2021FR16RFPR099", "decision": "C(2022) 8064 du 9 novembre 2022",
    "name": "Programme FEDER d’essai", "category_of_region": "transition",
    "starts_on": date(2021, 1, 1), "expenditure_end": date(2029, 12, 31),
}  # fmt: skip
PRIORITY = {
    "code": "2", "name": "Une Europe plus verte", "cofinancing_percent": Decimal(60), "objective_code": "RSO2.1",
    "objective_name": "Efficacité énergétique", "raised": False, "clld": False,
}  # fmt: skip
FIGURES = {"total_cost": Decimal(50000), "eligible_cost": Decimal(40000), "erdf_support": Decimal(34000)}
AMENDMENT = FIGURES | {
    "ends_on": date(2027, 6, 30), "decided_on": date(2025, 3, 1), "decided_by": "Autorité", "reason": "Plus de demandes"
}  # fmt: skip
TARGET = {"code": "RCO01", "baseline": Decimal(0), "target": Decimal(20)}


@pytest.fixture
def elsewhere(world: World) -> User:
    """The administrator of another region."""
    user = User.objects.create_user("admin.11@demo.example", "Admin d’ailleurs")
    hold(user, RoleKind.ADMINISTRATOR, Region.objects.get(code="11"))
    return user


def by_two(world: World, kind: str, about: Any, **facts: Any) -> ProgrammeProposal:
    return confirm_in_programme(world.staff["admin2"], propose_in_programme(world.staff["admin"], kind, about, **facts))


def operation_facts(world: World, **more: Any) -> dict[str, Any]:
    """A second operation of the demonstration's scheme, after the first."""
    return FIGURES | {
        "code": "RE-KAP-2027", "name": "Chèques 2027", "description": "Des chèques.", "scheme": world.scheme,
        "specific_objective": SpecificObjective.objects.get(priority__programme__region=world.region),
        "beneficiary_name": "Région La Réunion",
        "beneficiary_id": Operation.objects.get().beneficiary_id, "contact": "feder@example.org",
        "submitted_on": date(2025, 1, 10), "decided_on": date(2025, 2, 3), "decided_by": "Autorité de gestion",
        "starts_on": date(2027, 1, 1), "ends_on": date(2028, 12, 31), "intervention_field": "013",
        "form_of_support": "01", "territorial_delivery": "33", "economic_activity": "26", "location": "FRY40",
        "gender": "03", "strategic": False, "targets": [TARGET],
    } | more  # fmt: skip


# --- two persons


@both
def test_a_programme_exists_once_a_second_person_confirms_it(world: World) -> None:
    proposal = propose_in_programme(world.staff["admin"], Kind.PROGRAMME, world.region, **PROGRAMME)
    assert not Programme.objects.filter(cci=PROGRAMME["cci"]).exists()
    made = confirm_in_programme(world.staff["admin2"], proposal).programme
    assert {name: getattr(made, name) for name in PROGRAMME} == PROGRAMME
    assert made is not None
    assert made.region == world.region
    acts = Event.objects.filter(subject=key(proposal)).order_by("number")
    assert [event.act for event in acts] == ["programme.propose", "programme.confirm"]
    assert facts_of(acts[0])["cci"] == PROGRAMME["cci"]
    assert facts_of(acts[1]) == {"kind": "programme", "made": made.pk}
    assert list(verify().faults) == []


@both
def test_a_priority_comes_with_its_objective_and_another_is_added(world: World) -> None:
    programme = by_two(world, Kind.PROGRAMME, world.region, **PROGRAMME).programme
    priority = by_two(world, Kind.PRIORITY, programme, **PRIORITY).priority
    assert priority is not None
    by_two(world, Kind.OBJECTIVE, priority, code="RSO2.2", name="Énergies renouvelables")
    assert list(priority.objectives.order_by("code").values_list("code", flat=True)) == ["RSO2.1", "RSO2.2"]
    assert priority.rate_on(date(2026, 1, 1)) == 60


@both
def test_an_operation_is_made_with_its_targets(world: World) -> None:
    facts = operation_facts(world)
    proposal = propose_in_programme(world.staff["admin"], Kind.OPERATION, world.region, **facts)
    assert (Operation.objects.count(), IndicatorTarget.objects.filter(operation__code="RE-KAP-2027").count()) == (1, 0)
    assert facts_of_proposal(proposal) == facts
    made = confirm_in_programme(world.staff["admin2"], proposal).operation
    assert made is not None
    plain = {name: value for name, value in facts.items() if name != "targets"}
    assert {name: getattr(made, name) for name in plain} == plain
    assert (made.region, made.beneficiary_mode) == (world.region, Operation.Mode.GROUPED)
    assert list(made.targets.values("code", "baseline", "target")) == [TARGET]


def test_a_file_never_goes_under_an_operation_that_waits(world: World) -> None:
    """The demonstration's operation ends on 31 December 2026; the next one covers January 2027."""
    proposal = propose_in_programme(world.staff["admin"], Kind.OPERATION, world.region, **operation_facts(world))
    clock.simulate(OPENING.replace(year=2027, month=1, day=20))
    waiting = Case(world, "F01").fill(SITE).file_it()
    assert waiting.file.operation is None
    confirm_in_programme(world.staff["admin2"], proposal)
    filed = Case(world, "F05").fill(SITE).file_it()
    assert filed.file.operation == Operation.objects.get(code="RE-KAP-2027")


def test_the_same_person_does_not_confirm_even_with_another_account(world: World) -> None:
    admin = world.staff["admin"]
    twin = User.objects.create_user("bis@demo.example", admin.name, person=admin.person)
    hold(twin, RoleKind.ADMINISTRATOR, world.region)
    proposal = propose_in_programme(admin, Kind.PROGRAMME, world.region, **PROGRAMME)
    for person in (admin, twin):
        with pytest.raises(Forbidden, match="une autre personne que celle qui la fait"):
            confirm_in_programme(person, proposal)
    assert not Programme.objects.filter(cci=PROGRAMME["cci"]).exists()


def test_only_the_regions_administrators_propose_confirm_and_refuse(world: World, elsewhere: User) -> None:
    proposal = propose_in_programme(world.staff["admin"], Kind.PROGRAMME, world.region, **PROGRAMME)
    for person in (elsewhere, world.staff["officer"], world.staff["certifier"], world.managers["F01"]):
        with pytest.raises(Forbidden, match="Seul un administrateur"):
            propose_in_programme(person, Kind.PROGRAMME, world.region, **PROGRAMME)
        with pytest.raises(Forbidden, match="Seul un administrateur"):
            propose_in_programme(person, Kind.AMENDMENT, Operation.objects.get(), **AMENDMENT)
        with pytest.raises(Forbidden, match="Seul un administrateur"):
            confirm_in_programme(person, proposal)
        with pytest.raises(Forbidden, match="Seul un administrateur"):
            decline_in_programme(person, proposal)


@both
def test_a_proposal_is_refused_or_taken_back_once(world: World) -> None:
    for person in ("admin", "admin2"):
        proposal = propose_in_programme(world.staff["admin"], Kind.PROGRAMME, world.region, **PROGRAMME)
        decline_in_programme(world.staff[person], proposal)
        for answer in (confirm_in_programme, decline_in_programme):
            with pytest.raises(Denied, match="déjà reçu sa réponse"):
                answer(world.staff["admin2"], proposal)
    assert not Programme.objects.filter(cci=PROGRAMME["cci"]).exists()


def test_what_became_wrong_since_it_was_proposed_is_not_confirmed(world: World) -> None:
    first, second = (
        propose_in_programme(world.staff["admin"], Kind.PROGRAMME, world.region, **PROGRAMME) for _rank in range(2)
    )
    confirm_in_programme(world.staff["admin2"], first)
    with pytest.raises(Denied, match="Un programme porte déjà ce numéro CCI"):
        confirm_in_programme(world.staff["admin2"], second)


@both
@pytest.mark.parametrize(
    "changed",
    [
        {"facts": {}}, {"kind": "rate"}, {"proposed_at": OPENING + timedelta(days=1)}, {"confirmed_by": None},
        {"confirmed_at": None}, {"declined_at": OPENING},
    ],
)  # fmt: skip
def test_the_database_keeps_a_proposal_and_its_answer(world: World, changed: dict[str, Any]) -> None:
    row = ProgrammeProposal.objects.earliest("pk")
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgrammeProposal.objects.filter(pk=row.pk).update(**changed)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM applications_programmeproposal")


@both
def test_the_database_wants_two_persons(world: World) -> None:
    admin, moment = world.staff["admin"], clock.now()
    proposal = propose_in_programme(admin, Kind.PROGRAMME, world.region, **PROGRAMME)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgrammeProposal.objects.filter(pk=proposal.pk).update(confirmed_by=admin, confirmed_at=moment)
    hands = {"proposed_by": admin, "confirmed_by": admin, "recorded_at": moment}
    with pytest.raises(DatabaseError), transaction.atomic():
        PriorityRate.objects.create(
            priority=Priority.objects.get(), percent=Decimal(50), valid_from=clock.today(), **hands
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        OperationAmendment.objects.create(operation=Operation.objects.get(), **AMENDMENT, **hands)


@both
def test_rates_and_amendments_are_append_only(world: World) -> None:
    by_two(world, Kind.RATE, Priority.objects.get(), percent=Decimal(80), valid_from=date(2025, 7, 1))
    by_two(world, Kind.AMENDMENT, Operation.objects.get(), **AMENDMENT)
    for table, change in (
        ("regions_priorityrate", "percent = 1"),
        ("applications_operationamendment", "total_cost = 1"),
    ):
        for statement in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


# --- each refusal


def refused(world: World, kind: str, about: Any, said: str, facts: dict[str, Any]) -> None:
    with pytest.raises(Denied, match=said):
        propose_in_programme(world.staff["admin"], kind, about, **facts)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"cci": "2021FR16"}, "quinze signes"), ({"cci": "2021fr16rfpr001"}, "quinze signes"),
        ({"cci": "2021FR16RFPR004"}, "porte déjà ce numéro"), ({"category_of_region": "rich"}, "catégorie de région"),
        ({"expenditure_end": date(2028, 12, 31)}, "deux fins"), ({"starts_on": date(2019, 1, 1)}, "Le début"),
        ({"starts_on": date(2030, 1, 1)}, "Le début"), ({"name": ""}, "nécessaire"),
    ],
)  # fmt: skip
def test_a_programme_that_does_not_hold_is_refused(world: World, wrong: dict[str, Any], said: str) -> None:
    refused(world, Kind.PROGRAMME, world.region, said, PROGRAMME | wrong)


def test_a_programme_whose_decision_is_not_known_yet_may_be_proposed(world: World) -> None:
    proposal = propose_in_programme(world.staff["admin"], Kind.PROGRAMME, world.region, **PROGRAMME | {"decision": ""})
    assert proposal.facts["decision"] == ""


@pytest.mark.parametrize(
    ("category", "wrong", "said"),
    [
        ("transition", {"cofinancing_percent": Decimal("60.01")}, "dépasse 60 %"),
        ("more", {"cofinancing_percent": Decimal("40.01")}, "dépasse 40 %"),
        ("outermost", {"cofinancing_percent": Decimal(86)}, "dépasse 85 %"),
        ("transition", {"cofinancing_percent": Decimal(71), "raised": True}, "dépasse 70 %"),
        ("more", {"cofinancing_percent": Decimal(61), "raised": True, "clld": True}, "dépasse 60 %"),
        ("less", {"cofinancing_percent": Decimal(0)}, "supérieur à zéro"),
        ("less", {"code": "priorité 1"}, "dix signes"), ("less", {"objective_code": "OS1.2"}, "RSO1.2"),
        ("less", {"objective_code": "RSO9.2"}, "RSO1.2"),
    ],
)  # fmt: skip
def test_a_priority_that_does_not_hold_is_refused(
    world: World, category: str, wrong: dict[str, Any], said: str
) -> None:
    programme = by_two(world, Kind.PROGRAMME, world.region, **PROGRAMME | {"category_of_region": category}).programme
    refused(world, Kind.PRIORITY, programme, said, PRIORITY | wrong)


def test_a_raised_ceiling_is_a_right_of_its_category(world: World) -> None:
    programme = by_two(world, Kind.PROGRAMME, world.region, **PROGRAMME).programme
    made = by_two(world, Kind.PRIORITY, programme, **PRIORITY | {"cofinancing_percent": Decimal(70), "raised": True})
    assert made.priority is not None
    assert made.priority.cofinancing_percent == 70
    refused(world, Kind.PRIORITY, programme, "Une priorité de ce programme porte déjà ce code", PRIORITY)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"percent": Decimal(86), "valid_from": date(2025, 7, 1)}, "dépasse 85 %"),
        ({"percent": Decimal(85), "valid_from": date(2025, 7, 1)}, "déjà en vigueur"),
        ({"percent": Decimal(80), "valid_from": date(2030, 7, 1)}, "hors du programme"),
        ({"percent": Decimal(80), "valid_from": date(2020, 7, 1)}, "hors du programme"),
    ],
)
def test_a_rate_that_does_not_hold_is_refused(world: World, facts: dict[str, Any], said: str) -> None:
    refused(world, Kind.RATE, Priority.objects.get(), said, facts)


def test_an_objective_is_given_once_and_well_written(world: World) -> None:
    priority = Priority.objects.get()
    refused(world, Kind.OBJECTIVE, priority, "a déjà cet objectif", {"code": "RSO1.2", "name": "x"})
    refused(world, Kind.OBJECTIVE, priority, "s’écrit RSO", {"code": "1.2", "name": "x"})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "RE-KAP-2025"}, "porte déjà ce code"), ({"code": "ré 1"}, "De 3 à 30 signes"),
        ({"beneficiary_id": "12345678900011"}, "SIRET n’est pas valable"),
        ({"ends_on": date(2026, 12, 31)}, "ne peut pas précéder le début"),
        ({"starts_on": date(2026, 12, 31)}, "RE-KAP-2025 de ce dispositif couvre déjà"),
        ({"ends_on": date(2030, 1, 1)}, "hors du programme"),
        ({"decided_on": date(2025, 1, 9)}, "La décision ne peut pas précéder la demande"),
        ({"decided_on": date(2035, 1, 9)}, "Cette décision est à venir"),
        ({"starts_on": date(2021, 1, 1), "ends_on": date(2024, 12, 31)}, "achevée avant sa demande"),
        ({"eligible_cost": Decimal(0), "erdf_support": Decimal(0)}, "Le coût éligible est supérieur à zéro"),
        ({"eligible_cost": Decimal("50000.01")}, "ne dépasse pas le coût total"),
        ({"erdf_support": Decimal("34000.01")}, "85 % du coût éligible"),
        ({"erdf_support": Decimal(0)}, "compris entre zéro"),
        ({"intervention_field": "13"}, "par exemple 013"), ({"form_of_support": "09"}, "par exemple 01"),
        ({"territorial_delivery": "00"}, "par exemple 33"), ({"economic_activity": "X1"}, "par exemple 26"),
        ({"location": "DE212"}, "par exemple FRY40"), ({"gender": "04"}, "par exemple 03"),
        ({"targets": []}, "au moins un indicateur"), ({"targets": [TARGET, TARGET]}, "donné deux fois"),
        ({"targets": [TARGET | {"code": "RCO99"}]}, "RCO99 : cet indicateur n’est pas"),
        ({"targets": [TARGET | {"target": Decimal(0)}]}, "cible supérieure à zéro"),
        ({"targets": [TARGET | {"baseline": Decimal(1)}]}, "un indicateur de réalisation part de zéro"),
        ({"contact": ""}, "nécessaire"),
    ],
)  # fmt: skip
def test_an_operation_that_does_not_hold_is_refused(world: World, wrong: dict[str, Any], said: str) -> None:
    refused(world, Kind.OPERATION, world.region, said, operation_facts(world, **wrong))


def test_scheme_and_objective_are_of_the_region_and_of_a_grouped_scheme(world: World, elsewhere: User) -> None:
    other = Region.objects.get(code="11")
    hold(world.staff["admin"], RoleKind.ADMINISTRATOR, other)
    refused(world, Kind.OPERATION, other, "Ce dispositif est d’une autre région", operation_facts(world))
    programme = Programme.objects.create(region=other, **PROGRAMME)
    priority = Priority.objects.create(programme=programme, code="1", name="x", cofinancing_percent=Decimal(60))
    away = SpecificObjective.objects.create(priority=priority, code="RSO1.2", name="x")
    wrong = operation_facts(world, specific_objective=away, erdf_support=Decimal(100))
    refused(world, Kind.OPERATION, world.region, "objectif spécifique est d’une autre région", wrong)
    version = world.scheme.versions.get()
    type(version).objects.update(rules=version.rules | {"beneficiary": {"mode": "single"}})
    refused(world, Kind.OPERATION, world.region, "chaque aide est une opération", operation_facts(world))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"eligible_cost": Decimal("50000.01")}, "ne dépasse pas le coût total"),
        ({"erdf_support": Decimal("34000.01")}, "du coût éligible"),
        ({"ends_on": date(2024, 1, 1)}, "précéder le début"),
        ({"ends_on": date(2030, 1, 1)}, "hors du programme"), ({"decided_on": date(2024, 12, 31)}, "après l’opération"),
        ({"decided_on": date(2035, 1, 1)}, "au plus tard aujourd’hui"), ({"reason": ""}, "nécessaire"),
    ],
)  # fmt: skip
def test_an_amendment_that_does_not_hold_is_refused(world: World, wrong: dict[str, Any], said: str) -> None:
    refused(world, Kind.AMENDMENT, Operation.objects.get(), said, AMENDMENT | wrong)


def test_an_amendment_changes_something_and_leaves_the_next_operation_alone(world: World) -> None:
    operation = Operation.objects.get()
    same = {name: getattr(operation, name) for name in (*FIGURES, "ends_on")}
    refused(world, Kind.AMENDMENT, operation, "Rien ne change", AMENDMENT | same)
    by_two(world, Kind.OPERATION, world.region, **operation_facts(world))
    refused(world, Kind.AMENDMENT, operation, "RE-KAP-2027 de ce dispositif couvre déjà", AMENDMENT)


# --- what a change changes, and from when


def test_an_amended_end_takes_later_files(world: World) -> None:
    by_two(world, Kind.AMENDMENT, Operation.objects.get(), **AMENDMENT)
    clock.simulate(OPENING.replace(year=2027, month=1, day=20))
    assert Case(world, "F01").fill(SITE).file_it().file.operation == Operation.objects.get()


def test_the_rate_is_that_of_the_day_as_it_was_known(world: World) -> None:
    priority, before = Priority.objects.get(), clock.now()
    clock.advance(minutes=1)
    by_two(world, Kind.RATE, priority, percent=Decimal(80), valid_from=date(2025, 7, 1))
    clock.advance(minutes=1)
    by_two(world, Kind.RATE, priority, percent=Decimal(75), valid_from=date(2026, 7, 1))
    days = (date(2025, 6, 30), date(2025, 7, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [priority.rate_on(day) for day in days] == [85, 80, 80, 75]
    assert {priority.rate_on(day, before) for day in days} == {85}


def test_an_operation_as_known_at_a_moment(world: World) -> None:
    operation, before = Operation.objects.get(), clock.now()
    clock.advance(minutes=1)
    by_two(world, Kind.AMENDMENT, operation, **AMENDMENT)
    first = clock.now()
    clock.advance(minutes=1)
    by_two(world, Kind.AMENDMENT, operation, **AMENDMENT | {"total_cost": Decimal(60000)})
    found = [operation.at(moment).total_cost for moment in (before, first, clock.now())]
    assert found == [operation.total_cost, 50000, 60000]
    told = [Operation.objects.amended(moment).get().known_total_cost for moment in (before, first, clock.now())]  # type: ignore[attr-defined]
    assert told == found
    assert operation.at(first).ends_on == AMENDMENT["ends_on"]
    assert Operation.objects.get().total_cost == operation.total_cost
    assert clock.now() - before > timedelta(minutes=1)
