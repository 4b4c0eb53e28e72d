"""Records after payment: what is declared to the Union and corrected, reports of irregularities, durability."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState, OperationClaimState
from workflows import conditions_declaration as only_if
from workflows import declaring, durability, irregularities
from workflows import permissions as may
from workflows.conditions import passed
from workflows.models import Deadline
from workflows.record import Record, on

ALL = tuple(state for state in ApplicationState.values if state != ApplicationState.DRAFT)

RECORDS = {
    "withhold": Record(
        _("Montant écarté de la demande de la région"), "operation_claim", (OperationClaimState.SUBMITTED,),
        may.certifier, declaring.withhold, (only_if.took_no_part,),
    ),
    "correction": on(may.authorising, declaring.correct, _("Correction des dépenses déclarées"), ALL),
    "durability": on(
        may.officer, durability.record, _("Contrôler la pérennité"), (ApplicationState.COMPLETED,), durability.bound
    ),
    "irregularity_late": on(
        may.system, irregularities.late, _("Dernier jour de signalement dépassé"), ALL, passed(Deadline.Kind.REPORT)
    ),
    "irregularity_soon": on(
        may.system, irregularities.soon, _("Dernier jour de signalement proche"), ALL,
        passed(Deadline.Kind.REPORT_SOON),
    ),
}  # fmt: skip
