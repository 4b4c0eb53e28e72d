"""What a definition may name: the facts of a condition, and the operators that make sense of each.

Pure data, shared by the reader of the definitions and by the rules. Units: euro excl. VAT, annual
work units, months. `size` and the figures of the group count partner and linked enterprises; `age_months`
is derived from `created_on` and the day of the application.
"""

from __future__ import annotations

from collections.abc import Mapping

NUMBER = ("lt", "le", "gt", "ge", "eq", "ne")
CODE = ("eq", "ne", "in", "not_in")
SECTOR = ("outside_sectors", "within_sectors")
DAY = ("absent_or_after", "before")
LIST = ("includes",)
# NAF rév. 2, and NAF 2025, in force from 1 January 2027: a code means nothing without its nomenclature.
NOMENCLATURES = ("rev2", "2025")

FACTS: Mapping[str, tuple[str, ...]] = {
    "headcount": NUMBER, "turnover": NUMBER, "balance_sheet": NUMBER, "size": CODE, "group_headcount": NUMBER,
    "group_turnover": NUMBER, "group_balance_sheet": NUMBER, "naf": SECTOR, "naf_nomenclature": CODE,
    "legal_category": CODE, "seat_region": CODE, "created_on": DAY, "applied_on": DAY, "works_start_on": DAY,
    "awarded_on": DAY, "person_applications_this_year": NUMBER, "firm_applications_this_year": NUMBER,
    "other_public_aid": NUMBER, "age_months": NUMBER, "members": NUMBER, "level": NUMBER, "prior_steps": LIST,
}  # fmt: skip
# What the law behind a scheme has the firm declare besides the scheme's own conditions: legal basis → declarations.
DECLARATIONS: Mapping[str, tuple[str, ...]] = {
    "de_minimis": (), "none": (), "gber_18": ("difficulty",), "gber_19": ("difficulty",), "gber_28": ("difficulty",),
}  # fmt: skip
OPERATORS = (*NUMBER, *CODE[2:], *SECTOR, *DAY, *LIST)


def _named(fr: str, en: str) -> Mapping[str, str]:
    return {"fr": fr, "en": en}


# Each fact as a firm or an officer would say it.
NAMES: Mapping[str, Mapping[str, str]] = {
    "headcount": _named("l’effectif en équivalents temps plein", "the headcount in full-time equivalents"),
    "turnover": _named("le chiffre d’affaires hors taxes", "the turnover excluding VAT"),
    "balance_sheet": _named("le total du bilan", "the balance-sheet total"),
    "size": _named(
        "la taille, entreprises partenaires et liées comprises", "the size, partner and linked enterprises counted"
    ),
    "group_headcount": _named(
        "l’effectif, entreprises partenaires et liées comprises",
        "the headcount, partner and linked enterprises counted",
    ),
    "group_turnover": _named(
        "le chiffre d’affaires, entreprises partenaires et liées comprises",
        "the turnover, partner and linked enterprises counted",
    ),
    "group_balance_sheet": _named(
        "le total du bilan, entreprises partenaires et liées comprises",
        "the balance-sheet total, partner and linked enterprises counted",
    ),
    "naf": _named("le code d’activité (NAF)", "the activity code (NAF)"),
    "naf_nomenclature": _named("la nomenclature du code d’activité", "the nomenclature of the activity code"),
    "legal_category": _named("la forme juridique", "the legal form"),
    "seat_region": _named("la région du siège", "the region of the seat"),
    "created_on": _named("la date de création de l’entreprise", "the day the firm was created"),
    "applied_on": _named("la date de la demande", "the day of the application"),
    "works_start_on": _named("la date de signature du devis", "the day the quote was signed"),
    "awarded_on": _named("la date de la décision", "the day of the decision"),
    "person_applications_this_year": _named(
        "le nombre d’autres demandes du dirigeant dans l’année",
        "the number of other applications by the manager this year",
    ),
    "firm_applications_this_year": _named(
        "le nombre d’autres demandes de l’entreprise dans l’année",
        "the number of other applications by the firm this year",
    ),
    "other_public_aid": _named("les autres aides publiques sur le projet", "other public aid to the project"),
    "age_months": _named("l’âge de l’entreprise", "the age of the firm"),
    "members": _named("le nombre d’entreprises du groupement", "the number of firms in the group"),
    "level": _named("le niveau demandé", "the level asked for"),
    "prior_steps": _named("les étapes déjà suivies", "the steps already taken"),
}
