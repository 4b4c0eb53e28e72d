"""Payment credits: an order draws on those of its year, never more, and gives back where it took."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from applications.enums import Bucket, OrderState
from applications.models import BudgetVote, Claim, LedgerEntry, PaymentCreditPosition, PaymentOrder
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.models import Envelope
from regions.schemes.loader import parse, shipped
from workflows import administration, gate
from workflows.acts import Denied
from workflows.ledger_check import check_ledger
from workflows.verify import verify

pytestmark = pytest.mark.django_db
AID = Decimal("1200.00")


@pytest.fixture
def yearly(world: World) -> World:
    """The scheme, from today on, with payment credits of each year."""
    text = shipped()["kap-numerik"].read_text(encoding="utf-8")
    assert "funding:\n" in text
    text = text.replace("funding:\n", "funding:\n  payment_credits: yearly\n", 1)
    version = administration.propose_version(world.staff["admin"], parse(text, "kap.yaml"), clock.today())
    administration.publish_version(world.staff["admin2"], version)
    return world


def credits(world: World, amount: str, year: int = 2025) -> None:
    administration.open_envelope(
        world.staff["admin"], world.scheme, 2025, Bucket.CREDITS, Decimal(amount), credit_year=year
    )


def certified(world: World, firm: str = "F01") -> tuple[Case, Claim]:
    case = Case(world, firm).fill(SITE).file_it().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    return case, claim


def standing(year: int = 2025) -> tuple[Decimal, Decimal]:
    rows = PaymentCreditPosition.objects.filter(year=year)
    return sum((r.opened for r in rows), Decimal(0)), sum((r.ordered for r in rows), Decimal(0))


@pytest.mark.both
def test_an_order_draws_on_the_credits_of_its_year_and_never_more(yearly: World) -> None:
    case, claim = certified(yearly)
    liquidator = yearly.staff["liquidator"]
    with pytest.raises(Denied, match="crédits de paiement"):
        gate.open_order(liquidator, claim.pk)
    credits(yearly, "5000.00", year=2026)
    credits(yearly, "1199.99")
    with pytest.raises(Denied, match="crédits de paiement"):
        gate.open_order(liquidator, claim.pk)
    assert PaymentOrder.objects.count() == 0
    credits(yearly, "0.01")
    gate.open_order(liquidator, claim.pk)
    assert standing() == (AID, AID)
    assert standing(2026) == (Decimal("5000.00"), Decimal(0))
    with pytest.raises(Denied, match="davantage"):
        credits(yearly, "-0.01")
    assert (check_ledger(), verify().faults) == ([], [])


def test_a_cancelled_order_gives_back_to_the_year_it_took_from(yearly: World) -> None:
    case, claim = certified(yearly)
    credits(yearly, "1200.00")
    case.order(claim)
    clock.advance(days=366)
    order = PaymentOrder.objects.get()
    gate.move(yearly.staff["authorising"], "order", order.pk, "cancel", reason="Exercice clos.")
    assert (PaymentOrder.objects.get().state, standing()) == (OrderState.CANCELLED, (AID, Decimal(0)))
    with pytest.raises(Denied, match="crédits de paiement"):
        gate.open_order(yearly.staff["liquidator"], claim.pk)
    assert check_ledger() == []


@pytest.mark.both
def test_the_database_itself_refuses_an_order_without_credits(yearly: World) -> None:
    case, _claim = certified(yearly)
    last = LedgerEntry.objects.filter(bucket=Bucket.VERIFIED).latest("pk")
    with pytest.raises(IntegrityError, match="payment_credits_never_overdrawn"), transaction.atomic():
        LedgerEntry(
            line=last.line, bucket=Bucket.ORDERED, amount=Decimal("0.01"), application=case.file, year=2025, act="x",
            cause="x", made_by=last.made_by, effective_on=last.effective_on, recorded_at=last.recorded_at,
        ).save()  # fmt: skip


def test_a_scheme_without_payment_credits_pays_as_before(world: World) -> None:
    case, claim = certified(world)
    case.order(claim)
    assert (PaymentCreditPosition.objects.count(), PaymentOrder.objects.count()) == (0, 1)


def test_overbooking_rests_on_a_vote_that_is_kept(world: World) -> None:
    admin = world.staff["admin"]
    with pytest.raises(Denied, match="vote"):
        administration.open_envelope(admin, world.scheme, 2025, Bucket.OVERBOOKING, Decimal("1.00"))
    vote = administration.Vote("CP 2025-31", clock.today())
    administration.open_envelope(admin, world.scheme, 2025, Bucket.OVERBOOKING, Decimal("1.00"), vote=vote)
    kept = BudgetVote.objects.get()
    assert (kept.reference, kept.amount, kept.envelope) == ("CP 2025-31", Decimal("1.00"), Envelope.objects.get())


def test_the_desk_reads_credits_stages_and_when_the_money_runs_out(yearly: World) -> None:
    case, claim = certified(yearly)
    credits(yearly, "1500.00")
    case.order(claim)
    Case(yearly, "F05").fill(SITE).file_it().grant().notify()
    client = Client()
    for name, url in (("accountant", "payment-envelopes"), ("admin", "manage-envelopes")):
        client.force_login(yearly.staff[name])
        page = client.get(reverse(url)).content.decode()
        assert "Crédits de paiement" in page
        assert "300,00" in page
        assert "l’argent manque à partir du" in page
        assert "Hypothèses" in page
