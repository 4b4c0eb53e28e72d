"""Background work and what leaves the house: once, in order, and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from applications.models import Document
from applications.services import store
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from workflows import delivery, gate, jobs, tasks
from workflows.models import Job, OutboxMessage
from workflows.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A job that notes what it was given, and fails on 13."""
    seen: list[int] = []

    def work(number: int) -> dict[str, Any]:
        if number == 13:
            raise ValueError("unlucky")
        seen.append(number)
        return {"number": number}

    monkeypatch.setitem(jobs.HANDLERS, "count", work)
    return seen


def test_a_job_is_done_once_in_its_order(done: list[int]) -> None:
    for number in (1, 2, 1):
        jobs.enqueue("count", f"count-{number}", number=number)
    assert jobs.drain() == 2
    assert jobs.drain() == 0
    assert done == [1, 2]


def test_a_failing_job_is_kept_with_its_reason_and_holds_no_other(done: list[int]) -> None:
    jobs.enqueue("count", "bad", number=13)
    jobs.enqueue("count", "good", number=7)
    jobs.drain()
    bad = Job.objects.get(key="bad")
    assert (bad.state, bad.error, done) == (Job.State.FAILED, "ValueError: unlucky", [7])


def test_a_job_whose_worker_died_is_found_again(done: list[int]) -> None:
    job = jobs.enqueue("count", "lost", number=3)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, started_at=clock.now())
    assert jobs.recover() == 0
    clock.advance(minutes=16)
    assert tasks.sweep_all()["jobs"] == 1
    assert done == [3]


@pytest.fixture
def filed(world: World) -> Case:
    """A file just filed, its acknowledgement waiting, and nothing else."""
    case = Case(world, "F01").fill(SITE)
    delivery.deliver()
    mail.outbox.clear()
    gate.move(case.manager, "application", case.pk, "submit")
    return case


def test_a_letter_is_made_kept_recorded_and_mailed_once(filed: Case) -> None:
    case = filed
    assert delivery.deliver() == 1
    assert delivery.deliver() == 0
    document = Document.objects.get(application=case.pk, kind="letter")
    assert store.get(document.sha256).startswith(b"%PDF")
    (message,) = mail.outbox
    assert message.to == [case.manager.email]
    assert message.attachments[0].filename == document.name
    assert message.extra_headers["Message-ID"].startswith("<")
    assert verify().faults == []


def test_a_letter_in_english_for_who_reads_english(world: World) -> None:
    case = Case(world, "F01").fill(SITE)
    case.manager.language = "en"
    case.manager.save()
    gate.move(case.manager, "application", case.pk, "submit")
    delivery.deliver()
    assert "Acknowledgement" in Document.objects.get(application=case.pk, kind="letter").name


def test_a_mail_that_fails_leaves_nothing_half_done(filed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case = filed

    def down(message: Any) -> int:
        raise ConnectionError("no mail server")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", down)
        assert delivery.deliver() == 0
    message = OutboxMessage.objects.get(application=case.pk)
    assert (message.sent_at, message.attempts, message.error) == (None, 1, "ConnectionError: no mail server")
    assert not Document.objects.filter(application=case.pk, kind="letter").exists()
    assert delivery.deliver() == 1


def test_the_night_seals_and_checks(world: World) -> None:
    assert tasks.nightly()["differences"] == []
    assert timezone.is_aware(clock.now())
