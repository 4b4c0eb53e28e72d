"""Reports as background work: asked from a screen, made by the worker, announced by e-mail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from applications.models import Operation
from regions import clock
from regions.models import User
from reporting import runs
from reporting.models import ReportRun
from workflows import jobs
from workflows.models import Job

MAKE, TELL, REBUILD = "report", "report_mail", "report_rebuild"
# An act dated just before the watermark may not be committed yet: a report of today stops a minute ago.
MARGIN = timedelta(minutes=1)
State = ReportRun.State


def watermark(day: date, zone: str) -> datetime:
    """The end of a day in a region, or a minute ago when the day is not over."""
    end = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))
    return min(end - timedelta(microseconds=1), clock.now() - MARGIN)


def ask(operation: Operation, author: User, day: date, language: str) -> ReportRun:
    """Ask for the workbook as of a day; asked twice while it waits, it is the same one."""
    asked = {"operation": operation, "author": author, "language": language, "filters__day": f"{day}"}
    waiting = ReportRun.objects.filter(state__in=[State.WAITING, State.RUNNING], **asked).first()
    if waiting is not None:
        return waiting
    with transaction.atomic():
        run = runs.begin(operation, author, watermark(day, operation.region.time_zone), language)
        run.filters |= {"day": f"{day}"}
        run.save(update_fields=["filters"])
        jobs.enqueue(MAKE, f"report:{run.pk}", run=run.pk)
    return run


@jobs.handler(MAKE)
def make(run: int) -> dict[str, Any]:
    """Make a report that was asked for; a failure is shown on its page, and the worker tries again."""
    found = ReportRun.objects.select_related("operation", "author", "region").get(pk=run)
    try:
        made = runs.make(found)
    except Exception:
        ReportRun.objects.filter(pk=run).update(state=State.FAILED, finished_at=clock.now())
        raise
    jobs.enqueue(TELL, f"report-mail:{run}", run=run)
    return {"state": made.state, "sha256": made.content_sha256}


@jobs.handler(TELL)
def tell(run: int) -> dict[str, Any]:
    """Write to who asked that his report is ready, in the language of the report."""
    found = ReportRun.objects.select_related("operation", "author").get(pk=run)
    if not found.author.is_active:
        return {"sent": False}
    with translation.override(found.language):
        _mail(found).send()
    return {"sent": True}


def _mail(run: ReportRun) -> EmailMessage:
    told = {
        "operation": str(run.operation), "state": run.get_state_display(),
        "address": f"{settings.GUICHET_BASE_URL.rstrip('/')}{reverse('audit-report', args=[run.pk])}",
    }  # fmt: skip
    body = _(
        "Bonjour,\n\nLe rapport demandé pour l’opération %(operation)s est terminé : %(state)s.\n\n"
        "Le consulter et le télécharger : %(address)s\n"
    )
    return EmailMessage(
        subject=_("Rapport terminé – %(operation)s") % told, body=body % told, to=[run.author.email],
        headers={"Message-ID": f"<report.{run.pk}.{run.content_sha256[:16]}@{settings.GUICHET_MAIL_DOMAIN}>"},
    )  # fmt: skip


def ask_rebuild(run: ReportRun) -> Job:
    """Ask that a report be made again at its own watermark, to compare the content hashes."""
    waiting = rebuilds(run).filter(state__in=[Job.State.WAITING, Job.State.RUNNING]).first()
    if waiting is not None:
        return waiting
    return jobs.enqueue(REBUILD, f"{_stem(run)}{rebuilds(run).count() + 1}", run=run.pk)


def rebuilds(run: ReportRun) -> QuerySet[Job]:
    """The comparisons asked for a report, the latest first."""
    return Job.objects.filter(name=REBUILD, key__startswith=_stem(run)).order_by("-id")


def _stem(run: ReportRun) -> str:
    return f"rebuild:{run.pk}:"


@jobs.handler(REBUILD)
def rebuild(run: int) -> dict[str, Any]:
    """Make a report again and compare; nothing of the run itself changes."""
    found = ReportRun.objects.select_related("operation").get(pk=run)
    again = runs.rebuild(found)
    return {"sha256": again, "same": again == found.content_sha256}
