"""Celery's doors: wake, sweep, nightly. Each only calls what can also be called by hand."""

from __future__ import annotations

from celery import shared_task

from regions import clock
from workflows import backlog, delivery, interest_reminders, jobs, opened, seal_proofs
from workflows.reconcile import reconcile
from workflows.seal import seal
from workflows.sweeper import sweep


@shared_task(name="guichet.wake")
def wake() -> dict[str, int]:
    """Drain what waits: messages first, then jobs."""
    return {"messages": delivery.deliver(), "jobs": jobs.drain()}


@shared_task(name="guichet.sweep")
def sweep_all() -> dict[str, int]:
    """Deadlines passed, jobs lost, messages left behind."""
    return {
        "deadlines": sweep(),
        "recovered": jobs.recover(),
        "messages": delivery.deliver(),
        "proofs": seal_proofs.ask_again(),
        "jobs": jobs.drain(),
    }


@shared_task(name="guichet.nightly")
def nightly() -> dict[str, object]:
    """Seal the day and compare everything; a difference is kept and told. What retention empties goes; whose
    declaration of interests ends soon is told.

    Last, what could not be written when it was due is.
    """
    root, differences = seal(clock.today()).root, [str(row) for row in reconcile()]
    told = {"trails": opened.forget(), "interests": interest_reminders.remind()}
    return {"seal": root, "differences": differences, **told, **backlog.fill()}
