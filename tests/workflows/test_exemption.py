"""A scheme under the general block exemption, from filing to the grant; its dates, its limits, its articles."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from applications.models import Application, DeMinimisAward, OwnershipLink
from applications.rules.base import Verdict
from backoffice.demo.world import World
from regions import clock
from tests.walks import MISSION, Walk, offer
from workflows import assessment, duties, exemption, gate
from workflows.acts import Denied
from workflows.recompute import recompute

pytestmark = pytest.mark.django_db
STRATEGY = ("digital_strategy", "Feuille de route", "8000.00")


def filed(world: World, **facts: Any) -> Walk:
    return Walk(offer(world, MISSION), "F01").fill(STRATEGY, **facts).file_it()


def test_a_consulting_mission_is_given_half_under_article_18(world: World) -> None:
    case = filed(world).granted()
    file = case.file
    assert file.amount_granted == Decimal("4000.00")
    assert not DeMinimisAward.objects.filter(application=file).exists()
    decision = file.decisions.latest("pk")
    assert decision.law_version == "EU 651/2014 (2023/1315)"
    outcome = json.loads(bytes(decision.outcome))
    assert (outcome["exemption"]["eligible"], outcome["exemption"]["maximum"]) == ("8000.00", "4000.00")
    assert all(recompute(one).same for one in file.decisions.all())
    found = duties.of(file)
    assert (found.register_by, found.publish_by) == (None, None)
    assert "state_aid" in found.kept.periods


def test_a_mission_begun_before_the_application_is_refused_with_the_article(world: World) -> None:
    case = filed(world, works_start_on="2025-02-01")
    verdict = assessment.assess(case.file, clock.today())
    articles = {reason.code: reason.article for reason in verdict.blocking()}
    assert articles["no_incentive_effect"] == "Règl. (UE) 651/2014, art. 6(2)"
    case.act("officer", "accept_complete")
    with pytest.raises(Denied):
        case.act("officer", "propose")
    for kind in ("documents",):
        gate.record(case.by("officer"), "application", case.pk, kind, finding="green")
    gate.record(case.provider, "application", case.pk, "provider", finding="green")
    case.act("officer", "propose", opinion="refuse")
    assert "no_incentive_effect" in case.file.refusal_codes


def test_other_public_aid_on_the_same_costs_leaves_less(world: World) -> None:
    case = filed(world, other_public_aid="1500")
    verdict = assessment.assess(case.file, clock.today())
    assert verdict.aid == Decimal("2500.00")
    assert "aid_reduced" in verdict.exemption.codes()


def test_a_firm_of_a_large_group_is_refused(world: World) -> None:
    """Its own figures are those of a micro enterprise; the group decides."""
    walk = Walk(offer(world, MISSION), "F01").fill(STRATEGY, independent="no")
    OwnershipLink.objects.create(
        application=walk.file, number=1, name="Exemple Groupe", siren="732829320", capital=Decimal(51),
        headcount=Decimal(900), turnover=Decimal(300_000_000),
    )  # fmt: skip
    walk.file_it()
    codes = [reason.code for reason in assessment.assess(walk.file, clock.today()).blocking()]
    assert codes == ["size", "sme_only"]


@pytest.mark.parametrize(
    ("day", "version", "ok"),
    [
        (date(2026, 12, 31), "651/2014 (2023/1315)", True),
        (date(2027, 6, 30), "651/2014 (2023/1315)", True),
        (date(2027, 7, 1), None, False),
    ],
)
def test_the_version_in_force_at_the_grant_decides(world: World, day: date, version: str | None, ok: bool) -> None:
    """It expires on 31 December 2026; a scheme older than that has six months to adapt (art. 58)."""
    case = filed(world)
    verdict = assessment.assess(case.file, day, awarded_on=day)
    assert (verdict.exemption.details["version"], verdict.exemption.ok) == (version, ok)


def _under(basis: str, *, kinds: dict[str, str], lines: list[tuple[str, str]], earlier: list[Any] = ()) -> Verdict:  # type: ignore[assignment]
    """The verdict of an article on lines of (category, eligible euro); pure."""
    inputs = {
        "rules": {
            "legal_basis": basis,
            "what": {"categories": [{"code": code, "cost_kind": kind} for code, kind in kinds.items()]},
        },
        "lines": [{"key": str(n), "category": category} for n, (category, _amount) in enumerate(lines)],
        "day": date(2026, 3, 2),
        "exemption": {
            "contents": ["aid_sought", "costs", "description_and_dates", "location", "name_and_size"],
            "scheme_since": date(2025, 1, 1), "earlier": list(earlier),
        },
    }  # fmt: skip
    given = [{"key": str(n), "eligible": Decimal(amount)} for n, (_category, amount) in enumerate(lines)]
    whole = sum((Decimal(amount) for _category, amount in lines), Decimal(0))
    facts = {"size": "small", "other_public_aid": Decimal(0), "applied_on": date(2026, 1, 5), "works_start_on": None}
    return exemption.assess(inputs, facts, Verdict(True, amount=whole, details={"lines": given}))


def test_a_fair_aids_its_stand_and_not_the_travel() -> None:
    """GB-02: 50 % of 12 000; travel is left out."""
    kinds = {"rent": "stand_rent", "setup": "stand_setup", "running": "stand_running", "travel": "other"}
    lines = [("rent", "7000"), ("setup", "3000"), ("running", "2000"), ("travel", "3000")]
    assert _under("gber_19", kinds=kinds, lines=lines).amount == Decimal("6000.00")


def test_the_fairs_of_a_year_count_towards_the_threshold() -> None:
    kinds, lines = {"rent": "stand_rent"}, [("rent", "7000")]
    year = [{"granted_on": date(2026, 1, 20), "amount": Decimal("2199000")}]
    before = [{"granted_on": date(2025, 12, 20), "amount": Decimal("2199000")}]
    assert "notification_threshold" in _under("gber_19", kinds=kinds, lines=lines, earlier=year).codes()
    assert _under("gber_19", kinds=kinds, lines=lines, earlier=before).ok


def test_innovation_advice_is_paid_whole_within_three_years() -> None:
    """220 000 euro of advice and support in any three years; half beyond."""
    kinds, lines = {"advice": "advisory"}, [("advice", "10000")]
    spent = [{"granted_on": date(2025, 6, 1), "amount": Decimal("218000")}]
    assert _under("gber_28", kinds=kinds, lines=lines).amount == Decimal("10000.00")
    assert _under("gber_28", kinds=kinds, lines=lines, earlier=spent).amount == Decimal("5000.00")


def test_an_award_above_a_hundred_thousand_is_to_be_published(world: World) -> None:
    case = filed(world).granted()
    Application.objects.filter(pk=case.pk).update(amount_granted=Decimal("100000.01"))
    found = duties.of(case.file)
    assert found.publish_by is not None
    assert found.published_until is not None
    Application.objects.filter(pk=case.pk).update(amount_granted=Decimal("100000.00"))
    assert duties.of(case.file).publish_by is None
