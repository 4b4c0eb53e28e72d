"""The reports made so far, with what each was made from and what came out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from regions.models import Region
from reporting.columns import Column
from reporting.keyset import Key, moment
from reporting.lists.base import Filter, Listing, between_moments, column, contains, equals
from reporting.models import ReportRun


def _runs(regions: Iterable[Region]) -> QuerySet[ReportRun]:
    return ReportRun.objects.filter(region__in=regions).select_related("operation", "author")


def _run(run: ReportRun) -> dict[str, Any]:
    names = ("as_of", "created_at", "finished_at", "language", "state", "content_sha256", "file_sha256")
    return {name: getattr(run, name) for name in names} | {
        "report": run.report, "format": run.form, "kept_until": run.kept_until, "template": run.template_name,
        "pk": run.pk, "number": run.number, "author": run.author.name,
        "operation": run.operation.code if run.operation else "",
        "rows": sum(run.rows.values()), "paid": run.total("paid_orders"), "guichet": run.versions.get("guichet", ""),
    }  # fmt: skip


NEWEST_FIRST = (Key("created_at", moment, descending=True), Key("id", descending=True))  # two series, one list
NAMES: dict[str, tuple[str, str]] = {}
"""The names of the reports, by key; the catalogue, which knows them all, writes them here."""

RUNS = Listing(
    key="rapports",
    name_fr="Rapports",
    name_en="Reports",
    columns=(
        column("number", "Rapport n°", "Report no"),
        Column("report", "Rapport", "Report", words=NAMES),
        column("operation", "Opération", "Operation"),
        column("as_of", "Arrêté au", "As of", "moment"),
        column("state", "État", "State", choices=ReportRun.State),
        column("rows", "Lignes", "Rows", "integer"),
        column("paid", "Payé", "Paid", "money"),
        column("author", "Demandé par", "Asked by"),
        column("created_at", "Demandé le", "Asked", "moment"),
        column("finished_at", "Terminé le", "Finished", "moment"),
        column("format", "Format", "Format"),
        column("template", "Modèle", "Template"),
        column("kept_until", "Fichier conservé jusqu’au", "File kept until", "date"),
        column("language", "Langue", "Language"),
        column("guichet", "Version de Guichet", "Version of Guichet"),
        column("content_sha256", "Empreinte du contenu", "Content hash"),
        column("file_sha256", "Empreinte du fichier", "File hash"),
    ),
    shown=("number", "report", "operation", "as_of", "state", "rows", "paid", "author", "created_at", "content_sha256"),
    identity=("number",),
    keys=NEWEST_FIRST,
    source=_runs,
    row=_run,
    filters=(
        Filter("q", _("Opération"), contains("operation__code", "operation__name")),
        Filter("state", _("État"), equals("state"), "choice", ReportRun.State.choices),
        *between_moments("as_of"),
    ),
)
