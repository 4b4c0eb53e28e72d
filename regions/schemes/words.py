"""The words of the reasons that every scheme shares; a scheme's own words win over these.

« {found} » stands for the figure of the case. Pure data: the rules read it, and the reader of the
definitions uses it to know which reasons need no words of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regions.schemes.tree import hows


def _said(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr, "en": en}


DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "nothing_eligible": _said(
        "Aucune dépense du devis n’est aidée.",
        "No expense of the quote is aided.",
    ),
    "hardware": _said(
        "Équipement matériel : « {found} » n’est pas aidé.",
        "Hardware: “{found}” is not aided.",
    ),
    "category_excluded": _said(
        "Cette dépense n’est pas dans la liste des dépenses aidées.",
        "This expense is not in the list of expenses aided.",
    ),
    "category_ceiling": _said(
        "L’aide à ce service est plafonnée à {found} €.",
        "The aid for this service is capped at €{found}.",
    ),
    "category_cost_ceiling": _said(
        "Le coût retenu pour ce service est plafonné à {found} €.",
        "The cost accepted for this service is capped at €{found}.",
    ),
    "max_units": _said(
        "Ce service est aidé dans la limite de {found} unités.",
        "This service is aided up to {found} units.",
    ),
    "unit_cost_ceiling": _said(
        "Le coût retenu pour une unité est plafonné à {found} €.",
        "The cost accepted for one unit is capped at €{found}.",
    ),
    "review": _said(
        "Cette dépense doit être examinée par un instructeur avant d’être retenue.",
        "An officer must look at this expense before it is accepted.",
    ),
    "no_band": _said(
        "Aucun taux d’aide n’est prévu pour un effectif de {found}.",
        "No rate of aid is provided for a headcount of {found}.",
    ),
    "cost_floor": _said(
        "Les dépenses aidées doivent atteindre au moins {found} € hors taxes.",
        "The expenses aided must reach at least €{found} excluding VAT.",
    ),
    "cost_ceiling": _said(
        "Le coût retenu pour le projet est plafonné à {found} €.",
        "The cost accepted for the project is capped at €{found}.",
    ),
    "aid_ceiling": _said(
        "L’aide au projet est plafonnée à {found} €.",
        "The aid to the project is capped at €{found}.",
    ),
    "aid_floor": _said(
        "L’aide calculée ({found} €) est inférieure au minimum prévu : elle n’est pas versée.",
        "The aid computed (€{found}) is below the minimum provided: it is not given.",
    ),
    "other_aid": _said(
        "L’ensemble des aides publiques dépasserait la part permise du coût : {found} € sont déjà obtenus ailleurs.",
        "Public aid altogether would pass the share of the cost allowed: €{found} are already obtained elsewhere.",
    ),
    "day_rate": _said(
        "Le prix d’une journée est retenu dans la limite de {found} €.",
        "The price of a day is accepted up to €{found}.",
    ),
    "days_max": _said(
        "Le nombre de jours aidés est limité à {found}.",
        "The number of days aided is limited to {found}.",
    ),
    "days_missing": _said(
        "Indiquer le nombre de jours de cette prestation : l’aide se calcule par jour.",
        "Give the number of days of this service: the aid is computed by the day.",
    ),
    "fewer_members": _said(
        "Le groupement compte {found} entreprises : il en faut davantage.",
        "The group has {found} firms: more are needed.",
    ),
    "members_assumed": _said(
        "Le nombre d’entreprises du groupement n’est pas connu : le calcul retient le minimum, {found}.",
        "The number of firms in the group is not known: the computation takes the minimum, {found}.",
    ),
    "member_ceiling": _said(
        "L’aide est plafonnée par entreprise du groupement, soit {found} € en tout.",
        "The aid is capped for each firm of the group, that is €{found} altogether.",
    ),
    "level_unknown": _said(
        "Le niveau {found} n’existe pas dans ce dispositif.",
        "Level {found} does not exist in this scheme.",
    ),
    "other_level": _said(
        "Cette dépense relève d’un autre niveau que le niveau {found} demandé.",
        "This expense belongs to another level than level {found}, which is asked for.",
    ),
    "not_recommended": _said(
        "L’analyse du niveau précédent ne recommande pas cette dépense.",
        "The analysis of the previous level does not recommend this expense.",
    ),
    "prior_level": _said(
        "Le niveau précédent doit être soldé avant le niveau {found}.",
        "The previous level must be settled before level {found}.",
    ),
    "wallet_rolling": _said(
        "Il reste {found} € du plafond de l’entreprise sur la période glissante.",
        "€{found} are left of the firm’s ceiling over the rolling period.",
    ),
    "wallet_year": _said(
        "Il reste {found} € du plafond de l’entreprise pour l’année civile.",
        "€{found} are left of the firm’s ceiling for the calendar year.",
    ),
    "window_coefficient": _said(
        "Les demandes dépassent le budget : chacune est servie au coefficient {found}.",
        "The requests exceed the budget: each is served at a coefficient of {found}.",
    ),
    "component_floor": _said(
        "Le prêt ou l’avance ne peut être inférieur à {found} € : il n’est pas accordé.",
        "The loan or advance cannot be below €{found}: it is not given.",
    ),
    "component_ceiling": _said(
        "Le prêt ou l’avance est plafonné à {found} €.",
        "The loan or advance is capped at €{found}.",
    ),
    "asked_less": _said(
        "L’entreprise demande moins que le dispositif ne permet : {found} €.",
        "The firm asks for less than the scheme allows: €{found}.",
    ),
}  # fmt: skip


EXEMPTION_WORDS: Mapping[str, Mapping[str, str]] = {
    "no_incentive_effect": _said(
        "Le projet a commencé avant la demande : une aide exemptée ne peut plus être accordée.",
        "The project began before the application: exempted aid can no longer be given.",
    ),
    "application_incomplete": _said(
        "La demande ne contient pas tout ce qu’exige une aide exemptée.",
        "The application lacks part of what exempted aid requires.",
    ),
    "sme_only": _said(
        "Cette aide est réservée aux PME, entreprises partenaires et liées comprises.",
        "This aid is for SMEs only, partner and linked enterprises counted.",
    ),
    "difficulty_capital_lost": _said(
        "L’entreprise est en difficulté : plus de la moitié de son capital a disparu dans les pertes accumulées.",
        "The firm is in difficulty: more than half of its capital has disappeared in accumulated losses.",
    ),
    "difficulty_insolvent": _said(
        "L’entreprise est en difficulté : elle est en procédure collective, ou en remplit les conditions.",
        "The firm is in difficulty: it is in collective insolvency proceedings, or fulfils their criteria.",
    ),
    "difficulty_rescue_aid": _said(
        "L’entreprise est en difficulté : aide au sauvetage non remboursée, ou restructuration en cours.",
        "The firm is in difficulty: its rescue aid is not repaid, or its restructuring plan still runs.",
    ),
    "notification_threshold": _said(
        "Le seuil de notification de l’aide est dépassé.",
        "The notification threshold of the aid is exceeded.",
    ),
    "gber_not_in_force": _said(
        "Aucune version du règlement d’exemption n’est applicable ce jour.",
        "No version of the block exemption applies on this day.",
    ),
}  # fmt: skip
# The reasons for which the general block exemption refuses (Reg. (EU) 651/2014), with an article each.
EXEMPTION: Mapping[str, str] = {
    "no_incentive_effect": "Règl. (UE) 651/2014, art. 6(2)",
    "application_incomplete": "Règl. (UE) 651/2014, art. 6(2)",
    "sme_only": "Règl. (UE) 651/2014, art. 18, 19 et 28",
    "difficulty_capital_lost": "Règl. (UE) 651/2014, art. 1(4)(c) et 2(18)(a), (b)",
    "difficulty_insolvent": "Règl. (UE) 651/2014, art. 1(4)(c) et 2(18)(c)",
    "difficulty_rescue_aid": "Règl. (UE) 651/2014, art. 1(4)(c) et 2(18)(d)",
    "notification_threshold": "Règl. (UE) 651/2014, art. 4(1)",
    "gber_not_in_force": "Règl. (UE) 651/2014, art. 58 et 59",
}
# Function → what it may refuse for → the parameter without which it never does.
REFUSING: Mapping[str, Mapping[str, str]] = {
    "percent_by_category": {"no_band": "bands"},
    "percent": {"no_band": "bands", "cost_floor": "cost_floor"},
    "flat": {"cost_floor": "cost_floor"},
    "steps": {"cost_floor": "step_cost"},
    "piecewise": {"cost_floor": "cost_floor"},
    "days": {"days_missing": "days_max"},
    "group": {"fewer_members": "min_members"},
    "levels": {"level_unknown": "levels", "prior_level": "levels"},
    "wallet": {"wallet_rolling": "rolling", "wallet_year": "calendar_year_ceiling"},
    "pro_rata": {},
    "mix": {},
}
ANY_FUNCTION = {"aid_floor": "aid_floor", "other_aid": "public_aid_max_share"}


def reasons_of(rules: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """Every reason for which a file may be refused, with its words: the scheme's own ones first, then the shared."""
    own: Mapping[str, Mapping[str, str]] = rules.get("reasons", {})
    return {**own, **{code: _shared(code) for code in _refusals(rules) if code not in own}}


def _shared(code: str) -> Mapping[str, str]:
    """The shared words of a reason, with its article where the law has one."""
    return {**EXEMPTION_WORDS[code], "clause": EXEMPTION[code]} if code in EXEMPTION else DEFAULTS[code]


def _refusals(rules: Mapping[str, Any]) -> list[str]:
    """The shared reasons for which the scheme's aid functions may refuse."""
    found = ["nothing_eligible"]
    if str(rules.get("legal_basis", "")).startswith("gber_"):
        found.extend(EXEMPTION)
    for _path, how in hows(rules):
        needed = {**REFUSING[how["function"]], **ANY_FUNCTION}
        found.extend(code for code, parameter in needed.items() if parameter in how)
    return list(dict.fromkeys(found))


def words_of(rules: Mapping[str, Any], code: str) -> Mapping[str, str]:
    """The scheme's own words of a reason, else the shared ones; KeyError when there are none."""
    own: Mapping[str, str] | None = rules.get("reasons", {}).get(code)
    return own if own is not None else DEFAULTS[code]
