"""Worked examples of the size of firms, de minimis aid, grant equivalents and exempted aid, through the registry."""

from __future__ import annotations

from typing import Any

import pytest

from applications.rules.base import InputError

from .helpers import case, computed, outcome, worked

MILLION = 1_000_000


def _firm(figures: str, **more: Any) -> dict[str, Any]:
    """« 45/9.2/11.0 »: work units, then turnover and balance sheet in EUR million."""
    headcount, turnover, balance = figures.split("/")
    return {
        "headcount": headcount, "turnover": round(float(turnover) * MILLION),
        "balance_sheet": round(float(balance) * MILLION), **more,
    }  # fmt: skip


def _held(stakes: str) -> list[dict[str, Any]]:
    """« B>A 25, A>C 33 »."""
    parts = [stake.split() for stake in stakes.split(",") if stake.strip()]
    return [dict(zip(("owner", "owned"), pair.split(">"), strict=True), capital=share) for pair, share in parts]


def _size(figures: str, others: dict[str, str] | None = None, stakes: str = "") -> dict[str, Any]:
    named = [_firm(figure, name=name) for name, figure in (others or {}).items()]
    return _firm(figures) | {"others": named, "holdings": _held(stakes)}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        case("SME-01", _size("45/9.2/11.0"), ("45.00", "9200000.00", "11000000.00", "small")),
        case("SME-02", _size("45/10.5/10.2"), ("45.00", "10500000.00", "10200000.00", "medium")),
        case("SME-03", _size("9.9/2.1/1.9"), ("9.90", "2100000.00", "1900000.00", "micro")),
        case("SME-06", _size("250.0/30/20"), ("250.00", "30000000.00", "20000000.00", "large")),
        case(
            "SME-08",
            _size("40/6/4", {"B": "100/20/15", "C": "30/3/2", "D": "10/1/0.5"}, "B>A 25,A>C 33,A>D 49"),
            ("79.80", "12480000.00", "8655000.00", "medium"),
        ),
        case(
            "SME-09",
            _size("20/3/2", {"B": "15/2.5/1.5", "C": "10/1/1", "D": "3/0.4/0.2"}, "B>A 60,A>C 51,A>D 100"),
            ("48.00", "6900000.00", "4700000.00", "small"),
        ),
        case(
            "SME-12",
            _size("30/5/4", {"P": "50/8/6", "Q": "100/30/20"}, "P>A 40,Q>P 100"),
            ("90.00", "20200000.00", "14400000.00", "medium"),
        ),
        case(
            "SME-16",
            _size("9/1.5/1.2", {"B": "5000/900/800"}, "B>A 24.99"),
            ("9.00", "1500000.00", "1200000.00", "micro"),
        ),
    ],
)
def test_sizes(given: dict[str, Any], expected: tuple[str, ...]) -> None:
    answer = computed("sme-size", **given)
    found = answer["details"]
    assert tuple(found[name] for name in ("headcount", "turnover", "balance_sheet", "size")) == expected
    assert answer["ok"] is (expected[-1] != "large")


@worked("SME-18")
def test_a_town_of_12000_inhabitants_makes_no_sme() -> None:
    town = {"name": "town", "kind": "local_authority", "inhabitants": 12000}
    given = _firm("4/0.3/0.2", others=[town], holdings=_held("town>A 26"))
    assert outcome("sme-size", given, {"ok": 0, "reasons": 0}) == {"ok": False, "reasons": ["public_body"]}


@pytest.mark.parametrize(("adjacent", "headcount"), [([], "6.00"), ([["bread", "boats"]], "13.00")])
@worked("SME-21")
def test_a_natural_person_links_neighbouring_markets_only(adjacent: list[list[str]], headcount: str) -> None:
    others = [_firm("7/0.9/0.8", name="B", markets=["boats"]), {"name": "Ms X", "kind": "person"}]
    given = _firm("6/1/0.5", markets=["bread"], others=others, adjacent_markets=adjacent)
    given["holdings"] = [{"owner": "Ms X", "owned": one, "capital": 100} for one in ("A", "B")]
    assert computed("sme-size", **given)["details"]["headcount"] == headcount


@pytest.mark.parametrize(
    ("years", "sme"),
    [
        ("SSS", True), ("SSN", True), ("SNN", False), ("SNS", True), ("NSS", True), ("NNS", False), ("NSN", False),
        ("NNN", False),
    ],
)  # fmt: skip
def test_the_two_period_rule(years: str, sme: bool) -> None:
    said = {"S": "sme", "N": "not_sme"}
    assert computed("sme-size", sizes=[said[year] for year in years])["ok"] is sme
    figures = {"S": {"headcount": 240, "turnover": 1}, "N": {"headcount": 260, "turnover": 1}}
    first, *earlier = [figures[year] for year in years]
    assert computed("sme-size", **first, earlier_periods=earlier)["ok"] is sme


@worked("SME-23")
def test_annual_work_units() -> None:
    staff = [
        {"count": 8},
        {"count": 3, "share": 0.5},
        {"count": 1, "months": 3},
        {"count": 2, "kind": "apprentice"},
        {"count": 1, "kind": "owner_manager"},
        {"count": 1, "leave_months": 6},
    ]
    assert computed("awu", staff=staff)["details"]["awu"] == "11.25"


def test_a_single_undertaking_is_made_of_majorities() -> None:
    others = [{"name": name} for name in ("parent", "sister", "partner")]
    stakes = _held("parent>A 51,parent>sister 60,partner>A 49")
    assert computed("single-undertaking", others=others, holdings=stakes)["details"]["members"] == [
        "A", "parent", "sister",
    ]  # fmt: skip


def _awards(text: str, **more: str) -> list[dict[str, str]]:
    """« 2023-11-20:100000; 2024-05-02:120000 »."""
    parts = [part.split(":") for part in text.replace(" ", "").split(";")]
    return [{"granted_on": on, "amount": amount, **more} for on, amount in parts]


PRIOR = _awards("2023-11-20:100000; 2024-05-02:120000; 2025-12-15:60000")
GROUP = [{"amount": 150000, "enterprise": "parent"}, {"amount": 100000, "enterprise": "sister"}, {"amount": 30000}]
MERGED = [{"amount": 200000}, {"amount": 150000, "enterprise": "B", "granted_on": "2025-03-01"}]
STATES = [{"amount": 290000}, {"amount": 200000, "member_state": "BE"}]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        case("DM-01",
            {"awards": PRIOR, "new_amount": 40000, "granted_on": "2026-11-17"},
            ("280000.00", "320000.00", "refuse", "20000.00"),
        ),
        case("DM-02",
            {"awards": PRIOR, "new_amount": "40000", "granted_on": "2026-11-25"},
            ("180000.00", "220000.00", "grant", "120000.00"),
        ),
        case("DM-03",
            {"awards": _awards("2025-02-01:260000"), "new_amount": 40000, "granted_on": "2026-11-17"},
            ("260000.00", "300000.00", "grant", "40000.00"),
        ),
        case("DM-05",
            {"awards": GROUP, "links": [["parent", "A"], ["parent", "sister"]], "new_amount": 25000},
            ("280000.00", "305000.00", "refuse", "20000.00"),
        ),
        case("DM-08",
            {
                "awards": MERGED, "new_amount": 10000,
                "mergers": [{"on": "2026-01-01", "absorbed": ["B"], "into": "A"}],
            },
            ("350000.00", "360000.00", "refuse", "0.00"),
        ),
        case("DM-12", {"awards": STATES, "new_amount": 5000}, ("290000.00", "295000.00", "grant", "10000.00")),
    ],
)  # fmt: skip
def test_the_de_minimis_ceiling(given: dict[str, Any], expected: tuple[str, ...]) -> None:
    answer = computed("de-minimis", **({"granted_on": "2026-11-17"} | given))
    found = answer["details"]
    assert tuple(found[name] for name in ("prior_sum", "total", "decision", "available")) == expected
    assert answer["ok"] is (expected[2] == "grant")


def test_a_person_or_a_public_body_makes_no_single_undertaking() -> None:
    awards = [{"amount": 150000, "enterprise": "B"}]
    for kind in ("person", "public_body"):
        holder, stakes = [{"name": "X", "kind": kind}], _held("X>A 100,X>B 100")
        given = {"awards": awards, "others": holder, "holdings": stakes, "new_amount": 1, "granted_on": "2026-11-17"}
        assert computed("de-minimis", **given)["details"]["undertaking"] == ["A"]


def test_a_group_is_found_in_its_holdings_and_a_split_shares_the_past() -> None:
    given = {"awards": GROUP, "holdings": _held("parent>A 51,parent>sister 60"), "new_amount": 25000}
    assert computed("de-minimis", granted_on="2026-11-17", **given)["details"]["prior_sum"] == "280000.00"
    split = [{"on": "2026-01-01", "divided": "A", "equity": {"B": 1, "C": 3}}]
    answer = computed(
        "de-minimis", enterprise="C", new_amount=1, granted_on="2026-11-17", splits=split,
        awards=[{"amount": 100000, "granted_on": "2025-06-01"}],
    )  # fmt: skip
    assert answer["details"]["prior_sum"] == "75000.00"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        case("GGE-01", {"instrument": "loan", "amount": 500000, "years": 5, "collateral": 50}, "100000.00"),
        case("GGE-02", {"instrument": "loan", "amount": 200000, "years": 7}, "56000.00"),
        case("GGE-07", {"instrument": "loan", "amount": 50000, "years": 2.5}, "5000.00"),
        case("GGE-09", {"instrument": "guarantee", "amount": 400000, "underlying": 500000, "years": 5}, "53333.33"),
        ({"instrument": "guarantee", "amount": 400000, "guaranteed_share": 80, "years": 5}, "53333.33"),
        case("GGE-13",
            {
                "instrument": "instalments", "discount_rate": "3.5",
                "instalments": [{"amount": 30000}, {"amount": 30000, "years": 1}, {"amount": 30000, "years": 2}],
            },
            "86990.83",
        ),
        ({"instrument": "grant", "amount": "3200.00"}, "3200.00"),
        # Base 2.5, margin of a sound firm 1.0: (3.5 - 1.5) % of 100 000 then 50 000, discounted at 3.5 %.
        (
            {
                "instrument": "market_rate", "base_rate": 2.5, "rating": "BBB", "contract_rate": 1.5,
                "balances": [100000, 50000],
            },
            "2865.88",
        ),
    ],
)  # fmt: skip
def test_gross_grant_equivalents(given: dict[str, Any], expected: str) -> None:
    answer = computed("gge", **given)
    assert (answer["ok"], answer["amount"]) == (True, expected)


def test_what_an_equivalent_takes_for_granted_is_said() -> None:
    assert outcome("gge", {"instrument": "loan", "amount": 200000, "years": 7}, {"reasons": 0}) == {
        "reasons": ["collateral_assumed"]
    }
    too_long = {"instrument": "loan", "amount": 800000, "years": 7, "collateral": 60}
    assert outcome("gge", too_long, {"ok": 0, "amount": 0, "reasons": 0}) == {
        "ok": False, "amount": None, "reasons": ["safe_harbour_limits"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("granted_on", "due"), [case("REG-01", "2026-11-12", "2026-12-10"), case("REG-02", "2026-11-17", "2026-12-15")]
)  # fmt: skip
def test_the_register(granted_on: str, due: str) -> None:
    for region in (None, "04"):
        assert computed("register-deadline", granted_on=granted_on, region=region)["details"]["register_by"] == due


@pytest.mark.parametrize(
    ("kind", "finding"),
    [
        case("EXP-01", "market_study", "allowed"),
        case("EXP-02", "launch_consultancy", "allowed"),
        case("EXP-03", "trade_fair", "allowed"),
        case("EXP-04", "one_off_investment", "allowed"),
        case("EXP-05", "per_unit_exported", "excluded"),
        case("EXP-06", "sales_office_abroad", "excluded"),
        case("EXP-07", "sales_commission", "excluded"),
        case("EXP-08", "mixed_subscription", "flag"),
        case("EXP-09", "export_advertising", "flag"),
    ],
)
def test_export_expenses(kind: str, finding: str) -> None:
    answer = computed("export-expense", kind=kind)
    assert (answer["details"]["finding"], answer["ok"]) == (finding, finding != "excluded")


def test_the_authority_settles_what_the_law_leaves_open() -> None:
    for given in ({"kind": "mixed_subscription"}, {"current": "mixed"}):
        assert computed("export-expense", **given, settled="allowed")["details"]["finding"] == "allowed"


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        case("GB-01", {"article": "18", "costs": [{"kind": "consultancy", "amount": 30000, "vat": 6000}]}, "15000.00"),
        case("GB-02",
            {
                "article": 19,
                "costs": [
                    {"kind": "stand_rent", "amount": 7000}, {"kind": "stand_setup", "amount": 3000},
                    {"kind": "stand_running", "amount": 2000}, {"kind": "travel", "amount": 3000},
                ],
            },
            "6000.00",
        ),
        case("GB-05",
            {
                "article": "18", "costs": [{"kind": "consultancy", "amount": 30000}], "applied_on": "2026-03-10",
                "events": [{"kind": "order", "on": "2026-03-05"}],
            },
            "0.00",
        ),
    ],
)  # fmt: skip
def test_exempted_aid(given: dict[str, Any], amount: str) -> None:
    answer = computed("gber", granted_on="2026-05-04", **given)
    assert (answer["amount"], answer["ok"]) == (amount, amount != "0.00")


def test_a_project_without_any_eligible_cost_gets_nothing() -> None:
    costs = [{"kind": "consultancy", "amount": 30000, "drawbacks": ["continuous"]}]
    answer = computed("gber", article="18", granted_on="2026-05-04", costs=costs)
    assert (answer["ok"], answer["amount"]) == (False, "0.00")
    assert [reason["code"] for reason in answer["reasons"]] == ["nothing_eligible", "cost_not_eligible"]


def test_an_enterprise_without_any_amount_has_no_size() -> None:
    with pytest.raises(InputError) as fault:
        computed("sme-size", headcount=45)
    assert fault.value.field == "$.turnover"
    partner = _size("9/1/1", stakes="B>A 30") | {"others": [{"name": "B", "headcount": 4}]}
    assert outcome("sme-size", partner, {"ok": 0, "reasons": 0}) == {"ok": False, "reasons": ["figures_missing"]}


@pytest.mark.parametrize(("amount", "publish"), [case("GB-08", "100000.00", False), ("100000.01", True)])
def test_only_awards_above_the_threshold_are_published(amount: str, publish: bool) -> None:
    assert computed("award-publication", amount=amount, granted_on="2026-05-04")["details"]["publish"] is publish


def test_work_begun_before_the_application_has_no_incentive_effect() -> None:
    given = {"applied_on": "2026-03-10", "events": [{"kind": "order", "on": "2026-03-05"}]}
    assert outcome("incentive-effect", given, {"ok": 0, "reasons": 0}) == {
        "ok": False, "reasons": ["no_incentive_effect"],
    }  # fmt: skip
    assert computed("incentive-effect", applied_on="2026-03-10")["ok"]


def test_cumulation_and_scope() -> None:
    given = {"same_costs_aid": 4000, "eligible_costs": 10000, "intensity": 50}
    answers = [computed("cumulation", new_amount=amount, **given) for amount in (1000, "1000.01")]
    assert [answer["ok"] for answer in answers] == [True, False]
    farm = {"naf": "01.11Z"}, {"sector": "other", "other_sectors": ["agriculture_primary"]}
    assert [computed("de-minimis-scope", **one)["ok"] for one in farm] == [False, False]
