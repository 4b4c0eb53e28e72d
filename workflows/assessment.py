"""From a file's facts to the rules' verdicts: the one place where both meet.

The same assessment serves the automatic checks at filing, the officer's proposal, the decision and
its recomputation years later: it is a pure function of the inputs that it also returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from applications import self_diagnosis
from applications.enums import ApplicationState, Finding
from applications.models import Application
from applications.rules import de_minimis, eligibility
from applications.rules.amounts import Line, compute
from applications.rules.base import Reason, Verdict
from regions.calendars import add_months, local_date, months_between
from regions.money import ZERO
from workflows import group, undertaking

UNCOUNTED = (
    ApplicationState.DRAFT,
    ApplicationState.REFUSED,
    ApplicationState.CLOSED,
    ApplicationState.WITHDRAWN,
)
LAW_VERSION = "EU 2023/2831"


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdicts on a file, and the inputs that reproduce them."""

    eligibility: Verdict
    amount: Verdict
    de_minimis: Verdict
    inputs: Mapping[str, Any]

    @property
    def aid(self) -> Decimal:
        """The aid that the rules give, in euro, zero when they refuse."""
        return self.amount.amount or ZERO if self.ok else ZERO

    @property
    def ok(self) -> bool:
        return self.eligibility.ok and self.amount.ok and self.de_minimis.ok

    def blocking(self) -> tuple[Reason, ...]:
        """The reasons that refuse, in the order of the rules."""
        verdicts = (self.eligibility, self.amount, self.de_minimis)
        return tuple(r for v in verdicts if not v.ok for r in v.reasons if r.blocking)

    def outcome(self) -> dict[str, Any]:
        """What is frozen of the verdicts: amounts and reason codes."""
        return {
            "eligible": self.eligibility.ok,
            "aid": self.aid,
            "de_minimis_total": self.de_minimis.details["total"],
            "codes": [reason.code for reason in self.blocking()],
            "reasons": [{"code": r.code, "fr": r.fr, "en": r.en, "article": r.article} for r in self.blocking()],
            "lines": self.amount.details.get("lines", []),
        }


def finding(verdict: Verdict) -> str:
    """Green, red, or an exception for a person to look at."""
    if not verdict.ok:
        return Finding.RED
    return Finding.EXCEPTION if verdict.reasons else Finding.GREEN


def assess(
    application: Application, day: date, *, awarded_on: date | None = None, asked: Decimal | None = None
) -> Assessment:
    """Assess a file as of a day; `awarded_on` is the day of the grant when one is being made.

    `asked` is an explicit smaller grant in euro: the ceiling is then measured on it.
    """
    return run(gather(application, day, awarded_on) | {"asked": asked})


def gather(application: Application, day: date, awarded_on: date | None) -> dict[str, Any]:
    """The inputs of an assessment, without names: frozen with the decision as they are."""
    return {
        "rules": application.scheme_version.rules,
        "facts": firm_facts(application, day, awarded_on),
        "lines": [line_input(line) for line in application.lines.all()],
        "parties": [_party(application, day, party) for party in group.parties(application)],
        "day": day,
    }


def _party(application: Application, day: date, party: group.Party) -> dict[str, Any]:
    sirens = undertaking.sirens_of(party.company.siren)
    awards = undertaking.awards(sirens, application, day, party)
    return {"undertaking": sorted(sirens), "awards": awards}


def run(inputs: Mapping[str, Any]) -> Assessment:
    """Run the rules on gathered inputs: pure, so a decision can be recomputed from its frozen facts."""
    facts, rules = inputs["facts"], inputs["rules"]
    lines = [Line(**line) for line in inputs["lines"]]
    amount = compute(rules, lines, facts, other_aid=facts["other_public_aid"])
    return Assessment(eligibility.assess(rules, facts), amount, _ceiling(inputs, amount), inputs)


def _ceiling(inputs: Mapping[str, Any], amount: Verdict) -> Verdict:
    """The ceiling of each firm's undertaking on its part of the aid; nothing to measure outside de minimis."""
    if inputs["rules"].get("legal_basis") != "de_minimis":
        return Verdict(True, details={"total": ZERO})
    found = _headrooms(inputs, amount)
    return next((verdict for verdict in found if not verdict.ok), found[0])


def headrooms(assessed: Assessment) -> list[Verdict]:
    """The ceiling of each party's undertaking on its own part, the lead first; none outside de minimis."""
    if assessed.inputs["rules"].get("legal_basis") != "de_minimis":
        return []
    return _headrooms(assessed.inputs, assessed.amount)


def _headrooms(inputs: Mapping[str, Any], amount: Verdict) -> list[Verdict]:
    parts = group.parts(_equivalent(inputs, amount), len(inputs["parties"]))
    return [_headroom(party, part, inputs["day"]) for party, part in zip(inputs["parties"], parts, strict=True)]


def _equivalent(inputs: Mapping[str, Any], amount: Verdict) -> Decimal:
    """The grant equivalent of what would be given, in euro: the grant, smaller if asked, and all that is no grant."""
    grant = amount.amount or ZERO
    repaid = Decimal(amount.details.get("gross_grant_equivalent", grant)) - grant
    return min(inputs["asked"] or grant, grant) + repaid


def _headroom(party: Mapping[str, Any], part: Decimal, day: date) -> Verdict:
    return de_minimis.assess(
        undertaking=frozenset(party["undertaking"]),
        awards=[de_minimis.Award(**award) for award in party["awards"]],
        new_amount=part,
        granted_on=day,
    )


def line_input(line: Any) -> dict[str, Any]:
    return {
        "key": str(line.number),
        "category": line.category,
        "label": "",
        "amount": line.amount,
        "hardware": line.hardware,
        "quantity": line.quantity,
    }


def firm_facts(application: Application, day: date, awarded_on: date | None) -> dict[str, Any]:
    """The facts that conditions may name, from the file and the house's own history."""
    company = application.company
    applied_on = local_date(application.submitted_at, application.zone) if application.submitted_at else day
    return _project_facts(application, day) | {
        "headcount": application.headcount,
        "turnover": application.turnover,
        "balance_sheet": application.balance_sheet,
        "naf": application.naf_code,
        "naf_nomenclature": application.naf_nomenclature,
        "legal_category": application.legal_category,
        "seat_region": company.region.code,
        "created_on": company.created_on,
        "applied_on": applied_on,
        "age_months": months_between(company.created_on, applied_on),
        "works_start_on": application.works_start_on,
        "awarded_on": awarded_on,
        "person_applications_this_year": _others(application, day, manager=application.manager),
        "firm_applications_this_year": _others(application, day, company=company),
        "other_public_aid": application.other_public_aid or ZERO,
    }


def facts_at_grant(application: Application) -> dict[str, Any]:
    """The facts of the day of the grant, for what is due later; a group counts the firms that still take part."""
    day = application.decided_on or local_date(application.created_at, application.zone)
    return firm_facts(application, day, application.decided_on)


def _project_facts(application: Application, day: date) -> dict[str, Any]:
    """The facts of the project itself: its group, its level, the forms of aid asked for, what the firm drew before."""
    earlier = application.follows
    return {
        "members": group.size(application),
        "level": application.level,
        "recommended": list(earlier.recommended) if earlier else [],
        "prior_level_settled": earlier is not None and earlier.state == ApplicationState.COMPLETED,
        "asked_components": {name: Decimal(amount) for name, amount in application.asked_components.items()},
        "prior_steps": _prior_steps(application),
        **_wallet(application, day),
    }


def _prior_steps(application: Application) -> list[str]:
    """What was done before: the kinds of document handed in, and the self-diagnosis when the file cites one."""
    kinds = set(application.documents.filter(deleted_at__isnull=True).values_list("kind", flat=True))
    return sorted(kinds | ({self_diagnosis.STEP} if application.self_diagnosis else set()))


def _wallet(application: Application, day: date) -> dict[str, Decimal]:
    """What the firm was granted before under the scheme: in the rolling years of its rules, and this calendar year."""
    years = int(application.scheme_version.rule("how", "rolling", "years", default=3))
    earlier = (
        Application.objects.filter(company=application.company_id, amount_granted__isnull=False)
        .filter(scheme_version__scheme=application.scheme_version.scheme_id)
        .exclude(pk=application.pk)
        .values_list("decided_on", "amount_granted")
    )
    rolling = add_months(day, -12 * years)
    return {
        "wallet_used_rolling": sum((amount for on, amount in earlier if on and on > rolling), ZERO),
        "wallet_used_year": sum((amount for on, amount in earlier if on and on.year == day.year), ZERO),
    }


def _others(application: Application, day: date, **by: Any) -> int:
    """Other files of the same firm or person under the scheme in the calendar year, local time."""
    zone = ZoneInfo(application.zone)
    filed = (
        Application.objects.filter(scheme_version__scheme=application.scheme_version.scheme, **by)
        .exclude(pk=application.pk)
        .exclude(state__in=UNCOUNTED)
        .filter(submitted_at__isnull=False)
        .values_list("submitted_at", flat=True)
    )
    year = application.submitted_at.astimezone(zone).year if application.submitted_at else day.year
    return sum(1 for moment in filed if moment.astimezone(zone).year == year)
