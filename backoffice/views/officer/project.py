"""What a file has beyond one firm and one grant: shown because it is there, whatever the scheme or its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy

from applications.booking import CASE_BUCKETS, holdings
from applications.enums import Bucket, CheckKind
from applications.escrow import escrow_of
from applications.models import Application, ApplicationMember, EscrowEntry, GrantComponent, Instalment, Recovery
from applications.rules.de_minimis_scope import classify_export
from backoffice.views.applicant import turnover
from backoffice.views.public.wording import cited
from regions import clock
from regions.enums import Instrument
from regions.models import User
from regions.money import ZERO
from workflows import assessment, conditions_project, findings, gate, group, offers, project, repayments, timeline
from workflows.assessment import Assessment

AWAITED: Mapping[str, Any] = {
    "share": gettext_lazy("La part de l’entreprise"),
    "report": gettext_lazy("Le rapport du prestataire"),
    "validate": gettext_lazy("La validation du rapport par l’entreprise"),
    "claim": gettext_lazy("La demande de paiement"),
}


def project_of(user: User, file: Application, verdict: Assessment | None) -> dict[str, Any]:
    """The parts of a file that not every file has; an empty part is not shown."""
    return {
        "parties": _parties(file, verdict), "provider_facts": _provider(file), "components": _components(file, verdict),
        "instruments": _instruments(file), "escrow": _escrow(file), "report": _report(file),
        "expenses": expenses_of(file), "awaited": _awaited(file), "recoveries": list(file.recoveries.order_by("-pk")),
        "irregularities": list(file.irregularities.order_by("-pk")),
        "findings": findings.of_file(user, file),
        "revocations": list(file.revocations.order_by("-pk")),
        "undue": _undue(user, file), "advance_open": _advance(file), **turnover.facts(file),
    }  # fmt: skip


def tongue() -> str:
    return "en" if (get_language() or "fr").startswith("en") else "fr"


# --- the group


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A firm of the file: what it confirmed, its part of the grant, and what its own ceiling leaves. Euro."""

    company: Any
    lead: bool
    confirmed_at: datetime | None
    left_on: date | None
    share: Decimal | None
    declared: Decimal
    prior: Decimal | None
    available: Decimal | None
    undertaking: list[str]
    holds: bool


def _parties(file: Application, verdict: Assessment | None) -> list[PartyRow]:
    """Every firm of a group, the lead first, then those that left; nothing for a firm alone."""
    if not file.members.exists():
        return []
    firms, found = group.parties(file), assessment.headrooms(verdict) if verdict else []
    parts = _parts(file, firms)
    rows = [_party(file, firm, rank, found, verdict, parts[rank]) for rank, firm in enumerate(firms)]
    gone = file.members.filter(left_on__isnull=False).select_related("company")
    return [*rows, *(_gone(member) for member in gone)]


def _parts(file: Application, firms: list[group.Party]) -> list[Decimal | None]:
    """Each one's part as granted, else as it would be on the amount proposed."""
    if file.amount_granted is None:
        amount = file.amount_proposed
        return [*group.parts(amount, len(firms))] if amount is not None else [None] * len(firms)
    shares = [firm.member.share for firm in firms if firm.member]
    rest = file.amount_granted - file.amount_to_cut - sum((share or ZERO for share in shares), ZERO)
    return [rest, *shares]


def _party(
    file: Application, firm: group.Party, rank: int, found: list[Any], verdict: Any, share: Decimal | None
) -> PartyRow:
    known = found[rank] if found else None
    return PartyRow(
        firm.company, firm.member is None, firm.member.confirmed_at if firm.member else file.submitted_at, None, share,
        firm.declared, known.details["prior_sum"] if known else None, known.details["available"] if known else None,
        verdict.inputs["parties"][rank]["undertaking"] if known else [], known.ok if known else True,
    )  # fmt: skip


def _gone(member: ApplicationMember) -> PartyRow:
    declared = member.declared_de_minimis or ZERO
    return PartyRow(
        member.company, False, member.confirmed_at, member.left_on, member.share, declared, None, None, [], True
    )  # fmt: skip


# --- the provider and his report


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """Who does the work, until when he is accredited, and whether he confirmed."""

    provider: Any
    expert: Any
    asked: bool
    accredited: bool
    until: date | None
    confirmed: bool
    wanted: bool


def _provider(file: Application) -> ProviderFacts | None:
    """Nothing when no provider is named."""
    if file.provider is None:
        return None
    today = clock.today(file.zone)
    held = [a for a in file.provider.accreditations.filter(scheme=file.scheme_version.scheme_id) if a.covers(today)]
    return ProviderFacts(
        file.provider, file.expert, bool(file.scheme_version.rule("provider", "accreditation_required", default=False)),
        bool(held), max((a.valid_to for a in held if a.valid_to), default=None), project.provider_confirmed(file),
        project.wants_provider(file),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The provider's report and the firm's own validation, when the file has or awaits them."""

    entry: Any
    validated: Any
    asked: bool
    recommended: list[str]


def _report(file: Application) -> ReportFacts | None:
    entry = timeline.last(file, project.REPORT)
    asked = project.payment_model(file).firm_validates
    if entry is None and not asked:
        return None
    valid = timeline.last(file, project.CONFORMITY) if project.report_validated(file) else None
    labels = {c["code"]: c["label"][tongue()] for c in file.scheme_version.rule("what", "categories", default=[])}
    return ReportFacts(entry, valid, asked, [labels.get(code, code) for code in file.recommended])


def _awaited(file: Application) -> Any:
    """What a notified file waits for between two payments."""
    if file.state != "running" or file.claims.filter(state__in=LIVE).exists():
        return ""
    return AWAITED[project.awaited(file)]


LIVE = ("submitted", "to_complete", "checked", "verified")


# --- what is not a plain grant


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A loan, an advance or a guarantee with its terms; computed as long as nothing is granted. Euro."""

    instrument: str
    label: Any
    amount: Decimal
    equivalent: Decimal
    months: int
    grace_months: int
    every_months: int
    annual_rate: Decimal
    granted: bool
    instalments: list[Instalment]
    outstanding: Decimal | None


def _components(file: Application, verdict: Assessment | None) -> list[ComponentRow]:
    """As granted, else as the rules find them today."""
    grant = getattr(file, "agreement", None)
    if grant is not None:
        return [_granted(component) for component in grant.components.order_by("pk")]
    found = verdict.amount.details.get("components", []) if verdict else []
    return [_computed(part) for part in found if part["instrument"] != Instrument.GRANT and Decimal(part["amount"])]


def _granted(component: GrantComponent) -> ComponentRow:
    planned = list(component.instalments.all())
    return ComponentRow(
        component.instrument, component.get_instrument_display(), component.amount, component.gross_grant_equivalent,
        component.months, component.grace_months, component.every_months, component.annual_rate, True, planned,
        repayments.outstanding(component) if planned else None,
    )  # fmt: skip


def _computed(part: Mapping[str, Any]) -> ComponentRow:
    return ComponentRow(
        part["instrument"], Instrument(part["instrument"]).label, Decimal(part["amount"]),
        Decimal(part["gross_grant_equivalent"]), part.get("months") or 0, part.get("grace_months") or 0,
        part.get("every_months") or 1, Decimal(str(part.get("annual_rate_percent") or 0)), False, [], None,
    )  # fmt: skip


def _instruments(file: Application) -> list[tuple[Any, list[tuple[Any, Decimal]]]]:
    """What the ledger holds of each instrument that is no grant; nothing when there is none."""
    held = holdings(file)
    return [
        (Instrument(name).label, [(Bucket(bucket).label, held[name][bucket]) for bucket in CASE_BUCKETS])
        for name in Instrument.values
        if name != Instrument.GRANT and any(held[name].values())
    ]


def _advance(file: Application) -> Decimal:
    """The advance that the firm may still ask for, once notified. Euro."""
    return project.advance_open(file) if file.state == "running" else ZERO


# --- the firm's own money


@dataclass(frozen=True, slots=True)
class EscrowFacts:
    """What of the firm's own share is awaited, came in, is held, went out. Euro."""

    awaited: Decimal
    received: Decimal
    released: Decimal
    refunded: Decimal
    held: Decimal
    entries: QuerySet[EscrowEntry]


def _escrow(file: Application) -> EscrowFacts | None:
    """Nothing when the file's payments hold no share of the firm."""
    if not project.payment_model(file).share_first or file.amount_granted is None:
        return None
    stands = escrow_of(file)
    return EscrowFacts(
        project.awaited_share(file), stands.received, stands.released, stands.refunded, stands.held,
        file.escrow_entries.select_related("made_by").order_by("-pk"),
    )  # fmt: skip


# --- expenses of an export, one by one


@dataclass(frozen=True, slots=True)
class Expense:
    """A line under Reg. (EU) 2023/2831, art. 1(1)(e): the machine's finding, and why."""

    line: Any
    category: str
    finding: str
    words: list[str]


def expenses_of(file: Application) -> list[Expense]:
    """Each line whose category has a nature of its own in the Regulation, when its scheme asks for that check."""
    version = file.scheme_version
    if CheckKind.EXPORT not in version.rule("examination", "checks", default=[]):
        return []
    if version.rule("legal_basis", default="") != "de_minimis":
        return []
    known = {c["code"]: c for c in version.rule("what", "categories", default=[])}
    settled: Any = version.rule("what", "export_settled", default=None)
    return [_expense(line, known.get(line.category, {}), settled) for line in file.lines.all()]


def _expense(line: Any, category: Mapping[str, Any], settled: Any) -> Expense:
    label = category.get("label", {}).get(tongue(), line.category)
    nature = category.get("export_nature")
    if nature is None:
        return Expense(line, label, "", [])
    verdict = classify_export(nature, settled=settled)
    words = [f"{r.sentence(tongue())} ({cited(r.article)})" for r in verdict.reasons]
    return Expense(line, label, verdict.details["finding"], words)


# --- money that has to come back


@dataclass(frozen=True, slots=True)
class Undue:
    """Whether this person may note an undue payment, up to how much, or why not. Euro."""

    offer: offers.Offer
    room: Decimal


def _undue(user: User, file: Application) -> Undue | None:
    """Nothing for who may not, and as long as nothing was paid."""
    room = conditions_project.room_to_recover(file)
    if not Recovery.objects.filter(application=file).exists() and room <= ZERO:
        return None
    found = offers.moves(user, gate.recovery_for(file), {"open": {"amount": max(room, ZERO)}})
    offer = next((o for o in found if o.name == "open" and o.right), None)
    return Undue(offer, room) if offer else None
