"""What each move of an accreditation writes and asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from regions.calendars import add_months
from workflows.acts import Act, Denied, Due, Effects
from workflows.models import Deadline


def submit(accreditation: Any, act: Act) -> Effects:
    accreditation.submitted_at = act.at
    return Effects()


def request_items(accreditation: Any, act: Act) -> Effects:
    kinds = list(act.facts.get("kinds", []))
    if not kinds:
        raise Denied(_("Indiquer au moins une pièce à demander."))
    return Effects(facts={"kinds": kinds})


def accept(accreditation: Any, act: Act) -> Effects:
    """Active from the day of the decision, for the months given (three years unless said otherwise)."""
    months = int(act.facts.get("months", 36))
    accreditation.valid_from = act.day
    accreditation.valid_to = add_months(act.day, months) - timedelta(days=1)
    return Effects(
        facts={"valid_from": act.day, "valid_to": accreditation.valid_to},
        due=[Due(Deadline.Kind.EXPIRY, accreditation.valid_to)],
    )
