"""The waiting list: rank by complete filing, nobody passes, and what comes back wakes the first that it can pay."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from applications.enums import Bucket
from applications.models import Application
from backoffice.demo.actors import Case
from backoffice.demo.firms import FIRMS
from backoffice.demo.stories import SITE
from backoffice.demo.world import World, build
from regions import clock
from regions.schemes.loader import parse, shipped
from tests.conftest import OPENING
from workflows import administration, delivery, gate, jobs, queues, waiting
from workflows.acts import Denied
from workflows.models import Job
from workflows.verify import verify

pytestmark = pytest.mark.django_db
FIRMS_ = ("F01", "F02", "F05", "F15", "F17")


def narrow(budget: str, rule: str = "strict") -> World:
    """A world with little money, its scheme serving the list by this rule."""
    clock.simulate(OPENING)
    world = build(Decimal(budget), [FIRMS[key] for key in FIRMS_])
    text = shipped()["kap-numerik"].read_text(encoding="utf-8")
    text = text.replace("waiting_list: fitting", f"waiting_list: {rule}")
    version = administration.propose_version(world.staff["admin"], parse(text, "kap.yaml"), clock.today())
    administration.publish_version(world.staff["admin2"], version)
    return world


def proposed(world: World, firm: str, amount: str) -> Case:
    case = Case(world, firm).fill(SITE).file_it()
    clock.advance(minutes=5)
    return case.examine().act("officer", "propose", amount=Decimal(amount))


def grant(case: Case) -> None:
    gate.move(case.by("decider"), "application", case.pk, "grant", delegation="Délégation")


def refused(case: Case, match: str) -> None:
    with pytest.raises(Denied, match=match):
        grant(case)


def rank(case: Case) -> int | None:
    found = waiting.place(Application.objects.get(pk=case.pk))
    return found.rank if found else None


@pytest.mark.both
def test_files_wait_in_the_order_of_complete_filing_and_nobody_passes(db: None) -> None:
    world = narrow("1500.00")
    first, second, third = (proposed(world, firm, "700.00") for firm in ("F01", "F02", "F05"))
    small = proposed(world, "F15", "50.00")
    grant(first)
    grant(second)
    refused(third, "prend son rang")
    refused(small, "complets avant celui-ci")
    assert [rank(case) for case in (first, third, small)] == [None, 1, 2]
    assert {Application.objects.get(pk=case.pk).state for case in (third, small)} == {"proposed"}
    assert verify().faults == []


def test_what_comes_back_wakes_the_first_that_it_can_pay_and_only_in_order(db: None) -> None:
    world = narrow("1500.00")
    first, second, third = (proposed(world, firm, "700.00") for firm in ("F01", "F02", "F05"))
    small = proposed(world, "F15", "50.00")
    grant(first)
    grant(second)
    refused(third, "prend son rang")
    refused(small, "complets avant")
    delivery.deliver()
    assert any("liste d’attente" in message.subject for message in mail.outbox)
    mail.outbox.clear()
    gate.move(first.manager, "application", first.pk, "withdraw")
    jobs.drain()
    told = Application.objects.filter(room_since__isnull=False).values_list("pk", flat=True)
    assert set(told) == {third.pk, small.pk}
    delivery.deliver()
    assert sum("crédits sont revenus" in message.subject for message in mail.outbox) == 2
    decider = world.staff["decider"]
    assert set(queues.QUEUES["room-again"].files(decider)) == {third.file, small.file}
    refused(small, "complets avant")
    grant(third)
    grant(small)
    assert queues.QUEUES["waiting-list"].files(decider).count() == 0
    jobs.drain()
    assert not Job.objects.exclude(state=Job.State.DONE).exists()
    assert verify().faults == []


def test_a_first_file_that_does_not_fit_holds_the_others_unless_the_scheme_lets_them_pass(db: None) -> None:
    world = narrow("760.00", "fitting")
    first, big, small = proposed(world, "F01", "700.00"), proposed(world, "F02", "700.00"), None
    small = proposed(world, "F05", "50.00")
    late = proposed(world, "F15", "50.00")
    grant(first)
    refused(big, "prend son rang")
    grant(small)
    refused(late, "prend son rang")
    assert (rank(big), rank(late)) == (1, 2)
    administration.open_envelope(world.staff["admin"], world.scheme, 2025, Bucket.CEILING, Decimal("100.00"))
    jobs.drain()
    assert list(Application.objects.filter(room_since__isnull=False)) == [late.file]


def test_strictly_what_comes_back_stays_with_the_first(db: None) -> None:
    world = narrow("700.00")
    first, big, small = (proposed(world, f, a) for f, a in (("F01", "700.00"), ("F02", "700.00"), ("F05", "50.00")))
    grant(first)
    refused(big, "prend son rang")
    refused(small, "complets avant")
    administration.open_envelope(world.staff["admin"], world.scheme, 2025, Bucket.CEILING, Decimal("100.00"))
    jobs.drain()
    assert not Application.objects.filter(room_since__isnull=False).exists()
    gate.move(big.manager, "application", big.pk, "withdraw")
    jobs.drain()
    assert list(Application.objects.filter(room_since__isnull=False)) == [small.file]


def test_the_firm_and_the_officer_read_the_rank_and_what_follows(db: None) -> None:
    world = narrow("700.00")
    first, second = (proposed(world, firm, "700.00") for firm in ("F01", "F02"))
    grant(first)
    refused(second, "prend son rang")
    client = Client()
    for user in (second.manager, world.staff["officer"]):
        client.force_login(user)
        page = client.get(reverse("file", args=[second.file.reference])).content.decode()
        assert "Rang 1 sur 1 dans la liste d’attente" in page
