"""What the audit itself wrote: its findings and its samples, whole for a file. Euro; no name of a person or of a firm.

Neither is among the lists that become reports: a finding that is not sent is its author's alone, and a report is
read by others than who asked for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.enums import AuditFindingKind, AuditFindingState
from applications.models import AuditFinding
from regions.models import Region, User
from regions.money import ZERO
from reporting.columns import Column
from reporting.keyset import LATEST_FIRST
from reporting.lists.base import Filter, Listing, between_moments, column, contains, equals
from reporting.models import Sample, SampleConclusion, SampleResult
from reporting.sampling.conclusion import INCONCLUSIVE, MATERIAL, NOT_MATERIAL


def _sent(regions: Iterable[Region]) -> QuerySet[AuditFinding]:
    """What the region may read too; the drafts are added for their author only."""
    found = AuditFinding.objects.filter(region__in=regions, sent_at__isnull=False)
    return found.select_related("application__company", "application__operation")


def findings_read_by(user: User) -> Listing:
    """The list of findings as one person reads it: those sent, and her own drafts."""

    def source(regions: Iterable[Region]) -> QuerySet[AuditFinding]:
        found = AuditFinding.objects.for_user(user).filter(region__in=regions)
        return found.select_related("application__company", "application__operation")

    return replace(FINDINGS, source=source)


def _finding(row: AuditFinding) -> dict[str, Any]:
    names = (
        "number", "state", "kind", "systemic", "title", "amount", "retained", "agreed", "sent_at", "answer_by",
        "answered_at", "ended_on",
    )  # fmt: skip
    file = row.application
    return {name: getattr(row, name) for name in names} | {
        "rank": row.pk, "reference": file.reference, "siren": file.company.siren,
        "operation": file.operation.code if file.operation else "",
    }  # fmt: skip


FINDINGS = Listing(
    key="constats",
    name_fr="Constats d’audit",
    name_en="Audit findings",
    columns=(
        column("rank", "Rang", "Rank", "integer"),
        column("number", "Constat", "Finding"),
        column("reference", "Dossier", "File"),
        column("siren", "SIREN", "SIREN"),
        column("operation", "Opération", "Operation"),
        column("kind", "Nature", "Type", choices=AuditFindingKind),
        column("title", "Objet", "Subject"),
        column("state", "État", "State", choices=AuditFindingState),
        column("systemic", "Erreur systémique", "Systemic error", "boolean"),
        column("amount", "Dépense irrégulière constatée", "Irregular expenditure found", "money"),
        column("sent_at", "Envoyé le", "Sent", "moment"),
        column("answer_by", "Réponse attendue le", "Answer due", "date"),
        column("answered_at", "Répondu le", "Answered", "moment"),
        column("agreed", "Accepté par la région", "Accepted by the region", "boolean"),
        column("retained", "Dépense irrégulière retenue", "Irregular expenditure retained", "money"),
        column("ended_on", "Clos le", "Closed on", "date"),
    ),
    shown=("number", "reference", "kind", "state", "answer_by", "amount"),
    identity=("rank",),
    keys=LATEST_FIRST,
    source=_sent,
    row=_finding,
    filters=(
        Filter("q", _("Référence, entreprise ou SIREN"),
               contains("application__reference", "application__company__name", "application__company__siren")),
        Filter("state", _("État"), equals("state"), "choice", AuditFindingState.choices[1:]),
        *between_moments("sent_at"),
    ),
)  # fmt: skip


def _samples(regions: Iterable[Region]) -> QuerySet[Sample]:
    """Without the frozen populations and draws: those of a year are large, and no column shows them."""
    found = Sample.objects.filter(region__in=list(regions)).defer("population", "drawn")
    return found.select_related("programme__region")


def _results(rows: Sequence[Sample]) -> None:
    """The results that count and the last conclusion of each sample: two queries for the batch."""
    ours = [row.pk for row in rows]
    latest = {(r.sample_id, r.key): r.found for r in SampleResult.objects.filter(sample__in=ours).order_by("id")}
    concluded = {c.sample_id: c for c in SampleConclusion.objects.filter(sample__in=ours).order_by("id")}
    for row in rows:
        amounts = [found for (sample, _key), found in latest.items() if sample == row.pk]
        row.audited, row.errors = len(amounts), sum(amounts, ZERO)  # type: ignore[attr-defined]
        row.conclusion = concluded.get(row.pk)  # type: ignore[attr-defined]


def _sample(row: Any) -> dict[str, Any]:
    names = (
        "unit", "strata", "side", "units", "book", "negatives", "negative_book", "sub_size", "seed", "year", "as_of",
        "drawn_units", "drawn_at", "drawn_sha256", "population_sha256", "release", "audited", "errors",
    )  # fmt: skip
    said = row.conclusion.outcome if row.conclusion else {}
    rates = {name: _share(said.get(name)) for name in ("total_rate", "upper_rate", "residual_rate")}
    return {name: getattr(row, name) for name in names} | rates | {
        "sample": row.pk, "cci": row.programme.cci, "method": row.plan["method"],
        "confidence": _share(row.plan["confidence"]), "materiality": _share(row.plan["materiality"]),
        "decision": said.get("decision", ""), "concluded_at": row.conclusion.concluded_at if row.conclusion else None,
    }  # fmt: skip


METHODS = {
    "non_statistical": ("Non statistique, à probabilités égales", "Non-statistical, equal probabilities"),
    "non_statistical_pps": ("Non statistique, selon la valeur", "Non-statistical, by value"),
    "mus_standard": ("Sondage en unités monétaires (MUS), standard", "Monetary unit sampling (MUS), standard"),
    "mus_conservative": (
        "Sondage en unités monétaires (MUS), approche prudente",
        "Monetary unit sampling (MUS), conservative approach",
    ),
    "mus_stratified": ("Sondage en unités monétaires (MUS), stratifié", "Monetary unit sampling (MUS), stratified"),
    "simple_random": ("Aléatoire simple", "Simple random"),
    "stratified": ("Aléatoire stratifié", "Stratified random"),
    "difference": ("Estimation par différence", "Difference estimation"),
}
DECISIONS = {
    NOT_MATERIAL: ("Pas d’anomalie significative", "Not materially misstated"),
    MATERIAL: ("Anomalie significative", "Materially misstated"),
    INCONCLUSIVE: ("Non concluant", "Inconclusive"),
}


def _share(figure: str | None) -> Decimal | None:
    return None if figure is None else Decimal(figure)


SAMPLES = Listing(
    key="echantillons",
    name_fr="Échantillons",
    name_en="Samples",
    columns=(
        column("sample", "Échantillon n°", "Sample no", "integer"),
        column("cci", "CCI du programme", "Programme CCI"),
        column("year", "Exercice comptable", "Accounting year"),
        column("unit", "Unité de sondage", "Sampling unit", choices=Sample.Unit),
        column("side", "À tirer parmi", "Drawn among", choices=Sample.Side),
        column("as_of", "Population gelée le", "Population frozen", "moment"),
        column("units", "Unités de valeur positive", "Units of positive value", "integer"),
        column("book", "Leur valeur", "Their value", "money"),
        column("negatives", "Unités de valeur négative", "Units of negative value", "integer"),
        column("negative_book", "Leur valeur, à part", "Their value, apart", "money"),
        column("population_sha256", "Empreinte de la population", "Population hash"),
        Column("method", "Méthode", "Method", words=METHODS),
        column("strata", "Strates", "Strata", choices=Sample.Strata),
        column("confidence", "Niveau de confiance", "Confidence level", "percent"),
        column("materiality", "Seuil de signification", "Materiality threshold", "percent"),
        column("seed", "Graine", "Seed"),
        column("sub_size", "Dossiers par demande, au second degré", "Files per claim, second stage", "integer"),
        column("drawn_units", "Unités tirées", "Units drawn", "integer"),
        column("drawn_at", "Tiré le", "Drawn", "moment"),
        column("drawn_sha256", "Empreinte du tirage", "Draw hash"),
        column("release", "Version", "Release"),
        column("audited", "Unités qui ont un résultat", "Units with a result", "integer"),
        column("errors", "Erreur trouvée", "Error found", "money"),
        column("total_rate", "Taux d’erreur total", "Total error rate", "percent"),
        column("upper_rate", "Limite supérieure du taux", "Upper limit of the rate", "percent"),
        column("residual_rate", "Taux d’erreur résiduel", "Residual error rate", "percent"),
        Column("decision", "Conclusion", "Conclusion", words=DECISIONS),
        column("concluded_at", "Conclu le", "Concluded", "moment"),
    ),
    shown=("sample", "cci", "year", "method", "drawn_units", "book", "drawn_at"),
    identity=("sample",),
    keys=LATEST_FIRST,
    source=_samples,
    row=_sample,
    prepare=_results,
)  # fmt: skip
