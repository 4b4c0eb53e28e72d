"""The human tasks follow the file: rebuilt = live after any walk, and no open file is left to nobody."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from applications.enums import ENDED, Opinion
from applications.models import PaymentOrder
from backoffice.demo.actors import Case, days
from backoffice.demo.returns import accountant_return
from backoffice.demo.stories import SHOP, SITE, payment_rejected_then_paid
from backoffice.demo.world import World
from regions import clock
from workflows import follow, gate, payments
from workflows.acts import Refused
from workflows.flows import FLOWS
from workflows.flows.picture import draw_all
from workflows.follow import expected_tasks, live_tasks, rebuild
from workflows.models import Deadline

pytestmark = pytest.mark.django_db
Step = Callable[[Case], Any]


def _claim(case: Case) -> Any:
    return case.file.claims.order_by("-id").first()


def _order(case: Case) -> Any:
    return PaymentOrder.objects.filter(application=case.pk).order_by("-id").first()


def _line_by_line(case: Case) -> None:
    claim = _claim(case)
    for line in claim.lines.all():
        gate.record(case.by("officer"), "claim", claim.pk, "line_control", line=line.pk, accepted=Decimal(line.amount))


def _returned(result: str) -> Step:
    def step(case: Case) -> None:
        order = _order(case)
        if order and order.run:
            payments.read_return(accountant_return(order.run, clock.today(), result), by=case.by("accountant"))

    return step


def _on_claim(who: str, name: str, **given: Any) -> Step:
    def step(case: Case) -> None:
        actor = case.manager if who == "manager" else case.by(who)
        gate.move(actor, "claim", _claim(case).pk, name, **given)

    return step


def _note(kind: str) -> Step:
    def step(case: Case) -> None:
        gate.record(case.by("officer"), "application", case.pk, kind, reason="Note.")

    return step


def _propose_withdrawal(case: Case) -> None:
    gate.record(
        case.by("officer"), "application", case.pk, "revocation_proposed", ground="fraud", effect="withdrawal",
        reason="Fausse facture.",
    )  # fmt: skip


def _open_claim(case: Case) -> None:
    if case.file.state == "running" and not case.file.claims.filter(state__in=["draft", "submitted"]).exists():
        case.claim()


STEPS: dict[str, Step] = {
    "request items": lambda c: c.act("officer", "request_items", kinds=["quote"]),
    "answer": lambda c: c.answer(),
    "complete": lambda c: c.act("officer", "accept_complete"),
    "documents": lambda c: gate.record(c.by("officer"), "application", c.pk, "documents", finding="green"),
    "provider": lambda c: gate.record(c.provider, "application", c.pk, "provider", finding="green"),
    "take": lambda c: gate.record(c.by("officer"), "application", c.pk, "take"),
    "propose": lambda c: c.act("officer", "propose"),
    "propose refusal": lambda c: c.act("officer", "propose", opinion=Opinion.REFUSE, codes=["sector"]),
    "send back": lambda c: c.act("decider", "send_back", reason="À revoir."),
    "grant": lambda c: c.act("decider", "grant"),
    "refuse": lambda c: c.act("decider", "refuse"),
    "notify": lambda c: c.act("notifier", "notify"),
    "claim": _open_claim,
    "claim items": _on_claim("officer", "request_items", kinds=["invoice"]),
    "claim answer": _on_claim("manager", "answer"),
    "control lines": _line_by_line,
    "control": _on_claim("officer", "control"),
    "claim back": _on_claim("certifier", "send_back", reason="Ligne 1."),
    "verify": _on_claim("certifier", "verify"),
    "reject claim": _on_claim("certifier", "reject", reason="Livrable absent."),
    "withdraw claim": _on_claim("manager", "withdraw"),
    "order": lambda c: gate.open_order(c.by("liquidator"), _claim(c).pk),
    "sign": lambda c: gate.move(c.by("authorising"), "order", _order(c).pk, "sign"),
    "cancel": lambda c: gate.move(c.by("authorising"), "order", _order(c).pk, "cancel", reason="Erreur."),
    "send": lambda c: payments.send_run(c.world.region, by=c.by("authorising")),
    "paid": _returned("PAYE"),
    "bounced": _returned("REJETE"),
    "close account": lambda c: c.act("officer", "complete"),
    "withdraw": lambda c: c.withdraw(),
    "warning": _note("warning"),
    "propose withdrawal": _propose_withdrawal,
    "hearing": _note("hearing"),
    "close": lambda c: c.act("decider", "close", reason="Sans suite."),
    "lapse": lambda c: c.act("decider", "lapse"),
    "revoke": lambda c: c.act("decider", "revoke", reason="Conditions non tenues."),
    "reopen": lambda c: c.act("decider", "reopen", reason="Recours."),
    "some days": lambda c: days(8),
    "some months": lambda c: days(70),
}
# The usual way comes first in the alphabet of each walk, so that walks go deep and not only wide.
USUAL = (
    "complete", "documents", "provider", "propose", "grant", "notify", "claim", "control lines", "control", "verify",
    "order", "sign", "send", "paid", "close account",
)  # fmt: skip


def _try(case: Case, name: str) -> None:
    """A step of the walk: done, or refused by the gate; nothing else may happen."""
    try:
        with transaction.atomic():
            STEPS[name](case)
    except (Refused, AttributeError):
        return


def _agree(case: Case) -> None:
    """Live = expected = rebuilt, with the same rights; and somebody has the file."""
    file = case.file
    live = live_tasks(file)
    assert set(live) == set(expected_tasks(file))
    with transaction.atomic():
        rebuild(file)
        assert live_tasks(file) == live
        transaction.set_rollback(True)
    over = file.state in ENDED
    if not over and file.state != "draft":
        assert file.next_actor
        assert live


WALKS = st.lists(st.one_of(st.sampled_from(USUAL), st.sampled_from(sorted(STEPS))), min_size=1, max_size=14)


@settings(
    max_examples=int(os.environ.get("GUICHET_WALKS", "25")),
    deadline=None,
    derandomize="GUICHET_WALKS" not in os.environ,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(usual=st.integers(0, len(USUAL)), walk=WALKS)
def test_rebuilt_tasks_are_the_live_ones_after_any_walk(world: World, usual: int, walk: list[str]) -> None:
    moment = clock.now()
    with transaction.atomic():
        case = Case(world, "F01").fill(SITE, SHOP).file_it()
        for name in (*USUAL[:usual], *walk):
            _try(case, name)
            _agree(case)
        transaction.set_rollback(True)
    clock.simulate(moment)


def test_a_request_in_the_middle_of_the_checks_keeps_what_was_checked(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().act("officer", "accept_complete")
    STEPS["documents"](case)
    assert set(live_tasks(case.file)) == {"provider"}
    STEPS["request items"](case)
    assert live_tasks(case.file) == {"answer": f"firm:C-{case.file.company_id}"}
    case.answer().act("officer", "accept_complete")
    assert live_tasks(case.file) == {"provider": f"provider:P-{case.file.provider_id}"}


def test_a_payment_that_comes_back_after_the_end_goes_to_a_person(world: World) -> None:
    case = payment_rejected_then_paid(world)
    assert case.file.state == "completed"
    order = _order(case)
    payments.read_return(accountant_return(order.run, clock.today(), "REJETE"), by=world.staff["accountant"])
    assert case.file.next_actor == "liquidator"
    assert set(live_tasks(case.file)) == {"order"}


def test_who_takes_a_file_has_its_tasks(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    STEPS["take"](case)
    process = follow._process(case.file)
    assert process is not None
    task = process.task_set.get(status="ASSIGNED")
    assert (task.flow_task.name, task.owner) == ("examine", case.by("officer"))


def test_every_open_deadline_belongs_to_an_open_file(world: World) -> None:
    Case(world, "F01").fill(SITE).file_it().withdraw()
    assert not Deadline.objects.filter(application__isnull=False, closed_at__isnull=True).exists()


def test_the_pictures_in_the_documentation_are_those_of_the_code(tmp_path: Path) -> None:
    kept = Path(__file__).resolve().parents[2] / "docs" / "flows"
    drawn = draw_all(tmp_path)
    assert {path.name for path in drawn} == {path.name for path in kept.glob("*.svg")} == {f"{k}.svg" for k in FLOWS}
    for path in drawn:
        assert path.read_text(encoding="utf-8") == (kept / path.name).read_text(encoding="utf-8"), path.name
