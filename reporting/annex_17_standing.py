"""Which of the 142 fields of annex XVII are filled, missing, not due or without object, as the rows pass."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from applications.enums import ClaimState, OrderState
from applications.models import Operation
from applications.rules.annex_17 import ALWAYS, CASE, FIELDS, INSTRUMENT, NEVER
from applications.rules.indicators import FOLLOWED
from regions.calendars import local_date
from reporting import facts, follow_up
from reporting.columns import Column
from reporting.sheets import Sheet, Source

Row = Mapping[str, Any]
LABELS = {str(field.number): (field.fr, field.en) for field in FIELDS}
WHENS = {
    ALWAYS: ("toujours", "always"), CASE: ("si le cas se présente", "if the case arises"),
    INSTRUMENT: ("instruments financiers", "financial instruments"), NEVER: ("jamais ici", "never here"),
}  # fmt: skip
FILLED, PARTLY, GONE, LATER, NONE = "filled", "partly", "missing", "later", "none"
STANDINGS = {
    FILLED: ("rempli", "filled"), PARTLY: ("rempli en partie", "filled in part"), GONE: ("manquant", "missing"),
    LATER: ("pas encore dû", "not due yet"), NONE: ("sans objet", "does not apply"),
}  # fmt: skip
WHY = {
    "never": ("Ne concerne pas le FEDER pour l’investissement, l’emploi et la croissance.",
              "Does not concern the ERDF for investment for jobs and growth."),
    "instrument": ("Instruments financiers : les aides de cette feuille sont des subventions.",
                   "Financial instruments: the aid on these sheets is grants."),
    "owner": ("Le bénéficiaire est un organisme public ; ceux des entreprises se lisent au registre national, par "
              "leur SIREN.", "The beneficiary is a public body; those of firms are read in the national register by "
              "their SIREN."),
    "partnership": ("Aucun partenariat public-privé.", "No public-private partnership."),
    "contracts": ("Le bénéficiaire verse des aides et ne passe pas de marché ; les entreprises choisissent leur "
                  "prestataire.", "The beneficiary pays aid and awards no contract; firms choose their provider."),
    "vat": ("L’aide payée ne porte pas de TVA.", "The aid paid bears no VAT."),
    "milestone": ("La valeur intermédiaire est celle du programme.", "The milestone is the programme’s."),
    "alone": ("Un seul fonds, un seul programme et une seule catégorie de région.",
              "One Fund, one programme and one category of region."),
    "costs": ("La dépense éligible est l’aide payée, en coûts réels.",
              "The eligible expenditure is the aid paid, at real cost."),
    "advance": ("Une avance d’aide d’État n’est déclarée qu’une fois son projet soldé (art. 91, § 5).",
                "A State aid advance is declared only once its project is settled (Art. 91(5))."),
    "de_minimis": ("L’aide est de minimis : l’article 91, § 6, vise les aides d’État.",
                   "The aid is de minimis: Article 91(6) is about State aid."),
    "linked": ("Aucun financement non lié aux coûts.", "No financing not linked to costs."),
    "no_deduction": ("Aucune déduction à ce jour.", "No deduction to this day."),
    "not_yet": ("Rien à ce jour.", "Nothing to this day."),
    "kind": ("Aucune dépense de cette nature.", "No expenditure of this kind."),
    "accounts": ("La date de remise des comptes se note dans le système de la Commission.",
                 "The date on which accounts are submitted is kept in the Commission’s system."),
}  # fmt: skip
_REASONS: Mapping[str, Sequence[int]] = {
    "owner": (3,), "partnership": (5,), "contracts": (23, 24, 81, 82, 83, 84), "vat": (26,), "milestone": (51,),
    "alone": (74, 75), "costs": range(86, 97), "advance": (108, 109, 110), "de_minimis": (111,),
    "linked": range(112, 118), "no_deduction": (102, 103, 104), "kind": range(136, 140), "accounts": (124,),
}  # fmt: skip
_WHY_OF = {number: why for why, numbers in _REASONS.items() for number in numbers}
_NUMBERED = re.compile(r"^Annex XVII, (\d+)(?:-(\d+))?$")
_CERTIFIED = (ClaimState.VERIFIED, ClaimState.SETTLED)

# Sheet and column → whether the value is due, where it is not from the first day.
_DUE: Mapping[tuple[str, str], Callable[[Row], bool]] = {
    ("operations", "completed_on"): lambda row: False,
    ("operations", "last_paid_on"): lambda row: bool(row["paid"]),
    **{("expenditure", key): lambda row: row["state"] in _CERTIFIED for key in ("accepted", "aid_due", "verified_on")},
    ("expenditure", "declared"): lambda row: row["kind"] == "expenses",
    ("expenditure", "paid_on"): lambda row: bool(row["paid"]),
    ("payments", "paid_on"): lambda row: row["order_state"] == OrderState.PAID,
    ("indicators", "ratio"): lambda row: bool(row["target"]),
}  # fmt: skip
_OUTPUT, _RESULT = {49, 50}, {52, 55}


def fields_of(sheet: str, column: Column, row: Row) -> set[int]:
    """The fields that a cell answers; of an indicator, those of an output or those of a result."""
    found = _NUMBERED.match(column.reference)
    if not found:
        return set()
    first, last = int(found[1]), int(found[2] or found[1])
    numbers = set(range(first, last + 1))
    if sheet != "indicators" or last < 49:
        return numbers
    return numbers & (_OUTPUT if str(row["code"]).startswith("RCO") else _RESULT)


class Tally:
    """What the rows of the sheets said of each field, kept as they pass once."""

    def __init__(self) -> None:
        self.known: Counter[int] = Counter()
        self.later: Counter[int] = Counter()
        self.missing: list[tuple[int, str, str]] = []
        self.sheet: dict[int, str] = {}

    def watch(self, sheet: Sheet, source: Source) -> Source:
        """The same source, whose rows are counted."""

        def row(record: Any) -> Row:
            made = source.row(record)
            self._count(sheet, made, source.name(record))
            return made

        return Source(source.records, row, source.name)

    def _count(self, sheet: Sheet, row: Row, name: str) -> None:
        for column in sheet.columns:
            for number in fields_of(sheet.key, column, row):
                self.sheet.setdefault(number, sheet.key)
                self._cell(number, sheet.key, column.key, row, name)

    def _cell(self, number: int, sheet: str, column: str, row: Row, name: str) -> None:
        due = _DUE.get((sheet, column))
        if row.get(column) not in (None, ""):
            self.known[number] += 1
        elif due is not None and not due(row):
            self.later[number] += 1
        else:
            self.missing.append((number, sheet, name))

    def fields(self, operations: Sequence[Operation], watermark: datetime) -> Iterator[dict[str, Any]]:
        """Each of the 142 fields with its standing, once every sheet has passed."""
        for operation in operations:
            self.missing += _without_indicators(operation)
            self.missing += _without_results(operation, watermark)
        lacking = Counter(number for number, _sheet, _name in self.missing)
        for field in FIELDS:
            standing = self._standing(field.number, lacking)
            yield {
                "field": field.number, "content": str(field.number), "applies": field.when, "standing": standing,
                "sheet": self.sheet.get(field.number), "known": self.known[field.number],
                "missing": lacking[field.number], "later": self.later[field.number],
                "why": _why(field.number, field.when) if standing in (NONE, LATER) else None,
            }  # fmt: skip

    def _standing(self, number: int, lacking: Mapping[int, int]) -> str:
        known = self.known[number]
        if lacking.get(number):
            return PARTLY if known else GONE
        if known:
            return FILLED
        return LATER if self.later[number] or number in _AWAITED else NONE

    def gaps(self) -> Iterator[dict[str, Any]]:
        """Each value that is due and missing: its field, its sheet and the row that lacks it."""
        for number, sheet, name in sorted(set(self.missing)):
            yield {"field": number, "content": str(number), "sheet": sheet, "row": name}


_AWAITED = {70, 71, 72, 73, 76, 77, 78, 79, 80, *range(105, 108), *range(124, 131)}


def _why(number: int, when: str) -> str:
    if when in (NEVER, INSTRUMENT):
        return "never" if when == NEVER else "instrument"
    return _WHY_OF.get(number, "not_yet")


def _without_indicators(operation: Operation) -> list[tuple[int, str, str]]:
    """An operation that promised no output, or no result."""
    codes = [target.code for target in operation.targets.all()]
    return [
        (number, "indicators", operation.code)
        for letters, numbers in (("RCO", _OUTPUT), ("RCR", _RESULT))
        if not any(code.startswith(letters) for code in codes)
        for number in sorted(numbers)
    ]


def _without_results(operation: Operation, watermark: datetime) -> Iterator[tuple[int, str, str]]:
    """A grant without its starting level, or, about a year after the end of the project, without its results (55)."""
    day = local_date(watermark, operation.region.time_zone)
    promised = any(target.code in FOLLOWED for target in operation.targets.all())
    for file in facts.granted_as_of(operation, watermark).iterator(chunk_size=1_000):
        asked = follow_up.asked_on(file)
        lacking = file.digital_intensity_after is None or (promised and file.follow_up_id is None)
        if file.digital_intensity_before is None or (asked is not None and day >= asked and lacking):
            yield 55, "vouchers", file.reference
