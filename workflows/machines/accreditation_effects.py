"""What each move of an accreditation writes and asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from regions.calendars import add_months
from regions.enums import AccreditationState as S
from workflows.acts import Act, Denied, Due, Effects
from workflows.models import Deadline

CHANGED = "accreditation_changed"


def submit(accreditation: Any, act: Act) -> Effects:
    accreditation.submitted_at = act.at
    return Effects(facts={"documents": sorted(accreditation.documents.values_list("sha256", flat=True))})


def request_items(accreditation: Any, act: Act) -> Effects:
    kinds = list(act.facts.get("kinds", []))
    if not kinds:
        raise Denied(_("Indiquer au moins une pièce à demander."))
    return Effects(facts={"kinds": kinds}, emails=[CHANGED])


def told(accreditation: Any, act: Act) -> Effects:
    """A decision whose only effect is its state: the provider is told."""
    return Effects(emails=[CHANGED])


def accept(accreditation: Any, act: Act) -> Effects:
    """Active from the day of the decision, or after the one it renews, for the months given (36 by default)."""
    months = int(act.facts.get("months", 36))
    first = max([act.day, *(end + timedelta(days=1) for end in _running(accreditation))])
    accreditation.valid_from = first
    accreditation.valid_to = add_months(first, months) - timedelta(days=1)
    return Effects(
        facts={"valid_from": first, "valid_to": accreditation.valid_to},
        due=[Due(Deadline.Kind.EXPIRY, accreditation.valid_to)],
        emails=[CHANGED],
    )


def _running(accreditation: Any) -> list[date]:
    """The last days of the provider's accreditations that stand under the same scheme."""
    twins = type(accreditation).objects.filter(
        provider=accreditation.provider_id, scheme=accreditation.scheme_id, state__in=[S.ACTIVE, S.SUSPENDED],
        valid_to__isnull=False,
    )  # fmt: skip
    return list(twins.exclude(pk=accreditation.pk).values_list("valid_to", flat=True))
