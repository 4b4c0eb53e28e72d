"""Samples: frozen from what was declared, drawn once, drawn again identically, evaluated, concluded."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from django.db import DatabaseError, transaction

from applications.models import OperationClaim, PaymentApplication
from applications.rules.base import InputError
from backoffice.demo.actors import days
from backoffice.demo.stories import paid, question_answered
from backoffice.demo.world import World
from regions import clock
from reporting.audit import drawing, population, results
from reporting.audit.results import Entry, Terms
from reporting.models import Sample, SampleResult
from reporting.sampling import Method, Plan, Population, Unit, freeze
from tests.cases import paid_case
from tests.shelf import kept
from tests.workflows.test_declaring import corrected, prepared, sent, verified

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def asked(application: PaymentApplication, unit: str = "file", **more: object) -> drawing.Asked:
    plan = Plan(Method.NON_STATISTICAL, "2025-09-01/00000042")
    given = {"programme": application.programme, "year_end": application.year_end, "unit": unit, "plan": plan}
    return drawing.Asked(**(given | more))  # type: ignore[arg-type]


@kept
def two_claims(world: World) -> PaymentApplication:
    """2 200.00 on a first claim; on the second 150.00 taken back from it, and 1 200.00 of another firm."""
    first = paid(world)
    verified(world)
    corrected(world, first, "150.00")
    days(1)
    question_answered(world)
    verified(world)
    return sent(world)


def test_the_population_is_what_was_declared_negatives_apart(world: World) -> None:
    application = two_claims(world)
    (period,) = population.periods([world.region])
    assert (period.year_end, period.applications, period.declared) == (application.year_end, 1, D("3250.00"))
    found = population.declared(period.programme, period.year_end, clock.now(), "file", "operation")
    assert (found.book, [unit.book for unit in found.negatives]) == (D("3400.00"), [D("-150.00")])
    assert {unit.stratum for unit in found.units} == {OperationClaim.objects.values_list("operation__code")[0][0]}
    by_claim = population.declared(period.programme, period.year_end, clock.now(), "claim")
    code = OperationClaim.objects.values_list("operation__code", flat=True)[0]
    assert [(unit.key, unit.book) for unit in by_claim.units] == [
        (f"{code}/1", D("2200.00")), (f"{code}/2", D("1200.00")), (f"{code}/2/neg", D("-150.00")),
    ]  # fmt: skip


def test_what_was_not_sent_is_not_in_a_population(world: World) -> None:
    paid_case(world)
    verified(world)
    prepared(world)
    assert population.periods([world.region]) == []


def test_drawn_once_and_again_identically_until_a_row_is_altered(world: World) -> None:
    application = two_claims(world)
    sample = drawing.take(asked(application), world.staff["auditor"])
    kept = Sample.objects.get(pk=sample.pk)
    assert (kept.units, kept.book, kept.negatives, kept.negative_book) == (2, D("3400.00"), 1, D("-150.00"))
    assert kept.drawn_units == 1
    again = drawing.again(kept)
    assert (again.whole, again.identical, again.declared_since) == (True, True, False)
    with pytest.raises(DatabaseError), transaction.atomic():
        Sample._base_manager.filter(pk=sample.pk).update(seed="autre")
    for unit in ("operation", "claim"):
        assert drawing.again(drawing.take(asked(application, unit), world.staff["auditor"])).identical
    twice = drawing.take(asked(application, "two_stage", sub_size=30), world.staff["auditor"])
    assert drawing.again(twice).identical
    assert all(key.count("/") == 2 for keys in twice.drawn["second"].values() for key in keys)
    kept.population = kept.population.replace("2200.00", "2201.00", 1)
    altered = drawing.again(kept)
    assert (altered.whole, altered.identical) == (False, False)


def test_the_negatives_are_drawn_apart_by_their_absolute_value(world: World) -> None:
    sample = drawing.take(asked(two_claims(world), side="negative"), world.staff["auditor"])
    (stratum,) = sample.drawn["strata"]
    assert (stratum["book"], stratum["count"]) == ("150.00", 1)
    assert population.references(sample, stratum["sample"])[stratum["sample"][0]][0] in stratum["sample"][0]


def guidance() -> Population:
    """6.4.7 in its totals: 12 411 965 in two high-value units, 9 619 263 in the ten others."""
    high = [Unit(f"H{rank}", D("6205982.50"), "", "OP") for rank in (1, 2)]
    return freeze([*high, *(Unit(f"U{rank:02}", D("961926.30"), "", "OP") for rank in range(10))])


def test_the_example_of_the_guidance_from_the_draw_to_the_conclusion(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """6.4.7: high-value error 80 028, four others at 0.0272 in all: EE 145 439, TE 440 625, not material."""
    monkeypatch.setattr(population, "declared", lambda *_given: guidance())
    plan = Plan(Method.NON_STATISTICAL_PPS, "guidance/6.4.7", size=6)
    auditor = world.staff["auditor"]
    paid(world)
    verified(world)
    sample = drawing.take(asked(sent(world), plan=plan), auditor)
    (stratum,) = sample.drawn["strata"]
    assert (stratum["high"], len(stratum["sample"]), stratum["book"]) == (["H1", "H2"], 4, "9619263.00")
    with pytest.raises(InputError, match="no result yet for"):
        results.evaluated(sample, Terms(expenditure=D("22031228")), results.latest(sample))
    first, *others = stratum["sample"]
    rows = [Entry("H1", random=D("80028")), Entry("H2"), Entry(first, random=D("26164.40")), *map(Entry, others)]
    assert results.enter(sample, rows, auditor) == 6
    assert results.enter(sample, rows, auditor) == 0
    terms = Terms(expenditure=D("22031228.00"), corrections=D("106192.40"))
    kept = results.conclude(sample, terms, auditor)
    told = kept.outcome
    assert (told["projected"], told["total"], told["tolerable"]) == ("145439.00", "145439.00", "440624.56")
    assert (told["decision"], told["precision"], told["extra"]) == ("not_material", None, "0.00")
    # F 22 031 228.00, G 145 439.00, H 106 192.40: J 39 246.60 over I 21 925 035.60 is 0.18 %
    assert (D(told["residual"]), told["residual_rate"]) == (D("39246.60"), "0.0018")
    assert len(kept.sha256) == 64


def test_a_result_is_corrected_by_a_new_row(world: World) -> None:
    sample = drawing.take(asked(two_claims(world)), world.staff["auditor"])
    (key,) = drawing.drawn_again(sample, drawing.base_of(sample)).keys
    for amount in ("50.00", "20.00"):
        results.enter(sample, [Entry(key, random=D(amount), comment="Heures")], world.staff["auditor"])
    assert [row.random for row in SampleResult.objects.order_by("id")] == [D("50.00"), D("20.00")]
    assert results.latest(sample)[key].random == D("20.00")
    with pytest.raises(DatabaseError), transaction.atomic():
        SampleResult._base_manager.all().delete()
    # 2 × 20.00/1: all 2 units weigh the same; 40.00 of 3 400.00 is under 68.00.
    outcome = results.evaluated(sample, Terms(expenditure=D("3250.00")), results.latest(sample))
    assert (outcome.evaluation.projected, outcome.evaluation.conclusion.decision) == (D("40.00"), "not_material")


def below(sizes: dict[str, int]) -> Population:
    """Files of 100.00 below claims: their number by claim."""
    return freeze(
        Unit(f"{claim}/F{rank:03}", D("100.00"), "", claim) for claim, count in sizes.items() for rank in range(count)
    )


def test_two_stages_project_within_the_claim_and_then_over_the_claims(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two claims of 60 files are drawn of four, 30 files in each.

    20.00 found on 3 000.00 of a claim is 40.00 on its 6 000.00; 4 claims × 40.00/2 = 80.00 of 24 000.00. Systemic
    errors of 5.00 on a file and 7.00 on a claim that were not drawn count for themselves.
    """
    paid(world)
    verified(world)
    application = sent(world)
    monkeypatch.setattr(population, "declared", lambda *_given: below({f"OP/{n}": 60 for n in range(1, 5)}))
    plan = Plan(Method.NON_STATISTICAL, "two stages", size=2)
    auditor = world.staff["auditor"]
    sample = drawing.take(asked(application, "two_stage", plan=plan, sub_size=30), auditor)
    second = sample.drawn["second"]
    assert [len(keys) for keys in second.values()] == [30, 30]
    first = next(iter(second))
    entries = [Entry(key) for keys in second.values() for key in keys]
    entries[0] = Entry(second[first][0], random=D("20.00"))
    results.enter(sample, entries, auditor)
    terms = Terms(expenditure=D("24000.00"))
    outcome = results.evaluated(sample, terms, results.latest(sample)).evaluation
    assert (outcome.projected, outcome.conclusion.tolerable) == (D("80.00"), D("480.00"))
    apart = next(f"{first}/F{rank:03}" for rank in range(60) if f"{first}/F{rank:03}" not in second[first])
    other = next(name for name in (f"OP/{n}" for n in range(1, 5)) if name not in second)
    delimited = {apart: D("5.00"), other: D("7.00")}
    terms = Terms(expenditure=D("24000.00"), delimited=delimited)
    assert results.evaluated(sample, terms, results.latest(sample)).evaluation.systemic == D("12.00")
    with pytest.raises(InputError):
        results.evaluated(sample, Terms(expenditure=D(1), delimited={"OP/9": D(1)}), results.latest(sample))


def test_a_statistical_sample_measures_its_precision(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """1 000 units of 100.00, 50 drawn, 10.00 and 20.00 found: EE = 1 000 × 30/50 = 600.00.

    s² = (500 − 900/50)/49 = 482/49, s = 3.136357; SE = 1 000 × 1.645 × 3.136357/√50 = 729.64; upper limit below 2 000.
    """
    paid(world)
    verified(world)
    application = sent(world)
    monkeypatch.setattr(population, "declared", lambda *_given: below({"OP/1": 1000}))
    sample = drawing.take(asked(application, plan=Plan(Method.SIMPLE, "fifty", size=50)), world.staff["auditor"])
    keys = sample.drawn["strata"][0]["sample"]
    found = {keys[0]: D("10.00"), keys[1]: D("20.00")}
    results.enter(sample, [Entry(key, random=found.get(key, D(0))) for key in keys], world.staff["auditor"])
    told = results.conclude(sample, Terms(expenditure=D("100000.00")), world.staff["auditor"]).outcome
    assert (told["projected"], told["precision"], told["upper"]) == ("600.00", "729.64", "1329.64")
    assert told["decision"] == "not_material"
