"""The float that pays providers: recomputed row by row from the ledger, the escrow's movements, claims and orders."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application, EscrowEntry, LedgerEntry
from backoffice.demo.world import World
from regions import clock
from regions.models import Envelope
from reporting.cash_float import SchemeFloat, floats
from tests.shelf import kept
from tests.walks import ASSIGNED, ESCROW, PLAN, Walk, offer
from workflows import gate

pytestmark = pytest.mark.django_db
ZERO = Decimal(0)


@kept
def escrowed(world: World, credits: str = "") -> World:
    """Four files: one ordered, one in control, one whose share is not whole, one taken back."""
    pot = offer(world, ESCROW, credits=credits)
    ordered, controlled, waiting, gone = (
        Walk(pot, firm).fill(PLAN).file_it().running().share(share, f"VIR-{firm}")
        for firm, share in (("F01", "2000.00"), ("F02", "2300.00"), ("F05", "1500.00"), ("F15", "700.00"))
    )
    claim = ordered.report().claim(paid=False)
    ordered.control(claim).certify(claim)
    ordered.order(claim)
    controlled.report().claim(paid=False)
    clock.advance(days=20)
    facts = {"ground": "conditions_not_met", "effect": "withdrawal", "reason": "La mission n’a pas été faite."}
    gate.record(gone.by("officer"), "application", gone.pk, "revocation_proposed", **facts)
    gate.record(gone.manager, "application", gone.pk, "hearing", reason="Pris note.")
    gone.act("decider", "revoke", reason="Constat maintenu.", delegation="Délégation du 2 janvier 2025")
    return pot


def one(world: World) -> SchemeFloat:
    (found,) = (block for block in floats([world.region], clock.today()) if block.scheme == world.scheme)
    return found


def naive(scheme: Any, today: date) -> dict[str, Any]:
    """Aid and shares by the day they leave, file by file, from rows alone."""
    aid: dict[date, Decimal] = defaultdict(Decimal)
    shares: dict[date, Decimal] = defaultdict(Decimal)
    for file in Application.objects.filter(scheme_version__scheme=scheme).exclude(state="draft"):
        booked: dict[str, Decimal] = defaultdict(Decimal)
        for entry in LedgerEntry.objects.filter(application=file):
            booked[entry.bucket] += entry.amount
        signs = {"received": 1, "released": -1, "refunded": -1}
        held = sum((signs[row.side] * row.amount for row in EscrowEntry.objects.filter(application=file)), ZERO)
        days = int(file.scheme_version.rules["when"]["payment_days"])
        last = (file.complete_by or today) + timedelta(days=days)
        claim = file.claims.exclude(state__in=["draft", "settled", "rejected", "withdrawn"]).first()
        due = max(claim.payment_due_on or today, today) if claim else last
        live = file.state in ("granted", "running")
        aid[due] += booked["verified"] - booked["paid"]
        if live:
            aid[due] += booked["committed"] - booked["verified"]
        shares[due if live else today] += held
    return {
        "aid": {day: amount for day, amount in aid.items() if amount},
        "shares": {day: amount for day, amount in shares.items() if amount},
    }


def spread(rows: dict[date, Decimal], spans: Any, until: date) -> list[Decimal]:
    bounds = [span.begins for span in spans] + [until + timedelta(days=1)]
    return [
        sum((amount for day, amount in rows.items() if begins <= day < ends), ZERO)
        for begins, ends in zip(bounds, bounds[1:], strict=False)
    ]


@pytest.mark.both
def test_the_float_is_what_the_rows_say(world: World) -> None:
    pot = escrowed(world)
    found, told = one(pot), naive(pot.scheme, clock.today())
    assert found.models == ["escrow"]
    paid = sum(LedgerEntry.objects.filter(bucket="paid").values_list("amount", flat=True), ZERO)
    assert (found.cash.aid, found.cash.shares) == (Decimal("200000.00") - paid, Decimal("6500.00"))
    assert (found.ordered, found.awaited) == (Decimal("6000.00"), Decimal("500.00"))
    spans, until = found.cash.spans, found.cash.until
    assert until == max([*told["aid"], *told["shares"]])
    assert [sum(span.out.values()) for span in spans] == spread(told["aid"], spans, until)
    assert [span.shares for span in spans] == spread(told["shares"], spans, until)
    assert (spans[-1].left_shares, found.cash.runs_out_on, found.cash.short) == (ZERO, None, ZERO)


def test_the_float_runs_out_on_the_day_that_the_credits_do_not_cover(world: World) -> None:
    """18,000 € of aid leave on three days: 13,000 € opened cover two, and no firm's share pays the third."""
    pot = escrowed(world, "13000.00")
    days = sorted(naive(pot.scheme, clock.today())["aid"].items())
    left, ends = Decimal("13000.00"), None
    for day, amount in days:
        left -= amount
        ends = ends or (day if left < 0 else None)
    found = one(pot).cash
    assert (found.aid, found.runs_out_on, found.short) == (Decimal("13000.00"), ends, Decimal("5000.00"))
    assert found.first_out == str(Envelope.objects.get(scheme=pot.scheme, instrument="grant"))
    assert ends is not None


def test_what_was_paid_leaves_the_float(world: World) -> None:
    walk = Walk(offer(world, ESCROW), "F01").fill(PLAN).file_it().running().share("2300.00").report()
    assert one(walk.world).cash.at_hand == Decimal("202300.00")
    walk.paid(paid=False)
    found = one(walk.world)
    assert (found.cash.aid, found.cash.shares) == (Decimal("194000.00"), Decimal("300.00"))
    assert [(span.shares, span.total) for span in found.cash.spans] == [(Decimal("300.00"), Decimal("300.00"))]
    assert (found.ordered, found.awaited) == (ZERO, ZERO)


def test_an_assignment_holds_no_share_and_other_models_have_no_float(world: World) -> None:
    assert floats([world.region], clock.today()) == []
    other = offer(world, ASSIGNED)
    found = one(other)
    assert (found.models, found.cash.shares, found.cash.until) == (["assignment"], ZERO, None)
    assert floats([], clock.today()) == []


def test_the_float_costs_the_same_however_many_files(world: World) -> None:
    costs = []
    for build in (lambda: offer(world, ESCROW), lambda: escrowed(world)):
        pot = build()
        with CaptureQueriesContext(connection) as queries:
            one(pot)
        costs.append(len(queries))
    assert max(costs) <= 16
