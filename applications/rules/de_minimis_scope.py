"""What de minimis aid may not pay for: Regulation (EU) 2023/2831, art. 1 and recitals 7 to 12.

Export: not what eases exports, but what is tied to quantities exported, to a distribution network abroad
or to other current expenditure of the export activity. Borderline expenses are flagged for the
managing authority; its answers are given in `settled`, by kind of expense.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from applications.rules.base import InputError, Reason, Verdict

ALLOWED, EXCLUDED, FLAGGED = "allowed", "excluded", "flag"
FINDINGS = (ALLOWED, EXCLUDED, FLAGGED)
CURRENT_USES = ("", "likely_export", "mixed", "export")


@dataclass(frozen=True, slots=True)
class Features:
    """What decides for an expense: each is a question to the applicant.

    `current` says whether it recurs and for what: « export » (only the export activity), « mixed »
    (home sales too), « likely_export » (promotion in the export country), or nothing when it is one-off.
    """

    quantity_linked: bool = False
    distribution_network: bool = False
    current: str = ""


KINDS: Mapping[str, Features] = {
    "market_study": Features(),
    "launch_consultancy": Features(),
    "trade_fair": Features(),
    "one_off_investment": Features(),
    "translation": Features(),
    "per_unit_exported": Features(quantity_linked=True),
    "sales_office_abroad": Features(distribution_network=True),
    "sales_commission": Features(quantity_linked=True, current="export"),
    "export_freight": Features(quantity_linked=True, current="export"),
    "mixed_subscription": Features(current="mixed"),
    "export_advertising": Features(current="likely_export"),
}


def classify_export(
    kind: str = "", features: Features | None = None, *, settled: Mapping[str, str] | None = None
) -> Verdict:
    """Whether an expense of an e-export voucher is allowed, excluded or for the managing authority.

    By its `kind` (KINDS) or by its `features`; `settled` gives the authority's answer for a flagged
    kind. `details["finding"]` is « allowed », « excluded » or « flag »; a flag does not refuse.
    """
    asked = features or _features_of(kind)
    if asked.current not in CURRENT_USES:
        raise InputError(
            "current",
            f"give one of {', '.join(CURRENT_USES[1:])}, or nothing",
            f"donner l’une de ces valeurs : {', '.join(CURRENT_USES[1:])}, ou rien",
        )
    reasons = _export_reasons(asked)
    finding = _finding(reasons, (settled or {}).get(kind))
    shown = tuple(reasons) if finding != ALLOWED else ()
    return Verdict(finding != EXCLUDED, shown, details={"finding": finding})


def _features_of(kind: str) -> Features:
    if kind not in KINDS:
        raise InputError(
            "kind",
            f"give one of {', '.join(KINDS)}, or the features of the expense",
            f"donner l’un de ces codes : {', '.join(KINDS)}, ou les traits de la dépense",
        )
    return KINDS[kind]


def _finding(reasons: Sequence[Reason], answer: str | None) -> str:
    """The law first; the authority's answer settles only what the law leaves open."""
    if answer is not None and answer not in FINDINGS:
        raise InputError(
            "settled", f"give one of {', '.join(FINDINGS)}", f"donner l’un de ces codes : {', '.join(FINDINGS)}"
        )
    if any(reason.blocking for reason in reasons):
        return EXCLUDED
    return (answer or FLAGGED) if reasons else ALLOWED


def _export_reasons(asked: Features) -> list[Reason]:
    found = []
    if asked.quantity_linked:
        text = ("L’aide est liée aux quantités exportées.", "The aid is linked to the quantities exported.")
        found.append(_reason("export_quantity", *text))
    if asked.distribution_network:
        text = ("Un réseau de distribution à l’étranger est exclu.", "A distribution network abroad is excluded.")
        found.append(_reason("export_network", *text))
    if asked.current == "export":
        text = ("Une dépense courante d’exportation est exclue.", "Current expenditure linked to export is excluded.")
        found.append(_reason("export_current", *text))
    return found + _to_look_at(asked)


def _to_look_at(asked: Features) -> list[Reason]:
    if asked.current not in ("mixed", "likely_export"):
        return []
    text = (
        "Dépense récurrente liée pour partie à l’exportation : l’autorité de gestion doit se prononcer.",
        "Recurring expenditure partly linked to export: the managing authority has to say.",
    )
    return [_reason(f"export_{asked.current}", *text, blocking=False)]


PRIMARY = ("agriculture_primary", "fishery_primary")
PROCESSING = ("agriculture_processing", "fishery_processing")
SECTORS = (*PRIMARY, *PROCESSING, "other")
# Divisions and groups of the NAF (same in rev. 2 and 2025 at this level; to be confirmed). Services to
# agriculture (01.6) and hunting (01.7) produce no agricultural product. Longest prefix first.
SECTOR_BY_NAF: Mapping[str, str] = {
    "01.6": "other", "01.7": "other", "01": "agriculture_primary", "03": "fishery_primary",
    "10.2": "fishery_processing",
}  # fmt: skip


def sector_of(naf: str, table: Mapping[str, str] = SECTOR_BY_NAF) -> str:
    """The sector of an activity code, « other » when no exclusion is near; what is sold may say more."""
    prefixes = sorted((p for p in table if naf.startswith(p)), key=len, reverse=True)
    return table[prefixes[0]] if prefixes else "other"


@dataclass(frozen=True, slots=True)
class Scope:
    """What an aid is for: the sector aided, the other sectors of the undertaking, how the aid is fixed.

    `separated`: activities or accounts are separate, so that the excluded ones cannot benefit.
    """

    aided_sector: str
    other_sectors: frozenset[str] = field(default_factory=frozenset)
    separated: bool = False
    fixed_on_price_or_quantity: bool = False
    passed_on_to_producers: bool = False
    prefers_domestic_goods: bool = False


def check_scope(scope: Scope) -> Verdict:
    """Whether the regulation applies to an aid, by sector and by how its amount is fixed (art. 1)."""
    if not {scope.aided_sector, *scope.other_sectors} <= set(SECTORS):
        raise InputError(
            "sector", f"give sectors among {', '.join(SECTORS)}", f"donner des secteurs parmi {', '.join(SECTORS)}"
        )
    reasons = (*_sector(scope), *_processing(scope), *_domestic(scope))
    return Verdict(not reasons, reasons)


def _sector(scope: Scope) -> list[Reason]:
    """Primary production is out; another activity of the same undertaking is in if it is kept apart."""
    if scope.aided_sector in PRIMARY:
        text = ("La production primaire est exclue.", "Primary production is excluded.")
        return [_reason("excluded_sector", *text, "1(1)(a), (c)")]
    if scope.other_sectors & set(PRIMARY) and not scope.separated:
        text = (
            "L’entreprise produit aussi : il faut séparer les activités ou les comptes.",
            "The undertaking is also a primary producer: activities or accounts have to be separate.",
        )
        return [_reason("no_separation", *text, "1(2)")]
    return []


def _processing(scope: Scope) -> list[Reason]:
    """Processing and marketing: no aid fixed on price or quantity, nor (agriculture) passed on to producers."""
    found = []
    if scope.aided_sector in PROCESSING and scope.fixed_on_price_or_quantity:
        text = ("L’aide dépend du prix ou de la quantité des produits.", "The aid depends on the price or quantity.")
        found.append(_reason("price_or_quantity", *text, "1(1)(b), (d)(i)"))
    if scope.aided_sector == "agriculture_processing" and scope.passed_on_to_producers:
        text = ("L’aide revient pour partie aux producteurs.", "The aid is passed on to primary producers.")
        found.append(_reason("passed_on", *text, "1(1)(d)(ii)"))
    return found


def _domestic(scope: Scope) -> list[Reason]:
    if not scope.prefers_domestic_goods:
        return []
    text = ("L’aide impose des produits nationaux.", "The aid is contingent upon domestic over imported goods.")
    return [_reason("domestic_goods", *text, "1(1)(f)")]


def _reason(code: str, fr: str, en: str, article: str = "1(1)(e)", blocking: bool = True) -> Reason:
    return Reason(code, fr, en, f"Règl. (UE) 2023/2831, art. {article}", blocking)
