"""The end of the demonstration, beside the audit: an irregularity found after the declaration, and its correction."""

from __future__ import annotations

from decimal import Decimal

from applications.models import Irregularity, PaymentApplication
from backoffice.demo.actors import Case, days
from backoffice.demo.world import World
from regions import clock
from regions.calendars import local_date
from workflows import gate

FOUND, CORRECTED = Decimal("160.00"), Decimal("100.00")


def irregularity(world: World, application: PaymentApplication) -> Case:
    """Found by the officer, exempt from reporting by the decider, corrected in part by the authorising officer."""
    case, zone = Case.of(world, "F05"), world.region.time_zone
    if application.sent_at is None:
        raise ValueError("an irregularity of what is declared needs a payment application that was sent")
    gate.open_irregularity(
        case.by("officer"), case.pk, nature="eligibility", provision="Règlement du dispositif, article 4",
        detected_on=clock.today(zone), detected_how="desk", expenditure=Decimal("200.00"), aid=FOUND,
        declared_on=local_date(application.sent_at, zone), words="Deux visuels servent une autre enseigne.",
    )  # fmt: skip
    row = Irregularity.objects.get(application=case.pk)
    days(4)
    _move(case, row, "decider", "exempt", "Deux visuels sur cinq, moins de 10 000 € de fonds de l’Union.")
    days(2)
    _move(case, row, "authorising", "correct", "Premier visuel ; l’usage du second est à établir.", amount=CORRECTED)
    return case


def _move(case: Case, row: Irregularity, who: str, name: str, reason: str, **given: Decimal) -> None:
    gate.move(case.by(who), "irregularity", row.pk, name, reason=reason, **given)
