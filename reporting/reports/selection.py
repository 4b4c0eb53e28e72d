"""The register of selection: the checks of art. 73(2) that are kept here, those of files, other aid, appeals.

What is not kept here is said, with where it is, so that a reader does not take an empty sheet for a clean one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Sum

from applications.enums import Bucket, CheckKind, Finding, IrregularityNature
from applications.models import Complaint, Irregularity, LedgerEntry, Operation
from regions.calendars import local_date
from regions.enums import Instrument, RoleKind
from regions.money import ZERO
from reporting import selection
from reporting.checks import Tie, Totals
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.sheets import Sheet, Source, made
from reporting.words import words
from workflows.appeals import REJECTED, UPHELD

Row = dict[str, Any]


def _c(key: str, fr: str, en: str, kind: str = "text", field: str = "", **more: Any) -> Column:
    return Column(key=key, label_fr=fr, label_en=en, kind=kind, reference=field, **more)


POINTS = {
    "strategy": ("Cohérence avec le programme et ses stratégies", "Consistency with the programme and its strategies"),
    "ratio": ("Meilleur rapport entre soutien, activités et objectifs",
              "Best ratio between support, activities and objectives"),
    "capacity": ("Capacité financière (infrastructures et investissements productifs)",
                 "Financial capacity (infrastructure and productive investment)"),
    "environment": ("Évaluation des incidences sur l’environnement", "Environmental impact assessment"),
    "started": ("Droit respecté si l’opération a commencé avant sa demande",
                "Law complied with if the operation began before its application"),
    "intervention": ("Type d’intervention attribué", "Type of intervention attributed"),
    "relocation": ("Absence de délocalisation", "No relocation"),
    "infringement": ("Pas d’avis motivé sur une infraction", "No reasoned opinion on an infringement"),
    "climate": ("Résistance au climat (infrastructures)", "Climate proofing (infrastructure)"),
    "files": ("Contrôles des dossiers des entreprises", "Checks of the firms’ files"),
    "double": ("Double financement (art. 63, § 9) : autres aides comptées à l’octroi",
               "Double funding (Art. 63(9)): other aid counted at the grant"),
    "interest": ("Déclarations d’intérêts", "Declarations of interests"),
    "conflicts": ("Conflits d’intérêts constatés", "Conflicts of interest found"),
    "appeals": ("Recours des entreprises", "Appeals of firms"),
    "complaints": ("Autres réclamations (art. 69, § 7)", "Other complaints (Art. 69(7))"),
}  # fmt: skip
STANDINGS = {
    "kept": ("tenu ici", "kept here"),
    "elsewhere": ("tenu par l’autorité de gestion", "kept by the managing authority"),
    "missing": ("non tenu", "not kept"),
}  # fmt: skip
WHY = {
    "operation": ("Constaté à la sélection de l’opération par l’autorité de gestion ; sa décision est datée ci-contre.",
                  "Settled by the managing authority when it selected the operation; its decision is dated beside."),
    "started": ("Opérations commencées avant leur demande ; pour les dossiers, le contrôle d’éligibilité s’en charge.",
                "Operations begun before their application; for files, the eligibility check sees to it."),
    "intervention": ("Opérations qui ont leurs dimensions.", "Operations that have their dimensions."),
    "sheet": ("Voir la feuille de ce nom.", "See the sheet of that name."),
    "conflicts": ("Irrégularités de cette nature ; la séparation des fonctions a sa propre liste.",
                  "Irregularities of this kind; separation of duties has a list of its own."),
}  # fmt: skip
_ELSEWHERE = ("strategy", "ratio", "capacity", "environment", "relocation", "infringement", "climate")

POINTS_SHEET = Sheet("points", "Points de contrôle", "Points checked", (
    _c("point", "Point", "Point", field="Art. 73(2)", words=POINTS),
    _c("standing", "Situation", "Standing", words=STANDINGS),
    _c("count", "Nombre", "Number", "integer"),
    _c("why", "Remarque", "Remark", words=WHY),
), ("point",))  # fmt: skip

OPERATIONS = Sheet("operations", "Opérations sélectionnées", "Operations selected", (
    _c("operation", "Opération", "Operation"),
    _c("name", "Nom", "Name"),
    _c("submitted_on", "Demande", "Application", "date"),
    _c("starts_on", "Début", "Start", "date"),
    _c("early", "Commencée avant sa demande", "Begun before its application", "boolean", "Art. 73(2)"),
    _c("intervention", "Dimensions attribuées", "Dimensions attributed", field="Art. 73(2)"),
    _c("decided_by", "Décision de", "Decision of", field="Art. 73(3)"),
    _c("decided_on", "Décision du", "Decision on", "date", "Art. 73(3)"),
), ("operation",))  # fmt: skip

CHECKS = Sheet("checks", "Contrôles des dossiers", "Checks of files", (
    _c("reference", "Dossier", "File"),
    _c("operation", "Opération", "Operation"),
    _c("rank", "N°", "No", "integer"),
    _c("kind", "Contrôle", "Check", words=words(CheckKind)),
    _c("finding", "Conclusion", "Conclusion", words=words(Finding)),
    _c("codes", "Motifs", "Reasons"),
    _c("machine", "Fait par les règles", "Made by the rules", "boolean"),
    _c("made_by", "Fait par", "Made by", personal=True),
    _c("made_at", "Fait le", "Made on", "moment"),
), ("rank",))  # fmt: skip

OTHER_AID = Sheet("other_aid", "Autres aides", "Other aid", (
    _c("reference", "Dossier", "File"),
    _c("operation", "Opération", "Operation"),
    _c("grant_number", "Décision", "Decision"),
    _c("decided_on", "Date de la décision", "Decision date", "date"),
    _c("granted", "Aide engagée", "Aid committed", "money"),
    _c("other_public_aid", "Autres aides publiques sur le projet", "Other public aid on the project", "money",
       "Art. 63(9)"),
    _c("undertaking", "Entreprises examinées", "Enterprises examined", "integer"),
    _c("awards", "Aides antérieures comptées", "Earlier awards counted", "integer"),
    _c("earlier", "Montant de ces aides", "Amount of those awards", "money"),
    _c("finding", "Contrôle des aides antérieures", "Check of earlier aid", words=words(Finding)),
), ("reference",))  # fmt: skip

APPEALS = Sheet("appeals", "Recours", "Appeals", (
    _c("reference", "Dossier", "File"),
    _c("rank", "N°", "No", "integer"),
    _c("made_on", "Formé le", "Made on", "date"),
    _c("due_on", "Réponse due le", "Answer due on", "date"),
    _c("answered_on", "Répondu le", "Answered on", "date"),
    _c("outcome", "Issue", "Outcome", words={
        selection.OPEN: ("en cours", "open"), UPHELD: ("accepté", "upheld"), REJECTED: ("rejeté", "rejected"),
        selection.SILENCE: ("rejeté par le silence", "rejected by silence"),
    }),
    _c("answered_by", "Répondu par", "Answered by", personal=True),
), ("rank",))  # fmt: skip

INTERESTS = Sheet("interests", "Déclarations d’intérêts", "Declarations of interests", (
    _c("rank", "N°", "No", "integer"),
    _c("made_by", "Déclarée par", "Declared by", personal=True),
    _c("declared_on", "Déclarée le", "Declared on", "date", "Art. 61"),
    _c("firms", "Entreprises nommées", "Firms named", "integer"),
    _c("until", "Valable jusqu’au", "Valid until", "date"),
    _c("wording", "Texte", "Wording"),
    _c("sha256", "Empreinte (SHA-256)", "SHA-256"),
), ("rank",))  # fmt: skip

COMPLAINTS = Sheet("complaints", "Réclamations", "Complaints", (
    _c("number", "Réclamation", "Complaint", field="Art. 69(7)"),
    _c("source", "De la part de", "From", words=words(Complaint.Source)),
    _c("channel", "Reçue par", "Received by", words=words(Complaint.Channel)),
    _c("file", "Dossier", "File"),
    _c("provider", "Prestataire", "Provider"),
    _c("scheme", "Dispositif", "Scheme"),
    _c("received_on", "Reçue le", "Received on", "date"),
    _c("answer_by", "Réponse due le", "Answer due on", "date"),
    _c("answered_on", "Répondu le", "Answered on", "date"),
    _c("outcome", "Issue", "Outcome", words=words(Complaint.Outcome)),
    _c("closed_on", "Close le", "Closed on", "date"),
    _c("answered_by", "Répondu par", "Answered by", personal=True),
), ("number",))  # fmt: skip

SHEETS = (POINTS_SHEET, OPERATIONS, CHECKS, OTHER_AID, INTERESTS, APPEALS, COMPLAINTS)


def sources(run: ReportRun) -> Mapping[str, Source]:
    """Sheet → its rows, as of the run's moment."""
    asked = (run.region, run.as_of)
    operations, appeals = list(_operations(run)), list(selection.appealed(*asked))
    complaints = list(selection.complaints(*asked))
    return {
        POINTS_SHEET.key: made(_points(run, operations, len(appeals), len(complaints)), "point"),
        OPERATIONS.key: made(operations, "operation"),
        CHECKS.key: made(selection.checks(*asked), "reference", "kind"),
        OTHER_AID.key: made(selection.cross_checks(*asked), "reference"),
        INTERESTS.key: made(selection.declarations(*asked), "rank"),
        APPEALS.key: made(appeals, "reference"),
        COMPLAINTS.key: made(complaints, "number"),
    }


def _operations(run: ReportRun) -> Iterator[Row]:
    """Each operation selected, with what art. 73(2) leaves to read of it here."""
    known = Operation.objects.of_region(run.region, run.as_of)
    for one in known.order_by("code"):
        dimensions = (
            one.intervention_field, one.form_of_support, one.territorial_delivery, one.economic_activity,
            one.location, one.gender,
        )  # fmt: skip
        yield {
            "operation": one.code, "name": one.name, "submitted_on": one.submitted_on, "starts_on": one.starts_on,
            "early": one.starts_on < one.submitted_on, "decided_by": one.decided_by, "decided_on": one.decided_on,
            "intervention": " ".join(dimensions) if all(dimensions) else "",
        }  # fmt: skip


def _points(run: ReportRun, operations: Sequence[Row], appeals: int, complaints: int) -> Iterator[Row]:
    """Each point with how many records stand behind it, or why there is none."""
    kept = {
        "started": (sum(row["early"] for row in operations), "started"),
        "intervention": (sum(bool(row["intervention"]) for row in operations), "intervention"),
        "files": (selection.checked(run.region, run.as_of).count(), "sheet"),
        "double": (selection.granted(run.region, run.as_of).count(), "sheet"),
        "interest": (selection.declared(run.region, run.as_of).count(), "sheet"),
        "conflicts": (_conflicts(run), "conflicts"),
        "appeals": (appeals, "sheet"),
        "complaints": (complaints, "sheet"),
    }  # fmt: skip
    for point in POINTS:
        count, why = kept.get(point, (None, "operation" if point in _ELSEWHERE else point))
        standing = "kept" if point in kept else "elsewhere" if point in _ELSEWHERE else "missing"
        yield {"point": point, "standing": standing, "count": count, "why": why}


def _conflicts(run: ReportRun) -> int:
    day = local_date(run.as_of, run.region.time_zone)
    found = Irregularity.objects.filter(application__region=run.region, nature=IrregularityNature.INTEREST)
    return found.filter(detected_on__lte=day).count()


def ties(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """The aid of the files whose other aid was counted against what the ledger holds committed on grants."""
    rows = LedgerEntry.objects.filter(
        application__region=run.region, recorded_at__lte=run.as_of, bucket=Bucket.COMMITTED,
        line__envelope__instrument=Instrument.GRANT,
    )  # fmt: skip
    booked = rows.aggregate(total=Sum("amount"))["total"] or ZERO
    return [Tie("committed", "Engagé", "Committed", totals[OTHER_AID.key]["granted"], booked)]


REPORT = Report(
    key="selection", name_fr="Registre de la sélection et des contrôles croisés",
    name_en="Register of selection and cross-checks", sheets=SHEETS, read=sources, ties=ties, scope=REGION,
    roles=(RoleKind.DECIDER, RoleKind.OFFICER),
)  # fmt: skip
