"""The grants as open data asks for them, for the region's eyes first: what breaks the schema is named here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Sum

from regions.enums import RoleKind
from reporting.checks import Tie, Totals
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.scdl import SCHEMA, Subsidy, row
from reporting.sheets import Sheet, Source
from reporting.subsidies import granted, subsidies
from reporting.table_schema import row_faults

_NAMES = {field["name"]: field["title"] for field in SCHEMA["fields"]}
_KINDS = {"montant": "money", "dateConvention": "date", "pourcentageSubvention": "decimal"}
_LAW = "Loi 2000-321, art. 10"
PART = "montantBeneficiaire"

SHEET = Sheet("subsidies", "Subventions", "Subsidies", (
    *(Column(name, _NAMES[name], name, _KINDS.get(name, "text"), _LAW, personal=name == "nomBeneficiaire")
      for name in _NAMES),
    Column(PART, "Montant de ce bénéficiaire", "Amount of this beneficiary", "money"),
), ("referenceDecision", "idBeneficiaire"))  # fmt: skip


def _read(run: ReportRun) -> Mapping[str, Source]:
    return {SHEET.key: Source(subsidies(run.region), _row, lambda found: f"{found.decision} {found.beneficiary_siret}")}


def _row(found: Subsidy) -> dict[str, Any]:
    """The line as published, its amounts and day as themselves; a line that breaks the schema raises ValueError."""
    line: dict[str, Any] = dict(row(found))
    faults = [fault.said("fr") for fault in row_faults(1, line, SCHEMA["fields"])]
    if faults:
        raise ValueError(" ".join(faults))
    typed = {"montant": found.amount, "dateConvention": found.agreed_on, "pourcentageSubvention": found.share}
    return line | typed | {PART: found.part}


def _ties(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """What the firms have together against what was granted."""
    whole = granted(run.region).aggregate(total=Sum("amount", default=0))["total"]
    return [Tie("granted", "Subventions accordées", "Subsidies granted", totals[SHEET.key][PART], whole)]


REPORT = Report(
    key="subventions", name_fr="Subventions à publier (SCDL)", name_en="Subsidies for publication (SCDL)",
    sheets=(SHEET,), read=_read, ties=_ties, scope=REGION, as_of=False, kept_days=730,
    roles=(RoleKind.DECIDER, RoleKind.OFFICER),
)  # fmt: skip
