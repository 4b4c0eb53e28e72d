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
from applications.rules import de_minimis, declared_ownership, eligibility, restructuring
from applications.rules.amounts import Line, compute
from applications.rules.base import Reason, Verdict
from regions.calendars import add_months, local_date, months_between
from regions.money import ZERO
from workflows import cost_form, exemption, group, ownership, undertaking

UNCOUNTED = (
    ApplicationState.DRAFT,
    ApplicationState.REFUSED,
    ApplicationState.CLOSED,
    ApplicationState.WITHDRAWN,
)
LAW_VERSION = "EU 2023/2831"
SIZE_KEPT = ("size", "relation", "headcount", "turnover", "balance_sheet", "public_share")


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdicts on a file, the inputs that reproduce them, and the facts with those that the rules draw."""

    eligibility: Verdict
    amount: Verdict
    de_minimis: Verdict
    exemption: Verdict
    cost_form: Verdict
    size: Verdict | None
    facts: Mapping[str, Any]
    undertakings: tuple[frozenset[str], ...]
    inputs: Mapping[str, Any]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Those that decide, in the order of the rules."""
        return self.eligibility, self.amount, self.cost_form, self.exemption, self.de_minimis

    @property
    def by_rules(self) -> Verdict:
        """The eligibility of the firm and of the project: the first verdict that refuses, the ceiling apart."""
        found = self.verdicts[:4]
        return next((v for v in found if not v.ok), next((v for v in found[1:] if v.reasons), self.amount))

    @property
    def aid(self) -> Decimal:
        """The aid that the rules and the exemption give, in euro, zero when they refuse."""
        given = self.amount.amount or ZERO
        return min(given, self.exemption.amount or ZERO) if self.ok else ZERO

    @property
    def ok(self) -> bool:
        return all(verdict.ok for verdict in self.verdicts)

    @property
    def law_version(self) -> str:
        """The regulation that the aid rests on, in the version of the day."""
        version = self.exemption.details.get("version")
        return f"EU {version}" if version else LAW_VERSION

    def blocking(self) -> tuple[Reason, ...]:
        """The reasons that refuse, in the order of the rules."""
        return tuple(r for v in self.verdicts if not v.ok for r in v.reasons if r.blocking)

    def outcome(self) -> dict[str, Any]:
        """What is frozen of the verdicts: amounts and reason codes."""
        return {
            "eligible": self.eligibility.ok,
            "aid": self.aid,
            "de_minimis_total": self.de_minimis.details["total"],
            "codes": [reason.code for reason in self.blocking()],
            "reasons": [{"code": r.code, "fr": r.fr, "en": r.en, "article": r.article} for r in self.blocking()],
            "lines": self.amount.details.get("lines", []),
            **self._of_the_firm(),
            **({"exemption": dict(self.exemption.details)} if self.exemption.details else {}),
        }

    def _of_the_firm(self) -> dict[str, Any]:
        """Size and undertakings; absent from decisions that were made before they were drawn from the file."""
        if self.size is None:
            return {}
        size = {name: self.size.details.get(name) for name in SIZE_KEPT}
        return {"firm": size | {"parts": self.size.details["parts"]}, "undertakings": list(self.undertakings)}


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
    declared = ownership.declared(application)
    parties = [party_input(application, day, party, declared) for party in group.parties(application)]
    return {
        "rules": application.scheme_version.rules,
        "facts": firm_facts(application, day, awarded_on),
        "ownership": declared_ownership.plain(declared),
        "lines": [line_input(line) for line in application.lines.all()],
        "parties": parties,
        "exemption": exemption.gather(application, parties[0]["undertaking"]),
        "cost_form": cost_form.gather(application),
        "day": day,
    }


def party_input(
    application: Application, day: date, party: group.Party, declared: declared_ownership.Declared
) -> dict[str, Any]:
    """A firm of the file: its links, the mergers and splits behind it, and every award that may count."""
    siren = party.company.siren
    links = undertaking.links(declared, siren)
    sirens = undertaking.sirens_of(siren, links)
    events = undertaking.restructurings(sirens)
    awards = undertaking.awards(undertaking.predecessors(sirens, events), application, day, party)
    return {
        "siren": siren, "links": links, "undertaking": sorted(sirens), "restructurings": events, "awards": awards,
    }  # fmt: skip


def run(inputs: Mapping[str, Any]) -> Assessment:
    """Run the rules on gathered inputs: pure, so a decision can be recomputed from its frozen facts."""
    rules, size = inputs["rules"], _size(inputs)
    facts = inputs["facts"] | (declared_ownership.facts(size) if size else {})
    lines = [Line(**line) for line in inputs["lines"]]
    amount = compute(rules, lines, facts, other_aid=facts["other_public_aid"])
    return Assessment(
        eligibility=eligibility.assess(rules, facts), amount=amount, de_minimis=_ceiling(inputs, amount),
        exemption=exemption.assess(inputs, facts, amount), cost_form=cost_form.assess(inputs), size=size, facts=facts,
        undertakings=tuple(undertaking_of(party) for party in inputs["parties"]), inputs=inputs,
    )  # fmt: skip


def _size(inputs: Mapping[str, Any]) -> Verdict | None:
    """The firm's size from the ties frozen with the file; None for a decision made before they were."""
    frozen = inputs.get("ownership")
    return declared_ownership.size(declared_ownership.read(frozen)) if frozen else None


def undertaking_of(party: Mapping[str, Any]) -> frozenset[str]:
    """The single undertaking of a party, drawn again from its frozen links."""
    if "links" not in party:
        return frozenset(party["undertaking"])
    return de_minimis.single_undertaking(party["siren"], party["links"])


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
    return [headroom(party, part, inputs["day"]) for party, part in zip(inputs["parties"], parts, strict=True)]


def _equivalent(inputs: Mapping[str, Any], amount: Verdict) -> Decimal:
    """The grant equivalent of what would be given, in euro: the grant, smaller if asked, and all that is no grant."""
    grant = amount.amount or ZERO
    repaid = Decimal(amount.details.get("gross_grant_equivalent", grant)) - grant
    return min(inputs["asked"] or grant, grant) + repaid


def headroom(party: Mapping[str, Any], part: Decimal, day: date) -> Verdict:
    """The ceiling of a party's undertaking on its part, its awards where mergers and splits have brought them."""
    awards = [de_minimis.Award(**award) for award in party["awards"]]
    events = undertaking.restructuring_events(party.get("restructurings", []))
    return de_minimis.assess(
        undertaking=undertaking_of(party), awards=restructuring.after(events, awards, day), new_amount=part,
        granted_on=day,
    )  # fmt: skip


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
