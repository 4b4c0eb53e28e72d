"""What a report's file says of itself beside its rows: control totals, rows set apart, long sheets, provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation

from reporting.checks import Tie
from reporting.models import ReportRun
from reporting.passing import Passing
from reporting.registry import Report


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet of loose values."""

    name: str
    headings: Sequence[str]
    lines: Sequence[Sequence[Any]]


def title(run: ReportRun, report: Report) -> str:
    """The operation of a report, or the list's name and region."""
    return str(run.operation) if run.operation else f"{report.name(run.language)} – {run.region}"


def reported(passed: Passing) -> Mapping[str, Mapping[str, Decimal]]:
    """Sheet → money column → euro, rows set apart included: their money is in the ledger too."""
    return {
        sheet: {key: total + passed.apart_totals[sheet][key] for key, total in totals.items()}
        for sheet, totals in passed.totals.items()
    }


def tables(
    run: ReportRun, report: Report, passed: Passing, ties: Sequence[Tie], pages: Mapping[str, Sequence[tuple[str, int]]]
) -> Iterator[Table]:
    """The sheets that end a workbook; `pages` are the names and rows of what each sheet became."""
    english = run.language.startswith("en")
    if any(len(found) > 1 for found in pages.values()):
        yield _split(pages, english)
    if ties:
        yield _control(ties, english, bool(passed.set_apart))
    if passed.set_apart:
        yield _apart(report, passed, english)
    yield _provenance(run, report, passed, english)


def _split(pages: Mapping[str, Sequence[tuple[str, int]]], english: bool) -> Table:
    headings = ["Sheet", "Goes on in", "Rows"] if english else ["Feuille", "Se poursuit dans", "Lignes"]
    lines = [[name, page, rows] for name, found in pages.items() if len(found) > 1 for page, rows in found]
    return Table("Split sheets" if english else "Découpage", headings, lines)


def _control(ties: Sequence[Tie], english: bool, apart: bool) -> Table:
    headings = ["Total", "Report", "Ledger", "Difference"] if english else ["Total", "Rapport", "Grand livre", "Écart"]
    if apart:
        headings[1] += ", rows set apart included" if english else ", lignes écartées comprises"
    lines = [[t.label("en" if english else "fr"), t.report, t.ledger, t.difference] for t in ties]
    return Table("Control totals" if english else "Totaux de contrôle", headings, lines)


def _apart(report: Report, passed: Passing, english: bool) -> Table:
    tongue = "en" if english else "fr"
    headings = ["Sheet", "Record", "Column", "Why"] if english else ["Feuille", "Ligne", "Colonne", "Raison"]
    lines = [apart_in_words(report, line, tongue) for line in passed.apart]
    more = passed.set_apart - len(passed.apart)
    if more:
        lines.append(["", f"+ {more}", "", ""])
    return Table("Rows set apart" if english else "Lignes écartées", headings, lines)


def apart_in_words(report: Report, line: Mapping[str, str], language: str) -> list[str]:
    """Sheet, record, column and reason of a row set apart, in words."""
    sheet = report.sheet(line["sheet"])
    column = next((c for c in sheet.columns if c.key == line["column"]), None) if sheet else None
    name = sheet.name(language) if sheet else line["sheet"]
    return [name, line["name"], column.label(language) if column else line["column"], line["error"]]


def _provenance(run: ReportRun, report: Report, passed: Passing, english: bool) -> Table:
    """What the workbook was made from: watermark, filters, rows, hash, author, versions."""
    headings = ["What", "Value"] if english else ["Quoi", "Valeur"]
    return Table("Provenance", headings, [list(fact) for fact in facts(run, report, passed)])


def facts(run: ReportRun, report: Report, passed: Passing) -> list[tuple[str, Any]]:
    """Each fact of the provenance sheet."""
    english = run.language.startswith("en")
    with translation.override(run.language):
        filters = report.said(run.filters)
    rows, set_apart = ("Rows", "Rows set apart") if english else ("Lignes", "Lignes écartées")
    return [
        ("Report" if english else "Rapport", report.name(run.language)),
        ("As of" if english else "Arrêté au", run.as_of),
        ("Made on" if english else "Établi le", run.created_at),
        ("Author" if english else "Auteur", run.author_name),
        ("Region" if english else "Région", str(run.region)),
        *([("Operation" if english else "Opération", str(run.operation))] if run.operation else []),
        *filters,
        *([("Template" if english else "Modèle", run.template_name)] if run.template_name else []),
        ("Content hash (SHA-256)" if english else "Empreinte du contenu (SHA-256)", passed.digest.hexdigest()),
        *((f"{rows} – {_named(report, key, run.language)}", count) for key, count in passed.rows.items()),
        *([(set_apart, passed.set_apart)] if passed.set_apart else []),
        *_versions(run.versions, english),
    ]  # fmt: skip


def _named(report: Report, key: str, language: str) -> str:
    sheet = report.sheet(key)
    return sheet.name(language) if sheet else key


def _versions(versions: Mapping[str, Any], english: bool) -> Iterator[tuple[str, str]]:
    """The release, the engine of rules, and each version of the scheme with its fingerprint."""
    scheme, engine = ("Scheme rules, version", "engine") if english else ("Règlement, version", "moteur")
    for name, value in sorted(versions.items()):  # a database may give them back in another order
        if isinstance(value, Mapping):
            numbers = sorted(value, key=int)
            yield from ((f"{scheme} {number}", str(value[number])) for number in numbers)
        else:
            yield f"Version – {engine if name == 'engine' else name}", str(value)


def summary(run: ReportRun, report: Report, passed: Passing, ties: Sequence[Tie]) -> dict[str, Any]:
    """The same for an archive of flat files: facts, control totals and rows set apart, as JSON."""
    return {
        "facts": {name: str(value) for name, value in facts(run, report, passed)},
        "ties": [{"total": t.key, "report": f"{t.report:.2f}", "ledger": f"{t.ledger:.2f}"} for t in ties],
        "set_apart": passed.apart, "set_apart_count": passed.set_apart,
    }  # fmt: skip
