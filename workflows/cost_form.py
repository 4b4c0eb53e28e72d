"""The form of the ERDF contribution on a file: up to EUR 200 000 of total cost, simplified costs (CPR art. 53(2))."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from applications.models import Application
from applications.rules.base import Verdict
from applications.rules.cost_forms import Funding, obligation
from regions import clock
from regions.money import ZERO
from workflows.exemption import article_of

GROUPED = "grouped"
FORMS = {"real": "real_costs"}
SIMPLIFIED = "lump_sums"


def gather(application: Application) -> dict[str, Any] | None:
    """The total cost in euro and its form of a file that is an operation itself; None without ERDF.

    In grouped mode the operation is the region's, above the files: a file is neither more nor less than a line
    of it, and the operation's own form is shown beside it (`of_operation`).
    """
    rules = application.scheme_version.rules
    if not is_erdf(rules) or is_grouped(rules):
        return None
    return {"total_cost": _quoted(application), "form": form_of(rules)}


def is_grouped(rules: Mapping[str, Any]) -> bool:
    """Whether the rules make the region the beneficiary of one operation above the files."""
    return bool(rules.get("beneficiary", {}).get("mode") == GROUPED)


def form_of(rules: Mapping[str, Any]) -> str:
    """The form of the costs that the scheme declares."""
    return FORMS.get(rules.get("payment", {}).get("costs", ""), SIMPLIFIED)


def of_operation(application: Application) -> Verdict | None:
    """Whether the form is allowed for the operation above a file; None without one."""
    rules, operation = application.scheme_version.rules, application.operation
    if operation is None or not is_erdf(rules):
        return None
    return obligation(Funding(operation.at(clock.now()).total_cost, frozenset({form_of(rules)}), _regime(rules)))


def is_erdf(rules: Mapping[str, Any]) -> bool:
    """Whether the ERDF is among the funders."""
    return any(funder["code"] == "erdf" for funder in rules.get("funding", {}).get("funders", []))


def _quoted(application: Application) -> Decimal:
    return sum((line.amount for line in application.lines.all()), ZERO)


def assess(inputs: Mapping[str, Any]) -> Verdict:
    """Whether the form is allowed; State aid under the exemption is not bound (art. 53(2))."""
    frozen = inputs.get("cost_form")
    if frozen is None:
        return Verdict(True)
    return obligation(Funding(frozen["total_cost"], frozenset({frozen["form"]}), _regime(inputs["rules"])))


def _regime(rules: Mapping[str, Any]) -> str:
    return "state_aid" if article_of(rules) else str(rules.get("legal_basis", "none"))
