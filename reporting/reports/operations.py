"""The list of operations that the managing authority publishes at least every four months, CPR art. 49(3).

Point (c) is for fishing vessels, and no operation here has a contractor of its own (point (a)): the
firms choose their providers. The name of a natural person (point (b)) has a column of its own, outside the
hash of the rows: it leaves two years after the decision, the earliest day on which it was published, and
never enters for who opposed its publication in the national register.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Substr

from applications.enums import PERSONS
from applications.models import Company, IndicatorTarget, Operation
from applications.models.operation import OperationQuerySet
from applications.rules.indicator_catalogue import CATALOGUE
from regions import clock
from regions.calendars import add_months, local_date
from regions.enums import RoleKind
from regions.money import ZERO
from reporting.checks import Tie, Totals
from reporting.columns import Column, canonical
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.sheets import Sheet, Source, made
from reporting.writers.csv import write_csv

CHUNK = 500
KEY = "operations-publiees"
NAMED_MONTHS = 24


def _c(key: str, fr: str, en: str, kind: str = "text", point: str = "") -> Column:
    return Column(key, fr, en, kind, f"Art. 49(3){point}")


COLUMNS = (
    _c("code", "Code de l’opération", "Operation code"),
    _c("beneficiary", "Bénéficiaire", "Beneficiary", point="(a)"),
    Column(
        "person",
        "Prénom et nom, pendant deux ans",
        "First name and surname, for two years",
        "text",
        "Art. 49(3)(b)",
        personal=True,
    ),
    _c("name", "Nom de l’opération", "Operation name", point="(d)"),
    _c("purpose", "Objet", "Purpose", point="(e)"),
    _c("achievements", "Réalisations attendues", "Expected achievements", point="(e)"),
    _c("starts_on", "Début", "Start", "date", "(f)"),
    _c("ends_on", "Achèvement prévu", "Expected completion", "date", "(g)"),
    _c("total_cost", "Coût total (euros)", "Total cost (euro)", "money", "(h)"),
    _c("fund", "Fonds", "Fund", point="(i)"),
    _c("objective", "Objectif spécifique", "Specific objective", point="(j)"),
    _c("cofinancing", "Taux de cofinancement de l’Union", "Union co-financing rate", "percent", "(k)"),
    _c("location", "Localisation (NUTS)", "Location (NUTS)", point="(l)"),
    _c("country", "Pays", "Country", point="(l)"),
    _c("beneficiary_location", "Localisation du bénéficiaire", "Location of the beneficiary", point="(m)"),
    _c("intervention", "Domaine d’intervention", "Intervention field", point="(n)"),
    Column("updated_on", "Liste mise à jour le", "List updated on", "date"),
)


def rows(
    operations: QuerySet[Operation], day: date, language: str = "fr", known: datetime | None = None
) -> Iterator[dict[str, Any]]:
    """The operations selected by a day, in the order of their codes; amounts in euro, the rate a fraction.

    Figures and rate are those known at a moment (now). The names of persons are those that may be shown today,
    whatever the day of the list.
    """
    moment = known or clock.now()
    for operation in selected(operations, day).iterator(chunk_size=CHUNK):
        yield row(operation, day, language, moment)


def row(operation: Operation, day: date, language: str, moment: datetime) -> dict[str, Any]:
    """The fields of the article for an operation that `selected` gave."""
    rate = operation.specific_objective.priority.rate_on(day, moment)
    return _row(operation.at(moment), language) | {"cofinancing": rate / 100, "updated_on": day}


def selected(operations: QuerySet[Operation], day: date) -> QuerySet[Operation]:
    """Operations decided by the day, with what a row needs, and whether a person is the beneficiary."""
    firm = Company.objects.filter(siren=Substr(OuterRef("beneficiary_id"), 1, 9))
    person = firm.filter(Q(legal_category__in=PERSONS) | Q(name_published=False))
    opposed = firm.filter(name_published=False)
    chosen = operations.filter(decided_on__lte=day).order_by("code")
    return (
        chosen.select_related("region", "specific_objective__priority")
        .prefetch_related("targets", "amendments", "specific_objective__priority__rates")
        .annotate(is_person=Exists(person), opposed=Exists(opposed), commune=Subquery(firm.values("commune")[:1]))
    )


def _row(operation: Any, language: str) -> dict[str, Any]:
    objective = operation.specific_objective
    copied = {key: getattr(operation, key) for key in ("code", "name", "starts_on", "ends_on", "total_cost")}
    return copied | {
        "beneficiary": _beneficiary(operation, language), "person": _named(operation), "purpose": operation.description,
        "achievements": _achievements(operation, language), "fund": "ERDF" if _english(language) else "FEDER",
        "objective": f"{objective.code} {objective.name}",
        "location": operation.location, "country": operation.location[:2],
        "beneficiary_location": _seat(operation), "intervention": operation.intervention_field,
    }  # fmt: skip


def _beneficiary(operation: Any, language: str) -> str:
    """The legal entity's name; a natural person's stays out of the list."""
    if not _person(operation):
        return operation.beneficiary_name
    return "Natural person" if _english(language) else "Personne physique"


def _named(operation: Any) -> str:
    """The name of a natural person who is the beneficiary, until two years after the decision."""
    if not _person(operation) or operation.opposed:
        return ""
    gone = add_months(operation.decided_on, NAMED_MONTHS)
    return operation.beneficiary_name if clock.today() < gone else ""


def _person(operation: Any) -> bool:
    """In grouped mode the region is the beneficiary, and a region is no person."""
    return not operation.is_grouped and operation.is_person


def _seat(operation: Any) -> str:
    """Where a legal entity sits (the region's town, a firm's INSEE code); for a person, the NUTS 2 region."""
    if operation.is_grouped:
        return operation.region.seat
    return operation.region.nuts2 if operation.is_person else operation.commune or operation.region.nuts2


def _achievements(operation: Operation, language: str) -> str:
    """The promised indicators: « RCO01 Entreprises bénéficiant d’un soutien : 8 entreprises »."""
    targets = sorted(operation.targets.all(), key=lambda target: target.code)
    return ("; " if _english(language) else " ; ").join(_achievement(target, language) for target in targets)


def _achievement(target: IndicatorTarget, language: str) -> str:
    """An indicator of the common list with its name and unit; one of the programme's own by its code."""
    known, amount = CATALOGUE.get(target.code), canonical(target.target, "decimal")
    if _english(language):
        return f"{target.code} {known.en}: {amount} {known.unit_en}" if known else f"{target.code}: {amount}"
    amount = amount.replace(".", ",")
    return f"{target.code} {known.fr} : {amount} {known.unit_fr}" if known else f"{target.code} : {amount}"


def _english(language: str) -> bool:
    return language.startswith("en")


def publication_csv(operations: QuerySet[Operation], *, day: date, language: str = "fr") -> bytes:
    """The list as an open, machine-readable file (art. 49(4)): French style, or international in English."""
    stream = io.BytesIO()
    style = "international" if _english(language) else "fr"
    write_csv(stream, COLUMNS, rows(operations, day, language), style=style, language=language)
    return stream.getvalue()


# --- the same list as a run of the reports page, kept no longer than a person's name


SHEET = Sheet("operations", "Liste des opérations", "List of operations", COLUMNS, ("code",))


def _of_region(run: ReportRun) -> OperationQuerySet:
    return Operation.objects.known(run.as_of).filter(region=run.region)


def _day(run: ReportRun) -> date:
    return local_date(run.as_of, run.region.time_zone)


def _read(run: ReportRun) -> Mapping[str, Source]:
    return {SHEET.key: made(rows(_of_region(run), _day(run), run.language, run.as_of), "code")}


def _ties(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """The total cost of the list against that of the operations as the database adds it up."""
    selected = _of_region(run).filter(decided_on__lte=_day(run))
    whole = selected.amended(run.as_of).aggregate(total=Sum("known_total_cost"))["total"] or ZERO
    return [Tie("total_cost", "Coût total des opérations", "Total cost of the operations",
                totals[SHEET.key]["total_cost"], whole)]  # fmt: skip


REPORT = Report(
    key=KEY, name_fr="Liste des opérations à publier (art. 49)", name_en="List of operations for publication (Art. 49)",
    sheets=(SHEET,), read=_read, ties=_ties, scope=REGION, kept_days=730,
    roles=(RoleKind.DECIDER, RoleKind.OFFICER),
)  # fmt: skip
