"""Celery's door to the nightly work on reports and samples; it only calls what can also be called by hand."""

from __future__ import annotations

from celery import shared_task

from reporting import runs
from reporting.audit import redraw


@shared_task(name="guichet.purge_reports")
def purge_reports() -> dict[str, int]:
    """Delete the files of reports whose time is over."""
    return {"purged": runs.purge()}


@shared_task(name="guichet.redraw_samples")
def redraw_samples() -> dict[str, list[int]]:
    """Draw every kept sample again, and have those that differ told."""
    return {"differ": redraw.redraw()}
