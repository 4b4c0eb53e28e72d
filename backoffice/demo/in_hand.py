"""Work in hand when the demonstration ends: each person finds something to do on his first page.

The files go side by side, as in life: filed the same morning, each is left where somebody must act.
"""

from __future__ import annotations

from applications.models import Claim
from backoffice.demo.actors import Case, days
from backoffice.demo.world import World
from workflows import gate, payments

ADVICE = ("digital_strategy", "Accompagnement à la stratégie digitale", "300.00")
SENT, TO_SIGN, TO_CERTIFY, TO_CLAIM, TO_NOTIFY, TO_DECIDE, TO_TAKE, DRAFT = (f"F{rank}" for rank in range(20, 28))
GRANTED = (SENT, TO_SIGN, TO_CERTIFY, TO_CLAIM, TO_NOTIFY)
NOTIFIED = GRANTED[:4]
CLAIMED = GRANTED[:3]


def with_the_accountant(world: World) -> Case:
    """Lives them all together; the first is the one whose order waits for the accountant's answer."""
    cases = {firm: Case(world, firm).fill(ADVICE) for firm in (*GRANTED, TO_DECIDE)}
    _file(cases)
    _grant(cases)
    _claim(world, cases)
    return cases[SENT]


def _file(cases: dict[str, Case]) -> None:
    for case in cases.values():
        gate.move(case.manager, "application", case.pk, "submit")
    days(2)
    for case in cases.values():
        gate.record(case.by("officer"), "application", case.pk, "take")
        case.act("officer", "accept_complete")
        gate.record(case.by("officer"), "application", case.pk, "documents", finding="green")
        gate.record(case.provider, "application", case.pk, "provider", finding="green")
    days(3)


def _grant(cases: dict[str, Case]) -> None:
    for case in cases.values():
        case.act("officer", "propose")
    days(4)
    for firm in GRANTED:
        cases[firm].act("decider", "grant", delegation="Délégation du 2 janvier 2025")
    days(1)
    for firm in NOTIFIED:
        cases[firm].act("notifier", "notify")


def _claim(world: World, cases: dict[str, Case]) -> None:
    """One claim for each, presented the same day; the first goes as far as the accountant.

    The one to certify presents the invoice of another file: whoever certifies it reads so.
    """
    days(12)
    twice = {TO_CERTIFY: f"FA-{cases[SENT].file.reference}-1"}
    claims = {firm: cases[firm].present(invoice=twice.get(firm, "")) for firm in CLAIMED}
    days(3)
    for firm, claim in claims.items():
        cases[firm].control(claim)
    for firm in (SENT, TO_SIGN):
        gate.move(world.staff["certifier"], "claim", claims[firm].pk, "verify")
    days(2)
    _order(world, cases, claims)


def _order(world: World, cases: dict[str, Case], claims: dict[str, Claim]) -> None:
    cases[SENT].order(claims[SENT])
    payments.send_run(world.region, by=world.staff["authorising"])
    gate.open_order(world.staff["liquidator"], claims[TO_SIGN].pk)


def to_sign(world: World) -> Case:
    return Case.of(world, TO_SIGN)


def to_certify(world: World) -> Case:
    return Case.of(world, TO_CERTIFY)


def to_claim(world: World) -> Case:
    return Case.of(world, TO_CLAIM)


def to_notify(world: World) -> Case:
    return Case.of(world, TO_NOTIFY)


def to_decide(world: World) -> Case:
    return Case.of(world, TO_DECIDE)


def to_take(world: World) -> Case:
    """Filed this morning: nobody has it yet."""
    case = Case(world, TO_TAKE).fill(ADVICE)
    gate.move(case.manager, "application", case.pk, "submit")
    return case


def draft(world: World) -> Case:
    """A firm is still filling it."""
    return Case(world, DRAFT)
