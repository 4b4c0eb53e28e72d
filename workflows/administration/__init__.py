"""Acts of administration: roles, absences, scheme versions, envelopes, letters. Each leaves its trace.

They have no machine: they are done once and corrected by a new act. Two persons are needed wherever
one could otherwise give himself a right, move money or change a rule alone.
"""

from workflows.administration.absences import cancel_absence, record_absence
from workflows.administration.costs import record_cost, standing_costs
from workflows.administration.envelopes import (
    Vote,
    confirm_transfer,
    decline_transfer,
    open_envelope,
    propose_transfer,
    totals,
)
from workflows.administration.house import (
    answer_privacy,
    messages_of,
    privacy_requests,
    region_of,
    send_again,
    set_contact,
)
from workflows.administration.integrity import set_integrity_terms
from workflows.administration.paying import confirm_terms, decline_terms, propose_terms
from workflows.administration.programmes import (
    confirm_in_programme,
    decline_in_programme,
    facts_of_proposal,
    propose_in_programme,
)
from workflows.administration.roles import (
    administrators,
    confirm_role,
    decline_role,
    end_role,
    first_administrator,
    give_role,
    invite,
    second_administrator,
)
from workflows.administration.schemes import propose_version, publish_version

__all__ = [
    "Vote",
    "administrators",
    "answer_privacy",
    "cancel_absence",
    "confirm_in_programme",
    "confirm_role",
    "confirm_terms",
    "confirm_transfer",
    "decline_in_programme",
    "decline_role",
    "decline_terms",
    "decline_transfer",
    "end_role",
    "facts_of_proposal",
    "first_administrator",
    "give_role",
    "invite",
    "messages_of",
    "open_envelope",
    "privacy_requests",
    "propose_in_programme",
    "propose_terms",
    "propose_transfer",
    "propose_version",
    "publish_version",
    "record_absence",
    "record_cost",
    "region_of",
    "second_administrator",
    "send_again",
    "set_contact",
    "set_integrity_terms",
    "standing_costs",
    "totals",
]
