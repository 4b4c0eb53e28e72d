"""The shipped scheme's rules: the published examples, each refusal, and the order of operations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules import eligibility
from applications.rules.amounts import Line, at_payment, compute
from regions.schemes.loader import parse, shipped

RULES = parse(shipped()["kap-numerik"].read_text(encoding="utf-8"), "kap-numerik.yaml")
CATEGORIES = [c["code"] for c in RULES["what"]["categories"]]
FACTS: dict[str, Any] = {
    "headcount": Decimal("5.00"), "turnover": Decimal("300000.00"), "balance_sheet": None, "naf": "47.78C",
    "naf_nomenclature": "rev2", "legal_category": "company", "seat_region": "04", "created_on": date(2018, 1, 1),
    "applied_on": date(2025, 3, 3), "works_start_on": None, "awarded_on": None,
    "person_applications_this_year": 0, "firm_applications_this_year": 0, "other_public_aid": Decimal(0),
}  # fmt: skip


def _lines(*amounts: tuple[str, str]) -> list[Line]:
    return [Line(str(n), category, "", Decimal(amount)) for n, (category, amount) in enumerate(amounts, 1)]


def _aid(headcount: str, *amounts: tuple[str, str]) -> Decimal | None:
    return compute(RULES, _lines(*amounts), FACTS | {"headcount": Decimal(headcount)}).amount


@pytest.mark.parametrize(
    ("headcount", "lines", "aid"),
    [
        ("5", [("showcase_site", "1500.00")], "1200.00"),
        ("5", [("showcase_site", "2000.00")], "1200.00"),
        ("5", [("merchant_site", "3000.00"), ("social_media", "1500.00")], "3000.00"),
        ("9.99", [("merchant_site", "2500.00"), ("social_media", "1250.00"), ("security", "250.00")], "3200.00"),
        ("10", [("merchant_site", "2500.00"), ("social_media", "1250.00"), ("security", "250.00")], "2000.00"),
        ("5", [("merchant_site", "2000.00"), ("social_media", "1000.00")], "2400.00"),
        ("5", [("showcase_site", "1333.33")], "1066.66"),
        ("19.99", [("digital_strategy", "3000.00")], "500.00"),
    ],
)
def test_published_examples(headcount: str, lines: list[tuple[str, str]], aid: str) -> None:
    assert _aid(headcount, *lines) == Decimal(aid)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, ()),
        ({"headcount": Decimal("19.99")}, ()),
        ({"headcount": Decimal("20")}, ("headcount",)),
        ({"turnover": Decimal("499999.99")}, ()),
        ({"turnover": Decimal("500000.00")}, ("turnover_small",)),
        ({"turnover": Decimal("500000.00"), "headcount": Decimal("10")}, ()),
        ({"turnover": Decimal("1000000.00"), "headcount": Decimal("10")}, ("turnover",)),
        ({"legal_category": "association"}, ()),
        ({"legal_category": "association", "headcount": Decimal("10")}, ("association",)),
        ({"legal_category": "liberal_regulated"}, ("legal_category",)),
        (
            {"legal_category": "liberal_unregulated", "headcount": Decimal("12"), "turnover": Decimal("600000")},
            ("liberal",),
        ),
        ({"seat_region": "11"}, ("seat",)),
        ({"naf": "62.01Z"}, ("sector",)),
        ({"naf": "6201Z"}, ("sector",)),
        ({"naf": "41.20A"}, ()),
        ({"naf": "41.10A"}, ("sector",)),
        ({"naf": "68.12Y", "naf_nomenclature": "2025"}, ("sector",)),
        ({"naf": "68.12Y"}, ()),
        ({"works_start_on": date(2025, 3, 3)}, ("early_start",)),
        ({"works_start_on": date(2025, 3, 4)}, ()),
        ({"works_start_on": date(2025, 4, 1), "awarded_on": date(2025, 4, 1)}, ("early_start",)),
        ({"firm_applications_this_year": 1}, ("once_a_year",)),
        ({"person_applications_this_year": 1}, ("once_a_year_person",)),
        ({"turnover": None}, ("fact_missing", "fact_missing", "fact_missing")),
        ({"seat_region": "11", "naf": "62.01Z"}, ("seat", "sector")),
    ],
)  # fmt: skip
def test_each_condition_and_its_edges(change: dict[str, Any], codes: tuple[str, ...]) -> None:
    verdict = eligibility.assess(RULES, FACTS | change)
    assert verdict.codes() == codes
    assert verdict.ok == (not codes)
    assert [check["holds"] for check in verdict.details["checks"]].count(False) == len(codes)


def test_a_reason_speaks_both_languages_and_quotes_the_fact() -> None:
    (reason,) = eligibility.assess(RULES, FACTS | {"headcount": Decimal("42.00")}).reasons
    assert reason.fr.endswith("elle en déclare 42.")
    assert "it declares 42." in reason.en
    assert reason.article


def test_figures_and_days_of_a_reason_are_written_as_each_language_writes_them() -> None:
    found = FACTS | {"turnover": Decimal("18500000.00"), "works_start_on": date(2025, 3, 1)}
    reasons = {reason.code: reason for reason in eligibility.assess(RULES, found).reasons}
    assert "18\u202f500\u202f000 €" in reasons["turnover"].fr
    assert "€18,500,000" in reasons["turnover"].en
    assert "1er mars 2025" in reasons["early_start"].fr
    assert "1 March 2025" in reasons["early_start"].en


def test_hardware_and_what_is_not_listed_are_left_out_line_by_line() -> None:
    lines = [
        Line("1", "showcase_site", "", Decimal("3800.00")),
        Line("2", "hardware", "", Decimal("1200.00"), hardware=True),
        Line("3", "catering", "", Decimal("99.00")),
    ]
    verdict = compute(RULES, lines, FACTS)
    eligible = [line["eligible"] for line in verdict.details["lines"]]
    assert eligible == [Decimal("3800.00"), 0, 0]
    codes = [[r["code"] for r in line["reasons"]] for line in verdict.details["lines"]]
    assert codes == [["category_ceiling"], ["hardware"], ["category_excluded"]]
    assert verdict.ok


def test_a_quote_of_hardware_alone_gives_nothing() -> None:
    verdict = compute(RULES, [Line("1", "hardware", "", Decimal("1200.00"), hardware=True)], FACTS)
    assert (verdict.ok, verdict.amount, verdict.codes()) == (False, 0, ("nothing_eligible",))


def test_the_steps_are_shown_in_order() -> None:
    verdict = compute(RULES, _lines(("merchant_site", "3000.00"), ("chatbot", "3000.00")), FACTS)
    steps = [(s["name"], s["before"], s["after"]) for s in verdict.details["steps"]]
    assert steps == [
        ("excluded_lines", 6000, 6000), ("rate", 6000, 4800), ("category_ceilings", 4800, 4000),
        ("aid_ceiling", 4000, 3200),
    ]  # fmt: skip


def test_other_public_aid_never_takes_the_project_over_its_cost() -> None:
    verdict = compute(RULES, _lines(("showcase_site", "1500.00")), FACTS, other_aid=Decimal("400.00"))
    assert (verdict.ok, verdict.amount, verdict.codes()) == (True, Decimal("1100.00"), ("other_aid",))
    full = compute(RULES, _lines(("showcase_site", "1500.00")), FACTS, other_aid=Decimal("1500.00"))
    assert (full.ok, full.amount) == (False, 0)


def test_at_payment_less_is_accepted_less_is_paid_and_never_more_than_granted() -> None:
    granted = _lines(("merchant_site", "3000.00"), ("digital_content", "1000.00"))
    less = _lines(("merchant_site", "3000.00"), ("digital_content", "400.00"))
    dearer = _lines(("merchant_site", "9000.00"), ("digital_content", "9000.00"))
    assert at_payment(RULES, granted, less, Decimal("2800.00"), FACTS) == Decimal("2320.00")
    assert at_payment(RULES, granted, dearer, Decimal("2800.00"), FACTS) == Decimal("2800.00")
    assert at_payment(RULES, granted, granted, Decimal("1000.00"), FACTS) == Decimal("1000.00")


AMOUNT = st.integers(1, 2_000_000).map(lambda cents: Decimal(cents) / 100)
QUOTE = st.lists(st.tuples(st.sampled_from(CATEGORIES), AMOUNT), min_size=1, max_size=8)


@given(QUOTE, st.integers(0, 1999).map(lambda n: Decimal(n) / 100), AMOUNT)
def test_whatever_the_quote_the_ceilings_hold_and_the_lines_add_up(
    quote: list[tuple[str, Decimal]], headcount: Decimal, other: Decimal
) -> None:
    lines = [Line(str(n), category, "", amount) for n, (category, amount) in enumerate(quote, 1)]
    verdict = compute(RULES, lines, FACTS | {"headcount": headcount}, other_aid=other)
    aid, shares = verdict.amount or Decimal(0), verdict.details["lines"]
    ceiling = Decimal("3200") if headcount < 10 else Decimal("2000")
    assert 0 <= aid <= ceiling
    assert aid == sum(share["aid"] for share in shares)
    assert all(0 <= share["aid"] <= share["eligible"] <= share["quoted"] for share in shares)
    assert aid == aid.quantize(Decimal("0.01"))
    eligible = sum(share["eligible"] for share in shares)
    assert aid == 0 or aid + other <= eligible
