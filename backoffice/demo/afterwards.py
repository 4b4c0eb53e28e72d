"""Some months after the first projects: one firm answers, one does not, one is called and waits for a second person."""

from __future__ import annotations

from decimal import Decimal

from backoffice.demo.actors import Case
from backoffice.demo.world import World
from workflows import gate

ANSWERED, CALLED = "F01", "F15"  # F05 was asked too, and is late


def tell(world: World) -> None:
    """What the firms say, and what an officer takes down."""
    case = Case.of(world, ANSWERED)
    gate.record(
        case.manager, "application", case.pk, "follow_up", headcount=Decimal("4.50"), turnover=Decimal("345000.00"),
        online_share=20, export_share=0, in_use="yes", new_offer=False, new_methods=True, digital_intensity=9,
        satisfaction=5,
    )  # fmt: skip
    case = Case.of(world, CALLED)
    gate.record(
        case.by("officer"), "application", case.pk, "follow_up_call", headcount=Decimal("5.50"), in_use="partly",
        satisfaction=3, reason="La gérante, appelée au numéro du dossier.",
    )  # fmt: skip
