"""« Am I eligible, and for how much? »: a scheme's rules on facts that nobody keeps. Pure: no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from applications import self_diagnosis
from applications.rules import de_minimis, eligibility, terms
from applications.rules.amounts import Line, compute
from applications.rules.base import Reason, Verdict
from applications.rules.deadlines import decision_due
from regions.calendars import add_months
from regions.money import ZERO

Rules = Mapping[str, Any]

UNASKED = "fact_missing"
SIREN = "simulation"  # the firm of a simulation has no number


def assumed(day: date) -> dict[str, Any]:
    """What the house would know of a firm, taken as empty: nothing signed, no other application, no other aid."""
    return {
        "naf_nomenclature": "rev2", "applied_on": day, "awarded_on": None, "works_start_on": None,
        "person_applications_this_year": 0, "firm_applications_this_year": 0, "other_public_aid": ZERO,
    }  # fmt: skip


def of_level(rules: Rules, level: int) -> dict[str, Any]:
    """A level’s own facts, as if the analysis before it were settled and had recommended all; none without levels."""
    entry = terms.level_of(rules, level)
    if entry is None:
        return {}
    return {"level": level, "prior_level_settled": True, "recommended": list(entry["categories"])}


def to_come(rules: Rules) -> dict[str, Any]:
    """The self-diagnosis that a scheme asks for first, taken as made: whoever asks can make it at once."""
    return {"prior_steps": [self_diagnosis.STEP]} if self_diagnosis.asked_by(rules) else {}


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """A line of the quote and what the rules make of it. Euro excl. VAT."""

    label: str
    quoted: Decimal
    eligible: Decimal
    aid: Decimal
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When things happen if the file is complete on the day of the simulation; each date is a latest."""

    decision_by: date
    completion_months: int
    claim_days: int
    payment_days: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """The answer: eligible or not and why, the aid line by line, what is left to pay, when."""

    eligible: bool
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    lines: tuple[LineOutcome, ...]
    quoted: Decimal
    aid: Decimal
    calendar: Calendar
    components: tuple[Mapping[str, Any], ...] = ()

    @property
    def unasked(self) -> bool:
        """Whether a condition is on a fact that is not known here."""
        return bool(self.missing)

    @property
    def own_share(self) -> Decimal:
        """What the firm pays in the end, excl. VAT."""
        return self.quoted - self.aid


def simulate(
    rules: Rules, facts: Mapping[str, Any], lines: Sequence[Line], *, prior: Decimal, other_aid: Decimal, day: date
) -> Simulation:
    """Run eligibility, amount and de minimis on facts as typed; `prior` is de minimis aid over three years.

    A condition on a fact that is not known here refuses nothing: `missing` names the fact.
    """
    verdicts = _verdicts(rules, facts, lines, prior, other_aid, day)
    blocking = tuple(r for v in verdicts if not v.ok for r in v.reasons if r.blocking)
    missing = tuple(dict.fromkeys(name for r in blocking if (name := _unknown(r, facts))))
    reasons = tuple(r for r in blocking if not _unknown(r, facts))
    amount = verdicts[1]
    eligible = not reasons
    return Simulation(
        eligible=eligible, reasons=reasons, missing=missing,
        lines=_lines(lines, amount), quoted=sum((line.amount for line in lines), ZERO),
        aid=(amount.amount or ZERO) if eligible else ZERO, calendar=calendar(rules, day),
        components=tuple(c for c in amount.details["components"] if c["instrument"] != "grant" and eligible),
    )  # fmt: skip


def _unknown(reason: Reason, facts: Mapping[str, Any]) -> str:
    """The fact that a reason misses, or nothing when it truly refuses; a rate by size needs the headcount."""
    if reason.code == "no_band" and facts.get("headcount") is None:
        return "headcount"
    return str(reason.params["fact"]) if reason.code == UNASKED else ""


def _verdicts(
    rules: Rules, facts: Mapping[str, Any], lines: Sequence[Line], prior: Decimal, other_aid: Decimal, day: date
) -> tuple[Verdict, Verdict, Verdict]:
    amount = compute(rules, lines, facts, other_aid=other_aid)
    if rules.get("legal_basis", "de_minimis") != "de_minimis":
        return eligibility.assess(rules, facts), amount, Verdict(True)
    awards = [de_minimis.Award(SIREN, day, prior)] if prior else []
    ceiling = de_minimis.assess(
        undertaking=frozenset({SIREN}), awards=awards, new_amount=_of_one_firm(amount, facts), granted_on=day
    )
    return eligibility.assess(rules, facts), amount, ceiling


def _of_one_firm(amount: Verdict, facts: Mapping[str, Any]) -> Decimal:
    """The grant equivalent of one firm's part: loan and guarantee counted, a group's aid divided (Reg. 2023/2831)."""
    whole = Decimal(amount.details["gross_grant_equivalent"])
    return whole / (facts.get("members") or 1)


def _lines(lines: Sequence[Line], amount: Verdict) -> tuple[LineOutcome, ...]:
    results = {result["key"]: result for result in amount.details["lines"]}
    return tuple(_outcome(line, results[line.key]) for line in lines)


def _outcome(line: Line, result: Mapping[str, Any]) -> LineOutcome:
    reasons = tuple(Reason(r["code"], r["fr"], r["en"], r["article"], False) for r in result["reasons"])
    return LineOutcome(line.label, line.amount, result["eligible"], result["aid"], reasons)


def calendar(rules: Rules, day: date) -> Calendar:
    """The scheme's own periods: decision in months from a complete file, the rest in months and days."""
    when = rules.get("when", {})
    due = decision_due(day, [], day, months=int(when.get("decision_months", 2)))
    return Calendar(
        due, int(when.get("completion_months", 6)), int(when.get("claim_window_days", 90)),
        int(when.get("payment_days", 80)),
    )  # fmt: skip


def last_claim_day(rules: Rules, notified_on: date) -> date:
    """The last day to claim when the grant is notified on a day: completion, then the claim window."""
    plan = calendar(rules, notified_on)
    return add_months(notified_on, plan.completion_months) + timedelta(days=plan.claim_days)
