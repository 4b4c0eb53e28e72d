"""Worked examples of the ERDF rules through the registry: costs, deadlines, declarations, control, indicators."""

from __future__ import annotations

from typing import Any

import pytest

from .helpers import case, computed, outcome

STAFF = {"direct_staff": 40000, "other_direct": 25000}
CASES: list[Any] = [
    # Simplified costs.
    case(
        "SCO-01",
        "simplified-costs",
        {"flat_rates": [{"article": "54(a)"}], **STAFF},
        {"details/lines/indirect": "4550.00"},
    ),
    case(
        "SCO-02",
        "simplified-costs",
        {"flat_rates": [{"article": "54(b)"}], **STAFF},
        {"details/lines/indirect": "6000.00"},
    ),
    case(
        "SCO-03",
        "simplified-costs",
        {"flat_rates": [{"article": "56"}], **STAFF},
        {"details/lines/all_other": "16000.00", "amount": "56000.00"},
    ),
    case(
        "SCO-06",
        "simplified-costs",
        {"gross_cost": 51600, "hours": 412},
        {"details/hourly_rate": "30.00", "amount": "12360.00"},
    ),
    ("simplified-costs", {"gross_cost": 51600, "share": 60}, {"amount": "30960.00"}),
    case(
        "SCO-10",
        "simplified-costs",
        {"total_cost": "200000.00", "aid_regime": "de_minimis", "forms": ["real_costs"]},
        {"ok": False, "reasons": ["simplified_costs_compulsory"]},
    ),
    ("simplified-costs", {"total_cost": "200000.01", "aid_regime": "de_minimis"}, {"ok": True}),
    ("simplified-costs", {"total_cost": "200000", "aid_regime": "state_aid"}, {"ok": True}),
    ("simplified-costs", {"unit_costs": [{"name": "day", "units": 12, "unit_cost": "450.50"}]}, {"amount": "5406.00"}),
    (
        "simplified-costs",
        {"lump_sums": [{"name": "a", "amount": 5000}, {"name": "b", "amount": 1, "delivered": False}]},
        {"amount": "5000.00", "reasons": ["not_delivered"]},
    ),
    (
        "simplified-costs",
        {"uses": [{"form": "real_costs", "category": "staff"}, {"form": "flat_rates", "category": "staff"}]},
        {"ok": False, "reasons": ["forms_overlap"]},
    ),
    # Eligibility and VAT.
    case(
        "EL-01",
        "cost-eligibility",
        {"incurred_on": "2026-02-01", "paid_on": "2026-03-01", "applied_on": "2026-01-15"},
        {"ok": True, "reasons": []},
    ),
    case("EL-02", "cost-eligibility", {"paid_on": "2030-01-05"}, {"ok": False, "reasons": ["out_of_period"]}),
    (
        "cost-eligibility",
        {"paid_on": "2030-01-05", "programme": {"extension_approved_on": "2026-03-15"}},
        {"ok": True},
    ),
    ("cost-eligibility", {"incurred_on": "2026-02-01"}, {"ok": False, "reasons": ["not_paid"]}),
    case("VAT-01", "vat", {"total_cost_incl_vat": "4999999.99"}, {"ok": True}),
    ("vat", {"total_cost_incl_vat": "5000000.00"}, {"ok": False}),
    case("VAT-03", "vat", {"amount": 1000, "vat": 85, "aid_regime": "gber"}, {"ok": False, "amount": "1000.00"}),
    ("land-ceiling", {"land": 12000, "total_eligible": 100000}, {"amount": "10000.00"}),
    ("in-kind", {"public_support": "8000.01", "total_eligible": 10000, "in_kind": 2000}, {"ok": False}),
    # Deadlines.
    case("PAY-01", "payment-deadline", {"submitted_on": "2026-06-01"}, {"details/pay_by": "2026-08-20"}),
    case(
        "PAY-02",
        "payment-deadline",
        {"submitted_on": "2026-06-01", "interruptions": [{"asked_on": "2026-06-20", "answered_on": "2026-07-10"}]},
        {"details/pay_by": "2026-09-09"},
    ),
    (
        "payment-deadline",
        {"submitted_on": "2026-06-01", "paid_on": "2026-08-21"},
        {"ok": False, "reasons": ["payment_late"]},
    ),
    ("decision-deadline", {"received_on": "2026-03-02"}, {"details/decide_by": "2026-05-02"}),
    case("PAY-04", "retention", {"last_payment_on": "2026-11-30"}, {"details/keep_until": "2031-12-31"}),
    ("retention", {"erdf": False}, {"ok": False, "reasons": ["no_period"]}),
    ("retention", {"last_payment_on": "2026-11-30", "as_of": "2032-01-01"}, {"details/may_delete": True}),
    (
        "durability",
        {"aid": 10000, "final_payment_on": "2027-01-01", "event": "cessation", "happened_on": "2029-01-01"},
        {"amount": "5996.71", "ok": False},
    ),
    case(
        "TR-01",
        "transmission",
        {"on": "2027-01-31"},
        {"details/state_on": "2026-12-31", "details/with_indicators": True},
    ),
    ("transmission", {"on": "2027-04-01"}, {"details/due_on": "2027-04-30", "details/with_indicators": False}),
    # Control.
    case("IR-01", "irregularity", {"contribution": "9999.99"}, {"ok": True, "reasons": ["below_threshold"]}),
    ("irregularity", {"contribution": "10000.00"}, {"ok": False, "details/report_by": None}),
    case("IR-04", "irregularity", {"detected_on": "2026-05-14"}, {"ok": False, "details/report_by": "2026-08-31"}),
    ("flat-rate-correction", {"affected": 100000, "level": 10, "persistent": True}, {"amount": "25000.00"}),
    case("COM-01", "publicity", {"fund_support": 20000}, {"amount": "600.00"}),
    case("CL-01", "climate", {"amount": 100000, "field": "015"}, {"amount": "40000.00", "details/environment": "0.00"}),
    # Declarations.
    case(
        "PA-01",
        "payment-application",
        {"declared": 1000000, "rate": 60},
        {"amount": "570000.00", "details/interim_payment/left_for_accounts": "30000.00"},
    ),
    case("PA-03", "payment-application", {"paid_on": "2026-06-30"}, {"details/accounting_year/label": "2025-26"}),
    case("PA-03b", "payment-application", {"paid_on": "2026-07-01"}, {"details/accounting_year/label": "2026-27"}),
    case(
        "PA-07",
        "payment-application",
        {"claim": {"expenditure": 10000, "aid_due": 8000, "aid_paid": 0, "aid_regime": "state_aid"}},
        {"ok": False, "amount": "0.00", "reasons": ["aid_not_paid"]},
    ),
    (
        "payment-application",
        {"advance": {"aid": 10000, "paid": 5000, "paid_on": "2026-05-04", "guaranteed": True}},
        {"amount": "4000.00", "reasons": ["advance_above_ceiling"]},
    ),
    (
        "payment-application",
        {"declared": 100, "rate": 86, "category": "outermost"},
        {"ok": False, "details/rate/maximum": "85.00"},
    ),
    ("payment-application", {"submitted_on": "2027-06-01"}, {"details/window/final": True}),
    case(
        "ACC-01",
        "accounts",
        {
            "rows": [
                {
                    "applied_expenditure": 1200000,
                    "applied_contribution": 900000,
                    "accounts_expenditure": 1188500,
                    "accounts_contribution": 891375,
                }
            ]
        },
        {
            "ok": False,
            "reasons": ["comment_missing"],
            "details/expenditure_difference": "11500.00",
            "details/contribution_difference": "8625.00",
            "details/comment_required": True,
        },
    ),
    (
        "residual-error",
        {"declared": 1000, "total_error_rate": 2.2, "corrections": 2.1},
        {
            "ok": True,
            "details/certifiable": "997.90",
            "details/residual_risk": "19.90",
            "details/rate_percent": "1.99",
        },
    ),
    (
        "residual-error",
        {"declared": 1000, "total_error_rate": 2.2, "ongoing_assessment": 50, "corrections": 0.5},
        {
            "ok": False,
            "details/certifiable": "949.50",
            "details/residual_risk": "20.40",
            "details/rate_percent": "2.15",
            "details/extra_correction": "1.438776",
            "amount": "1.44",
        },
    ),
    # Indicators.
    case(
        "IND-01",
        "indicators",
        {
            "supports": [
                {"enterprise": "E1", "operation": "A", "objective": "1.3"},
                {"enterprise": "E1", "operation": "B", "objective": "1.3"},
                {"enterprise": "E2", "objective": "1.3"},
                {"enterprise": "E3", "form": "non_financial", "objective": "1.3"},
            ]
        },
        {
            "details/indicators/RCO01": 3,
            "details/indicators/RCO02": 2,
            "details/indicators/RCO03": 0,
            "details/indicators/RCO04": 1,
        },
    ),
    case(
        "IND-05",
        "indicators",
        {"supports": [{"enterprise": "E1", "project_total": 10000, "public_support": 8000}]},
        {"details/indicators/RCR02": "2000.00"},
    ),
    (
        "indicators",
        {
            "supports": [
                {"enterprise": "E1", "turnover_before": 100000, "turnover_after": 90000},
                {"enterprise": "E1", "turnover_before": 100000, "turnover_after": 120000, "jobs": "1.50"},
                {"enterprise": "E2", "turnover_before": 50000, "turnover_after": 50000},
                {"enterprise": "E3", "turnover_after": 80000},
            ]
        },
        {"details/indicators/RCR19": 1, "details/indicators/RCR01": "1.50"},
    ),
    ("indicators", {"values": {"RCO01": 2, "RCO02": 3}}, {"ok": False, "reasons": ["form_above_total"]}),
    ("indicators", {"code": "RCO01", "objective": "5.1"}, {"ok": False, "reasons": ["indicator_not_usable"]}),
]


@pytest.mark.parametrize(("rule", "given", "expected"), CASES)
def test_worked_examples(rule: str, given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert outcome(rule, given, expected) == expected


def test_two_objectives_have_no_flat_counts() -> None:
    supports = [{"enterprise": "E1", "objective": "1.2"}, {"enterprise": "E1", "objective": "1.3"}]
    assert set(computed("indicators", supports=supports)["details"]) == {"objectives"}
