"""The yearly report of a region's schemes, in one workbook: ask for it as of 31 December, or of any day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Sum

from applications.enums import ApplicationState, Bucket
from applications.models import LedgerEntry
from regions.enums import Instrument, RoleKind
from regions.money import ZERO
from reporting import annual, working_cost
from reporting.checks import Tie, Totals
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.reports.erdf import SIZES
from reporting.sheets import Sheet, Source, made
from reporting.words import words

Row = dict[str, Any]


def _c(key: str, fr: str, en: str, kind: str = "text", **more: Any) -> Column:
    return Column(key=key, label_fr=fr, label_en=en, kind=kind, **more)


STEPS = {
    annual.DECISION: ("du dépôt à la décision", "from filing to decision"),
    annual.NOTICE: ("de la décision à la notification", "from decision to notification"),
    annual.CERTIFICATE: ("de la demande de paiement au service fait", "from the claim to its certification"),
    annual.PAYMENT: ("de la demande de paiement au paiement", "from the claim to its payment"),
}  # fmt: skip
PARTS = {
    "cost": ("Coût de gestion d’un dossier", "Cost of handling a file"),
    "results": ("Résultats après le projet", "Results after the project"),
    "secrecy": ("Secret statistique", "Statistical secrecy"),
}  # fmt: skip
NOTES = {
    "cost": ("Coût que l’administrateur de la région enregistre pour l’année, divisé par les dossiers déposés dans "
             "l’année, par les aides accordées dans l’année, et par les subventions payées dans l’année (grand livre). "
             "Aucun chiffre pour une année dont le coût n’est pas enregistré.",
             "The cost that the region’s administrator records for the year, divided by the files filed in the year, "
             "by the grants made in the year, and by the grants paid in the year (ledger). No figure for a year whose "
             "cost is not recorded."),
    "results": ("Dits par les entreprises ; ce qu’un agent a noté par téléphone compte une fois confirmé par un autre. "
                "Chaque nombre porte sur celles qui ont répondu à la question. Mode de calcul à confirmer.",
                "As told by the firms; what an officer took down by telephone counts once another has confirmed it. "
                "Each number is of those that answered the question. Way of counting to be confirmed."),
    "secrecy": ("Chiffres internes : un groupe de moins de trois entreprises ne se publie pas.",
                "Internal figures: a group of fewer than three firms is not published."),
}  # fmt: skip

_SCHEME = _c("scheme", "Dispositif", "Scheme")
_YEAR = _c("year", "Année", "Year", "integer")
_FILES = (_c("files", "Dossiers", "Files", "integer"), _c("firms", "Entreprises", "Firms", "integer"))
_AMOUNTS = (
    _c("requested", "Demandé", "Requested", "money"), _c("granted", "Accordé", "Granted", "money"),
    _c("committed", "Engagé", "Committed", "money"), _c("paid", "Payé", "Paid", "money"),
    _c("recovered", "Recouvré", "Recovered", "money"),
)  # fmt: skip

STATES = Sheet("states", "Dossiers par état", "Files by state", (
    _SCHEME,
    _c("year", "Année du dépôt", "Year filed", "integer"),
    _c("state", "État", "State", words=words(ApplicationState)),
    *_FILES,
    *_AMOUNTS,
), ("scheme", "year", "state"))  # fmt: skip
YEARS = Sheet("years", "Par année", "By year", (
    _SCHEME,
    _YEAR,
    _c("filed", "Déposés", "Filed", "integer"),
    _c("granted", "Accordés", "Granted", "integer"),
    _c("refused", "Refusés", "Refused", "integer"),
    _c("awarded", "Montant accordé", "Amount granted", "money"),
    _c("paid", "Payé", "Paid", "money"),
    _c("recovered", "Recouvré", "Recovered", "money"),
), ("scheme", "year"))  # fmt: skip
DELAYS = Sheet("delays", "Délais", "Delays", (
    _SCHEME,
    _YEAR,
    _c("step", "Étape", "Step", words=STEPS),
    _c("cases", "Cas", "Cases", "integer"),
    _c("median", "Médiane (jours)", "Median (days)", "integer"),
    _c("nine_in_ten", "Neuf sur dix (jours)", "Nine in ten (days)", "integer"),
), ("scheme", "year", "step"))  # fmt: skip
SECTORS = Sheet("sectors", "Activités", "Activities", (
    _SCHEME,
    _c("sector", "Activité", "Activity"),
    *_FILES,
    *_AMOUNTS,
), ("scheme", "sector"))  # fmt: skip
SIZES_SHEET = Sheet("sizes", "Tailles", "Sizes", (
    _SCHEME,
    _c("size", "Taille", "Size", words=SIZES),
    *_FILES,
    *_AMOUNTS,
), ("scheme", "size"))  # fmt: skip
REFUSALS = Sheet("refusals", "Motifs de refus", "Reasons of refusal", (
    _SCHEME,
    _c("code", "Motif", "Reason"),
    _c("files", "Dossiers", "Files", "integer"),
), ("scheme", "code"))  # fmt: skip
RESULTS = Sheet("results", "Intensité numérique", "Digital intensity", (
    _SCHEME,
    _c("settled", "Dossiers soldés", "Settled files", "integer"),
    _c("due", "Dont le résultat est dû", "Whose result is due", "integer"),
    _c("missing", "dont sans mesure", "of which not measured", "integer"),
    _c("measured", "Dossiers mesurés", "Files measured", "integer"),
    _c("before", "Intensité avant, sur 12", "Intensity before, out of 12", "decimal"),
    _c("after", "Intensité après, sur 12", "Intensity after, out of 12", "decimal"),
    _c("high", "Passés à une intensité élevée", "Brought to a high intensity", "integer"),
), ("scheme",))  # fmt: skip
ANSWERS = Sheet("answers", "Résultats après le projet", "Results after the project", (
    _SCHEME,
    _c("asked", "Entreprises interrogées", "Firms asked", "integer"),
    _c("answered", "Réponses", "Answers", "integer"),
    _c("late", "En retard", "Late", "integer"),
    _c("with_headcount", "Effectif : réponses", "Headcount: answers", "integer"),
    _c("headcount_before", "Effectif à la demande (ETP)", "Headcount at the application (FTE)", "decimal"),
    _c("headcount_after", "Effectif après (ETP)", "Headcount after (FTE)", "decimal"),
    _c("jobs", "Emplois créés (ETP)", "Jobs created (FTE)", "decimal"),
    _c("with_turnover", "Chiffre d’affaires : réponses", "Turnover: answers", "integer"),
    _c("turnover_before", "Chiffre d’affaires à la demande", "Turnover at the application", "money"),
    _c("turnover_after", "Chiffre d’affaires après", "Turnover after", "money"),
    _c("grew", "Chiffre d’affaires en hausse", "Turnover higher", "integer"),
    _c("online_share", "Part vendue en ligne, moyenne (%)", "Share sold online, mean (%)", "decimal"),
    _c("export_share", "Part exportée, moyenne (%)", "Share exported, mean (%)", "decimal"),
    _c("concerned", "Outil financé : réponses", "Tool paid for: answers", "integer"),
    _c("in_use", "dont toujours utilisé", "of which still in use", "integer"),
    _c("new_offer", "Produit ou procédé nouveau", "New product or process", "integer"),
    _c("new_methods", "Vente ou organisation nouvelle", "New marketing or organisation", "integer"),
    _c("satisfaction", "Satisfaction moyenne, sur 5", "Satisfaction, mean out of 5", "decimal"),
), ("scheme",))  # fmt: skip
COSTS = Sheet("costs", "Coût de gestion", "Working cost", (
    _c("scheme", "Dispositif (vide : tous)", "Scheme (empty: all)"),
    _YEAR,
    _c("staff", "Agents (ETP)", "Staff (FTE)", "decimal"),
    _c("cost", "Coût de l’année", "Cost of the year", "money"),
    _c("filed", "Dossiers déposés", "Files filed", "integer"),
    _c("granted", "Aides accordées", "Grants", "integer"),
    _c("paid", "Payé", "Paid", "money"),
    _c("per_filed", "Coût par dossier déposé", "Cost per file filed", "money"),
    _c("per_granted", "Coût par aide accordée", "Cost per grant", "money"),
    _c("per_euro", "Coût par euro payé", "Cost per euro paid", "decimal"),
    _c("recorded_on", "Enregistré le", "Recorded", "moment"),
), ("scheme", "year"))  # fmt: skip
REMARKS = Sheet("remarks", "Remarques", "Remarks", (
    _c("part", "Partie", "Part", words=PARTS),
    _c("note", "Remarque", "Remark", words=NOTES),
), ("part",))  # fmt: skip

SHEETS = (YEARS, STATES, DELAYS, SECTORS, SIZES_SHEET, REFUSALS, RESULTS, ANSWERS, COSTS, REMARKS)


def sources(run: ReportRun) -> Mapping[str, Source]:
    """Sheet → its rows, from one reading of the files and of the claims."""
    found = annual.tally(run.region, run.as_of)
    return {
        YEARS.key: made(annual.by_year(found, run.region, run.as_of), "scheme", "year"),
        STATES.key: made(annual.by_state(found), "scheme", "year", "state"),
        DELAYS.key: made(annual.delays(found), "scheme", "year", "step"),
        SECTORS.key: made(_sectors(found, run.language), "scheme", "sector"),
        SIZES_SHEET.key: made(annual.by_group(found.sizes, "size"), "scheme", "size"),
        REFUSALS.key: made(annual.refusals(found), "scheme", "code"),
        RESULTS.key: made(annual.results(found), "scheme"),
        ANSWERS.key: made(annual.answers(found), "scheme"),
        COSTS.key: made(working_cost.rows(found, run.region, run.as_of), "scheme", "year"),
        REMARKS.key: made(({"part": part, "note": part} for part in PARTS), "part"),
    }


def _sectors(found: annual.Tally, language: str) -> Iterator[Row]:
    tongue = "en" if language.startswith("en") else "fr"
    for row in annual.by_group(found.sectors, "fr", "en"):
        yield row | {"sector": row[tongue]}


def ties(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """What the files add up to, by state, year, activity and size, against the ledger."""
    booked = _booked(run)
    committed, paid = booked.get(Bucket.COMMITTED, ZERO), booked.get(Bucket.PAID, ZERO)
    return [
        Tie("committed", "Engagé", "Committed", totals[STATES.key]["committed"], committed),
        Tie("paid", "Payé", "Paid", totals[STATES.key]["paid"], paid),
        Tie("paid_years", "Payé, par année", "Paid, by year", totals[YEARS.key]["paid"], paid),
        Tie("paid_sectors", "Payé, par activité", "Paid, by activity", totals[SECTORS.key]["paid"], paid),
        Tie("paid_sizes", "Payé, par taille", "Paid, by size", totals[SIZES_SHEET.key]["paid"], paid),
        Tie("recovered", "Recouvré", "Recovered", totals[STATES.key]["recovered"],
            booked.get(Bucket.RECOVERED, ZERO)),
    ]  # fmt: skip


def _booked(run: ReportRun) -> Mapping[str, Any]:
    rows = LedgerEntry.objects.filter(
        application__region=run.region, recorded_at__lte=run.as_of, line__envelope__instrument=Instrument.GRANT,
        bucket__in=[Bucket.COMMITTED, Bucket.PAID, Bucket.RECOVERED],
    ).order_by()  # fmt: skip
    return dict(rows.values_list("bucket").annotate(total=Sum("amount")))


REPORT = Report(
    key="bilan-annuel", name_fr="Bilan annuel des dispositifs", name_en="Yearly report of the schemes", sheets=SHEETS,
    read=sources, ties=ties, scope=REGION,
    roles=(RoleKind.DECIDER, RoleKind.ADMINISTRATOR),
)  # fmt: skip
