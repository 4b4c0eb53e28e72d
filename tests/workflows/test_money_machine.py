"""Any sequence of grants, claims, corrections, returns and recoveries, against a naive account of it.

The account knows nothing of the house: two ceilings, a rate, and what was said of each invoice. Every
position and total is compared with it after each act. Euro.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from applications.booking import positions
from applications.models import Claim, EnvelopePosition, PaymentOrder, Recovery
from backoffice.demo.actors import Case
from backoffice.demo.firms import FIRMS
from regions import clock
from tests.conftest import opening
from workflows import gate, payments, recoveries
from workflows.ledger_check import check_ledger
from workflows.payments import COLUMNS

ZERO, CENT = Decimal(0), Decimal("0.01")
CEILINGS = {1: Decimal(1200), 2: Decimal(2000)}  # of a showcase site and of a shop, as the scheme says
SMALL, RATES, MOST = 10, (Decimal("0.80"), Decimal("0.50")), (Decimal(3200), Decimal(2000))
ACTS = {"grant", "claim", "amend", "order", "send_and_read", "read_again", "comes_back", "recover"}
BUCKETS = ("committed", "verified", "ordered", "paid", "recovered")
cents = st.integers(60_000, 400_000).map(lambda amount: Decimal(amount) / 100)


@dataclass
class Account:
    """What a clerk with paper and pencil would know of a file."""

    case: Case
    headcount: Decimal
    costs: dict[int, Decimal]
    granted: Decimal = ZERO
    accepted: dict[int, Decimal] = field(default_factory=dict)
    held: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(BUCKETS, ZERO))
    due: Decimal = ZERO
    claim: Claim | None = None
    order: PaymentOrder | None = None
    paid: PaymentOrder | None = None
    asked_back: Decimal = ZERO

    def aid(self, spent: dict[int, Decimal]) -> Decimal:
        """The rate on each line under its ceiling, then the firm's ceiling."""
        size = 0 if self.headcount < SMALL else 1
        parts = (min((RATES[size] * amount).quantize(CENT, ROUND_FLOOR), CEILINGS[n]) for n, amount in spent.items())
        return min(sum(parts, ZERO), MOST[size])

    @property
    def unclaimed(self) -> list[int]:
        return [number for number in self.costs if number not in self.accepted]


class Money(RuleBasedStateMachine):
    """The acts that move money, in any order that the gate allows."""

    done: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.hold = transaction.atomic()
        self.hold.__enter__()
        self.world = opening()
        self.files: dict[str, Account] = {}
        self.last = b""

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.hold.__exit__(None, None, None)

    def some(self, data: Any, found: list[Any]) -> Any:
        return data.draw(st.sampled_from(found))

    def those(self, **states: bool) -> list[Account]:
        """The files whose claim, order or last payment is there, or is not."""
        return [
            file
            for file in self.files.values()
            if all((getattr(file, name) is not None) == there for name, there in states.items())
        ]

    @initialize(site=cents, shop=cents)
    def begin(self, site: Decimal, shop: Decimal) -> None:
        """A first file, half claimed: most sequences then go as far as the money does."""
        self.grant(site, shop)
        file = self.files["F01"]
        self.certified(file, {1: file.costs[1]})

    # --- grant and claim

    @precondition(lambda self: len(self.files) < 2)
    @rule(site=cents, shop=cents)
    def grant(self, site: Decimal, shop: Decimal) -> None:
        self.done.add("grant")
        firm = ("F01", "F05")[len(self.files)]
        case = Case(self.world, firm).fill(
            ("showcase_site", "Site", f"{site}"), ("merchant_site", "Boutique", f"{shop}")
        )
        case.file_it().grant().notify()
        file = self.files[firm] = Account(case, FIRMS[firm].headcount, {1: site, 2: shop})
        file.granted = file.held["committed"] = file.aid(file.costs)

    @precondition(lambda self: any(file.unclaimed for file in self.those(claim=False)))
    @rule(data=st.data())
    def claim(self, data: Any) -> None:
        """Some lines, of which the controller accepts some; certified."""
        self.done.add("claim")
        file = self.some(data, [file for file in self.those(claim=False) if file.unclaimed])
        lines = data.draw(st.lists(st.sampled_from(file.unclaimed), min_size=1, unique=True))
        accepted = {n: data.draw(st.integers(0, int(file.costs[n] * 100))) * CENT for n in lines}
        if min(file.aid(file.accepted | accepted), file.granted) > file.held["verified"]:
            self.certified(file, accepted)

    def certified(self, file: Account, accepted: dict[int, Decimal]) -> None:
        """What is accepted of each line claimed; something is due."""
        final = set(accepted) == set(file.unclaimed)
        claim = file.case.claim(lines=tuple(accepted), final=final)
        cut = {n: (f"{amount}", "publicity", "Écarté.") for n, amount in accepted.items() if amount < file.costs[n]}
        file.case.control(claim, cut).certify(claim)
        file.accepted |= accepted
        file.due = min(file.aid(file.accepted), file.granted) - file.held["verified"]
        file.held["verified"] += file.due
        file.claim = claim

    @precondition(lambda self: self.reducible())
    @rule(data=st.data())
    def amend(self, data: Any) -> None:
        self.done.add("amend")
        file = self.some(data, self.reducible())
        least, most = max(int(file.held["verified"] * 100), 1), int(file.granted * 100) - 1
        file.granted = data.draw(st.integers(least, most)) * CENT
        file.case.act("decider", "amend", amount=file.granted, reason="Projet réduit.")
        file.held["committed"] = file.granted

    def reducible(self) -> list[Account]:
        return [f for f in self.those(claim=False) if f.granted - f.held["verified"] > CENT and f.unclaimed]

    # --- order, send, return

    @precondition(lambda self: self.those(claim=True, order=False))
    @rule(data=st.data())
    def order(self, data: Any) -> None:
        self.done.add("order")
        file = self.some(data, self.those(claim=True, order=False))
        assert file.claim is not None
        file.order = file.case.order(file.claim)
        assert file.order.amount == file.due
        file.held["ordered"] += file.due

    @precondition(lambda self: self.those(order=True))
    @rule(data=st.data())
    def send_and_read(self, data: Any) -> None:
        """Every signed order leaves; the accountant pays some and rejects the others."""
        self.done.add("send_and_read")
        payments.send_run(self.world.region, by=self.world.staff["authorising"])
        clock.advance(days=2)
        going = self.those(order=True)
        answers = {file.order.number: data.draw(st.sampled_from(("PAYE", "REJETE"))) for file in going if file.order}
        self.read([(file, answers[file.order.number]) for file in going if file.order])

    def read(self, answers: list[tuple[Account, str]]) -> None:
        stream = io.StringIO()
        rows = csv.writer(stream, delimiter=";")
        rows.writerow(COLUMNS)
        for file, answer in answers:
            self.note(rows, file, answer)
        self.last = stream.getvalue().encode()
        assert payments.read_return(self.last, by=self.world.staff["accountant"]).apart == []

    def note(self, rows: Any, file: Account, answer: str) -> None:
        order = file.order or file.paid
        assert order is not None
        reference = f"H-{order.number}-{answer}"[:40]
        reason = "" if answer == "PAYE" else "COMPTE_CLOS"
        amount = f"{order.total:.2f}".replace(".", ",")
        rows.writerow([order.number, answer, f"{clock.today():%d/%m/%Y}", reference, amount, reason])
        if answer == "PAYE":
            file.held["paid"] += order.amount
            file.claim, file.order, file.paid = None, None, order
        else:
            file.held["ordered"] -= order.amount
            file.order = None

    @precondition(lambda self: self.last)
    @rule()
    def read_again(self) -> None:
        """The same return a second time says that all is known, and moves nothing."""
        self.done.add("read_again")
        reading = payments.read_return(self.last, by=self.world.staff["accountant"])
        assert (reading.paid, reading.rejected, reading.apart) == ([], [], [])

    @precondition(lambda self: self.returnable())
    @rule(data=st.data())
    def comes_back(self, data: Any) -> None:
        """A payment made comes back from the bank: the claim waits for an order again."""
        self.done.add("comes_back")
        file = self.some(data, self.returnable())
        order, file.order = file.paid, None
        file.held["paid"] -= order.amount
        claim = Claim.objects.get(pk=order.claim_id)
        self.read([(file, "REJETE")])
        file.claim, file.due, file.paid = claim, order.amount, None

    def returnable(self) -> list[Account]:
        return [f for f in self.those(claim=False, order=False, paid=True) if f.asked_back == ZERO]

    # --- what has to come back

    @precondition(lambda self: self.owing())
    @rule(data=st.data(), whole=st.booleans())
    def recover(self, data: Any, whole: bool) -> None:
        self.done.add("recover")
        file = self.some(data, self.owing())
        amount = data.draw(st.integers(2, int((file.held["paid"] - file.asked_back) * 100))) * CENT
        part = amount if whole else data.draw(st.integers(1, int(amount * 100))) * CENT
        file.asked_back += amount
        self.collected(file, amount, part)
        file.held["recovered"] += part

    def owing(self) -> list[Account]:
        return [file for file in self.files.values() if file.held["paid"] - file.asked_back > CENT]

    def collected(self, file: Account, amount: Decimal, part: Decimal) -> None:
        case = file.case
        found = {"amount": amount, "reason_code": "overpaid", "words": "Payé en trop."}
        pk = int(gate.open_recovery(case.by("officer"), case.pk, **found).object.partition(":")[2])
        gate.move(case.by("officer"), "recovery", pk, "hear")
        gate.move(case.manager, "recovery", pk, "observe", reason="Dont acte.")
        gate.move(case.by("authorising"), "recovery", pk, "order", order_number=f"T-{pk}", reason="Confirmé.")
        recoveries.collect(
            case.by("accountant"), pk, amount=part, reference=f"ENC-{pk}", value_date=clock.today()
        )  # fmt: skip
        assert Recovery.objects.get(pk=pk).remaining == amount - part

    # --- what must hold

    @invariant()
    def every_file_stands_where_the_clerk_says(self) -> None:
        for firm, file in self.files.items():
            held = positions(file.case.file)
            assert {bucket: held[bucket] for bucket in BUCKETS} == file.held, firm

    @invariant()
    def the_envelope_is_the_sum_of_its_files(self) -> None:
        lines = list(EnvelopePosition.objects.select_related("line"))
        for bucket in BUCKETS:
            total = sum((file.held[bucket] for file in self.files.values()), ZERO)
            assert sum((getattr(line, bucket) for line in lines), ZERO) == total, bucket
            for line in lines:
                part = total * line.line.share_percent / 100
                assert abs(getattr(line, bucket) - part) <= CENT * max(len(self.files), 1), bucket

    @invariant()
    def the_ledger_is_whole(self) -> None:
        assert check_ledger() == []


HOUSE = settings(
    max_examples=8, stateful_step_count=16, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip


@pytest.mark.django_db
def test_any_sequence_of_acts_gives_what_a_clerk_would_write() -> None:
    run_state_machine_as_test(Money, settings=HOUSE)
    assert Money.done == ACTS, "an act that no sequence tried"
