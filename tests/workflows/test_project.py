"""A project under way: a provider who changes, a share that comes first, an advance, a loan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from applications.booking import holdings, positions
from applications.enums import Bucket, ClaimKind
from applications.escrow import escrow_of
from applications.forms.claim import AskForm
from applications.models import Claim, EscrowEntry
from backoffice.demo.actors import days, saved
from backoffice.demo.world import World
from regions import clock
from regions.calendars import local_date
from regions.enums import Instrument
from regions.models import SchemeVersion
from tests.walks import ANALYSIS, ASSIGNED, COMMISSION, ESCROW, MISSION, MIX, PLAN, STUDY, Walk, offer
from workflows import delivery, gate, project, sweeper
from workflows.acts import Denied
from workflows.conditions import missing_claim_items
from workflows.follow import live_tasks
from workflows.ledger_check import check_ledger

pytestmark = pytest.mark.django_db


def escrowed(world: World) -> Walk:
    return Walk(offer(world, ESCROW), "F01").fill(PLAN).file_it().running()


def mixed(world: World) -> Walk:
    return Walk(offer(world, MIX), "F01").fill(STUDY, COMMISSION).file_it().running()


# --- the provider


def test_a_former_providers_word_does_not_count_for_the_new_one(world: World) -> None:
    walk = Walk(offer(world, MISSION), "F01").fill(("digital_strategy", "Stratégie", "8000.00")).file_it().checked()
    assert set(live_tasks(walk.file)) == {"propose"}
    gate.record(walk.provider, "application", walk.pk, "provider", finding="red", reason="Indisponible.")
    clock.advance(hours=1)
    other = walk.world.providers["P02"]
    gate.record(walk.manager, "application", walk.pk, "change_provider", provider=other.pk)
    assert not project.provider_confirmed(walk.file)
    assert live_tasks(walk.file) == {"provider": f"provider:P-{other.pk}"}
    with pytest.raises(Denied, match="Tous les contrôles"):
        walk.act("officer", "propose")
    gate.record(walk.world.provider_users["P02"], "application", walk.pk, "provider", finding="green")
    walk.act("officer", "propose")
    assert walk.file.amount_proposed == Decimal("4000.00")


# --- the firm's share


def test_the_share_comes_before_the_claim(world: World) -> None:
    walk = escrowed(world)
    assert project.awaited_share(walk.file) == Decimal("2000.00")
    claim = Claim.objects.create(application=walk.file, number=1, created_at=clock.now())
    with pytest.raises(Denied):
        gate.move(walk.manager, "claim", claim.pk, "submit")
    claim.delete()
    walk.share("1500.00")
    with pytest.raises(Denied, match="référence"):
        walk.share("500.00")
    walk.share("500.00", "VIR-2").report()
    order = walk.paid(paid=False)
    assert (order.amount, order.own_share, order.total) == (Decimal("6000.00"), Decimal("2000.00"), Decimal("8000.00"))
    assert order.payee_provider == walk.world.providers["P01"]
    assert escrow_of(walk.file).held == Decimal(0)
    assert positions(walk.file)[Bucket.PAID] == Decimal("6000.00")
    walk.act("officer", "complete")
    assert check_ledger() == []


@pytest.mark.both
def test_no_more_leaves_the_pot_than_came_in(world: World) -> None:
    walk = escrowed(world).share("2000.00")
    with pytest.raises(Denied, match="dépasse"):
        gate.record(
            walk.by("accountant"), "application", walk.pk, "share_refunded", amount=Decimal("2000.01"),
            reference="R-1", value_date=clock.today(),
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        EscrowEntry(
            application=walk.file, side="released", amount=Decimal("2000.01"), cause="test", made_by=walk.manager,
            effective_on=clock.today(), recorded_at=clock.now(),
        ).save(force_insert=True)  # fmt: skip
    assert escrow_of(walk.file).held == Decimal("2000.00")


def test_a_file_is_not_closed_while_a_share_is_held(world: World) -> None:
    walk = escrowed(world).share("2300.00").report()
    walk.paid(paid=False)
    assert escrow_of(walk.file).held == Decimal("300.00")
    with pytest.raises(Denied, match="part de l’entreprise"):
        walk.act("officer", "complete")
    gate.record(
        walk.by("accountant"), "application", walk.pk, "share_refunded", amount=Decimal("300.00"), reference="R-1",
        value_date=clock.today(),
    )  # fmt: skip
    assert walk.act("officer", "complete").file.state == "completed"


def test_the_provider_is_paid_in_the_firms_place(world: World) -> None:
    walk = Walk(offer(world, ASSIGNED), "F01").fill(ANALYSIS).file_it().running().report()
    order = walk.paid(paid=False)
    assert order.payee_provider == walk.world.providers["P01"]
    assert (order.own_share, order.total) == (Decimal(0), order.amount)


# --- an advance, then the balance


def test_an_advance_and_its_balance_never_pass_the_grant(world: World) -> None:
    walk = mixed(world)
    granted = walk.file.amount_granted
    assert project.advance_open(walk.file) == granted / 2
    assert walk.pay(walk.asks(ClaimKind.ADVANCE)).amount == granted / 2
    assert project.advance_open(walk.file) == Decimal(0)
    walk.paid()
    assert positions(walk.file)[Bucket.PAID] == granted
    assert check_ledger() == []


@pytest.mark.parametrize(("terms", "due"), [({"share": "0.40"}, "0.40"), ({"share": "0.50", "ceiling": "1000.00"}, "")])
def test_an_advance_stands_on_its_guarantee_and_within_its_cap(world: World, terms: dict[str, Any], due: str) -> None:
    walk = mixed(world)
    version, granted = walk.file.scheme_version, walk.file.amount_granted
    payment = {"model": "advance_balance", "costs": "real", "advance": terms | {"guarantee_required": True}}
    SchemeVersion.objects.filter(pk=version.pk).update(rules=version.rules | {"payment": payment})
    claim = saved(AskForm({"kind": "advance", "instrument": "grant"}, application=walk.file))
    walk.attach("advance_request", claim)
    assert missing_claim_items(claim) == ["advance_guarantee"]
    with pytest.raises(Denied, match="pièces demandées"):
        gate.move(walk.manager, "claim", claim.pk, "submit")
    walk.attach("advance_guarantee", claim)
    gate.move(walk.manager, "claim", claim.pk, "submit")
    gate.move(walk.by("officer"), "claim", claim.pk, "control")
    walk.certify(claim)
    claim.refresh_from_db()
    assert claim.aid_due == (granted * Decimal(due) if due else Decimal("1000.00"))
    again = saved(AskForm({"kind": "advance", "instrument": "grant"}, application=walk.file))
    for kind in ("advance_request", "advance_guarantee"):
        walk.attach(kind, again)
    walk.pay(claim)
    with pytest.raises(Denied, match="déjà demandé"):
        gate.move(walk.manager, "claim", again.pk, "submit")


def test_a_late_instalment_is_told_once_to_the_firm_and_the_liquidator(world: World) -> None:
    walk = mixed(world)
    walk.pay(walk.asks(ClaimKind.RELEASE, Instrument.LOAN))
    loan = walk.file.agreement.components.get(instrument=Instrument.LOAN)
    first, second = loan.instalments.all()[:2]
    deadline = walk.file.deadlines.get(kind="instalment", closed_at__isnull=True)
    assert local_date(deadline.due_at, walk.file.zone) == first.due_on
    assert walk.file.due_on != first.due_on
    delivery.deliver()
    mail.outbox.clear()
    clock.advance(days=(first.due_on - clock.today()).days + 1)
    for _twice in range(2):
        sweeper.sweep()
    delivery.deliver()
    told = {message.to[0] for message in mail.outbox if "échéance" in message.subject}
    assert told == {walk.manager.email, world.staff["liquidator"].email}
    deadline = walk.file.deadlines.get(kind="instalment", closed_at__isnull=True)
    assert local_date(deadline.due_at, walk.file.zone) == second.due_on
    assert loan.instalments.get(number=first.number).late_told_on == clock.today()


def test_a_loan_is_released_and_repaid_beside_the_grant(world: World) -> None:
    walk = mixed(world)
    loan = walk.file.agreement.components.get(instrument=Instrument.LOAN)
    order = walk.pay(walk.asks(ClaimKind.RELEASE, Instrument.LOAN))
    assert order.amount == loan.amount
    held = holdings(walk.file)
    assert held[Instrument.LOAN][Bucket.PAID] == loan.amount
    assert held[Instrument.GRANT][Bucket.PAID] == Decimal(0)
    first = loan.instalments.first()
    assert sum(i.principal for i in loan.instalments.all()) == loan.amount
    days(2)
    gate.record(
        walk.by("accountant"), "application", walk.pk, "instalment", instrument=Instrument.LOAN, number=first.number,
        amount=first.due, reference="E-1", value_date=clock.today(),
    )  # fmt: skip
    after = holdings(walk.file)
    assert after[Instrument.LOAN][Bucket.RECOVERED] == first.principal
    assert after[Instrument.GRANT] == held[Instrument.GRANT]
    assert check_ledger() == []
