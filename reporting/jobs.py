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
from reporting import catalogue, runs
from reporting.models import ReportRun
from reporting.reports import comparison
from reporting.runs import Asked
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


def ask(asked: Asked, author: User) -> ReportRun:
    """Ask for a report; asked twice while it waits, it is the same one."""
    waiting = _waiting(asked, author)
    if waiting is not None:
        return waiting
    with transaction.atomic():
        run = runs.begin(asked, author)
        jobs.enqueue(MAKE, runs.job_key(run), run=run.pk)
    return run


def _waiting(asked: Asked, author: User) -> ReportRun | None:
    """The same, asked by the same person and not yet made."""
    operation = {"operation": asked.operation.code} if asked.operation else {}
    same = ReportRun.objects.filter(
        state__in=[State.WAITING, State.RUNNING], author=author, report=asked.report, region=asked.region,
        operation=asked.operation, audit=asked.audit, language=asked.language, columns=list(asked.columns),
        filters=operation | dict(asked.filters),
    )  # fmt: skip
    forms = same.filter(form__in=[asked.form, runs.ARCHIVE])
    return forms.first()


def of_operation(operation: Operation, day: date, **more: Any) -> Asked:
    """The ERDF report of an operation as of the end of a day."""
    return Asked(
        "erdf", operation.region, watermark(day, operation.region.time_zone), operation,
        filters={"day": f"{day}"}, **more,
    )  # fmt: skip


def compare(before: ReportRun, after: ReportRun, author: User, language: str, *, audit: bool = True) -> ReportRun:
    """Ask what changed between two runs, the earlier watermark first; who may read them may read that."""
    first, last = sorted((before, after), key=lambda run: (run.as_of, run.pk))
    asked = Asked(
        comparison.KIND, last.region, last.as_of, last.operation, language,
        filters={"before": first.pk, "after": last.pk, "report": last.report}, audit=audit,
    )  # fmt: skip
    return ask(asked, author)


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
    found = ReportRun.objects.select_related("operation", "author", "region").get(pk=run)
    if not found.author.is_active:
        return {"sent": False}
    with translation.override(found.language):
        _mail(found).send()
    return {"sent": True}


def _mail(run: ReportRun) -> EmailMessage:
    told = {
        "report": catalogue.of(run).name(run.language), "subject": str(run.operation or run.region),
        "state": run.get_state_display(),
        "address": f"{settings.GUICHET_BASE_URL.rstrip('/')}{reverse('audit-report', args=[run.pk])}",
    }  # fmt: skip
    body = _(
        "Bonjour,\n\nLe rapport demandé est terminé : %(report)s, %(subject)s. État : %(state)s.\n\n"
        "Le consulter et le télécharger : %(address)s\n"
    )
    return EmailMessage(
        subject=_("Rapport terminé – %(report)s, %(subject)s") % told, body=body % told, to=[run.author.email],
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
    found = ReportRun.objects.select_related("operation", "author", "region").get(pk=run)
    again = runs.rebuild(found)
    told: dict[str, Any] = {"sha256": again.content_sha256, "same": again.content_sha256 == found.content_sha256}
    if again.file_sha256 and runs.same_release(found):
        told["same_bytes"] = again.file_sha256 == found.file_sha256
    return told
