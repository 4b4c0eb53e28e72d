"""The common indicators of a region's operations, by specific objective, each firm counted once (CPR art. 42).

The firms behind the figures stand on their own sheet: what RCO01 says is its number of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from applications.enums import Bucket
from applications.models import LedgerEntry
from applications.rules import indicators as rules
from applications.rules.indicator_catalogue import CATALOGUE, SUPPORT_FORMS
from regions.calendars import local_date
from regions.enums import Instrument, RoleKind
from regions.models import Region
from regions.money import ZERO
from reporting import census
from reporting.census import Census, Counts
from reporting.checks import Tie, Totals
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.reports.erdf import SIZES, UNITS
from reporting.sheets import Sheet, Source, made

Row = dict[str, Any]
KINDS = {"output": ("réalisation", "output"), "result": ("résultat", "result")}
FORMS = dict(
    zip(
        SUPPORT_FORMS,
        (("subvention", "grant"), ("instrument financier", "financial instrument"),
         ("soutien non financier", "non-financial support")),
        strict=True,
    )
)  # fmt: skip
NAMES = {code: (known.fr, known.en) for code, known in CATALOGUE.items()}
MEASURED = (*rules.COUNTED, "RCO13", "RCR02")
FOLLOWED = rules.FOLLOWED
REMARKS = {
    "elsewhere": ("Valeur que les dossiers ne donnent pas : à relever auprès des entreprises.",
                  "A value that files do not give: to be collected from the firms."),
    "follow_up": ("D’après les réponses des entreprises quelques mois après ; règle de calcul à confirmer.",
                  "From the firms’ answers some months after; rule of calculation to be confirmed."),
    "unanswered": ("Aucune réponse d’entreprise ne le dit encore.", "No answer of a firm tells it yet."),
    "targets": ("La cible est la somme de celles des opérations ; la valeur compte chaque entreprise une fois.",
                "The target is the sum of the operations’; the value counts each firm once."),
    "estimate": ("Règle de calcul à confirmer auprès de l’autorité de gestion.",
                 "Rule of calculation to be confirmed with the managing authority."),
}  # fmt: skip
_ESTIMATES = ("RCO05", "RCO13", "RCR02", "RCR13")


def _c(key: str, fr: str, en: str, kind: str = "text", field: str = "", **more: Any) -> Column:
    return Column(key=key, label_fr=fr, label_en=en, kind=kind, reference=field and f"Annex VII, {field}", **more)


_PLACE = (
    _c("priority", "Priorité", "Priority"),
    _c("objective", "Objectif spécifique", "Specific objective"),
)
INDICATORS = Sheet("indicators", "Indicateurs", "Indicators", (
    *_PLACE,
    _c("code", "Indicateur", "Indicator"),
    _c("breakdown", "Ventilation", "Breakdown", words=SIZES | FORMS),
    _c("name", "Libellé", "Name", words=NAMES),
    _c("kind", "Nature", "Kind", words=KINDS),
    _c("unit", "Unité", "Unit", words=UNITS),
    _c("baseline", "Valeur de référence", "Baseline", "decimal"),
    _c("target", "Cible des opérations", "Target of the operations", "decimal"),
    _c("selected", "Opérations sélectionnées", "Selected operations", "decimal"),
    _c("achieved", "Réalisé", "Achieved", "decimal"),
    _c("ratio", "Taux de réalisation", "Achievement ratio", "percent"),
    _c("remark", "Remarque", "Remark", words=REMARKS),
), ("objective", "code", "breakdown"))  # fmt: skip

TARGETS = Sheet("targets", "Cibles par opération", "Targets by operation", (
    *_PLACE,
    _c("operation", "Opération", "Operation"),
    _c("code", "Indicateur", "Indicator"),
    _c("baseline", "Valeur de référence", "Baseline", "decimal"),
    _c("target", "Cible", "Target", "decimal"),
), ("operation", "code"))  # fmt: skip

FIRMS = Sheet("firms", "Entreprises comptées", "Firms counted", (
    *_PLACE,
    _c("siren", "SIREN", "SIREN"),
    _c("size", "Taille au premier soutien", "Size at first support", words=SIZES),
    _c("first", "Premier soutien", "First support", "date"),
    _c("files", "Dossiers", "Files", "integer"),
    _c("operations", "Opérations", "Operations"),
    _c("new", "Nouvelle entreprise (RCO05)", "New enterprise (RCO05)", "boolean"),
    _c("digital", "Intensité numérique élevée (RCR13)", "High digital intensity (RCR13)", "boolean"),
    _c("jobs", "Emplois créés, ETP (RCR01)", "Jobs created, FTE (RCR01)", "decimal"),
    _c("turnover_before", "Chiffre d’affaires à la demande", "Turnover at application", "money"),
    _c("turnover_after", "Chiffre d’affaires après", "Turnover afterwards", "money"),
    _c("grew", "Chiffre d’affaires en hausse (RCR19)", "Higher turnover (RCR19)", "boolean"),
    _c("granted", "Aide engagée", "Aid committed", "money"),
    _c("paid", "Aide payée", "Aid paid", "money"),
), ("objective", "siren"))  # fmt: skip

CHECKS = Sheet("checks", "Cohérence", "Consistency", (
    *_PLACE,
    _c("firms", "Entreprises distinctes", "Distinct firms", "integer"),
    _c("files", "Soutiens", "Supports", "integer"),
    _c("several", "Entreprises aidées plusieurs fois", "Firms aided several times", "integer"),
    _c("unmeasured", "Dossiers sans intensité numérique avant et après", "Files without digital intensity before and "
       "after", "integer"),
    _c("unanswered", "Dossiers dont les résultats sont en retard", "Files whose results are late", "integer"),
    _c("sound", "Valeurs cohérentes", "Values consistent", "boolean"),
    _c("faults", "À corriger", "To be corrected"),
), ("objective",))  # fmt: skip

SHEETS = (INDICATORS, TARGETS, CHECKS, FIRMS)


def sources(run: ReportRun) -> Mapping[str, Source]:
    """Sheet → its rows, from one count of the firms of each objective."""
    taken = list(census.of_region(run.region, run.as_of))
    return {
        INDICATORS.key: made((row for one in taken for row in values(one)), "objective", "code"),
        TARGETS.key: made((row for one in taken for row in _targets(one)), "operation", "code"),
        CHECKS.key: made((_check(one, run.language) for one in taken), "objective"),
        FIRMS.key: made((row for one in taken for row in _firms(one)), "objective", "siren"),
    }


def place(taken: Census) -> Row:
    """The columns that say which objective a row is of."""
    objective = taken.objective
    return {"priority": objective.priority.code, "objective": objective.code}


def values(taken: Census) -> Iterator[Row]:
    """Each indicator promised or counted, then its parts."""
    promised = _promised(taken)
    counted = {code for code in MEASURED if taken.selected.get(code)} | {c for c in FOLLOWED if c in taken.achieved}
    for code in sorted(counted | set(promised)):
        yield _value(taken, code, *promised.get(code, (None, None)))
        if code in CATALOGUE and code in MEASURED:
            yield from (_part(taken, code, part) for part in CATALOGUE[code].breakdown)


def _promised(taken: Census) -> dict[str, tuple[Decimal, Decimal]]:
    """Code → baseline and target, added up over the operations."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for operation in taken.operations:
        for target in operation.targets.all():
            baseline, whole = found.get(target.code, (ZERO, ZERO))
            found[target.code] = (baseline + target.baseline, whole + target.target)
    return found


def _value(taken: Census, code: str, baseline: Decimal | None, target: Decimal | None) -> Row:
    known, done = CATALOGUE.get(code), _figure(taken.achieved, code)
    return place(taken) | {
        "code": code, "breakdown": None, "name": code if known else None,
        "kind": "output" if code.startswith("RCO") else "result", "unit": known.unit_fr if known else None,
        "baseline": baseline, "target": target, "achieved": done,
        "selected": None if code in FOLLOWED else _figure(taken.selected, code),
        "ratio": done / target if done is not None and target else None, "remark": _remark(code, taken),
    }  # fmt: skip


def _part(taken: Census, code: str, part: str) -> Row:
    return _value(taken, code, None, None) | {
        "breakdown": part, "selected": _figure(taken.selected, code, part),
        "achieved": _figure(taken.achieved, code, part), "ratio": None, "remark": None,
    }  # fmt: skip


def _figure(counts: Counts, code: str, part: str = "") -> Decimal | None:
    """A value; none where neither files nor firms tell it, for that is no zero."""
    if code in FOLLOWED:
        return Decimal(counts[code]) if code in counts else None
    return Decimal(counts.get(f"{code}.{part}" if part else code, 0)) if code in MEASURED else None


def _remark(code: str, taken: Census) -> str | None:
    if code in FOLLOWED:
        return "follow_up" if code in taken.achieved else "unanswered"
    if code not in MEASURED:
        return "elsewhere"
    if code in _ESTIMATES:
        return "estimate"
    return "targets" if len(taken.operations) > 1 else None


def _targets(taken: Census) -> Iterator[Row]:
    for operation in taken.operations:
        for target in sorted(operation.targets.all(), key=lambda each: each.code):
            yield place(taken) | {
                "operation": operation.code, "code": target.code, "baseline": target.baseline, "target": target.target,
            }  # fmt: skip


def _firms(taken: Census) -> Iterator[Row]:
    for siren, firm in sorted(taken.firms.items()):
        yield place(taken) | {
            "siren": siren, "size": firm.size, "first": firm.first, "files": firm.files,
            "operations": ", ".join(sorted(firm.operations)), "new": firm.new, "digital": firm.digital,
            "jobs": firm.jobs, "turnover_before": firm.turnover_before, "turnover_after": firm.turnover_after,
            "grew": firm.grew, "granted": firm.granted, "paid": firm.paid,
        }  # fmt: skip


def _check(taken: Census, language: str) -> Row:
    """Whether the values can be true, and how many supports became how many firms."""
    faults = [reason for counts in (taken.selected, taken.achieved) for reason in rules.check(counts).reasons]
    said = {reason.en if language.startswith("en") else reason.fr for reason in faults}
    firms = taken.firms.values()
    return place(taken) | {
        "firms": len(firms), "files": sum(firm.files for firm in firms),
        "several": sum(firm.files > 1 for firm in firms), "unmeasured": taken.unmeasured,
        "unanswered": taken.unanswered, "sound": not faults, "faults": " ".join(sorted(said)),
    }  # fmt: skip


def ties(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """The aid of the firms counted against what the ledger holds for the region's operations."""
    booked, firms = _booked(run.region, run.as_of), totals[FIRMS.key]
    return [
        Tie("committed", "Engagé", "Committed", firms["granted"], booked.get(Bucket.COMMITTED, ZERO)),
        Tie("paid", "Payé", "Paid", firms["paid"], booked.get(Bucket.PAID, ZERO)),
    ]


def _booked(region: Region, watermark: datetime) -> Mapping[str, Decimal]:
    rows = LedgerEntry.objects.filter(
        application__operation__region=region, recorded_at__lte=watermark, bucket__in=[Bucket.COMMITTED, Bucket.PAID],
        application__operation__decided_on__lte=local_date(watermark, region.time_zone),
        line__envelope__instrument=Instrument.GRANT,
    ).order_by()  # fmt: skip
    return dict(rows.values_list("bucket").annotate(total=Sum("amount")))


REPORT = Report(
    key="indicateurs", name_fr="Indicateurs de réalisation et de résultat", name_en="Output and result indicators",
    sheets=SHEETS, read=sources, ties=ties, scope=REGION,
    roles=(RoleKind.DECIDER, RoleKind.OFFICER),
)  # fmt: skip
