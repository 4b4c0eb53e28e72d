"""The appendices of annexes XXIII and XXIV that the payment applications and the accounts carry with them.

One sheet says of each appendix whether it is filled, empty, or kept elsewhere, so that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from applications.enums import Bucket
from applications.models import LedgerEntry
from regions.enums import Instrument
from regions.models import Region
from regions.money import ZERO
from reporting.columns import Column
from reporting.reports.erdf import REGIONS_KINDS
from reporting.sheets import Sheet


def _c(key: str, fr: str, en: str, kind: str = "text", field: str = "", **more: Any) -> Column:
    return Column(key=key, label_fr=fr, label_en=en, kind=kind, reference=field, **more)


_PLACE = (
    _c("priority", "Priorité", "Priority"),
    _c("category_of_region", "Catégorie de région", "Category of region", words=REGIONS_KINDS),
)
_STANDING = (
    _c("declared", "Avances dans les demandes de paiement", "Advances in payment applications", "money",
       "Annex XXIII, 91(5)"),
    _c("covered", "Couvertes dans les trois ans", "Covered within three years", "money", "Annex XXIII, 91(5)(c)"),
    _c("running", "Non couvertes, délai en cours", "Not covered, period running", "money", "Annex XXIII, 91(5)(c)"),
    _c("late", "Non couvertes, à déduire", "Not covered, to be deducted", "money", "Annex XXIII, 91(5)(c)"),
)  # fmt: skip
ADVANCES = Sheet("advances", "Annexe XXIII, avances", "Annex XXIII, advances", (*_PLACE, *_STANDING), ("priority",))

PAID_AHEAD = Sheet("paid_ahead", "Avances payées", "Advances paid", (
    _c("reference", "Dossier", "File", field="Annex XVII, 25"),
    _c("claim", "Demande n°", "Claim no", "integer"),
    *_PLACE,
    _c("legal_basis", "Base juridique", "Legal basis"),
    _c("granted", "Aide accordée", "Aid granted", "money"),
    _c("most", "Maximum : 40 % de l’aide", "Maximum: 40 % of the aid", "money", "Art. 91(5)(b)"),
    _c("guarantee", "Garantie bancaire au dossier", "Bank guarantee on file", "boolean", "Art. 91(5)(a)"),
    _c("paid_on", "Payée le", "Paid on", "date"),
    _c("cover_by", "À couvrir avant le", "To be covered by", "date", "Art. 91(5)(c)"),
    _c("settled_on", "Projet soldé le", "Project settled on", "date"),
    _c("paid", "Avance payée", "Advance paid", "money"),
    _c("application", "Demandes de paiement", "Payment applications"),
    *_STANDING,
    _c("waiting", "Non déclarée", "Not declared", "money"),
), ("reference", "claim"))  # fmt: skip

ANNEXES = {
    "23": ("XXIII, demande de paiement", "XXIII, payment application"), "24": ("XXIV, comptes", "XXIV, accounts"),
}  # fmt: skip
CONTENTS = {
    "23": ("Tableau par priorité et catégorie de région", "Table by priority and category of region"),
    "23-1": ("1 – Contributions aux instruments financiers", "1 – Contributions to financial instruments"),
    "23-2": ("2 – Conditions favorisantes non remplies", "2 – Enabling conditions not fulfilled"),
    "23-advances": ("Avances payées dans le cadre d’aides d’État", "Advances paid in the context of State aid"),
    "24-1": ("1 – Dépenses inscrites dans les comptes", "1 – Expenditure entered in the accounts"),
    "24-2": ("2 – Montants retirés au cours de l’exercice", "2 – Amounts withdrawn during the year"),
    "24-3": ("3 – Contributions aux instruments financiers", "3 – Contributions to financial instruments"),
    "24-4": ("4 – Rapprochement des dépenses", "4 – Reconciliation of expenditure"),
    "24-5": ("5 – Conditions favorisantes non remplies", "5 – Enabling conditions not fulfilled"),
}  # fmt: skip
STANDINGS = {
    "filled": ("rempli", "filled"), "none": ("néant", "none"), "elsewhere": ("tenu ailleurs", "kept elsewhere"),
}  # fmt: skip
WHY = {
    "instruments": (
        "Néant : seules les subventions sont déclarées. Les prêts, avances remboursables et garanties versés restent "
        "hors des demandes de paiement.",
        "No contribution: grants alone are declared. Loans, repayable advances and guarantees paid out stay outside "
        "the payment applications.",
    ),
    "conditions": (
        "Le respect des conditions favorisantes se constate avec la Commission, dans SFC2021 : il n’est pas tenu ici.",
        "Whether enabling conditions are fulfilled is settled with the Commission, in SFC2021: it is not kept here.",
    ),
    "advances": (
        "Cumul depuis le début du programme. Une avance d’aide d’État n’est déclarée qu’une fois son projet soldé.",
        "Added up since the start of the programme. A State aid advance is declared only once its project is settled.",
    ),
    "nothing": ("Rien à ce jour.", "Nothing to this day."),
}  # fmt: skip
_INSTRUMENTS, _CONDITIONS = ("23-1", "24-3"), ("23-2", "24-5")

APPENDICES = Sheet("appendices", "Appendices", "Appendices", (
    _c("annex", "Annexe", "Annex", words=ANNEXES),
    _c("appendix", "Appendice", "Appendix", words=CONTENTS),
    _c("standing", "Situation", "Standing", words=STANDINGS),
    _c("rows", "Lignes", "Rows", "integer"),
    _c("outside", "Versé hors des demandes", "Paid outside the applications", "money"),
    _c("why", "Remarque", "Remark", words=WHY),
), ("annex", "appendix"))  # fmt: skip


def standing(region: Region, watermark: datetime, filled: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Each appendix of the two annexes: filled with its rows, without object, or kept elsewhere."""
    outside = _instruments(region, watermark)
    for appendix in CONTENTS:
        count = len(filled.get(appendix, ()))
        yield {
            "annex": appendix[:2], "appendix": appendix, "rows": count, "why": _why(appendix, count),
            "standing": "elsewhere" if appendix in _CONDITIONS else "filled" if count else "none",
            "outside": outside if appendix in _INSTRUMENTS else None,
        }  # fmt: skip


def _why(appendix: str, count: int) -> str | None:
    if appendix in _CONDITIONS:
        return "conditions"
    if appendix in _INSTRUMENTS:
        return "instruments"
    if appendix == "23-advances":
        return "advances"
    return None if count else "nothing"


def _instruments(region: Region, watermark: datetime) -> Decimal:
    """What was paid out as loans, repayable advances and guarantees, in euro."""
    rows = LedgerEntry.objects.filter(application__region=region, recorded_at__lte=watermark, bucket=Bucket.PAID)
    lent = rows.exclude(line__envelope__instrument=Instrument.GRANT)
    return lent.aggregate(total=Sum("amount"))["total"] or ZERO
