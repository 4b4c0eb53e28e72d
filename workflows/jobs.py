"""Background work: job rows are the truth, the broker's message is a wake-up, each job is idempotent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction

from regions import clock
from workflows.models import Job

log = logging.getLogger("guichet.jobs")
LOST_AFTER = timedelta(minutes=15)
MAX_ATTEMPTS = 5
State = Job.State

HANDLERS: dict[str, Callable[..., dict[str, Any]]] = {}


class _Wake:
    """Whether a commit wakes the worker: the demo, which is its own worker, sleeps through."""

    quiet = False


@contextmanager
def quiet() -> Iterator[None]:
    """Send no wake-up in a block: its caller drains the work itself."""
    before, _Wake.quiet = _Wake.quiet, True
    try:
        yield
    finally:
        _Wake.quiet = before


def handler(name: str) -> Callable[[Callable[..., dict[str, Any]]], Callable[..., dict[str, Any]]]:
    """Register the function that does a job of this name."""

    def register(function: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        HANDLERS[name] = function
        return function

    return register


def enqueue(name: str, key: str, **arguments: Any) -> Job:
    """Ask for a job once (the key says what « once » means); the worker is woken after commit."""
    job, _made = Job.objects.get_or_create(
        key=key, defaults={"name": name, "arguments": arguments, "created_at": clock.now()}
    )
    wake_after_commit()
    return job


def wake_after_commit() -> None:
    """Wake the worker when the transaction is committed; a lost message is the sweeper's to mend."""
    if not _Wake.quiet:
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    current_app.tasks["guichet.wake"].apply_async(ignore_result=True, retry=False)


def drain(limit: int = 100) -> int:
    """Do the waiting jobs, oldest first; returns how many were done."""
    done = 0
    while done < limit:
        job = _claim()
        if job is None:
            return done
        _run(job)
        done += 1
    return done


def _claim() -> Job | None:
    """Take one waiting job: the conditional UPDATE lets one worker win."""
    for pk in Job.objects.filter(state=State.WAITING).order_by("id").values_list("pk", flat=True)[:20]:
        taken = Job.objects.filter(pk=pk, state=State.WAITING).update(state=State.RUNNING, started_at=clock.now())
        if taken:
            return Job.objects.get(pk=pk)
    return None


def _run(job: Job) -> None:
    job.attempts += 1
    try:
        job.result = HANDLERS[job.name](**job.arguments)
    except Exception as error:  # a job must never take the worker with it: it is kept and retried
        log.exception("job %s %s failed", job.name, job.key)
        job.error, job.state = f"{type(error).__name__}: {error}", _after_failure(job)
    else:
        job.error, job.state = "", State.DONE
    job.finished_at = clock.now()
    job.save()


def _after_failure(job: Job) -> str:
    return State.FAILED if job.attempts >= MAX_ATTEMPTS else State.WAITING


def alive(key: str) -> None:
    """A long job says that its worker still lives, so that nobody takes it for lost."""
    Job.objects.filter(key=key, state=State.RUNNING).update(started_at=clock.now())


def again(name: str, before: datetime) -> int:
    """Give the jobs of a name that failed before a moment their attempts back: a service may answer later."""
    failed = Job.objects.filter(name=name, state=State.FAILED, finished_at__lt=before)
    return failed.update(state=State.WAITING, attempts=0)


def recover() -> int:
    """Put back the jobs whose worker died while they ran."""
    lost = Job.objects.filter(state=State.RUNNING, started_at__lt=clock.now() - LOST_AFTER)
    return lost.update(state=State.WAITING)
