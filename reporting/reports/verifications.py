"""The register of management verifications: every desk and on-the-spot control, with its risk, sample and findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Sum

from applications.enums import ClaimKind, ClaimState, Finding, RejectionReason
from regions.enums import RoleKind
from regions.money import ZERO
from reporting import verifications
from reporting.checks import Tie, Totals
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.sheets import Sheet, Source, made
from reporting.words import words

Row = dict[str, Any]


def _c(key: str, fr: str, en: str, kind: str = "text", field: str = "", **more: Any) -> Column:
    return Column(key=key, label_fr=fr, label_en=en, kind=kind, reference=field, **more)


_FILE = (
    _c("reference", "Dossier", "File"),
    _c("number", "Demande n°", "Claim no", "integer"),
)

DESK = Sheet("desk", "Contrôles sur pièces", "Desk controls", (
    _c("operation", "Opération", "Operation"),
    *_FILE,
    _c("kind", "Objet", "Purpose", words=words(ClaimKind)),
    _c("state", "État", "State", words=words(ClaimState)),
    _c("received_on", "Reçue le", "Received on", "date"),
    _c("method", "Méthode de risque", "Risk method", field="Art. 74(2)"),
    _c("points", "Points de risque", "Risk points", "integer", "Art. 74(2)"),
    _c("reasons", "Critères remplis", "Criteria met", field="Art. 74(2)"),
    _c("on_the_spot", "Visite exigée", "Visit required", "boolean", "Art. 74(2)"),
    _c("visits", "Visites faites", "Visits made", "integer"),
    _c("lines", "Lignes", "Lines", "integer"),
    _c("drawn", "Lignes tirées", "Lines drawn", "integer"),
    _c("seed", "Graine du tirage", "Seed of the draw"),
    _c("declared", "Déclaré HT", "Declared excl. VAT", "money", "Art. 74(1)(a)"),
    _c("accepted", "Retenu HT", "Accepted excl. VAT", "money", "Art. 74(1)(a)"),
    _c("rejected", "Écarté HT", "Rejected excl. VAT", "money", "Art. 74(1)(a)"),
    _c("aid_due", "Aide certifiée", "Aid certified", "money"),
    _c("controller", "Contrôlée par", "Controlled by", personal=True),
    _c("controlled_on", "Contrôlée le", "Controlled on", "date"),
    _c("certifier", "Certifiée ou rejetée par", "Certified or rejected by", personal=True),
    _c("ended_on", "Certifiée ou rejetée le", "Certified or rejected on", "date"),
), ("reference", "number"))  # fmt: skip

LINES = Sheet("lines", "Lignes contrôlées", "Lines controlled", (
    *_FILE,
    _c("line", "Ligne du devis", "Line of the quote", "integer"),
    _c("rank", "N° interne", "Internal no", "integer"),
    _c("invoice", "Facture", "Invoice"),
    _c("supplier", "SIRET du fournisseur", "Supplier’s SIRET"),
    _c("drawn", "Tirée", "Drawn", "boolean", "Art. 74(2)"),
    _c("amount", "Déclaré HT", "Declared excl. VAT", "money"),
    _c("accepted", "Retenu HT", "Accepted excl. VAT", "money"),
    _c("rejected", "Écarté HT", "Rejected excl. VAT", "money"),
    _c("parked", "Reportée", "Left to a later claim", "boolean"),
    _c("reason", "Motif", "Reason", words=words(RejectionReason)),
    _c("finding", "Constat", "Finding", personal=True),
    _c("controller", "Contrôlée par", "Controlled by", personal=True),
    _c("controlled_on", "Contrôlée le", "Controlled on", "date"),
), ("reference", "number", "rank"))  # fmt: skip

VISITS = Sheet("visits", "Contrôles sur place", "On-the-spot checks", (
    *_FILE,
    _c("rank", "Visite", "Visit", "integer"),
    _c("asked", "Exigée par la méthode", "Required by the method", "boolean", "Art. 74(2)"),
    _c("points", "Points de risque", "Risk points", "integer"),
    _c("held_on", "Jour", "Day", "date"),
    _c("place", "Lieu", "Place", personal=True),
    _c("met", "Personne rencontrée", "Person met", personal=True),
    _c("finding", "Conclusion", "Conclusion", words=words(Finding)),
    _c("words", "Constats", "Findings", personal=True),
    _c("report", "Rapport (SHA-256)", "Report (SHA-256)"),
    _c("made_by", "Faite par", "Made by", personal=True),
    _c("made_at", "Enregistrée le", "Recorded", "moment"),
), ("reference", "number", "rank"))  # fmt: skip

AUTHORITY = Sheet("authority", "Demandes de la région", "Claims of the region", (
    _c("operation", "Opération", "Operation"),
    _c("claim", "Demande n°", "Claim no", "integer"),
    _c("period_start", "Période : début", "Period: start", "date"),
    _c("period_end", "Période : fin", "Period: end", "date"),
    _c("lines", "Lignes", "Lines", "integer"),
    _c("booked", "Grand livre", "Ledger", "money"),
    _c("aside", "Mis à l’écart", "Set aside", "money", "Art. 74(1)(a)"),
    _c("declared", "Vérifié", "Verified", "money", "Art. 74(1)(a)"),
    _c("body", "Organisme", "Body", field="Art. 74(3)"),
    _c("verifier", "Vérifiée par", "Verified by", personal=True),
    _c("verified_at", "Vérifiée le", "Verified", "moment"),
), ("operation", "claim"))  # fmt: skip

ASIDE = Sheet("aside", "Paiements mis à l’écart", "Payments set aside", (
    _c("operation", "Opération", "Operation"),
    _c("claim", "Demande n°", "Claim no", "integer"),
    _c("rank", "Ligne", "Line", "integer"),
    _c("reference", "Dossier", "File"),
    _c("order_number", "Mandat", "Payment order"),
    _c("booked", "Payé", "Paid", "money"),
    _c("declared", "Retenu", "Accepted", "money"),
    _c("aside", "Mis à l’écart", "Set aside", "money"),
    _c("reason", "Motif", "Reason", personal=True),
), ("rank",))  # fmt: skip

METHODS = Sheet("methods", "Méthodes de risque", "Risk methods", (
    _c("scheme", "Dispositif", "Scheme"),
    _c("version", "Version", "Version", "integer"),
    _c("published_on", "Publiée le", "Published on", "date", "Art. 74(2)"),
    _c("method", "Méthode", "Method"),
    _c("rank", "Rang", "Rank", "integer"),
    _c("criterion", "Critère", "Criterion"),
    _c("points", "Points", "Points", "integer"),
    _c("threshold", "Visite exigée à partir de", "Visit required from", "integer"),
), ("scheme", "version", "rank"))  # fmt: skip

SHEETS = (DESK, LINES, VISITS, AUTHORITY, ASIDE, METHODS)


def sources(run: ReportRun) -> Mapping[str, Source]:
    """Sheet → its rows, as of the run's moment."""
    asked = (run.region, run.as_of)
    return {
        DESK.key: made(_in_words(verifications.register(*asked), run.language), "reference", "number"),
        LINES.key: made(verifications.lines(*asked), "reference", "number", "line"),
        VISITS.key: made(verifications.visits(*asked), "reference", "number"),
        AUTHORITY.key: made(verifications.authority(*asked), "operation", "claim"),
        ASIDE.key: made(verifications.set_aside(*asked), "operation", "claim", "reference"),
        METHODS.key: made(verifications.methods(*asked, run.language), "scheme", "version", "rank"),
    }


def _in_words(rows: Iterable[Row], language: str) -> Iterator[Row]:
    """The criteria met, in the words of the method, with their points."""
    tongue = "en" if language.startswith("en") else "fr"
    for row in rows:
        yield row | {"reasons": " ; ".join(f"{one[tongue]} ({one['points']})" for one in row["met"])}


def ties(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """The aid certified against the ledger, the lines against their claims, what was set aside against its lines."""
    booked = verifications.certified(run.region, run.as_of).aggregate(total=Sum("amount"))["total"]
    accepted = verifications.claims(run.region, run.as_of, verifications.CERTIFIED).order_by()
    kept = accepted.filter(kind=ClaimKind.EXPENSES).aggregate(total=Sum("accepted"))["total"]
    whole = totals[AUTHORITY.key]
    return [
        Tie("certified", "Aide certifiée", "Aid certified", totals[DESK.key]["aid_due"], booked or ZERO),
        Tie("accepted", "Lignes retenues", "Lines accepted", totals[LINES.key]["accepted"], kept or ZERO),
        Tie("aside", "Mis à l’écart", "Set aside", totals[ASIDE.key]["aside"],
            verifications.aside(run.region, run.as_of)),
        Tie("aside_claims", "Mis à l’écart, par demande", "Set aside, by claim", whole["aside"],
            verifications.aside(run.region, run.as_of)),
    ]  # fmt: skip


REPORT = Report(
    key="verifications", name_fr="Registre des vérifications de gestion",
    name_en="Register of management verifications", sheets=SHEETS, read=sources, ties=ties, scope=REGION,
    roles=(RoleKind.DECIDER, RoleKind.CERTIFIER),
)  # fmt: skip
