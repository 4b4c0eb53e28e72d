"""Data transmission to the Commission (CPR art. 42, annex VII) and forecast of payment applications (art. 69(10)).

The day of the report is the day whose state is transmitted: the end of the month before the transmission is due.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from applications.models import PaymentApplication
from applications.rules import transmission as rules
from regions.calendars import local_date
from regions.enums import RoleKind
from regions.money import ZERO
from reporting import census, claim_forecast, transmission
from reporting.checks import Tie, Totals
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.reports import indicators
from reporting.reports.erdf import FUNDS, REGIONS_KINDS, SIZES, UNITS
from reporting.sheets import Sheet, Source, made
from reporting.words import words

Row = dict[str, Any]


def _c(key: str, fr: str, en: str, kind: str = "text", field: str = "", **more: Any) -> Column:
    return Column(key=key, label_fr=fr, label_en=en, kind=kind, reference=field, **more)


TABLES = {
    "financial": ("1 – Données financières par priorité", "1 – Financial data by priority"),
    "intervention": ("2 – Ventilation par type d’intervention", "2 – Breakdown by type of intervention"),
    "outputs": ("5 – Indicateurs de réalisation", "5 – Output indicators"),
    "results": ("9 – Indicateurs de résultat", "9 – Result indicators"),
    "financial_instruments": ("12 – Instruments financiers", "12 – Financial instruments"),
    "forecasts": ("Annexe VIII – Prévisions de demandes de paiement", "Annex VIII – Forecast of payment applications"),
}  # fmt: skip
STANDINGS = {
    "exact": ("état du jour demandé", "state of the day asked"),
    "early": ("état provisoire : le jour de l’état n’est pas passé", "provisional: the day of the state is not past"),
    "late": ("autre jour : demander le rapport arrêté au jour de l’état",
             "another day: ask for the report as of the day of the state"),
}  # fmt: skip
REMARKS = {
    "allocation": ("La dotation est celle des enveloppes ouvertes ici ; la maquette du programme est dans SFC2021. La "
                   "base de calcul est celle de la dernière demande de paiement du programme, vide avant la première.",
                   "The allocation is that of the envelopes opened here; the financing plan is in SFC2021. The "
                   "calculation basis is that of the programme’s latest payment application, empty before the first."),
    "dimensions": ("La dimension 6 est propre au FSE+ ; la dimension 8 (stratégie macrorégionale) n’est pas tenue ici.",
                   "Dimension 6 is the ESF+’s own; dimension 8 (macro-regional strategy) is not kept here."),
    "indicators": ("La valeur intermédiaire de 2024 et la cible de 2029 sont celles du programme, dans SFC2021.",
                   "The 2024 milestone and the 2029 target are the programme’s, in SFC2021."),
    "instruments": ("Néant : seules les subventions sont déclarées.", "No contribution: grants alone are declared."),
    "forecasts": ("Hypothèses sur leur feuille. Présentation de l’annexe VIII à confirmer.",
                  "Assumptions on their own sheet. Layout of annex VIII to be confirmed."),
}  # fmt: skip
_REMARK = dict(
    zip(TABLES, ("allocation", "dimensions", "indicators", "indicators", "instruments", "forecasts"), strict=True)
)

CONTENT = Sheet("content", "Transmission", "Transmission", (
    _c("table", "Tableau", "Table", words=TABLES),
    _c("due_on", "Transmission du", "Transmission of", "date", "Art. 42"),
    _c("state_on", "État au", "State as at", "date", "Art. 42"),
    _c("standing", "Ce rapport", "This report", words=STANDINGS),
    _c("goes", "À transmettre à cette date", "To be transmitted on that date", "boolean"),
    _c("rows", "Lignes", "Rows", "integer"),
    _c("remark", "Remarque", "Remark", words=REMARKS),
), ("table",))  # fmt: skip

_OBJECTIVE = (
    _c("priority", "Priorité", "Priority", field="Annex VII, 1"),
    _c("objective", "Objectif spécifique", "Specific objective", field="Annex VII, 2"),
    _c("fund", "Fonds", "Fund", field="Annex VII, 3", words=FUNDS),
    _c("category_of_region", "Catégorie de région", "Category of region", field="Annex VII, 4", words=REGIONS_KINDS),
)
_PLACE = tuple(Column(c.key, c.label_fr, c.label_en, words=c.words) for c in _OBJECTIVE)

FINANCIAL = Sheet("financial", "1 Données financières", "1 Financial data", (
    *_OBJECTIVE,
    _c("basis", "Base de calcul", "Calculation basis", field="Annex VII, 5", words=words(PaymentApplication.Basis)),
    _c("allocation", "Dotation : enveloppes ouvertes", "Allocation: envelopes opened", "money", "Annex VII, 6"),
    _c("rate", "Taux de cofinancement", "Co-financing rate", "percent", "Annex VII, 7"),
    _c("eligible", "Coût total éligible des opérations sélectionnées", "Total eligible cost of selected operations",
       "money", "Annex VII, 8"),
    _c("support", "Contribution du Fonds", "Contribution of the Fund", "money", "Annex VII, 9"),
    _c("eligible_share", "Part de la dotation", "Share of the allocation", "percent", "Annex VII, 10"),
    _c("declared", "Dépenses déclarées par les bénéficiaires", "Expenditure declared by beneficiaries", "money",
       "Annex VII, 11"),
    _c("declared_share", "Part déclarée", "Share declared", "percent", "Annex VII, 12"),
    _c("operations", "Opérations sélectionnées", "Selected operations", "integer", "Annex VII, 13"),
), ("objective",))  # fmt: skip

INTERVENTION = Sheet("intervention", "2 Types d’intervention", "2 Types of intervention", (
    *_PLACE,
    _c("intervention_field", "1 Domaine d’intervention", "1 Intervention field"),
    _c("form_of_support", "2 Forme de soutien", "2 Form of support"),
    _c("territorial_delivery", "3 Mise en œuvre territoriale", "3 Territorial delivery"),
    _c("economic_activity", "4 Activité économique", "4 Economic activity"),
    _c("location", "5 Localisation", "5 Location"),
    _c("gender", "7 Égalité des genres", "7 Gender equality"),
    _c("eligible", "Coût total éligible", "Total eligible cost", "money"),
    _c("declared", "Dépenses déclarées par les bénéficiaires", "Expenditure declared by beneficiaries", "money"),
    _c("operations", "Opérations sélectionnées", "Selected operations", "integer"),
), ("objective", "intervention_field", "form_of_support", "territorial_delivery", "economic_activity", "location",
    "gender"))  # fmt: skip

_NAMED = (
    *_PLACE,
    _c("code", "Indicateur", "Indicator"),
    _c("name", "Libellé", "Name", words=indicators.NAMES),
    _c("breakdown", "Ventilation", "Breakdown", words=SIZES | indicators.FORMS),
    _c("unit", "Unité", "Unit", words=UNITS),
)
_PLANNED = _c("target", "Opérations sélectionnées : valeur prévue", "Selected operations: planned value", "decimal")
OUTPUTS = Sheet("outputs", "5 Réalisations", "5 Outputs", (
    *_NAMED,
    _PLANNED,
    _c("achieved", "Valeur réalisée", "Achieved value", "decimal"),
    _c("remark", "Observations", "Comments", words=indicators.REMARKS),
), ("objective", "code", "breakdown"))  # fmt: skip
RESULTS = Sheet("results", "9 Résultats", "9 Results", (
    *_NAMED,
    _c("baseline", "Opérations sélectionnées : référence", "Selected operations: baseline", "decimal"),
    _PLANNED,
    _c("achieved", "Valeur réalisée", "Achieved value", "decimal"),
    _c("remark", "Observations", "Comments", words=indicators.REMARKS),
), ("objective", "code", "breakdown"))  # fmt: skip

YEARS = Sheet("forecasts", "Annexe VIII", "Annex VIII", (
    _c("fund", "Fonds", "Fund", words=FUNDS),
    _c("category_of_region", "Catégorie de région", "Category of region", words=REGIONS_KINDS),
    _c("first", "Année en cours, janvier à octobre", "Current year, January to October", "money", "Art. 69(10)"),
    _c("second", "Année en cours, novembre et décembre", "Current year, November and December", "money",
       "Art. 69(10)"),
    _c("next", "Année suivante", "Next year", "money", "Art. 69(10)"),
    _c("later", "Au-delà", "Later", "money"),
), ("category_of_region",))  # fmt: skip

WINDOWS = Sheet("windows", "Prévisions par période", "Forecast by period", (
    _c("priority", "Priorité", "Priority"),
    _c("category_of_region", "Catégorie de région", "Category of region", words=REGIONS_KINDS),
    _c("window_end", "Demande de la période finissant le", "Application of the period ending", "date", "Art. 91(1)"),
    _c("undeclared", "Payé, non déclaré", "Paid, not declared", "money"),
    _c("certified", "Certifié, non payé", "Certified, not paid", "money"),
    _c("awarded", "Accordé, non certifié", "Granted, not certified", "money"),
    _c("lost", "Part supposée non payée", "Part supposed never paid", "money"),
    _c("expenditure", "Dépense prévue", "Expenditure expected", "money"),
    _c("rate", "Taux de cofinancement", "Co-financing rate", "percent"),
    _c("contribution", "Contribution de l’Union", "Union contribution", "money"),
), ("window_end", "priority"))  # fmt: skip

SUPPOSED = {
    "share": ("Part de l’aide accordée qui finit payée, mesurée sur les dossiers soldés (1 sans mesure)",
              "Share of the aid granted that ends paid, measured on settled files (1 without a measure)"),
    "delay": ("Jours du paiement à la demande de paiement, médiane (0 sans mesure)",
              "Days from the payment to the payment application, median (0 without a measure)"),
    "claims": ("L’entreprise demande son paiement au dernier jour de son délai, et la région paie au dernier jour du "
               "sien.", "The firm claims on the last day of its time, and the region pays on the last day of its own."),
    "certified": ("Une demande certifiée est payée au plus tard à son échéance.",
                  "A certified claim is paid on its due day at the latest."),
    "undeclared": ("Ce qui est payé et non déclaré entre dans la demande de la période en cours, après ce délai.",
                   "What is paid and not declared enters the application of the present period, after that delay."),
    "no_new": ("Aucune aide nouvelle n’est supposée ; une date passée est ramenée au jour du rapport.",
               "No new aid is supposed; a day that is past is taken as the day of the report."),
}  # fmt: skip
ASSUMPTIONS = Sheet("assumptions", "Hypothèses", "Assumptions", (
    _c("assumption", "Hypothèse", "Assumption", words=SUPPOSED),
    _c("value", "Valeur", "Value", "decimal"),
    _c("measured_on", "Mesurée sur", "Measured on", "integer"),
), ("assumption",))  # fmt: skip

CLAIMS = Sheet("claims", "Demandes des bénéficiaires", "Claims of beneficiaries", (
    _c("operation", "Opération", "Operation"),
    _c("claim", "Demande n°", "Claim no", "integer"),
    _c("period_start", "Période : début", "Period: start", "date"),
    _c("period_end", "Période : fin", "Period: end", "date"),
    _c("prepared_on", "Remise le", "Submitted on", "moment"),
    _c("booked", "Grand livre", "Ledger", "money"),
    _c("declared", "Déclaré par le bénéficiaire", "Declared by the beneficiary", "money"),
), ("operation", "claim"))  # fmt: skip

CALENDAR = Sheet("calendar", "Calendrier", "Calendar", (
    _c("due_on", "Transmission du", "Transmission of", "date", "Art. 42"),
    _c("state_on", "État au", "State as at", "date", "Art. 42"),
    _c("tables", "Tableaux", "Tables"),
    _c("this", "Celle-ci", "This one", "boolean"),
), ("due_on",))  # fmt: skip

SHEETS = (
    CONTENT, FINANCIAL, INTERVENTION, OUTPUTS, RESULTS, YEARS, WINDOWS, ASSUMPTIONS, CLAIMS, CALENDAR,
)  # fmt: skip


def sources(run: ReportRun) -> Mapping[str, Source]:
    """Sheet → its rows, all as of the run's day."""
    rows = _rows(run)
    return {
        CONTENT.key: made(_content(run, rows), "table"), CALENDAR.key: made(_calendar(run), "due_on"),
        **{sheet.key: made(rows[sheet.key], *sheet.identity[:2]) for sheet in SHEETS if sheet.key in rows},
    }  # fmt: skip


def _rows(run: ReportRun) -> dict[str, list[Row]]:
    region, moment, day = run.region, run.as_of, _day(run)
    operations = [operation.at(moment) for operation in transmission.selected(region, moment)]
    claims = list(transmission.claimed(region, moment))
    declared = transmission.by_operation(claims)
    measured = claim_forecast.measures(region, moment)
    pieces = (p for operation in operations for p in claim_forecast.pieces(operation, moment, measured.share))
    windows = claim_forecast.by_window(pieces, day, measured.delay, moment)
    values = [row for taken in census.of_region(region, moment) for row in _values(taken)]
    return {
        FINANCIAL.key: transmission.financial(operations, declared, transmission.opened(region, moment),
                                              transmission.bases(region, moment), moment),
        INTERVENTION.key: transmission.interventions(operations, declared, moment),
        OUTPUTS.key: [row for row in values if row["kind"] == "output"],
        RESULTS.key: [row for row in values if row["kind"] == "result"],
        YEARS.key: claim_forecast.by_year(windows, day), WINDOWS.key: windows,
        ASSUMPTIONS.key: _assumptions(measured), CLAIMS.key: claims,
    }  # fmt: skip


def _day(run: ReportRun) -> date:
    return local_date(run.as_of, run.region.time_zone)


def _values(taken: census.Census) -> Iterator[Row]:
    category = taken.objective.priority.programme.category_of_region
    for row in indicators.values(taken):
        yield row | {"fund": "ERDF", "category_of_region": category}


def _assumptions(measured: claim_forecast.Measures) -> list[Row]:
    """Each assumption; a measure stands with how many files or payments gave it."""
    known = {"share": (round(measured.share, 4), measured.settled), "delay": (Decimal(measured.delay), measured.lines)}
    return [
        {"assumption": name, "value": value, "measured_on": count}
        for name in SUPPOSED
        for value, count in [known.get(name, (None, None))]
    ]


def _content(run: ReportRun, rows: Mapping[str, Sequence[Row]]) -> Iterator[Row]:
    """Each table of the transmission that is due next, and whether this report is its state."""
    due = transmission.of_day(run.region, run.as_of)
    for table in TABLES:
        yield {
            "table": table, "due_on": due and due.due_on, "state_on": due and due.state_on,
            "standing": _standing(_day(run), due), "goes": due is not None and table in due.tables,
            "rows": len(rows.get(table, ())), "remark": _REMARK[table],
        }  # fmt: skip


def _standing(day: date, due: rules.Transmission | None) -> str | None:
    if due is None:
        return None
    return "exact" if day == due.state_on else "early" if day < due.state_on else "late"


def _calendar(run: ReportRun) -> Iterator[Row]:
    """Every transmission of the programme, as the law dates them."""
    present = transmission.of_day(run.region, run.as_of)
    for day in rules.calendar(transmission.programme_of(run.region)):
        each = rules.transmission(day)
        yield {
            "due_on": day, "state_on": each.state_on, "this": present is not None and day == present.due_on,
            "tables": ", ".join(_short(table, run.language) for table in each.tables),
        }  # fmt: skip


def _short(table: str, language: str) -> str:
    """The number of a table alone."""
    return TABLES[table][language.startswith("en")].partition(" – ")[0]


def ties(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """The tables against the operations and the claims, the claims and the forecast against the ledger."""
    whole = _declared(run.region, run.as_of)
    known = transmission.selected(run.region, run.as_of).order_by().amended(run.as_of)
    cost = known.aggregate(total=Sum("known_eligible_cost"))["total"]
    one, two, windows = totals[FINANCIAL.key], totals[INTERVENTION.key], totals[WINDOWS.key]
    expected = sum((windows[kind] for kind in claim_forecast.KINDS), ZERO)
    return [
        Tie("eligible", "Coût éligible, tableau 1", "Eligible cost, table 1", one["eligible"], cost or ZERO),
        Tie("eligible_2", "Coût éligible, tableau 2", "Eligible cost, table 2", two["eligible"], cost or ZERO),
        Tie("declared_1", "Déclaré, tableau 1", "Declared, table 1", one["declared"], whole),
        Tie("declared_2", "Déclaré, tableau 2", "Declared, table 2", two["declared"], whole),
        Tie("ledger", "Lignes du grand livre", "Ledger rows", totals[CLAIMS.key]["booked"],
            transmission.booked(run.region, run.as_of)),
        Tie("forecast", "Reste à déclarer", "Left to declare", expected,
            claim_forecast.gross(run.region, run.as_of)),
    ]  # fmt: skip


def _declared(region: Any, moment: datetime) -> Decimal:
    return sum((row["declared"] for row in transmission.claimed(region, moment)), ZERO)


REPORT = Report(
    key="transmission", name_fr="Transmission de données et prévisions (annexes VII et VIII)",
    name_en="Data transmission and forecasts (Annexes VII and VIII)", sheets=SHEETS, read=sources, ties=ties,
    scope=REGION,
    roles=(RoleKind.DECIDER, RoleKind.CERTIFIER, RoleKind.LIQUIDATOR),
)  # fmt: skip
