"""Vouchers of other regions: by steps, flat, by assignment; and an appeal that is won."""

from __future__ import annotations

from decimal import Decimal

from applications.enums import Bucket
from backoffice.demo import steps
from backoffice.demo.actors import Case
from backoffice.demo.timetable import Tale
from backoffice.demo.world import World
from workflows import administration, gate


def paid_by_steps(world: World) -> Tale:
    """Steps of 150 € for each 300 € spent: 1,190 € give 450 €."""
    case = Case(world, "F31", None).fill(("website", "Vitrine en ligne", "1190.00"))
    yield from steps.until_running(case)
    claim = yield from steps.claimed(case)
    yield from steps.certified_and_paid(case, claim)
    return case.act("officer", "complete")


def too_young(world: World) -> Tale:
    """A firm created less than six months before it files."""
    case = Case(world, "F32", None).fill(("website", "Vitrine en ligne", "900.00"))
    yield from steps.filed(case)
    yield from steps.examined(case)
    yield from steps.refused(case)
    return case


def paid_flat(world: World) -> Tale:
    """A fixed sum on proof of the smallest expense."""
    case = Case(world, "F71", None).fill(("online_sales", "Vente en ligne", "780.00"))
    yield from steps.until_running(case)
    claim = yield from steps.claimed(case)
    yield from steps.certified_and_paid(case, claim)
    return case.act("officer", "complete")


def below_the_floor(world: World) -> Tale:
    """A quote under the smallest expense gives nothing."""
    case = Case(world, "F72", None).fill(("management", "Sauvegarde en ligne", "300.00"))
    yield from steps.filed(case)
    yield from steps.examined(case)
    yield from steps.refused(case)
    return case


def paid_by_assignment(world: World) -> Tale:
    """The firm assigns its claim: the provider is paid, the firm pays the VAT."""
    case = Case(world, "F61").fill(("online_sales", "Boutique en ligne", "4200.00"))
    yield from steps.until_running(case)
    yield from steps.reported(case)
    claim = yield from steps.claimed(case, paid=False)
    yield from steps.certified_and_paid(case, claim)
    return case.act("officer", "complete")


def appeal_won(world: World) -> Tale:
    """Refused for a quote that says too little; the firm appeals with a better one, and wins."""
    case = Case(world, "F62").fill(("website", "Site internet", "3000.00"))
    yield from steps.filed(case)
    yield from steps.examined(case)
    yield from steps.refused(case, "documents")
    yield 12
    words = "Le devis détaillé joint répond à votre motif."
    gate.record(case.manager, "application", case.pk, "appeal", reason=words)
    yield 15
    answer = "Le nouveau devis détaille chaque prestation : le recours est fondé."
    gate.record(case.by("decider"), "application", case.pk, "appeal_answer", outcome="upheld", reason=answer)
    case.act("decider", "reopen", reason=answer)
    gate.record(case.by("officer2"), "application", case.pk, "documents", finding="green")
    case.act("officer2", "propose")
    yield 4
    case.act("decider", "grant", delegation=steps.DELEGATION)
    yield from steps.notified(case)
    return case


def envelope_reopened(world: World, firm: str = "F12") -> Case:
    """Credits come in: the file that waited is granted."""
    case = Case.of(world, firm)
    year = case.file.envelope.year  # type: ignore[union-attr]
    administration.open_envelope(world.staff["admin"], world.scheme, year, Bucket.CEILING, Decimal("4000.00"))
    case.act("decider", "grant", delegation=steps.DELEGATION)
    return case
