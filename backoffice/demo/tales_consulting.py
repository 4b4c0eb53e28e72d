"""Consulting: paid to the firm, to the provider by assignment or from a pot, in two levels; a provider that changes."""

from __future__ import annotations

from decimal import Decimal

from applications.enums import ApplicationState
from applications.models import Document
from backoffice.demo import steps
from backoffice.demo.actors import Case
from backoffice.demo.timetable import Tale
from backoffice.demo.world import World
from regions import clock
from regions.enums import AccreditationState
from workflows import gate
from workflows.acts import Denied

OTHER_IBAN = "FR7612345987650123456789014"


def paid_to_the_firm(world: World) -> Tale:
    """Half of a cost that is counted up to 10,000 €."""
    case = Case(world, "F41").fill(("digital_strategy", "Stratégie de vente en ligne", "14000.00"))
    yield from steps.until_running(case)
    claim = yield from steps.claimed(case)
    yield from steps.certified_and_paid(case, claim)
    return case.act("officer", "complete")


def provider_changed(world: World) -> Tale:
    """The consultant's accreditation ends before the decision: the gate refuses the grant, another one takes over."""
    case = Case(world, "F42", "P02").fill(("digital_strategy", "Diagnostic et plan d’action", "6000.00"))
    yield from steps.filed(case)
    yield from steps.examined(case)
    case.act("officer", "propose")
    while case.file.provider.accreditations.get().state == AccreditationState.ACTIVE:  # type: ignore[union-attr]
        yield 5
    yield from _another(case)
    yield from steps.granted(case)
    yield from steps.notified(case)
    claim = yield from steps.claimed(case)
    yield from steps.certified_and_paid(case, claim)
    return case.act("officer", "complete")


def _another(case: Case) -> steps.Step:
    """The gate says no; the firm chooses another consultant, who confirms."""
    try:
        case.act("decider", "grant")
    except Denied:
        case.act("decider", "send_back", reason="L’habilitation du prestataire a pris fin : en choisir un autre.")
    provider = case.world.providers["P01"]
    gate.record(case.manager, "application", case.pk, "change_provider", provider=provider.pk)
    yield 2
    gate.record(case.world.provider_users["P01"], "application", case.pk, "provider", finding="green")


def account_changed(world: World) -> Tale:
    """The firm asks for other bank details while its order waits: held, confirmed, cancelled, prepared again, paid."""
    case = Case(world, "F43").fill(("digital_strategy", "Accompagnement", "8000.00"))
    yield from steps.until_running(case)
    claim = yield from steps.claimed(case)
    case.control(claim)
    gate.move(case.by("certifier"), "claim", claim.pk, "verify")
    event = gate.open_order(case.by("liquidator"), claim.pk)
    order = int(event.object.partition(":")[2])
    change = _ask_other_account(case)
    _held(case, order)
    yield 4
    gate.move(case.by("officer2"), "bank", change, "confirm")
    gate.move(case.by("authorising"), "order", order, "cancel", reason="Coordonnées bancaires changées depuis.")
    case.order(claim)
    yield from steps.settled(case)
    return case.act("officer", "complete")


def _ask_other_account(case: Case) -> int:
    paper = Document.objects.filter(application=case.pk, kind="bank_details").latest("pk")
    holder = case.file.company.name
    event = gate.ask_bank_change(case.manager, case.file.company_id, holder=holder, iban=OTHER_IBAN, document=paper)
    return int(event.object.partition(":")[2])


def _held(case: Case, order: int) -> None:
    """Nobody can sign while the change waits."""
    try:
        gate.move(case.by("authorising"), "order", order, "sign")
    except Denied:
        return
    raise ValueError("an order was signed while the payee's account was changing")


def analysis(world: World, firm: str = "F51") -> Tale:
    """Level one: the analysis, paid to the provider; it recommends what level two may aid."""
    case = Case(world, firm).fill(("potential_analysis", "Analyse du potentiel numérique", "4000.00"))
    yield from steps.until_running(case)
    yield from steps.reported(case, "online_marketing", "cybersecurity")
    claim = yield from steps.claimed(case, paid=False)
    yield from steps.certified_and_paid(case, claim)
    return case.act("officer", "complete")


def implementation(world: World) -> Tale:
    """Level two: ten days at a price above the ceiling; what the analysis did not recommend is left out."""
    earlier = Case.of(world, "F51")
    while earlier.file.state != ApplicationState.COMPLETED:
        yield 5
    case = Case(world, "F51")
    steps.level(case, 2, earlier)
    case.fill(
        ("online_marketing", "Référencement, dix jours", "13000.00", "10"),
        ("process_digitisation", "Gestion des stocks, trois jours", "3300.00", "3"),
    )
    yield from steps.until_running(case)
    yield from steps.reported(case)
    claim = yield from steps.claimed(case, paid=False)
    rejected = {1: ("13000.00", "", ""), 2: ("0.00", "not_granted", "Service que l’analyse ne recommandait pas.")}
    yield from steps.certified_and_paid(case, claim, rejected)
    return case.act("officer", "complete")


def not_recommended(world: World) -> Tale:
    """Level two for a service that the analysis did not recommend: refused."""
    earlier = Case.of(world, "F52")
    while earlier.file.state != ApplicationState.COMPLETED:
        yield 5
    case = Case(world, "F52")
    steps.level(case, 2, earlier)
    case.fill(("process_digitisation", "Gestion des stocks, cinq jours", "5000.00", "5"))
    yield from steps.filed(case)
    yield from steps.examined(case)
    yield from steps.refused(case)
    return case


def paid_from_the_pot(world: World) -> Tale:
    """The firm's share comes first, the provider is paid both, and what remains of the share goes back."""
    case = Case(world, "F81").fill(("cybersecurity", "Conseil en cybersécurité", "8000.00"))
    yield from steps.until_running(case)
    yield 5
    today = clock.today()
    gate.record(
        case.by("accountant"), "application", case.pk, "share_received", amount=Decimal("2000.00"),
        reference="VIR-2025-081", value_date=today,
    )  # fmt: skip
    yield from steps.reported(case)
    claim = yield from steps.claimed(case, paid=False)
    rejected = {1: ("7200.00", "not_delivered", "Une journée sur dix n’a pas eu lieu.")}
    yield from steps.certified_and_paid(case, claim, rejected)
    gate.record(
        case.by("accountant"), "application", case.pk, "share_refunded", amount=Decimal("200.00"),
        reference="VIR-2025-082", value_date=clock.today(),
    )  # fmt: skip
    return case.act("officer", "complete")


def share_awaited(world: World) -> Tale:
    """Granted; the firm has not paid its share yet."""
    case = Case(world, "F82").fill(("action_plan", "Plan d’action", "6000.00"))
    yield from steps.until_running(case)
    return case
