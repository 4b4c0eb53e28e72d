"""Records on what is declared to the Union: amounts set aside by the authority, and corrections of a file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState, OperationClaimState
from workflows import conditions_declaration as only_if
from workflows import declaring
from workflows import permissions as may
from workflows.record import Record, on

ALL = tuple(state for state in ApplicationState.values if state != ApplicationState.DRAFT)

RECORDS = {
    "withhold": Record(
        _("Montant écarté de la demande de la région"), "operation_claim", (OperationClaimState.SUBMITTED,),
        may.certifier, declaring.withhold, (only_if.took_no_part,),
    ),
    "correction": on(may.authorising, declaring.correct, _("Correction des dépenses déclarées"), ALL),
}  # fmt: skip
