"""E-export: a group that loses a firm; a grant with advance, loan and guarantee; a grant revoked and recovered."""

from __future__ import annotations

from decimal import Decimal

from applications.models import Recovery
from backoffice.demo import steps
from backoffice.demo.actors import Case
from backoffice.demo.timetable import Tale
from backoffice.demo.world import World
from regions import clock
from regions.enums import Instrument
from workflows import gate, recoveries

GROUP = ("F92", "F93", "F94", "F95")


def group_of_five(world: World) -> Tale:
    """Five firms share an export manager; one leaves after the grant: its part is cut, the four others are paid."""
    case = Case(world, "F91", None).fill(
        ("joint_manager", "Responsable export partagé, un an", "90000.00"),
        ("trade_fair", "Salon professionnel à Milan", "30000.00"),
        ("marketplace_commission", "Commissions d’une place de marché", "4000.00"),
    )
    steps.join(case, *GROUP)
    yield from steps.until_running(case, GROUP)
    yield 20
    leaver = world.companies["F95"].pk
    gate.record(case.manager, "application", case.pk, "member_left", company=leaver, reason="Cession de son activité.")
    file = case.file
    cut = file.amount_granted - file.amount_to_cut  # type: ignore[operator]
    case.act("decider", "amend", amount=cut, reason="Départ d’une entreprise du groupement.")
    claim = yield from steps.claimed(case)
    rejected = {3: ("0.00", "not_granted", "Commission de place de marché : dépense exclue par le règlement.")}
    yield from steps.certified_and_paid(case, claim, rejected)
    return case.act("officer", "complete")


def group_waiting(world: World) -> Tale:
    """Four firms; two have still to confirm."""
    case = Case(world, "F96", None).fill(("market_study", "Étude du marché italien", "40000.00"))
    steps.join(case, "F97", "F98", "F99")
    yield from steps.filed(case)
    yield from steps.examined(case, ("F97",))
    return case


def start_of_export(world: World) -> Tale:
    """Grant with its advance, repayable advance, loan with its guarantee; the first instalments are repaid."""
    case = Case(world, "F101", None).fill(
        ("export_site", "Boutique en trois langues", "18000.00"),
        ("market_study", "Étude du marché allemand", "6000.00"),
        ("marketplace_commission", "Commissions de vente", "1500.00"),
    )
    yield from steps.until_running(case)
    yield from steps.advance(case)
    yield from steps.release(case, Instrument.LOAN)
    yield from steps.release(case, Instrument.ADVANCE)
    claim = yield from steps.claimed(case)
    rejected = {3: ("0.00", "not_granted", "Dépense courante liée à l’export : exclue.")}
    yield from steps.certified_and_paid(case, claim, rejected)
    return case.act("officer", "complete")


def over_the_ceiling(world: World) -> Tale:
    """The grant alone would fit; with the equivalent of the loan and the rest the ceiling is passed."""
    case = Case(world, "F102", None).fill(
        ("export_site", "Boutique en deux langues", "20000.00"), declared_de_minimis="293500.00"
    )
    yield from steps.filed(case)
    yield from steps.examined(case)
    yield from steps.refused(case)
    return case


def revoked_and_recovered(world: World) -> Tale:
    """The advance was paid, the project given up: withdrawn after hearing, recovered by an order, in two receipts."""
    case = Case(world, "F103", None).fill(("market_study", "Étude du marché espagnol", "12000.00"))
    steps.ask_only_the_grant(case)
    yield from steps.until_running(case)
    order = yield from steps.advance(case)
    yield 30
    gate.record(
        case.by("officer"), "application", case.pk, "revocation_proposed", ground="conditions_not_met",
        effect="withdrawal", reason="Avance versée, projet abandonné.",
    )  # fmt: skip
    yield 3
    gate.record(case.manager, "application", case.pk, "hearing", reason="Nous renonçons au projet, faute de vendeur.")
    yield 2
    case.act(
        "decider", "revoke", reason="Projet abandonné ; l’entreprise a été entendue.",
        delegation="Délégation du 2 janvier 2025",
    )  # fmt: skip
    yield from _recovered(case, order.amount)
    return case


def _recovered(case: Case, amount: Decimal) -> steps.Step:
    recovery = Recovery.objects.get(application=case.pk)
    yield 6
    gate.move(case.manager, "recovery", recovery.pk, "observe", reason="Nous demandons deux échéances.")
    yield 3
    gate.move(
        case.by("authorising"), "recovery", recovery.pk, "order", order_number="T-2025-0103",
        reason="Observations entendues ; deux versements admis.",
    )  # fmt: skip
    yield 15
    first = Decimal("1000.00")
    _receipt(case, recovery, first, "ENC-1")
    yield 15
    _receipt(case, recovery, amount - first, "ENC-2")


def _receipt(case: Case, recovery: Recovery, amount: Decimal, reference: str) -> None:
    recoveries.collect(case.by("accountant"), recovery.pk, amount=amount, reference=reference, value_date=clock.today())
