"""The de minimis register and what goes with it: Regulation (EU) 2023/2831, art. 6 and 7(4).

Register of each grant within 20 working days from 1 January 2026 (agriculture from 2027), in France on
the national platform; whether local authorities are bound is to be confirmed. Until the register covers
three years the undertaking is told in writing and declares its other de minimis aid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from applications.rules.base import InputError, Reason, Verdict
from applications.rules.de_minimis import REGISTER_WORKING_DAYS, register_by
from applications.rules.de_minimis_regimes import CURRENT
from regions.calendars import add_months, add_working_days
from regions.money import ZERO

REGISTER_FROM = date(2026, 1, 1)
# Agriculture joins the French register one year later (decree 2025-1361).
FROM_BY_REGULATION: Mapping[str, date] = {"1408/2013": date(2027, 1, 1)}
COVERED_MONTHS = 36
KEPT_MONTHS = 120
REPORT_DAY = (6, 30)
FIRST_REPORTED_YEAR = 2026
QUARTER_REPORT_DAYS = 10
OPTIONAL = ("funder_if_different", "product_sector", "beneficiary_siret", "scheme_ref")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One aid as the register wants it (art. 6(1) and decree 2025-1361, art. 4). Amount in euro, GGE."""

    aid_id: str
    regulation_code: str
    beneficiary_siren: str
    beneficiary_name: str
    nace: str
    amount_gge_eur: Decimal
    granting_date: date
    granting_authority: str
    instrument: str
    beneficiary_siret: str = ""
    funder_if_different: str = ""
    product_sector: str = ""
    scheme_ref: str = ""


def check_entry(entry: RegisterEntry) -> Verdict:
    """Whether an entry is complete; agricultural aid also says its product sector."""
    values = asdict(entry)
    missing = sorted(name for name, value in values.items() if name not in OPTIONAL and value in ("", None))
    if entry.regulation_code in FROM_BY_REGULATION and not entry.product_sector:
        missing.append("product_sector")
    details = {"register_by": register_by(entry.granting_date), "keep_until": keep_until(entry.granting_date)}
    return Verdict(not missing, _missing(missing), entry.amount_gge_eur, details)


def _missing(names: Sequence[str]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            "register_field_missing",
            f"Le registre demande le champ « {name} ».",
            f"The register asks for the field “{name}”.",
            f"Règl. (UE) {CURRENT}, art. 6(1)",
            params={"field": name},
        )
        for name in names
    )


def is_registered(granted_on: date, regulation: str = CURRENT) -> bool:
    """Whether an aid of that day has to be in the register."""
    return granted_on >= FROM_BY_REGULATION.get(regulation, REGISTER_FROM)


def keep_until(granted_on: date) -> date:
    """Records are kept ten years from the grant (art. 6(3))."""
    return add_months(granted_on, KEPT_MONTHS)


def declaration_needed(granted_on: date, register_from: date = REGISTER_FROM) -> bool:
    """Whether the undertaking still declares its other aid: until the register covers three years (art. 7(4))."""
    return granted_on < add_months(register_from, COVERED_MONTHS)


def check_declaration(granted_on: date, declared_on: date | None, register_from: date = REGISTER_FROM) -> Verdict:
    """A declaration of all other de minimis aid is obtained before the grant, while it is needed."""
    if not declaration_needed(granted_on, register_from) or (declared_on and declared_on <= granted_on):
        return Verdict(True)
    reason = Reason(
        "declaration_missing",
        "L’entreprise doit déclarer ses autres aides de minimis des trois dernières années avant l’octroi.",
        "The undertaking has to declare its other de minimis aid over three years before the grant.",
        f"Règl. (UE) {CURRENT}, art. 7(4)",
    )
    return Verdict(False, (reason,))


def notice(amount: Decimal) -> Reason:
    """What the undertaking is told in writing: the equivalent in euro, its nature, the Regulation (art. 7(4))."""
    return Reason(
        "de_minimis_notice",
        f"Cette aide, d’un équivalent-subvention brut de {amount} €, est une aide de minimis au sens du "
        f"règlement (UE) {CURRENT} de la Commission.",
        f"This aid, of a gross grant equivalent of EUR {amount}, is de minimis aid within the meaning of "
        f"Commission Regulation (EU) {CURRENT}.",
        f"Règl. (UE) {CURRENT}, art. 7(4)",
        blocking=False,
        params={"amount": amount},
    )


def counted_amount(granted: Decimal, notified_maximum: Decimal | None = None) -> Decimal:
    """What counts towards the ceiling: the maximum of the scheme when that is what was notified (art. 7(4))."""
    if notified_maximum is not None and granted > notified_maximum:
        raise InputError(
            "notified_maximum",
            "the aid granted is above the maximum that was notified",
            "l’aide accordée dépasse le maximum qui a été notifié",
        )
    return granted if notified_maximum is None else notified_maximum


def yearly_report(entries: Sequence[RegisterEntry], year: int) -> dict[str, Any]:
    """The aggregate of a year for the Commission: beneficiaries, total, total by NACE (art. 6(6)). In euro."""
    granted = [e for e in entries if e.granting_date.year == year and is_registered(e.granting_date, e.regulation_code)]
    by_sector: dict[str, Decimal] = {}
    for entry in granted:
        by_sector[entry.nace] = by_sector.get(entry.nace, ZERO) + entry.amount_gge_eur
    return {
        "beneficiaries": len({e.beneficiary_siren for e in granted}),
        "total": sum(by_sector.values(), ZERO),
        "by_nace": dict(sorted(by_sector.items())),
        "due": report_due(year),
    }


def report_due(year: int) -> date:
    """30 June of the year after; the first report is for 2026 (art. 6(6))."""
    if year < FIRST_REPORTED_YEAR:
        raise InputError(
            "year",
            f"the first year reported is {FIRST_REPORTED_YEAR}",
            f"la première année déclarée est {FIRST_REPORTED_YEAR}",
        )
    return date(year + 1, *REPORT_DAY)


def intermediary_report_due(quarter_end: date) -> date:
    """A financial intermediary reports within 10 days from the end of a quarter (art. 6(5))."""
    if add_months(quarter_end.replace(day=1), 1).month not in (1, 4, 7, 10):
        raise InputError(
            "quarter_end",
            "give the last day of March, June, September or December",
            "donner le dernier jour de mars, juin, septembre ou décembre",
        )
    return quarter_end + timedelta(days=QUARTER_REPORT_DAYS)


def register_intermediary_by(received_on: date, region: str | None = None) -> date:
    """The 20th working day from the receipt of an intermediary's report (art. 6(2))."""
    return add_working_days(received_on, REGISTER_WORKING_DAYS, region)
