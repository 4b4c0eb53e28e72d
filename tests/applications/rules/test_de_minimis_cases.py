"""De minimis beyond the ceiling: worked examples, regimes, restructurings, cumulation, scope, register."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules import de_minimis_register as register
from applications.rules.base import InputError, Verdict
from applications.rules.de_minimis import Award, assess, cumulation, register_by, single_undertaking
from applications.rules.de_minimis_regimes import CURRENT, FORMER, in_force, regime
from applications.rules.de_minimis_scope import Features, Scope, check_scope, classify_export, sector_of
from applications.rules.restructuring import Merger, Split, after, proportion

D = Decimal
ME = frozenset({"A"})
DAY = date(2026, 11, 17)
PRIOR = "2023-11-20:100000; 2024-05-02:120000; 2025-12-15:60000"


def awarded(text: str, siren: str = "A", **facts: str) -> list[Award]:
    """« 2023-11-20:100000; … » as awards of one firm."""
    parts = [part.strip().split(":") for part in text.split(";") if part.strip()]
    return [Award(siren, date.fromisoformat(day), D(amount), **facts) for day, amount in parts]


def figures(verdict: Verdict) -> tuple[object, ...]:
    found = verdict.details
    return (found["prior_sum"], found["total"], verdict.ok, found["available"])


@pytest.mark.parametrize(
    ("prior", "day", "new", "expected"),
    [
        (PRIOR, "2026-11-17", 40_000, (280_000, 320_000, False, 20_000)),
        (PRIOR, "2026-11-25", 40_000, (180_000, 220_000, True, 120_000)),
        ("2025-02-01:260000", "2026-11-17", 40_000, (260_000, 300_000, True, 40_000)),
    ],
)
def test_worked_examples_of_the_window(prior: str, day: str, new: int, expected: tuple[object, ...]) -> None:
    verdict = assess(undertaking=ME, awards=awarded(prior), new_amount=D(new), granted_on=date.fromisoformat(day))
    assert figures(verdict) == expected


def test_worked_example_of_a_group() -> None:
    undertaking = single_undertaking("applicant", [("parent", "sister"), ("parent", "applicant")])
    awards = [
        *awarded("2025-01-01:150000", "parent"),
        *awarded("2025-01-01:100000", "sister"),
        *awarded("2025-01-01:30000", "applicant"),
    ]
    verdict = assess(undertaking=undertaking, awards=awards, new_amount=D(25_000), granted_on=DAY)
    assert figures(verdict) == (280_000, 305_000, False, 20_000)


def test_worked_example_of_a_merger() -> None:
    awards = [*awarded("2025-01-01:200000"), *awarded("2025-01-01:150000", "B")]
    merged = after([Merger(date(2026, 1, 1), frozenset({"B"}), "A")], awards, DAY)
    verdict = assess(undertaking=ME, awards=merged, new_amount=D(10_000), granted_on=DAY)
    assert figures(verdict) == (350_000, 360_000, False, 0)
    assert awards[1].siren == "B"


def test_worked_example_of_two_member_states() -> None:
    awards = [*awarded("2025-01-01:290000"), *awarded("2025-01-01:200000", member_state="BE")]
    verdict = assess(undertaking=ME, awards=awards, new_amount=D(5_000), granted_on=DAY)
    assert figures(verdict) == (290_000, 295_000, True, 10_000)
    abroad = assess(undertaking=ME, awards=awards, new_amount=D(5_000), granted_on=DAY, member_state="BE")
    assert abroad.details["prior_sum"] == 200_000


@pytest.mark.parametrize(("counts", "prior"), [(True, 5), (False, 0)])
def test_the_day_three_years_before_is_a_parameter(counts: bool, prior: int) -> None:
    verdict = assess(
        undertaking=ME, awards=awarded("2023-11-17:5"), new_amount=D(1), granted_on=DAY, boundary_counts=counts
    )
    assert verdict.details["prior_sum"] == prior


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2013, 12, 31), None),
        (date(2023, 12, 31), FORMER),
        (date(2024, 1, 1), CURRENT),
        (date(2030, 12, 31), CURRENT),
        (date(2031, 6, 30), CURRENT),
        (date(2031, 7, 1), None),
    ],
)
def test_the_regulation_in_force_on_the_day(day: date, code: str | None) -> None:
    law = in_force(day)
    assert (law.code if law else None) == code
    assert assess(undertaking=ME, awards=[], new_amount=D(1), granted_on=day).ok is (code is not None)


@pytest.mark.parametrize(("day", "ok"), [(date(2024, 6, 30), True), (date(2024, 7, 1), False)])
def test_the_former_regulation_ends_six_months_later(day: date, ok: bool) -> None:
    assert assess(undertaking=ME, awards=[], new_amount=D(1), granted_on=day, regulation=FORMER).ok is ok


def test_the_former_regulation_counts_fiscal_years() -> None:
    awards = awarded("2021-01-01:150000; 2020-12-31:50000")
    verdict = assess(undertaking=ME, awards=awards, new_amount=D(50_001), granted_on=date(2023, 12, 1))
    assert figures(verdict) == (150_000, 200_001, False, 50_000)
    july = assess(undertaking=ME, awards=awards, new_amount=D(1), granted_on=date(2023, 6, 30), fiscal_year_starts=7)
    assert (july.details["window_from"], july.details["prior_sum"]) == (date(2020, 7, 1), 200_000)


def test_road_freight_had_a_lower_ceiling_until_2023() -> None:
    before, after_ = (
        assess(undertaking=ME, awards=[], new_amount=D(100_001), granted_on=day, road_freight=True)
        for day in (date(2023, 6, 1), date(2024, 1, 1))
    )
    assert (before.details["ceiling"], before.ok, after_.ok) == (100_000, False, True)


def test_the_new_regulation_covers_earlier_aid_when_asked() -> None:
    facts = {"undertaking": ME, "awards": [], "new_amount": D(250_000), "granted_on": date(2023, 6, 1)}
    assert not assess(**facts).ok
    assert assess(**facts, retroactive=True).codes() == ("applied_to_earlier_aid",)


@pytest.mark.parametrize(
    ("regulation", "prior"),
    [
        (CURRENT, 7),
        (FORMER, 7),
        ("1408/2013", 7),
        ("717/2014", 7),
        ("2023/2832", 0),
        ("360/2012", 0),
        ("unheard of", 7),
    ],
)
def test_what_shares_the_ceiling(regulation: str, prior: int) -> None:
    awards = awarded("2025-01-01:7", regulation=regulation)
    assert assess(undertaking=ME, awards=awards, new_amount=D(1), granted_on=DAY).details["prior_sum"] == prior


def test_cumulation_with_state_aid_on_the_same_costs() -> None:
    full = cumulation(D(5_001), same_costs_aid=D(10_000), highest=D(15_000))
    assert (full.ok, full.details["headroom"], full.codes()) == (False, 5_000, ("de_minimis_cumulation",))
    assert cumulation(D(5_000), same_costs_aid=D(10_000), highest=D(15_000)).ok
    assert cumulation(D(5_001), same_costs_aid=D(10_000), highest=D(15_000), attributable=False).ok
    assert cumulation(D(5_001), same_costs_aid=D(0), highest=None).ok


def test_a_split_follows_the_activity_then_the_equity() -> None:
    awards = [Award("A", DAY, D("100.00"), activity="bread"), Award("A", DAY, D("100.00"))]
    split = Split(DAY, "A", {"B": D(2), "C": D(1)}, {"bread": "C"})
    shared = [(a.siren, a.amount) for a in after([split], awards, DAY)]
    assert shared == [("C", D("100.00")), ("B", D("66.67")), ("C", D("33.33"))]


def test_events_apply_in_order_and_not_before_their_day() -> None:
    events = [Merger(date(2026, 5, 1), frozenset({"C"}), "D"), Split(date(2026, 4, 1), "A", {"B": D(0), "C": D(1)})]
    awards = awarded("2026-01-01:10")
    assert after(events, awards, date(2026, 3, 31)) == tuple(awards)
    assert sum(a.amount for a in after(events, awards, DAY) if a.siren == "D") == 10
    late = awarded("2026-04-02:10")
    assert after(events, late, DAY) == tuple(late)


def test_a_split_needs_an_equity_to_share_by() -> None:
    for build in (lambda: Split(DAY, "A", {}), lambda: Split(DAY, "A", {"B": D(1)}, {"bread": "C"})):
        with pytest.raises(InputError):
            build()
    with pytest.raises(InputError, match="activity"):
        proportion(D(10), {"B": D(0)})


@pytest.mark.parametrize(
    ("kind", "finding"),
    [
        ("market_study", "allowed"),
        ("launch_consultancy", "allowed"),
        ("trade_fair", "allowed"),
        ("one_off_investment", "allowed"),
        ("per_unit_exported", "excluded"),
        ("sales_office_abroad", "excluded"),
        ("sales_commission", "excluded"),
        ("mixed_subscription", "flag"),
        ("export_advertising", "flag"),
    ],
)
def test_export_expenses(kind: str, finding: str) -> None:
    verdict = classify_export(kind)
    assert (verdict.details["finding"], verdict.ok) == (finding, finding != "excluded")
    assert bool(verdict.reasons) is (finding != "allowed")


def test_the_authority_settles_what_the_law_leaves_open_only() -> None:
    settled = {"mixed_subscription": "allowed", "export_advertising": "excluded", "per_unit_exported": "allowed"}
    found = [classify_export(kind, settled=settled).details["finding"] for kind in settled]
    assert found == ["allowed", "excluded", "excluded"]
    assert classify_export(features=Features(distribution_network=True)).codes() == ("export_network",)


@pytest.mark.parametrize(
    ("scope", "codes"),
    [
        (Scope("other"), ()),
        (Scope("agriculture_primary"), ("excluded_sector",)),
        (Scope("fishery_primary"), ("excluded_sector",)),
        (Scope("other", frozenset({"agriculture_primary"})), ("no_separation",)),
        (Scope("other", frozenset({"agriculture_primary"}), separated=True), ()),
        (Scope("agriculture_processing"), ()),
        (Scope("agriculture_processing", fixed_on_price_or_quantity=True), ("price_or_quantity",)),
        (Scope("agriculture_processing", passed_on_to_producers=True), ("passed_on",)),
        (Scope("fishery_processing", fixed_on_price_or_quantity=True), ("price_or_quantity",)),
        (Scope("other", prefers_domestic_goods=True), ("domestic_goods",)),
    ],
)
def test_sectors(scope: Scope, codes: tuple[str, ...]) -> None:
    assert check_scope(scope).codes() == codes


@pytest.mark.parametrize(
    ("naf", "sector"),
    [("01.11Z", "agriculture_primary"), ("01.61Z", "other"), ("03.11Z", "fishery_primary"), ("62.01Z", "other")],
)
def test_sector_of_an_activity_code(naf: str, sector: str) -> None:
    assert sector_of(naf) == sector


ENTRY = register.RegisterEntry(
    "FR-1", CURRENT, "123456789", "Boulangerie", "10.71", D("3200.00"), DAY, "Région", "grant"
)


@pytest.mark.parametrize(
    ("granted_on", "due"), [(date(2026, 11, 12), date(2026, 12, 10)), (date(2026, 11, 17), date(2026, 12, 15))]
)
def test_register_deadlines(granted_on: date, due: date) -> None:
    assert register_by(granted_on) == register_by(granted_on, "04") == due


def test_an_entry_is_complete_or_names_what_is_missing() -> None:
    full = register.check_entry(ENTRY)
    assert (full.ok, full.details["register_by"], full.details["keep_until"]) == (
        True,
        date(2026, 12, 15),
        date(2036, 11, 17),
    )
    farm = register.check_entry(replace(ENTRY, regulation_code="1408/2013", nace=""))
    assert [reason.params["field"] for reason in farm.reasons] == ["nace", "product_sector"]


def test_the_register_begins_in_2026_and_in_2027_for_agriculture() -> None:
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2027, 1, 1))
    assert [register.is_registered(day) for day in days] == [False, True, True]
    assert [register.is_registered(day, "1408/2013") for day in days] == [False, False, True]


def test_the_declaration_is_asked_until_the_register_covers_three_years() -> None:
    assert register.check_declaration(date(2028, 12, 31), None).codes() == ("declaration_missing",)
    assert register.check_declaration(date(2029, 1, 1), None).ok
    assert register.check_declaration(DAY, DAY).ok
    assert not register.check_declaration(DAY, date(2026, 11, 18)).ok


def test_the_notice_cites_the_regulation_and_the_amount() -> None:
    told = register.notice(D("3200.00"))
    assert all("3200.00" in told.sentence(tongue) and CURRENT in told.sentence(tongue) for tongue in ("fr", "en"))


def test_a_notified_maximum_counts_instead_of_the_grant() -> None:
    assert [register.counted_amount(D(5)), register.counted_amount(D(5), D(9))] == [5, 9]
    with pytest.raises(InputError, match="notified_maximum"):
        register.counted_amount(D(10), D(9))


def test_the_yearly_report_adds_up() -> None:
    entries = [ENTRY, replace(ENTRY, nace="62.01"), replace(ENTRY, granting_date=date(2025, 5, 1))]
    report = register.yearly_report(entries, 2026)
    assert report == {
        "beneficiaries": 1,
        "total": D("6400.00"),
        "by_nace": {"10.71": D("3200.00"), "62.01": D("3200.00")},
        "due": date(2027, 6, 30),
    }


def test_intermediaries_report_by_quarter() -> None:
    assert register.intermediary_report_due(date(2026, 12, 31)) == date(2027, 1, 10)
    assert register.register_intermediary_by(date(2026, 11, 12)) == date(2026, 12, 10)
    with pytest.raises(InputError, match="quarter_end"):
        register.intermediary_report_due(date(2026, 11, 30))


def test_wrong_inputs_name_their_field() -> None:
    wrong = [
        (lambda: regime("69/2001"), "regulation"),
        (lambda: assess(undertaking=ME, awards=[], new_amount=D(-1), granted_on=DAY), "new_amount"),
        (lambda: classify_export("luck"), "kind"),
        (lambda: classify_export(features=Features(current="often")), "current"),
        (lambda: classify_export("mixed_subscription", settled={"mixed_subscription": "maybe"}), "settled"),
        (lambda: check_scope(Scope("banking")), "sector"),
        (lambda: register.report_due(2025), "year"),
    ]
    for act, field in wrong:
        with pytest.raises(InputError) as error:
            act()
        assert error.value.field == field


EUROS = st.decimals(0, 400_000, places=2)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(st.lists(st.tuples(DAYS, EUROS), max_size=8), EUROS, DAYS)
def test_a_grant_never_passes_the_ceiling_and_the_room_left_can_be_granted(
    rows: list[tuple[date, Decimal]], new: Decimal, day: date
) -> None:
    awards = [Award("A", on, amount) for on, amount in rows]
    verdict = assess(undertaking=ME, awards=awards, new_amount=new, granted_on=day)
    assert verdict.ok is (verdict.details["total"] <= 300_000)
    room = verdict.details["available"]
    again = assess(undertaking=ME, awards=awards, new_amount=room, granted_on=day)
    assert again.ok or room == 0


@given(EUROS, st.dictionaries(st.sampled_from("BCDEF"), st.integers(1, 10**9).map(Decimal), min_size=1))
def test_the_parts_of_a_split_add_up_to_the_cent(amount: Decimal, equity: dict[str, Decimal]) -> None:
    parts = proportion(amount, equity)
    assert sum(parts.values()) == amount
    assert all(part >= 0 for part in parts.values())
