"""Return files: each one handed in is kept by its content, and read for good as background work.

The job's row is the register of the reading: which file, for whom, and what became of each line.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from applications.enums import DocumentKind
from applications.models import Document, PaymentReturn
from applications.services import store
from regions import clock
from regions.models import Region, User
from workflows import jobs
from workflows.models import Job
from workflows.return_lines import MEDIA_TYPES, kind_of
from workflows.returns import read_return

JOB = "payment_return"


def keep(name: str, content: bytes, by: User) -> Document:
    """Keep a return file as it was handed in; reading it is another act."""
    return Document.objects.create(
        kind=DocumentKind.OTHER, name=name[:160], media_type=MEDIA_TYPES[kind_of(content)], size=len(content),
        sha256=store.put(content), added_by=by, added_at=clock.now(),
    )  # fmt: skip


def handed_in_by(user: User) -> QuerySet[Document]:
    """The return files that a person handed in."""
    loose = Document.objects.filter(application__isnull=True, claim__isnull=True, deleted_at__isnull=True)
    return loose.filter(kind=DocumentKind.OTHER, media_type__in=MEDIA_TYPES.values(), added_by=user)


def launch(document: Document, region: Region, by: User) -> Job:
    """Ask for a file to be read for good; a file read before may be read again, lines already read change nothing."""
    stem = f"{_stem(region)}{document.pk}:"
    waiting = Job.objects.filter(key__startswith=stem, state__in=[Job.State.WAITING, Job.State.RUNNING]).first()
    if waiting is not None:
        return waiting
    rank = Job.objects.filter(key__startswith=stem).count() + 1
    return jobs.enqueue(
        JOB, f"{stem}{rank}", document=document.pk, region=region.pk, by=by.pk, file_name=document.name,
        sha256=document.sha256, language=translation.get_language() or "fr",
    )  # fmt: skip


def of_regions(regions: list[Region]) -> QuerySet[Job]:
    """The readings of some regions, the latest first."""
    return Job.objects.filter(name=JOB, arguments__region__in=[region.pk for region in regions]).order_by("-id")


def _stem(region: Region) -> str:
    return f"return:{region.code}:"


def progress(job: Job) -> int:
    """How many lines of the file have moved an order so far, whichever reading did it."""
    return PaymentReturn.objects.filter(file_sha256=job.arguments["sha256"]).count()


@jobs.handler(JOB)
def read(document: int, region: int, by: int, sha256: str, language: str, **more: Any) -> dict[str, Any]:
    """Read a kept file; done again after a crash, the lines that moved an order are « already read »."""
    content = store.get(sha256)
    with translation.override(language):
        reading = read_return(content, by=User.objects.get(pk=by), region=Region.objects.get(pk=region))
    return reading.effects | {"aside": reading.apart}
