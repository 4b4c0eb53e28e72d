"""Celery's door to the nightly purge of reports; it only calls what can also be called by hand."""

from __future__ import annotations

from celery import shared_task

from reporting import runs


@shared_task(name="guichet.purge_reports")
def purge_reports() -> dict[str, int]:
    """Delete the files of reports whose time is over."""
    return {"purged": runs.purge()}
