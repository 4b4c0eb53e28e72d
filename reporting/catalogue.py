"""The reports of the house, by key. A new one is added here, and everything else follows."""

from __future__ import annotations

from reporting.lists.runs import NAMES
from reporting.models import ReportRun
from reporting.pack import sets
from reporting.registry import Report
from reporting.reports import (
    annex_17_export,
    annual,
    comparison,
    declarations,
    double_funding,
    erdf,
    indicators,
    lists,
    operations,
    selection,
    subsidies,
    transmission,
    verifications,
)

_ALL = (
    erdf.REPORT, *annex_17_export.REPORTS, declarations.REPORT, indicators.REPORT, transmission.REPORT,
    verifications.REPORT, double_funding.REPORT, selection.REPORT, annual.REPORT, operations.REPORT,
    subsidies.REPORT, *lists.REPORTS, sets.REPORT,
)  # fmt: skip
_OWN = {report.key: report for report in _ALL}

REPORTS: dict[str, Report] = _OWN | {comparison.KIND: comparison.report(_OWN)}

NAMES.update({report.key: (report.name_fr, report.name_en) for report in REPORTS.values()})


def of(run: ReportRun) -> Report:
    """What a run is a run of."""
    return REPORTS[run.report]
