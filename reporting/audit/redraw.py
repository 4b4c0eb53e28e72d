"""Each night every kept sample is drawn again from its frozen population and seed; a difference is told to a person.

Who is told are those who audit the region, and nobody of the region itself: samples are the audit's own work.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from applications.models.application import live
from regions.enums import RoleKind
from regions.models import Region, Role, User
from reporting.audit import drawing
from reporting.models import Sample
from workflows import jobs

TELL = "sample_differs"


def redraw() -> list[int]:
    """Draw every sample again; returns those that differ, and has each told once. Safe to run twice."""
    differ = list(_differing())
    for sample in differ:
        jobs.enqueue(TELL, f"{TELL}:{sample}", sample=sample)
    return differ


def _differing() -> Iterator[int]:
    """One sample in memory at a time: its population is the whole of a year."""
    for number in Sample.objects.order_by("pk").values_list("pk", flat=True):
        whole, identical, _digest = drawing.redrawn(Sample.objects.get(pk=number))
        if not (whole and identical):
            yield number


@jobs.handler(TELL)
def tell(sample: int) -> dict[str, Any]:
    """Write to each auditor of the region, in his language; no amount and no seed leave the house."""
    found = Sample.objects.select_related("region").get(pk=sample)
    auditors = list(_auditors(found.region))
    for auditor in auditors:
        with translation.override(auditor.language):
            _mail(found, auditor).send()
    return {"sent": len(auditors)}


def _auditors(region: Region) -> Any:
    roles: Any = live(Role.objects.filter(kind=RoleKind.AUDITOR, region=region, user__is_active=True), None)
    return User.objects.filter(pk__in=roles.values("user")).order_by("pk")


def _mail(sample: Sample, auditor: User) -> EmailMessage:
    address = f"{settings.GUICHET_BASE_URL.rstrip('/')}{reverse('audit-sample', args=[sample.pk])}"
    words = {"number": sample.pk, "region": sample.region.name, "address": address}
    body = _(
        "Bonjour,\n\nLe contrôle de nuit a tiré à nouveau l’échantillon n° %(number)s, et le tirage n’est plus celui "
        "qui est conservé. Ne pas s’y appuyer : l’ouvrir, refaire le tirage, et prévenir l’exploitant.\n\n"
        "%(address)s\n\nRégion %(region)s\n"
    )
    headers = {"Message-ID": f"<sample.{sample.pk}.{auditor.pk}@{settings.GUICHET_MAIL_DOMAIN}>"}
    subject = _("Guichet – l’échantillon n° %(number)s ne se tire plus à l’identique") % words
    return EmailMessage(subject, body % words, to=[auditor.email], headers=headers)
