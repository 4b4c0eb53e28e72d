"""The open-data file of subsidies (SCDL « subventions »): one line per beneficiary, 14 columns.

Law n° 2000-321, art. 10, decree n° 2017-779 and order of 17 November 2017: an agreement above 23,000 € a
year with a private body is published within three months of its signature. UTF-8 without mark,
commas, decimal point, ISO dates. Amounts in euro.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from reporting.columns import canonical
from reporting.table_schema import load, row_faults
from reporting.writers.sanitise import clean, guard
from reporting.writers.streams import CannotWrite

SCHEMA = load(Path(__file__).with_name("scdl_schema.json"))
COLUMNS = tuple(field["name"] for field in SCHEMA["fields"])
CASH, KIND = "aide en numéraire", "aide en nature"
ONCE, BY_STAGES = "unique", "échelonné"
NOT_NAMED = "Bénéficiaire non diffusible"
"""Instead of the name of a person who has opposed its publication in the national register of firms."""

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Subsidy:
    """What is published of one grant to one beneficiary.

    `amount` is the whole grant before any split over time; `part` what this beneficiary has of it, in euro,
    and `share` the same as a fraction, 1 when it is alone; `paid_until` is None for a single day. `named` is
    False when the name may not be published.
    """

    granter: str
    granter_siret: str
    agreed_on: date
    decision: str
    beneficiary: str
    beneficiary_siret: str
    purpose: str
    amount: Decimal
    paid_from: date
    paid_until: date | None
    de_minimis: bool
    conditions: str = BY_STAGES
    in_cash: bool = True
    in_kind: bool = False
    aid_id: str = ""
    share: Decimal = Decimal(1)
    part: Decimal | None = None
    named: bool = True


def row(subsidy: Subsidy) -> dict[str, str]:
    """The 14 texts of a line, by column, in their order; a value of another kind raises TypeError or ValueError."""
    kinds = [word for word, given in ((CASH, subsidy.in_cash), (KIND, subsidy.in_kind)) if given]
    return {
        "nomAttribuant": _text(subsidy.granter),
        "idAttribuant": subsidy.granter_siret,
        "dateConvention": canonical(subsidy.agreed_on, "date"),
        "referenceDecision": _text(subsidy.decision),
        "nomBeneficiaire": _text(subsidy.beneficiary) if subsidy.named else NOT_NAMED,
        "idBeneficiaire": subsidy.beneficiary_siret,
        "objet": _text(subsidy.purpose),
        "montant": canonical(subsidy.amount, "money"),
        "nature": ";".join(kinds),
        "conditionsVersement": _text(subsidy.conditions),
        "datesPeriodeVersement": _period(subsidy.paid_from, subsidy.paid_until),
        "idRAE": subsidy.aid_id,
        "notificationUE": "oui" if subsidy.de_minimis else "non",
        "pourcentageSubvention": canonical(subsidy.share, "decimal"),
    }


def _text(given: str) -> str:
    """On one line, and no formula for who opens the file in a spreadsheet."""
    return guard(" ".join(clean(given).split()))


def _period(first: date, last: date | None) -> str:
    if last is None or last == first:
        return canonical(first, "date")
    if last < first:
        raise ValueError(f"the payments end on {last}, before they begin on {first}")
    return f"{canonical(first, 'date')}/{canonical(last, 'date')}"


def scdl_chunks(subsidies: Iterable[Subsidy]) -> Iterator[bytes]:
    """The file piece by piece; a line that breaks the schema raises CannotWrite, which names line and column."""
    buffer = io.StringIO(newline="")
    out = csv.writer(buffer, lineterminator="\r\n")
    out.writerow(COLUMNS)
    for number, subsidy in enumerate(subsidies, start=2):
        out.writerow(_checked(number, row(subsidy)).values())
        if number % _CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _checked(number: int, line: dict[str, str]) -> dict[str, str]:
    faults = list(row_faults(number, line, SCHEMA["fields"]))
    if faults:
        raise CannotWrite(" ".join(f.said("fr") for f in faults), " ".join(f.said("en") for f in faults))
    return line


def _taken(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return content
