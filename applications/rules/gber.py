"""Aid exempted under articles 17, 18, 19 and 28 of the GBER, Regulation (EU) 651/2014, for SMEs.

Amounts in euro, before tax; refundable VAT never counts (art. 7(1)). The largest aid of a project is what
the article allows on its eligible costs, less the other public aid on the same costs (art. 8), down to
the cent. The version in force on the day of the grant decides (`gber_versions`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.rules import difficulty
from applications.rules.base import InputError, Reason, Verdict
from applications.rules.gber_versions import ARTICLES, VERSIONS, Version, in_force
from applications.rules.incentive_effect import Request, check
from regions.calendars import add_months
from regions.money import ZERO, floor_cent

KINDS: Mapping[str, tuple[str, ...]] = {
    "17": ("tangible", "intangible", "wages_of_jobs_created"),
    "18": ("consultancy",),
    "19": ("stand_rent", "stand_setup", "stand_running"),
    "28": ("patents", "secondment", "advisory", "support"),
}
WHOLE_RATE_KINDS = ("advisory", "support")
# What makes a cost of an eligible kind fall out (art. 18(3), (4); art. 28(2)(b)).
DRAWBACKS: Mapping[str, tuple[str, str]] = {
    "not_external": ("le prestataire n’est pas externe", "the consultant is not external"),
    "continuous": ("service continu ou périodique", "continuous or periodic service"),
    "usual_operating": ("charge courante d’exploitation", "usual operating cost"),
    "replaces_staff": ("remplace du personnel en place", "replaces other personnel"),
    "existing_function": ("la fonction n’est pas nouvelle", "the function is not newly created"),
    "wrong_origin": ("ni organisme de recherche ni grande entreprise", "neither research body nor large enterprise"),
}
HALF = Decimal(50)
INVESTMENT_RATES = {"micro": Decimal(20), "small": Decimal(20), "medium": Decimal(10)}
WINDOW_MONTHS = 36
PUBLISH_MONTHS, KEPT_MONTHS = 6, 120
LAW = "Règl. (UE) 651/2014"


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost in euro before tax, its VAT, and what is wrong with it (DRAWBACKS)."""

    kind: str
    amount: Decimal
    vat: Decimal = ZERO
    vat_refundable: bool = True
    drawbacks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """The undertaking: its size (`sme_size`), whether in difficulty or owing a recovery, other exclusions.

    `situation` holds the answers from which the difficulty is judged; `in_difficulty` says it outright.
    """

    size: str
    in_difficulty: bool = False
    situation: difficulty.Situation | None = None
    recovery_outstanding: bool = False
    export_aid: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """One project under one article.

    `other_aid`: State aid and de minimis aid on the same costs; `aid_to_threshold`: other State aid
    that counts towards the notification threshold (per project, or per year for fairs);
    `innovation_awards`: earlier advisory and support aid (day, euro); `highest`: what another exemption
    would allow on the same costs, if more. `requested`: None for the largest aid possible.
    """

    article: str
    costs: Sequence[Cost]
    granted_on: date
    requested: Decimal | None = None
    other_aid: Decimal = ZERO
    aid_to_threshold: Decimal = ZERO
    innovation_awards: Sequence[tuple[date, Decimal]] = ()
    highest: Decimal | None = None
    request: Request | None = None
    events: Sequence[tuple[str, date]] = ()
    scheme_since: date | None = None


def assess(
    project: Project, beneficiary: Beneficiary, *, versions: Sequence[Version] = VERSIONS, boundary_counts: bool = True
) -> Verdict:
    """The aid a project may receive, zero when it is not exempted; `details` give the figures used.

    `boundary_counts`: advisory aid granted exactly three years before still counts (prudent; to be
    confirmed). A request above the largest aid is brought down to it, and said.
    """
    _check(project)
    version = in_force(project.granted_on, scheme_since=project.scheme_since, versions=versions)
    if version is None:
        return Verdict(False, (_expired(project.granted_on),), ZERO, {"version": None})
    eligible, excluded = eligible_costs(project.article, project.costs)
    maximum = _maximum(project, beneficiary.size, eligible, version, boundary_counts)
    headroom = max(floor_cent(max(maximum, project.highest or ZERO)) - project.other_aid, ZERO)
    aid = min(maximum, headroom, maximum if project.requested is None else project.requested)
    distress = difficulty.reasons(beneficiary.situation) if beneficiary.situation else []
    excluding = (*_exclusions(beneficiary), *(r for r in distress if r.blocking), *_incentive(project))
    blocking = (*excluding, *_threshold(project, version, aid), *_nothing(project, eligible))
    untold = (r for r in distress if not r.blocking)
    remarks = (*untold, *excluded, *_reduced(project, aid), *_adjusting(version, project.granted_on))
    given = ZERO if blocking else aid
    details = _details(version, eligible, maximum, headroom, given) | publication(given, project.granted_on, version)
    return Verdict(not blocking, (*blocking, *remarks), given, details)


def _check(project: Project) -> None:
    if project.article not in ARTICLES:
        raise InputError(
            "article", f"give one of {', '.join(ARTICLES)}", f"donner l’un de ces articles : {', '.join(ARTICLES)}"
        )
    if project.requested is not None and project.requested < 0:
        raise InputError(
            "requested",
            "give the aid asked for in euro, zero or more",
            "donner l’aide demandée en euros, positive ou nulle",
        )


def _details(
    version: Version, eligible: Mapping[str, Decimal], maximum: Decimal, headroom: Decimal, aid: Decimal
) -> dict[str, object]:
    base = sum(eligible.values(), ZERO)
    return {
        "version": version.code, "eligible": base, "maximum": maximum, "headroom": headroom,
        "intensity": aid / base if base else Decimal(0),
    }  # fmt: skip


def eligible_costs(article: str, costs: Sequence[Cost]) -> tuple[dict[str, Decimal], list[Reason]]:
    """The eligible costs by kind, and why others are left out: kind not listed, or a drawback."""
    kept: dict[str, Decimal] = {}
    reasons = []
    for cost in costs:
        if cost.amount < 0 or not cost.drawbacks <= set(DRAWBACKS):
            raise InputError(
                "costs",
                f"give an amount of zero or more, drawbacks among {', '.join(DRAWBACKS)}",
                f"donner un montant positif ou nul, et des réserves parmi {', '.join(DRAWBACKS)}",
            )
        if cost.kind in KINDS[article] and not cost.drawbacks:
            kept[cost.kind] = kept.get(cost.kind, ZERO) + cost.amount + (ZERO if cost.vat_refundable else cost.vat)
        else:
            reasons.append(_left_out(article, cost))
    return kept, reasons


def _maximum(
    project: Project, size: str, eligible: Mapping[str, Decimal], version: Version, boundary_counts: bool
) -> Decimal:
    """What the article allows on the eligible costs: an intensity, or more for innovation advice."""
    base = sum(eligible.values(), ZERO)
    if project.article == "17":
        return floor_cent(base * INVESTMENT_RATES.get(size, Decimal(0)) / 100)
    if project.article != "28":
        return floor_cent(base * HALF / 100)
    advice = sum((eligible.get(kind, ZERO) for kind in WHOLE_RATE_KINDS), ZERO)
    spent = innovation_aid(project.innovation_awards, project.granted_on, boundary_counts=boundary_counts)
    return floor_cent((base - advice) * HALF / 100) + _advice(advice, max(version.innovation_cap - spent, ZERO))


def _advice(cost: Decimal, headroom: Decimal) -> Decimal:
    """Up to 100 % within the three-year cap, and 50 % in any case (art. 28(3), (4))."""
    return floor_cent(max(cost * HALF / 100, min(cost, headroom)))


def innovation_aid(awards: Sequence[tuple[date, Decimal]], day: date, *, boundary_counts: bool = True) -> Decimal:
    """Advisory and support aid over the three years before a day, in euro."""
    first = add_months(day, -WINDOW_MONTHS)
    return sum((a for on, a in awards if first < on <= day or (boundary_counts and on == first)), ZERO)


def publication(amount: Decimal, granted_on: date, version: Version, *, primary: bool = False) -> dict[str, object]:
    """Whether an award is published, by when and until when (art. 9): strictly above the threshold.

    `primary`: primary agriculture or fishery, with a lower threshold.
    """
    if amount <= (version.published_above_primary if primary else version.published_above):
        return {"publish": False, "publish_by": None, "published_until": None}
    by, until = (add_months(granted_on, months) for months in (PUBLISH_MONTHS, KEPT_MONTHS))
    return {"publish": True, "publish_by": by, "published_until": until}


def keep_until(last_granted_on: date) -> date:
    """Records: ten years from the last aid granted under the scheme (art. 12)."""
    return add_months(last_granted_on, KEPT_MONTHS)


def _exclusions(beneficiary: Beneficiary) -> list[Reason]:
    """For SMEs only; no undertaking in difficulty or owing a recovery; no export aid (art. 1)."""
    tests = (
        (beneficiary.size not in INVESTMENT_RATES, "sme_only", "Réservé aux PME.", "For SMEs only.", "17 à 19, 28"),
        (
            beneficiary.in_difficulty, "in_difficulty",
            "L’entreprise est en difficulté.", "The undertaking is in difficulty.", "1(4)(c)",
        ),
        (
            beneficiary.recovery_outstanding, "recovery_outstanding",
            "Une aide illégale reste à rembourser.", "Unlawful aid is still to be repaid.", "1(4)(a)",
        ),
        (
            beneficiary.export_aid, "export_aid",
            "L’aide à l’exportation est exclue.", "Export aid is excluded.", "1(2)(c)",
        ),
    )  # fmt: skip
    return [_reason(code, fr, en, article) for applies, code, fr, en, article in tests if applies]


def _incentive(project: Project) -> tuple[Reason, ...]:
    """The incentive effect, when the application is given with the project."""
    return check(project.request, project.events).reasons if project.request else ()


def _threshold(project: Project, version: Version, aid: Decimal) -> list[Reason]:
    """Above the threshold the aid leaves the exemption; all State aid for the project counts (art. 4, 8(1))."""
    limit = version.thresholds[project.article]
    if aid + project.aid_to_threshold <= limit:
        return []
    text = (
        f"Le seuil de notification de {limit} € est dépassé : l’aide doit être notifiée.",
        f"The notification threshold of EUR {limit} is exceeded: the aid has to be notified.",
    )
    return [_reason("notification_threshold", *text, "4(1)")]


def _nothing(project: Project, eligible: Mapping[str, Decimal]) -> list[Reason]:
    """Costs were given and none of them is eligible."""
    if any(eligible.values()) or not any(cost.amount for cost in project.costs):
        return []
    text = ("Aucun coût du projet n’est admissible.", "No cost of the project is eligible.")
    return [_reason("nothing_eligible", *text, project.article)]


def _reduced(project: Project, aid: Decimal) -> list[Reason]:
    if project.requested is None or aid >= project.requested:
        return []
    text = (
        f"L’aide est ramenée de {project.requested} € à {aid} €, intensité et cumul compris.",
        f"The aid is brought down from EUR {project.requested} to EUR {aid}, intensity and cumulation included.",
    )
    return [_reason("aid_reduced", *text, "8", blocking=False)]


def _adjusting(version: Version, granted_on: date) -> list[Reason]:
    if granted_on <= version.valid_to:
        return []
    text = (
        f"Régime maintenu pendant l’adaptation de six mois, jusqu’au {version.adjusted_to:%d/%m/%Y}.",
        f"Scheme kept during the adjustment of six months, until {version.adjusted_to.isoformat()}.",
    )
    return [_reason("adjustment_period", *text, "58(4), (5)", blocking=False)]


def _expired(granted_on: date) -> Reason:
    text = (
        f"Aucune version du règlement n’est applicable le {granted_on:%d/%m/%Y}.",
        f"No version of the Regulation applies on {granted_on.isoformat()}.",
    )
    return _reason("gber_not_in_force", *text, "58 et 59")


def _left_out(article: str, cost: Cost) -> Reason:
    why = [DRAWBACKS[name] for name in sorted(cost.drawbacks)] or [("nature non prévue", "kind not listed")]
    fr, en = (", ".join(part[side] for part in why) for side in (0, 1))
    text = (
        f"Coût écarté ({cost.kind}, {cost.amount} €) : {fr}.",
        f"Cost left out ({cost.kind}, EUR {cost.amount}): {en}.",
    )
    return _reason("cost_not_eligible", *text, article, blocking=False)


def _reason(code: str, fr: str, en: str, article: str, blocking: bool = True) -> Reason:
    return Reason(code, fr, en, f"{LAW}, art. {article}", blocking)
