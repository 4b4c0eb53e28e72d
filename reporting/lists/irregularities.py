"""The register of irregularities, in the fields of annex XII, section 2, of Reg. (EU) 2021/1060. Euro."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from applications.enums import Actor, CorrectionLanding, DetectedHow, IrregularityNature, IrregularityState
from applications.models import Correction, Irregularity
from regions.models import Region
from regions.money import ZERO
from reporting.keyset import LATEST_FIRST
from reporting.lists.base import Filter, Listing, between, column, contains, equals


def _source(regions: Iterable[Region]) -> QuerySet[Irregularity]:
    found = Irregularity.objects.filter(application__region__in=regions)
    return found.select_related(
        "application__company", "application__operation__specific_objective__priority__programme", "claim", "recovery"
    )


def _corrected(rows: Sequence[Irregularity]) -> None:
    """What the corrections of each case have taken back: one query for the batch."""
    made = Correction.objects.filter(irregularity__in=[row.pk for row in rows]).values_list("irregularity")
    found = dict(made.annotate(total=Sum("amount")))
    for row in rows:
        row.corrected = found.get(row.pk, ZERO)  # type: ignore[attr-defined]


NAMES = (
    "state", "next_actor", "nature", "provision", "committed_from", "committed_to", "detected_on", "detected_how",
    "expenditure", "aid", "union_share", "national_share", "private_share", "declared_on", "suspected_fraud",
    "bankruptcy_only", "disclosed", "report_by", "assessed_on", "lands_in", "accounting_year", "reported_on",
    "report_reference", "ended_on", "corrected",
)  # fmt: skip


def _row(row: Irregularity) -> dict[str, Any]:
    file, operation = row.application, row.application.operation
    priority = operation.specific_objective.priority if operation else None
    return {name: getattr(row, name) for name in NAMES} | {
        "irregularity": row.number, "reference": file.reference, "firm": file.company.name,
        "siren": file.company.siren, "operation": operation.code if operation else "",
        "cci": priority.programme.cci if priority else "", "priority": priority.code if priority else "",
        "claim": row.claim.number if row.claim else None, "recovery": row.recovery.number if row.recovery else "",
        "left": row.aid - row.corrected,  # type: ignore[attr-defined]
        "recovered": row.recovery.collected if row.recovery else ZERO,
    }  # fmt: skip


IRREGULARITIES = Listing(
    key="irregularites",
    name_fr="Irrégularités",
    name_en="Irregularities",
    columns=(
        column("irregularity", "Irrégularité", "Irregularity"),
        column("cci", "CCI du programme", "Programme CCI"),
        column("priority", "Priorité", "Priority"),
        column("operation", "Opération", "Operation"),
        column("reference", "Dossier", "File"),
        column("firm", "Entreprise", "Firm"),
        column("siren", "SIREN", "SIREN"),
        column("claim", "Demande n°", "Claim no", "integer"),
        column("recovery", "Recouvrement", "Recovery"),
        column("nature", "Nature", "Type", choices=IrregularityNature),
        column("provision", "Disposition enfreinte", "Provision infringed"),
        column("committed_from", "Commise du", "Committed from", "date"),
        column("committed_to", "au", "to", "date"),
        column("detected_on", "Détectée le", "Detected on", "date"),
        column("detected_how", "Mode de détection", "How detected", choices=DetectedHow),
        column("state", "État", "State", choices=IrregularityState),
        column("next_actor", "Qui l’a maintenant", "Who has it", choices=Actor),
        column("expenditure", "Dépense irrégulière", "Irregular expenditure", "money"),
        column("union_share", "dont fonds de l’Union", "of which Union funds", "money"),
        column("national_share", "dont part nationale", "of which national", "money"),
        column("private_share", "dont part privée", "of which private", "money"),
        column("aid", "Contribution publique irrégulière", "Irregular public contribution", "money"),
        column("corrected", "Corrigé", "Corrected", "money"),
        column("left", "Reste à corriger", "Left to correct", "money"),
        column("recovered", "Recouvré", "Recovered", "money"),
        column("declared_on", "Déclarée à la Commission le", "Declared to the Commission on", "date"),
        column("suspected_fraud", "Soupçon de fraude", "Suspected fraud", "boolean"),
        column("bankruptcy_only", "Faillite seulement", "Bankruptcy only", "boolean"),
        column("disclosed", "Signalée par l’entreprise", "Disclosed by the firm", "boolean"),
        column("assessed_on", "Appréciée le", "Assessed on", "date"),
        column("lands_in", "Correction inscrite dans", "Correction recorded in", choices=CorrectionLanding),
        column("accounting_year", "Exercice comptable", "Accounting year"),
        column("report_by", "À signaler avant le", "To be reported by", "date"),
        column("reported_on", "Signalée le", "Reported on", "date"),
        column("report_reference", "Référence du signalement", "Report reference"),
        column("ended_on", "Close le", "Ended on", "date"),
    ),
    shown=("irregularity", "reference", "firm", "nature", "state", "union_share", "detected_on", "report_by",
           "reported_on"),
    identity=("irregularity",),
    keys=LATEST_FIRST,
    source=_source,
    row=_row,
    prepare=_corrected,
    filters=(
        Filter("q", _("Référence, entreprise ou SIREN"),
               contains("application__reference", "application__company__name", "application__company__siren")),
        Filter("state", _("État"), equals("state"), "choice", IrregularityState.choices[1:]),
        *between("detected_on"),
    ),
)  # fmt: skip
