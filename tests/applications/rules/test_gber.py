"""Articles 17, 18, 19 and 28 of the GBER: intensities, incentive effect, cumulation, versions, publication."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules import incentive_effect
from applications.rules.base import InputError
from applications.rules.gber import Beneficiary, Cost, Project, assess, innovation_aid, keep_until, publication
from applications.rules.gber_versions import VERSIONS, in_force
from applications.rules.incentive_effect import Request, start_of_works

D = Decimal
DAY = date(2026, 5, 4)
FIRM = Beneficiary("small")
CURRENT = VERSIONS[-1]
ADVICE = Project("18", [Cost("consultancy", D(30_000), vat=D(6_000))], DAY)
FAIR = Project(
    "19",
    [
        Cost("stand_rent", D(7_000)),
        Cost("stand_setup", D(3_000)),
        Cost("stand_running", D(2_000)),
        Cost("travel", D(3_000)),
    ],
    DAY,
)


def innovation(advisory: int, **facts: object) -> Project:
    return Project("28", [Cost("advisory", D(advisory))], DAY, **facts)  # type: ignore[arg-type]


def test_half_of_consultancy_without_refundable_vat() -> None:
    assert assess(ADVICE, FIRM).amount == D("15000.00")


def test_vat_that_is_not_refundable_counts() -> None:
    cost = Cost("consultancy", D(30_000), vat=D(6_000), vat_refundable=False)
    assert assess(replace(ADVICE, costs=[cost]), FIRM).amount == D("18000.00")


def test_half_of_the_stand_and_no_travel() -> None:
    verdict = assess(FAIR, FIRM)
    assert (verdict.amount, verdict.details["eligible"], verdict.codes()) == (
        D("6000.00"),
        12_000,
        ("cost_not_eligible",),
    )


def test_an_order_before_the_application_leaves_no_aid_at_all() -> None:
    early = replace(ADVICE, request=Request(date(2026, 3, 10)), events=[("order", date(2026, 3, 5))])
    verdict = assess(early, FIRM)
    assert (verdict.ok, verdict.amount, verdict.codes()) == (False, D(0), ("no_incentive_effect",))


@pytest.mark.parametrize(("amount", "published"), [("100000.00", False), ("100000.01", True)])
def test_only_above_100000_is_published(amount: str, published: bool) -> None:
    shown = publication(D(amount), DAY, CURRENT)
    assert shown["publish"] is published
    assert shown["publish_by"] == (date(2026, 11, 4) if published else None)


def test_primary_agriculture_and_the_earlier_version_have_other_thresholds() -> None:
    assert publication(D("10000.01"), DAY, CURRENT, primary=True)["publish"]
    assert not publication(D(500_000), date(2023, 6, 30), VERSIONS[0])["publish"]
    assert keep_until(DAY) == date(2036, 5, 4)


@pytest.mark.parametrize(
    ("drawback", "article", "kind"),
    [
        ("continuous", "18", "consultancy"),
        ("usual_operating", "18", "consultancy"),
        ("not_external", "18", "consultancy"),
        ("replaces_staff", "28", "secondment"),
    ],
)
def test_a_cost_with_a_drawback_falls_out(drawback: str, article: str, kind: str) -> None:
    cost = Cost(kind, D(1_000), drawbacks=frozenset({drawback}))
    verdict = assess(Project(article, [cost, Cost(kind, D(500))], DAY), FIRM)
    assert (verdict.amount, verdict.codes()) == (D("250.00"), ("cost_not_eligible",))


@pytest.mark.parametrize(
    ("cost", "before", "aid"),
    [
        (50_000, 0, "50000.00"),
        (220_000, 0, "220000.00"),
        (300_000, 0, "220000.00"),
        (500_000, 0, "250000.00"),
        (50_000, 200_000, "25000.00"),
        (30_000, 200_000, "20000.00"),
    ],
)
def test_innovation_advice_is_whole_within_the_three_year_cap(cost: int, before: int, aid: str) -> None:
    project = innovation(cost, innovation_awards=[(date(2024, 1, 1), D(before))])
    assert assess(project, FIRM).amount == D(aid)


def test_the_cap_was_lower_before_july_2023() -> None:
    old = replace(innovation(300_000), granted_on=date(2023, 6, 30))
    assert assess(old, FIRM).amount == D("200000.00")


def test_patents_are_half_beside_whole_advice() -> None:
    project = Project("28", [Cost("patents", D(10_000)), Cost("support", D(4_000))], DAY)
    assert assess(project, FIRM).amount == D("9000.00")


def test_the_day_three_years_before_is_a_parameter() -> None:
    awards = [(date(2023, 5, 4), D(5)), (date(2023, 5, 5), D(7)), (date(2023, 5, 3), D(11))]
    assert [innovation_aid(awards, DAY, boundary_counts=counts) for counts in (True, False)] == [12, 7]


@pytest.mark.parametrize(("size", "aid"), [("micro", "20000.00"), ("small", "20000.00"), ("medium", "10000.00")])
def test_investment_by_size(size: str, aid: str) -> None:
    project = Project("17", [Cost("tangible", D(100_000))], DAY)
    assert assess(project, Beneficiary(size)).amount == D(aid)


@pytest.mark.parametrize(
    ("firm", "code"),
    [
        (Beneficiary("large"), "sme_only"),
        (Beneficiary("small", in_difficulty=True), "in_difficulty"),
        (Beneficiary("small", recovery_outstanding=True), "recovery_outstanding"),
        (Beneficiary("small", export_aid=True), "export_aid"),
    ],
)
def test_who_is_excluded(firm: Beneficiary, code: str) -> None:
    verdict = assess(ADVICE, firm)
    assert (verdict.ok, verdict.amount, verdict.codes()) == (False, D(0), (code,))


def test_other_aid_on_the_same_costs_lowers_the_aid() -> None:
    verdict = assess(replace(ADVICE, other_aid=D(4_000), requested=D(15_000)), FIRM)
    assert (verdict.amount, verdict.codes()) == (D("11000.00"), ("aid_reduced",))


def test_the_highest_amount_of_another_exemption_opens_room() -> None:
    assert assess(replace(ADVICE, other_aid=D(4_000), highest=D(24_000)), FIRM).amount == D("15000.00")


@pytest.mark.parametrize(("cost", "ok"), [("4400000", True), ("4400000.02", False)])
def test_above_the_threshold_the_aid_is_notified(cost: str, ok: bool) -> None:
    verdict = assess(replace(ADVICE, costs=[Cost("consultancy", D(cost))]), FIRM)
    assert (verdict.ok, verdict.codes()) == (ok, () if ok else ("notification_threshold",))


@pytest.mark.parametrize(
    ("day", "since", "code"),
    [
        (date(2023, 6, 30), None, "651/2014"),
        (date(2023, 7, 1), None, "651/2014 (2023/1315)"),
        (date(2026, 12, 31), None, "651/2014 (2023/1315)"),
        (date(2027, 1, 1), None, None),
        (date(2027, 6, 30), date(2025, 1, 1), "651/2014 (2023/1315)"),
        (date(2027, 7, 1), date(2025, 1, 1), None),
        (date(2014, 6, 30), None, None),
    ],
)
def test_the_version_in_force_at_the_grant_decides(day: date, since: date | None, code: str | None) -> None:
    version = in_force(day, scheme_since=since)
    assert (version.code if version else None) == code
    verdict = assess(replace(ADVICE, granted_on=day, scheme_since=since), FIRM)
    assert verdict.ok is (code is not None)


def test_an_amended_scheme_may_ask_for_the_version_before_during_six_months() -> None:
    old = VERSIONS[0].code
    found = [
        in_force(date(2023, 12, 31), scheme_since=date(2020, 1, 1), under=old),
        in_force(date(2024, 1, 1), under=old),
    ]
    assert found == [VERSIONS[0], None]
    with pytest.raises(InputError, match="under"):
        in_force(DAY, under="800/2008")


def test_a_new_version_is_data() -> None:
    new = replace(CURRENT, code="new", valid_from=date(2027, 1, 1), valid_to=date(2033, 12, 31))
    verdict = assess(replace(ADVICE, granted_on=date(2027, 1, 1)), FIRM, versions=(*VERSIONS, new))
    assert verdict.details["version"] == "new"


def test_the_adjustment_period_is_said() -> None:
    verdict = assess(replace(ADVICE, granted_on=date(2027, 3, 1), scheme_since=DAY), FIRM)
    assert (verdict.ok, verdict.codes()) == (True, ("adjustment_period",))


def test_land_permits_and_studies_do_not_start_the_work() -> None:
    events = [("land_purchase", date(2026, 1, 1)), ("permit", date(2026, 1, 2)), ("order", date(2026, 4, 1))]
    assert start_of_works(events) == date(2026, 4, 1)
    assert start_of_works(events[:2]) is None


@pytest.mark.parametrize(
    ("started", "same_day", "ok"),
    [(date(2026, 3, 11), False, True), (date(2026, 3, 10), False, False), (date(2026, 3, 10), True, True)],
)
def test_work_begun_on_the_day_of_filing(started: date, same_day: bool, ok: bool) -> None:
    assert incentive_effect.check(Request(date(2026, 3, 10)), [("order", started)], same_day=same_day).ok is ok


def test_an_application_without_size_or_at_all_has_no_effect() -> None:
    partial = Request(DAY, frozenset(incentive_effect.CONTENTS) - {"name_and_size"})
    assert incentive_effect.check(partial).codes() == ("application_incomplete",)
    assert incentive_effect.check(Request(None)).codes() == ("no_application",)


def test_wrong_inputs_name_their_field() -> None:
    wrong = [
        (replace(ADVICE, article="99"), "article"),
        (replace(ADVICE, requested=D(-1)), "requested"),
        (replace(ADVICE, costs=[Cost("consultancy", D(-1))]), "costs"),
        (replace(ADVICE, request=Request(DAY), events=[("dream", DAY)]), "events"),
    ]
    for project, field in wrong:
        with pytest.raises(InputError) as error:
            assess(project, FIRM)
        assert error.value.field == field


EUROS = st.decimals(0, 5_000_000, places=2)


@given(st.sampled_from(["17", "18", "19", "28"]), EUROS, EUROS, EUROS)
def test_aid_is_never_above_the_request_the_costs_or_the_headroom(
    article: str, cost: Decimal, other: Decimal, requested: Decimal
) -> None:
    kind = {"17": "tangible", "18": "consultancy", "19": "stand_rent", "28": "advisory"}[article]
    verdict = assess(Project(article, [Cost(kind, cost)], DAY, requested=requested, other_aid=other), FIRM)
    assert verdict.amount is not None
    assert 0 <= verdict.amount <= min(requested, cost, verdict.details["headroom"], verdict.details["maximum"])


@given(EUROS, EUROS, EUROS)
def test_more_cost_never_gives_less_before_the_threshold(cost: Decimal, more: Decimal, before: Decimal) -> None:
    awards = [(DAY, before)]
    project = Project("28", [Cost("advisory", cost)], DAY, innovation_awards=awards)
    larger = replace(project, costs=[Cost("advisory", cost + more)])
    assert assess(larger, FIRM).details["maximum"] >= assess(project, FIRM).details["maximum"]
