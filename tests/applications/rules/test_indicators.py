from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.indicator_catalogue import CATALOGUE, SIZES, SUPPORT_FORMS
from applications.rules.indicators import Support, check, check_use, count, is_new, reaches_high_intensity

D = Decimal
SUPPORTS = st.lists(
    st.builds(
        Support,
        enterprise=st.sampled_from(["E1", "E2", "E3"]),
        form=st.sampled_from(SUPPORT_FORMS),
        operation=st.sampled_from(["A", "B"]),
        objective=st.sampled_from(["1.2", "1.3"]),
        size=st.sampled_from(SIZES),
        supported_on=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
        created_on=st.dates(date(2019, 1, 1), date(2024, 1, 1)),
        documented=st.booleans(),
    ),
    max_size=8,
)


def test_an_enterprise_counts_once():
    supports = [
        Support("E1", "grant", "A", "1.3"),
        Support("E1", "grant", "B", "1.3"),
        Support("E2", "grant", "A", "1.3"),
        Support("E3", "non_financial", "C", "1.3"),
    ]
    counts = count(supports)["1.3"]
    assert [counts[code] for code in ("RCO01", "RCO02", "RCO03", "RCO04")] == [3, 2, 0, 1]


def test_an_enterprise_counts_once_in_each_objective_and_form():
    supports = [Support("E1", "grant", "A", "1.2"), Support("E1", "grant", "B", "1.3")]
    both = [*supports, Support("E1", "financial_instrument", "A", "1.2")]
    counts = count(both)
    assert counts["1.2"]["RCO01"] == counts["1.3"]["RCO01"] == 1
    assert (counts["1.2"]["RCO02"], counts["1.2"]["RCO03"]) == (1, 1)


def test_a_phone_call_does_not_count():
    call = Support("E1", "non_financial", documented=False)
    assert count([call]) == {}
    assert count([call, Support("E2", "grant")])[""]["RCO01"] == 1


@pytest.mark.parametrize(
    ("created", "supported", "new"),
    [
        (date(2023, 3, 2), date(2026, 3, 1), True),
        (date(2023, 3, 2), date(2026, 3, 2), False),
        (date(2024, 2, 29), date(2027, 2, 27), True),
        (date(2026, 3, 3), date(2026, 3, 2), False),
    ],
)
def test_a_new_enterprise_is_less_than_three_years_old(created, supported, new):
    assert is_new(created, supported) is new
    counts = count([Support("E1", "grant", created_on=created, supported_on=supported)])
    assert counts[""]["RCO05"] == int(new)


def test_private_investment_matches_public_support():
    grant = Support("E1", "grant", project_total=D(10000), public_support=D(8000))
    loan = Support("E2", "financial_instrument", project_total=D(5000), public_support=D(1000))
    counts = count([grant, loan])[""]
    assert counts["RCR02"] == D("6000.00")
    assert (counts["RCR02.grant"], counts["RCR02.financial_instrument"]) == (D(2000), D(4000))
    assert count([grant])[""]["RCR02"] == D(2000)


def test_a_project_paid_by_others_alone_has_no_private_part():
    over = Support("E1", "grant", project_total=D(100), public_support=D(120))
    assert count([over])[""]["RCR02"] == 0


def test_the_size_is_that_of_the_first_support():
    first = Support("E1", "grant", size="micro", supported_on=date(2024, 1, 1))
    later = replace(first, size="small", supported_on=date(2026, 1, 1))
    counts = count([later, first])[""]
    assert (counts["RCO01.micro"], counts["RCO01.small"]) == (1, 0)


@pytest.mark.parametrize(("before", "after", "reached"), [(6, 7, True), (7, 12, False), (0, 6, False), (0, 12, True)])
def test_high_digital_intensity_is_reached_from_below(before, after, reached):
    assert reaches_high_intensity(before, after) is reached
    firm = Support("E1", "grant", digital_before=before, digital_after=after)
    assert count([firm, firm])[""]["RCR13"] == int(reached)


@given(SUPPORTS)
def test_counted_values_are_always_consistent(supports):
    for counts in count(supports).values():
        assert check(counts).ok


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({"RCO01": 2, "RCO02": 3}, "form_above_total"),
        ({"RCO01": 4, "RCO02": 2, "RCO04": 1}, "total_above_forms"),
        ({"RCO01": 2, "RCO02": 2, "RCO05": 3}, "new_above_total"),
        ({"RCO01": 2, "RCO02": 2, "RCO01.micro": 1}, "sizes_differ"),
    ],
)
def test_impossible_values_are_named(counts, code):
    assert check(counts).codes() == (code,)


def test_the_catalogue_speaks_both_languages():
    assert len(CATALOGUE) == 23
    assert CATALOGUE["RCR13"].unit_en == "enterprises"
    assert CATALOGUE["RCO01"].is_output
    assert not CATALOGUE["RCR02"].is_output
    assert all(each.fr and each.en and each.fr != each.en for each in CATALOGUE.values())


@pytest.mark.parametrize(
    ("code", "objective", "ok"),
    [("RCO01", "1.2", True), ("RCO01", "5.1", False), ("RCO99", "1.2", False), ("RCO01", "JTF", False)],
)
def test_where_an_indicator_may_be_used(code, objective, ok):
    assert check_use(code, objective).ok is ok


def test_an_indicator_is_at_home_in_its_own_objective():
    assert check_use("RCO74", "5.1", ["5.1", "5.2"]).ok
