"""A mix of instruments: a grant beside a repayable advance, a loan and a guarantee.

The verdict's amount is the grant alone; a loan and a guarantee are not grants, and count towards the
de minimis ceiling by their gross grant equivalent (Reg. (EU) 2023/2831, art. 4). The instruments
together never pass the cost. The firm may ask for less, instrument by instrument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from applications.rules import gge
from applications.rules.amounts.base import Call, Component, Outcome, Step
from applications.rules.amounts.simple import lower
from applications.rules.base import Reason, Verdict
from applications.rules.repayment import outstanding_by_year
from regions.money import ZERO, floor_cent

Terms = Mapping[str, Any]
YEAR = Decimal(12)


@dataclass(slots=True)
class _Building:
    """The mix as it is built, instrument by instrument."""

    call: Call
    outcome: Outcome
    lent: Decimal = ZERO
    loan: Decimal = ZERO
    steps: list[Step] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    @property
    def room(self) -> Decimal:
        """The cost that no instrument covers yet, in euro."""
        return self.call.cost - self.outcome.aid - self.lent

    def asked(self, instrument: str) -> Decimal | None:
        found = (self.call.facts.get("asked_components") or {}).get(instrument)
        return None if found is None else Decimal(found)


def mix(call: Call) -> Outcome:
    """`components` in their order; at payment the grant alone is due, the rest was paid out as agreed."""
    grants = [terms for terms in call.how["components"] if terms["instrument"] == "grant"]
    outcome = _grant(call, grants[0]) if grants else Outcome(ZERO)
    if call.payment is not None or any(reason.blocking for reason in outcome.reasons):
        return outcome
    building = _Building(call, outcome)
    components = [_component(building, terms) for terms in call.how["components"]]
    return replace(
        outcome, components=[c for c in components if c is not None], steps=[*outcome.steps, *building.steps],
        reasons=[*outcome.reasons, *building.reasons],
    )  # fmt: skip


def _grant(call: Call, terms: Terms) -> Outcome:
    """The nested aid; what the firm asks below it lowers it."""
    outcome = call.inner(terms["how"])
    asked = (call.facts.get("asked_components") or {}).get("grant")
    if call.payment is not None or asked is None or asked >= outcome.aid:
        return outcome
    return lower(call, outcome, Decimal(asked), "asked_less", asked)


def _component(building: _Building, terms: Terms) -> Component | None:
    if terms["instrument"] == "grant":
        return Component("grant", building.outcome.aid, building.outcome.aid)
    made = _guarantee(building, terms) if terms["instrument"] == "guarantee" else _lent(building, terms)
    if made is not None:
        base = building.call.cost if terms["instrument"] != "guarantee" else building.loan
        building.steps.append(Step(terms["instrument"], base, made.amount))
    return made


def _lent(building: _Building, terms: Terms) -> Component | None:
    """A loan or a repayable advance: a share of the cost, between its floor and its ceiling."""
    amount = _amount(building, terms)
    if amount == ZERO:
        return None
    rate, months = Decimal(terms["annual_rate_percent"]), terms["months"]
    verdict, method = _equivalent(building.call, amount, terms)
    if verdict.amount is None:
        building.reasons.extend(replace(reason, blocking=False) for reason in verdict.reasons)
        return None
    building.lent += amount
    building.loan += amount if terms["instrument"] == "loan" else ZERO
    return Component(
        terms["instrument"], amount, min(verdict.amount, amount), months, terms["grace_months"],
        terms["every_months"], rate, method,
    )  # fmt: skip


def _amount(building: _Building, terms: Terms) -> Decimal:
    """The amount lent, in euro, with a reason when it is less than the share or than what is asked."""
    share = floor_cent(building.call.cost * Decimal(terms["share_of_cost"]))
    ceiling, asked = Decimal(terms["amount_ceiling"]), building.asked(terms["instrument"])
    if share > ceiling:
        building.reasons.append(building.call.reason("component_ceiling", terms["amount_ceiling"]))
    most = min(share, ceiling, building.room)
    amount = most if asked is None else min(asked, most)
    floor = Decimal(terms.get("amount_floor", "0"))
    if ZERO < amount < floor:
        building.reasons.append(building.call.reason("component_floor", terms["amount_floor"]))
        return ZERO
    return amount


def _equivalent(call: Call, amount: Decimal, terms: Terms) -> tuple[Verdict, str]:
    """The safe harbour where collateral covers half of the loan; else, or beyond its limits, the reference rate.

    An advance repaid by its success is no loan: it may never come back, so the whole of it counts as aid, and what is
    repaid later changes nothing (Reg. (EU) 2023/2831, art. 4, says no method for it: to be confirmed).
    """
    if "success" in terms:
        return Verdict(True, amount=amount), "nominal"
    borrower = gge.Borrower(insolvent=bool(call.facts.get("insolvent")))
    years = terms["months"] / YEAR
    collateral = Decimal(terms.get("collateral_percent", "0"))
    if collateral >= gge.COLLATERAL_FROM:
        verdict = gge.loan(amount, years, collateral=collateral, borrower=borrower)
        if verdict.ok:
            return verdict, "safe_harbour"
    return _by_reference(call, amount, terms, borrower), "reference_rate"


def _by_reference(call: Call, amount: Decimal, terms: Terms, borrower: gge.Borrower) -> Verdict:
    """Art. 4(3)(c): what the market would charge beyond the contract, on what is owed each year."""
    base = Decimal(call.how["reference"]["base_rate_percent"])
    return gge.by_market_rate(
        outstanding_by_year(amount, terms["months"], terms["grace_months"], terms["every_months"]),
        market=gge.reference_rate(base), contract=Decimal(terms["annual_rate_percent"]),
        discount=gge.discount_rate(base), borrower=borrower,
    )  # fmt: skip


def _guarantee(building: _Building, terms: Terms) -> Component | None:
    """A share of the loan of the mix; beyond the safe harbour of art. 4(6)(b) it is not given."""
    most = floor_cent(building.loan * Decimal(terms["share_of_loan"]))
    asked = building.asked("guarantee")
    amount = most if asked is None else min(asked, most)
    if amount == ZERO:
        return None
    borrower = gge.Borrower(insolvent=bool(building.call.facts.get("insolvent")))
    verdict = gge.guarantee(amount, terms["months"] / YEAR, underlying=building.loan, borrower=borrower)
    if verdict.amount is None:
        building.reasons.extend(replace(reason, blocking=False) for reason in verdict.reasons)
        return None
    premium = Decimal(terms.get("premium_percent", "0"))
    return Component("guarantee", amount, verdict.amount, terms["months"], 0, 0, premium, "safe_harbour")
