"""A scheme under the general block exemption, from filing to the grant; its dates, its limits, its articles."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from applications.models import Application, Company, DeMinimisAward, Grant, OwnershipLink
from applications.rules.base import Verdict
from backoffice.demo.actors import Case
from backoffice.demo.stories import SHOP
from backoffice.demo.world import World
from regions import clock
from tests.walks import MISSION, Walk, offer
from workflows import assessment, duties, exemption, gate
from workflows.acts import Denied
from workflows.canonical import encode
from workflows.conditions import missing_items
from workflows.recompute import recompute, thaw

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
    Grant.objects.filter(application=case.pk).update(gross_grant_equivalent=Decimal("100000.01"))
    found = duties.of(case.file)
    assert found.publish_by is not None
    assert found.published_until is not None
    Grant.objects.filter(application=case.pk).update(gross_grant_equivalent=Decimal("100000.00"))
    assert duties.of(case.file).publish_by is None


# --- an undertaking in difficulty (art. 1(4)(c), 2(18))

DISTRESS = {
    "capital_lost": "Règl. (UE) 651/2014, art. 1(4)(c) et 2(18)(a), (b)",
    "insolvent": "Règl. (UE) 651/2014, art. 1(4)(c) et 2(18)(c)",
    "rescue_aid": "Règl. (UE) 651/2014, art. 1(4)(c) et 2(18)(d)",
}


@pytest.mark.parametrize("name", DISTRESS)
def test_a_firm_in_difficulty_cannot_be_granted(world: World, name: str) -> None:
    """One criterion is enough; the check says which, the refusal keeps its article, and it recomputes."""
    case = filed(world, **{name: "yes"})
    verdict = assessment.assess(case.file, clock.today())
    found = {reason.code: reason.article for reason in verdict.blocking()}
    assert found == {f"difficulty_{name}": DISTRESS[name]}
    assert (verdict.ok, verdict.aid, assessment.finding(verdict.by_rules)) == (False, Decimal(0), "red")
    case.act("officer", "accept_complete")
    gate.record(case.by("officer"), "application", case.pk, "documents", finding="green")
    gate.record(case.provider, "application", case.pk, "provider", finding="green")
    with pytest.raises(Denied):
        case.act("officer", "propose")
    case.act("officer", "propose", opinion="refuse")
    assert case.file.refusal_codes == [f"difficulty_{name}"]
    decision = case.file.decisions.latest("pk")
    assert json.loads(bytes(decision.inputs))["exemption"]["difficulty"][name] is True
    assert recompute(decision).same


def test_a_firm_that_falls_in_difficulty_after_the_proposal_is_not_granted(world: World) -> None:
    case = filed(world).checked()
    case.act("officer", "propose")
    Application.objects.filter(pk=case.pk).update(insolvent=True)
    with pytest.raises(Denied):
        case.act("decider", "grant")


def test_an_sme_of_less_than_three_years_keeps_the_aid_with_half_its_capital_lost(world: World) -> None:
    case = filed(world, capital_lost="yes")
    created = clock.today()
    Company.objects.filter(pk=case.file.company_id).update(created_on=created.replace(year=created.year - 2))
    verdict = assessment.assess(case.file, clock.today())
    assert verdict.ok
    Application.objects.filter(pk=case.pk).update(insolvent=True)
    assert assessment.assess(case.file, clock.today()).exemption.codes() == ("difficulty_insolvent",)


def test_what_a_firm_did_not_say_of_its_difficulty_is_left_to_a_person(world: World) -> None:
    """A file from before the question: nothing is refused, and the check is no longer green."""
    case = filed(world)
    Application.objects.filter(pk=case.pk).update(capital_lost=None, insolvent=None, rescue_aid=None)
    verdict = assessment.assess(case.file, clock.today())
    assert (verdict.ok, verdict.exemption.codes()) == (True, ("difficulty_untold",))
    assert assessment.finding(verdict.by_rules) == "exception"


def test_a_decision_frozen_before_the_question_recomputes_the_same(world: World) -> None:
    case = filed(world).granted()
    inputs = json.loads(bytes(case.file.decisions.latest("pk").inputs))
    assert inputs["exemption"].pop("difficulty") == {"capital_lost": False, "insolvent": False, "rescue_aid": False}
    verdict = assessment.run(thaw(encode(inputs)))
    assert (verdict.ok, verdict.exemption.reasons) == (True, ())


def test_the_questions_are_asked_where_the_law_asks_them(world: World) -> None:
    draft = Walk(offer(world, MISSION), "F01").fill(STRATEGY)
    Application.objects.filter(pk=draft.pk).update(rescue_aid=None)
    assert missing_items(draft.file) == ["rescue_aid"]
    with pytest.raises(Denied):
        draft.file_it()
    voucher = Case(world, "F02").fill(SHOP)
    assert voucher.file.rescue_aid is None
    assert missing_items(voucher.file) == []
