"""Annex XVII whole: the 142 fields of an operation, or of every operation of a region, each heading with its number.

The sheets of the ERDF report come first, then what was declared, deducted, put in the accounts and verified. The
last two say of each field whether it is filled, why it does not apply, and what is missing. They are counted from
the rows as these pass, so that a report made again at its watermark says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from applications.enums import Deduction
from applications.models import Operation
from regions.enums import RoleKind
from reporting import checks, declared_operations
from reporting.annex_17_standing import LABELS, STANDINGS, WHENS, WHY, Tally
from reporting.checks import Tie, Totals
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.reports import erdf
from reporting.reports.erdf import operation_of
from reporting.sheets import Sheet, Source, made
from reporting.words import words


def _c(key: str, fr: str, en: str, kind: str = "text", field: str = "", **more: Any) -> Column:
    return Column(key=key, label_fr=fr, label_en=en, kind=kind, reference=field and f"Annex XVII, {field}", **more)


DECLARED = Sheet("declared", "Demandes de paiement", "Payment applications", (
    _c("operation", "Opération", "Operation", field="9"),
    _c("application", "Demande n°", "Application no", "integer"),
    _c("sent_on", "Date de la demande", "Date of the application", "moment", "105"),
    _c("declared", "Dépense éligible", "Eligible expenditure", "money", "106"),
    _c("contribution", "Contribution publique", "Public contribution", "money", "107"),
    _c("is_final", "Dernière de l’exercice", "Final of the year", "boolean"),
), ("operation", "application"))  # fmt: skip

DEDUCTIONS = Sheet("deductions", "Déductions", "Deductions", (
    _c("operation", "Opération", "Operation", field="9"),
    _c("reference", "Dossier", "File", field="25"),
    _c("rank", "Correction", "Correction", "integer"),
    _c("decided_on", "Décidée le", "Decided on", "date", "102"),
    _c("kind", "Motif", "Reason", field="102", words=words(Deduction)),
    _c("amount", "Dépense concernée", "Expenditure affected", "money", "103"),
    _c("audit", "À la suite d’un audit", "As a result of an audit", "boolean", "103"),
    _c("contribution", "Contribution publique concernée", "Public contribution affected", "money", "104"),
), ("operation", "rank"))  # fmt: skip

ACCOUNTS = Sheet("accounts", "Comptes", "Accounts", (
    _c("operation", "Opération", "Operation", field="9"),
    _c("year", "Exercice comptable", "Accounting year"),
    _c("final", "Dans la dernière demande de l’exercice", "In the final application of the year", "money", "73"),
    _c("due_on", "Comptes attendus le", "Accounts due on", "date"),
    _c("expenditure", "Dépense éligible dans les comptes", "Eligible expenditure in the accounts", "money", "125"),
    _c("contribution", "Contribution publique dans les comptes", "Public contribution in the accounts", "money",
       "126"),
    _c("paid", "Payé au bénéficiaire", "Paid to the beneficiary", "money", "127"),
    _c("withdrawn", "Dépense retirée dans l’exercice", "Expenditure withdrawn in the year", "money", "128"),
    _c("withdrawn_contribution", "Contribution publique retirée", "Public contribution withdrawn", "money", "129"),
    _c("deducted", "Déduit, art. 98(6)", "Deducted, Art. 98(6)", "money", "130"),
    _c("audit", "dont à la suite d’audits", "of which as a result of audits", "money", "130"),
), ("operation", "year"))  # fmt: skip

VERIFICATIONS = Sheet("verifications", "Vérifications", "Verifications", (
    _c("operation", "Opération", "Operation", field="9"),
    _c("about", "Demande", "Claim"),
    _c("kind", "Nature", "Kind", words=declared_operations.CHECKS),
    _c("held_on", "Date", "Date", "date", "76-77"),
    _c("result", "Résultat", "Result", field="76-77", words=declared_operations.RESULTS),
    _c("body", "Organisme", "Body", field="78"),
), ("operation", "about", "kind"))  # fmt: skip

_FILLED = (*erdf.SHEETS, DECLARED, DEDUCTIONS, ACCOUNTS, VERIFICATIONS)
_NAMES = {sheet.key: (sheet.name_fr, sheet.name_en) for sheet in _FILLED}

FIELDS = Sheet("fields", "Les 142 champs", "The 142 fields", (
    _c("field", "Champ", "Field", "integer"),
    _c("content", "Contenu", "Content", words=LABELS),
    _c("applies", "S’applique", "Applies", words=WHENS),
    _c("standing", "Situation", "Standing", words=STANDINGS),
    _c("sheet", "Feuille", "Sheet", words=_NAMES),
    _c("known", "Valeurs connues", "Values known", "integer"),
    _c("missing", "Valeurs manquantes", "Values missing", "integer"),
    _c("later", "Pas encore dues", "Not due yet", "integer"),
    _c("why", "Pourquoi il ne s’applique pas", "Why it does not apply", words=WHY),
), ("field",))  # fmt: skip

MISSING = Sheet("missing", "Valeurs manquantes", "Missing values", (
    _c("field", "Champ", "Field", "integer"),
    _c("content", "Contenu", "Content", words=LABELS),
    _c("sheet", "Feuille", "Sheet", words=_NAMES),
    _c("row", "Ligne", "Row"),
), ("field", "row"))  # fmt: skip

SHEETS = (*_FILLED, FIELDS, MISSING)


def sources(operations: Sequence[Operation], watermark: Any) -> dict[str, Source]:
    """Sheet → its records for some operations, one after the other, all read at the same watermark."""
    read: list[Mapping[str, Source]] = [_own(operation, watermark) for operation in operations]
    tally = Tally()
    found = {
        sheet.key: tally.watch(sheet, _chained([own[sheet.key] for own in read])) for sheet in _FILLED
    }  # fmt: skip
    found[FIELDS.key] = made(_lazily(tally.fields, operations, watermark), "field")
    found[MISSING.key] = made(_lazily(tally.gaps), "field", "row")
    return found


def _lazily(rows: Any, *given: Any) -> Iterator[Any]:
    """Rows that are counted only once the sheets before them have passed."""
    yield from rows(*given)


def _own(operation: Operation, watermark: Any) -> Mapping[str, Source]:
    known = declared_operations
    return {
        **erdf.sources(operation, watermark),
        DECLARED.key: made(known.applications(operation, watermark), "operation", "application"),
        DEDUCTIONS.key: made(known.deductions(operation, watermark), "operation", "rank"),
        ACCOUNTS.key: made(known.accounts(operation, watermark), "operation", "year"),
        VERIFICATIONS.key: made(known.verifications(operation, watermark), "operation", "about"),
    }


def _chained(found: Sequence[Source]) -> Source:
    """Several sources as one; each record keeps the way in which its own source reads it."""
    records: Iterable[tuple[Source, Any]] = chain.from_iterable(
        ((source, record) for record in source.records) for source in found
    )
    return Source(records, lambda pair: pair[0].row(pair[1]), lambda pair: pair[0].name(pair[1]))


def ties(operations: Sequence[Operation], watermark: Any, totals: Totals) -> list[Tie]:
    """The totals of the ERDF report, added up over the operations, and the applications against the claims' heads."""
    by_operation = [checks.ties(operation, watermark, totals) for operation in operations]
    found = [
        Tie(one[0].key, one[0].label_fr, one[0].label_en, one[0].report, sum(each.ledger for each in one))  # type: ignore[arg-type]
        for one in zip(*by_operation, strict=True)
    ]
    whole = sum(declared_operations.declared(operation, watermark) for operation in operations)
    reported = totals[DECLARED.key]["declared"]
    return [*found, Tie("applications", "Dépenses déclarées", "Declared expenditure", reported, whole)]  # type: ignore[arg-type]


def _of_region(run: ReportRun) -> list[Operation]:
    known = Operation.objects.of_region(run.region, run.as_of).order_by("code")
    return list(known.select_related("specific_objective__priority__programme", "region", "scheme"))


ROLES = (RoleKind.DECIDER, RoleKind.OFFICER, RoleKind.CERTIFIER)
OF_OPERATION = Report(
    key="annexe-xvii", name_fr="Annexe XVII d’une opération", name_en="Annex XVII of an operation", sheets=SHEETS,
    read=lambda run: sources([operation_of(run)], run.as_of),
    ties=lambda run, totals: ties([operation_of(run)], run.as_of, totals), roles=ROLES,
)  # fmt: skip
OF_PROGRAMME = Report(
    key="annexe-xvii-programme", name_fr="Annexe XVII des opérations de la région",
    name_en="Annex XVII of the region’s operations", sheets=SHEETS,
    read=lambda run: sources(_of_region(run), run.as_of),
    ties=lambda run, totals: ties(_of_region(run), run.as_of, totals), scope=REGION, roles=ROLES,
)  # fmt: skip
REPORTS = (OF_OPERATION, OF_PROGRAMME)
