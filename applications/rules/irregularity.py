"""Irregularities: which to report and by when, flat-rate corrections, failed publicity.

Reporting: CPR annex XII; flat rates: annex XXV; publicity: art. 50(3). Amounts in euro, rounded down
to the cent. The contribution affected is that of the Funds, not the whole aid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.rules.base import Reason, Verdict
from regions.calendars import add_months
from regions.money import ZERO, floor_cent

CPR = "Règlement (UE) 2021/1060"
ANNEX = f"{CPR}, annexe XII, section 1"
THRESHOLD = Decimal(10_000)
FLAT_LEVELS = (Decimal(5), Decimal(10), Decimal(25), Decimal(100))
PUBLICITY_MAXIMUM = Decimal(3)


@dataclass(frozen=True, slots=True)
class Irregularity:
    """A case after the first written assessment; contributions are those of the Funds, in euro.

    `interlinked_total` is the sum with the cases linked to it, itself included. A contribution that is not
    known yet exempts nothing; without a day of detection the case has no day to be reported by.
    """

    detected_on: date | None = None
    contribution: Decimal | None = None
    interlinked_total: Decimal | None = None
    suspected_fraud: bool = False
    bankruptcy_only: bool = False
    disclosed_voluntarily: bool = False
    corrected_before_declaration: bool = False


EXEMPTIONS = {
    "below_threshold": (
        "La contribution des fonds en cause est inférieure à 10 000 €.",
        "The contribution from the Funds concerned is below EUR 10 000.",
        "a",
    ),
    "bankruptcy": (
        "L’irrégularité tient seulement à une faillite non frauduleuse.",
        "The irregularity is only a non-fraudulent bankruptcy.",
        "b",
    ),
    "voluntary_disclosure": (
        "Le bénéficiaire l’a signalée de lui-même, avant toute découverte.",
        "The beneficiary disclosed it voluntarily, before any detection.",
        "c",
    ),
    "corrected_in_time": (
        "Elle a été détectée et corrigée avant toute demande de paiement à la Commission.",
        "It was detected and corrected before any payment application to the Commission.",
        "d",
    ),
}


def report_by(detected_on: date) -> date:
    """The end of the second month after the quarter of the detection.

    Detected on 14 May 2026: 31 August 2026; in the last quarter: 28 or 29 February.
    """
    last_month = date(detected_on.year, 3 * ((detected_on.month - 1) // 3 + 1), 1)
    return date.fromordinal(add_months(last_month, 3).toordinal() - 1)


def is_below_threshold(case: Irregularity) -> bool:
    """Below EUR 10 000, unless linked cases exceed EUR 10 000 together (10 000.00 alone is reported)."""
    linked = case.interlinked_total or ZERO
    return case.contribution is not None and case.contribution < THRESHOLD and linked <= THRESHOLD


def exemptions(case: Irregularity) -> tuple[str, ...]:
    """The exemptions that apply; disclosure and early correction do not cover a suspected fraud."""
    found = {
        "below_threshold": is_below_threshold(case),
        "bankruptcy": case.bankruptcy_only and not case.suspected_fraud,
        "voluntary_disclosure": case.disclosed_voluntarily and not case.suspected_fraud,
        "corrected_in_time": case.corrected_before_declaration and not case.suspected_fraud,
    }
    return tuple(code for code, applies in found.items() if applies)


def reporting(case: Irregularity) -> Verdict:
    """Whether a case must be reported, `details["report_by"]` when; `ok` means nothing to report."""
    codes = exemptions(case)
    due = None if codes or case.detected_on is None else report_by(case.detected_on)
    reasons = tuple(_exempt(code) for code in codes) or (_to_report(due),)
    details = {"to_report": not codes, "report_by": due}
    amount = None if case.contribution is None else floor_cent(case.contribution)
    return Verdict(bool(codes), reasons, amount, details)


def _exempt(code: str) -> Reason:
    fr, en, point = EXEMPTIONS[code]
    return Reason(code, fr, en, f"{ANNEX}, point {point}", blocking=False)


def _to_report(due: date | None) -> Reason:
    within = ("dans les deux mois qui suivent le trimestre de sa détection", "within two months of its quarter")
    fr, en = within if due is None else (f"au plus tard le {due:%d/%m/%Y}", f"by {due.isoformat()}")
    return Reason(
        "to_report",
        f"L’irrégularité doit être signalée à la Commission {fr}.",
        f"The irregularity must be reported to the Commission {en}.",
        ANNEX,
        params={"report_by": due},
    )


def flat_rate(level: Decimal, persistent: bool = False, reduced_to: Decimal | None = None) -> Decimal:
    """The percentage that applies: 5, 10, 25 or 100; the next one up when the weakness persists.

    `reduced_to` is a lower percentage, decided because the flat rate would be disproportionate.
    Raises ValueError on another level, or a reduction that is none.
    """
    if level not in FLAT_LEVELS:
        raise ValueError(f"{level} % is not one of 5, 10, 25 and 100 %")
    if persistent:
        level = FLAT_LEVELS[min(FLAT_LEVELS.index(level) + 1, len(FLAT_LEVELS) - 1)]
    if reduced_to is not None and reduced_to >= level:
        raise ValueError(f"{reduced_to} % is no reduction of {level} %")
    return level if reduced_to is None else reduced_to


def flat_rate_correction(affected: Decimal, rate: Decimal) -> Decimal:
    """The flat-rate correction, in euro: expenditure or contribution affected × rate."""
    return floor_cent(affected * rate / 100)


def publicity_cancellation(fund_support: Decimal, remedied: bool, rate: Decimal | None = None) -> Decimal:
    """The support cancelled for failed publicity, at most 3 % of the Funds' support, in euro (art. 50(3)).

    Nothing when the beneficiary put it right. Support of 20 000: at most 600.00.
    """
    used = PUBLICITY_MAXIMUM if rate is None else rate
    if used > PUBLICITY_MAXIMUM:
        raise ValueError(f"{used} % exceeds the 3 % of Article 50(3)")
    return ZERO if remedied else floor_cent(fund_support * used / 100)
