"""The desk of reports: what its reader may ask for, and which runs and templates he may see.

The auditor asks for every report of the regions he audits and reads every run there. A person of the
region asks for those that name one of his roles, and reads the region's runs of them. What is asked in the
name of the audit stays the audit's until it is sent: what an auditor looks at is not told (independence).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Operation
from applications.models.application import live
from backoffice.views.auditor import perimeter
from backoffice.views.base import person
from regions.enums import RoleKind
from regions.models import Region
from reporting.catalogue import REPORTS
from reporting.models import ReportRun, ReportTemplate
from reporting.registry import REGION, Report
from reporting.reports import comparison

WORKERS = tuple(kind for kind in RoleKind if any(kind in report.roles for report in REPORTS.values()))
READERS = (RoleKind.AUDITOR, *WORKERS)


class Desk:
    """A reader of reports, with his roles of the day; one query."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = person(request)
        held = live(self.user.roles, None).filter(kind__in=READERS).select_related("region").order_by("region__code")
        self.kinds: dict[Region, set[str]] = {}
        for role in held:
            self.kinds.setdefault(role.region, set()).add(role.kind)

    def audits(self, region: Region) -> bool:
        return RoleKind.AUDITOR in self.kinds.get(region, ())

    @property
    def auditor(self) -> bool:
        return any(self.audits(region) for region in self.kinds)

    def regions(self, report: Report) -> list[Region]:
        """The regions for which he may ask for a report."""
        open_to = {RoleKind.AUDITOR, *report.roles}
        return [region for region, kinds in self.kinds.items() if open_to & kinds]

    def operations(self, report: Report) -> QuerySet[Operation]:
        """Those to choose from: an operation of one firm is told by its region's reports."""
        return Operation.objects.grouped().filter(region__in=self.regions(report)).order_by("code")

    def offered(self) -> list[Report]:
        """Those of a whole region, and those of an operation where there is one to choose."""
        return [report for report in REPORTS.values() if report.offered and self._about(report)]

    def _about(self, report: Report) -> bool:
        return bool(self.regions(report)) and (report.scope == REGION or self.operations(report).exists())

    def runs(self) -> QuerySet[ReportRun]:
        """The runs that he may see."""
        return ReportRun.objects.filter(self._seen(Q(audit=False) | Q(sent_at__isnull=False), _run_of))

    def templates(self) -> QuerySet[ReportTemplate]:
        """The templates of his team: the audit's, or the region's."""
        audited = [region for region in self.kinds if self.audits(region)]
        found = ReportTemplate.objects.filter(self._seen(Q(audit=False), lambda keys: Q(report__in=keys)))
        return found.exclude(region__in=audited, audit=False)

    def _seen(self, told: Q, of: Any) -> Q:
        """All of the regions audited; of the others what is told, of the reports open to his roles there."""
        seen = Q(region__in=[region for region in self.kinds if self.audits(region)])
        for region, kinds in self.kinds.items():
            if not self.audits(region):
                keys = [key for key, report in REPORTS.items() if kinds & set(report.roles)]
                seen |= Q(region=region) & of(keys) & told
        return seen

    def run(self, pk: int) -> ReportRun:
        """A run that he may see, by its number."""
        return get_object_or_404(self.runs().select_related("operation", "author", "region"), pk=pk)

    def pages_of(self, references: set[str]) -> dict[str, str]:
        """Reference → the page of a file that he may open: the audit's, or the region's own."""
        files = Application.objects.filter(reference__in=references, region__in=list(self.kinds))
        return {
            file.reference: reverse("audit-file" if self.audits(file.region) else "file", args=[file.reference])
            for file in files.select_related("region")
        }

    def tabs(self) -> dict[str, Any]:
        """The auditor's tabs, or the two pages of a person of the region."""
        if self.auditor:
            return perimeter.tabs("rapports") | {"auditor": True}
        links = [("rapports", reverse("reports"), _("Rapports"))]
        links.append(("nouveau", reverse("audit-report-new"), _("Demander un rapport")))
        return {"tabs": links, "tab": "rapports", "auditor": False, "of_region": True}


def _run_of(keys: list[str]) -> Q:
    """Runs of these reports, and the comparisons of two of them."""
    return Q(report__in=keys) | Q(report=comparison.KIND, filters__report__in=keys)
